"""/admin: the town as data, and people who leave."""

import base64
import binascii

from chalice import Blueprint
from pydantic import Field

from chalicelib.actions.town import handing_over, importing_large
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ADMIN
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.errors import Invalid
from chalicelib.store.town import directory

admin = Blueprint(__name__)


class TownBody(RequestBody):
    """The town's CSV files by name, each as base64, so that a file in the wrong encoding can be told so."""

    files: dict[str, str]
    hand_over_to: dict[str, str] = Field(default_factory=dict)


class HandOverBody(RequestBody):
    person: bodies.Code
    to: bodies.Code


@admin.route("/admin/town", methods=["GET"])
@responds(200, ADMIN)
def get_town():
    """Which version is in force, and how much it holds."""
    town, pointer = directory.town(), directory.find_pointer()
    counts = {
        "places": len(town.places),
        "units": len(town.units),
        "staff": len(town.staff),
        "categories": len(town.categories),
    }
    return {
        "version": town.version,
        **counts,
        "imported_at": pointer.imported_at.isoformat() if pointer else None,
    }


@admin.route("/admin/town", methods=["POST"])
@responds(201, ADMIN)
def import_town():
    """Import the whole town, or nothing: every bad row is reported with file, line, column and reason. A large one as a job."""
    body, who = read(TownBody), auth.caller(ADMIN)
    files = {name: _decoded(name, content) for name, content in body.files.items()}
    report, job = importing_large.import_or_begin(
        files, by=who.code, unit=who.unit, hand_over_to=body.hand_over_to, now=http.now()
    )
    return report.model_dump(mode="json") | {"job": job.id if job else None}


@admin.route("/admin/hand-over", methods=["POST"])
@responds(200, ADMIN)
def hand_over():
    """交接"""
    body, who = read(HandOverBody), auth.caller(ADMIN)
    return {"moved": handing_over.hand_over(body.person, body.to, by=who.code, now=http.now())}


def _decoded(name: str, content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Invalid(f"{name} 不是有效的 base64 内容", fields=[f"files.{name}"]) from broken
