"""Points, labels and photos."""

from enum import StrEnum
from typing import TYPE_CHECKING

from chalice import Blueprint, Response
from pydantic import Field

from chalicelib import clock
from chalicelib.actions import photos
from chalicelib.actions.town import points as actions
from chalicelib.api.auth import ADMIN, DESK, anyone, caller
from chalicelib.api.cursors import sealed
from chalicelib.api.http import RequestBody, cursor, parameter, read
from chalicelib.api.queries import flag, word
from chalicelib.api.routes import responds
from chalicelib.domain.errors import Invalid
from chalicelib.store.requests import limits
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.town.schemas import ListedPoint, NewCode, PointHistory, PointPage
    from chalicelib.domain.schemas import Page, PhotoLink, UploadForm

points = Blueprint(__name__)
PRINTERS = DESK | ADMIN
ONLY_ITS_STYLE = "default-src 'none'; style-src 'unsafe-inline'"  # the sheet is one document and runs nothing


class Size(StrEnum):
    """How large a photo is shown."""

    THUMB = "thumb"
    WHOLE = "whole"


class UploadBody(RequestBody):
    content_type: str = Field(max_length=100)
    size: int


@points.route("/api/points/{code}", methods=["GET"])
@responds()
def show_point(code: str) -> "PointPage":
    """What the page of a code shows: place, station, emergency numbers, categories, outages, open matters."""
    return actions.show(code, clock.now())


@points.route("/api/uploads", methods=["POST"])
@responds(201, anyone, reads=UploadBody)
def request_upload() -> "UploadForm":
    """Where to POST one photo, with which fields."""
    who, now = anyone(), clock.now()
    body = read(UploadBody)
    limits.count(limits.UPLOADS_BY_PERSON, who.subject, now)
    return photos.request_upload(body.content_type, body.size, owner=who.subject, now=now)


@points.route("/api/photos/{photo_id}", methods=["GET"])
@responds(200, anyone, asks={"ticket_id": str, "size": Size, "original": bool})
def show_photo(photo_id: str) -> "PhotoLink":
    """A link for whoever may see the ticket named by `ticket_id`; without one, for the uploader alone."""
    return photos.link(
        photo_id,
        parameter("ticket_id"),
        who=anyone(),
        now=clock.now(),
        thumbnail=word("size", Size) is Size.THUMB,
        original=flag("original"),
    )


@points.route("/desk/labels", methods=["GET"])
@responds(allowed=PRINTERS, asks={"per_page": int, "after": str, "place": str})
def print_labels() -> Response:
    """A4 sheets as HTML. More than 240 labels come in batches: `X-Next` is the next `after`."""
    html, after = actions.labels(parameter("place") or "", _per_sheet(), cursor())
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": ONLY_ITS_STYLE}
    following = {"X-Next": sealed(after)} if after else {}
    return Response(body=html, headers={**headers, **following})


@points.route("/desk/points", methods=["GET"])
@responds(allowed=PRINTERS, asks=("after", "place"))
def list_points() -> "Page[ListedPoint]":
    """The codes under a place, in the order of the town's files."""
    items, following = actions.list_under(parameter("place") or directory.root().code, cursor())
    return {"items": items, "next": following}


@points.route("/desk/points/{code}", methods=["GET"])
@responds(allowed=PRINTERS)
def show_history(code: str) -> "PointHistory":
    """One code's history, the codes its place ever had, and its scans by day."""
    return actions.history(code, clock.now())


@points.route("/admin/points/{code}/replace", methods=["POST"])
@responds(201, allowed=ADMIN)
def replace_code(code: str) -> "NewCode":
    """A new code for a torn one."""
    return actions.replace(code, by=caller().code, now=clock.now())


def _per_sheet() -> int:
    given = parameter("per_page", int) or "8"
    if not given.isdecimal() or len(given) > 3:
        raise Invalid("每页张数应为数字，如 4、6、8、9、12", fields=["per_page"])
    return int(given)
