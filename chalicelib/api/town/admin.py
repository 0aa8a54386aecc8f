"""/admin: the town as data, and people who leave."""

import base64
import binascii
from typing import TYPE_CHECKING, Any, cast

from chalice import Blueprint
from pydantic import Field

from chalicelib.actions import opening
from chalicelib.actions.identity import confirming
from chalicelib.actions.town import handing_over, importing, importing_large
from chalicelib.actions.visits import shops
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import ADMIN
from chalicelib.api.http import RequestBody, read
from chalicelib.api.queries import FileForm
from chalicelib.api.routes import responds
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.confirmations import CONFIRMERS
from chalicelib.domain.town_import import in_force
from chalicelib.domain.town_import.columns import FILES
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.sources import title_of
from chalicelib.domain.views.ticket_view import plain
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.identity.schemas import ConfirmationShown
    from chalicelib.api.town.schemas import Moved, TownImported, TownInForce, TownPlan
    from chalicelib.domain.schemas import NamedFile, Page

admin = Blueprint(__name__)


class TownBody(RequestBody):
    """The town's files by name, each as base64: of any make, or one workbook with a sheet for each table."""

    files: dict[str, str]
    hand_over_to: dict[str, str] = Field(default_factory=dict)


class TownYesBody(TownBody):
    """The same files again, with the plan that was said yes to; `removes` where more than a handful of rows go.

    `emergency`: why a second person's yes cannot be waited for.
    """

    plan: str = Field(max_length=100)
    removes: int | None = None
    emergency: bodies.Short = ""


class DecisionBody(RequestBody):
    note: str = Field(default="", max_length=200)


class HandOverBody(RequestBody):
    person: bodies.Code
    to: bodies.Code


@admin.route("/admin/town", methods=["GET"])
@responds(200, ADMIN)
def get_town() -> "TownInForce":
    """Which version is in force, and how much it holds."""
    town, pointer = directory.town(), directory.find_pointer()
    return {
        "version": town.version,
        "places": len(town.places),
        "units": len(town.units),
        "staff": len(town.staff),
        "categories": len(town.categories),
        "tables": [{"name": name, "title": title_of(name), "needed": name in FILES} for name in EVERY_FILE],
        "imported_at": pointer.imported_at.isoformat() if pointer else None,
    }


@admin.route("/admin/town/files", methods=["GET"])
@responds(200, ADMIN, asks={"form": FileForm})
def get_town_files() -> "NamedFile":
    """下载现行资料: the tables in force as they were written, as one workbook, or with `form=csv` as CSV in a ZIP."""
    text = in_force.as_walks_say(directory.get_text(), shops.list_all())
    day = f"{http.now():%Y%m%d}"
    if queries.word("form", FileForm) is FileForm.CSV:
        name, content = f"town-{day}.zip", in_force.packed(in_force.csv_files_of(text))
    else:
        name, content = f"town-{day}.xlsx", in_force.workbook_of(text)
    return {"name": name, "file": base64.b64encode(content).decode()}


@admin.route("/admin/town/plan", methods=["POST"])
@responds(200, ADMIN, reads=TownBody)
def plan_town() -> "TownPlan":
    """先看后导: what an import of these files would do. Every bad row is reported; nothing is changed."""
    body = read(TownBody)
    checked = importing.check(_files(body), hand_over_to=body.hand_over_to, now=http.now())
    if checked.plan is None:
        return {"unchanged": checked.report.unchanged}
    shown: Any = checked.plan.model_dump(mode="json")
    return cast("TownPlan", {**shown, "lines": checked.plan.lines, "unchanged": checked.report.unchanged})


@admin.route("/admin/town", methods=["POST"])
@responds(201, ADMIN, reads=TownYesBody)
def import_town() -> "TownImported":
    """Import the whole town, or nothing, as its plan said. A large one as a job; one that makes power by a second yes."""
    body, who, now = read(TownYesBody), auth.caller(ADMIN), http.now()
    report, job = importing_large.import_or_begin(
        _files(body),
        by=who,
        hand_over_to=body.hand_over_to,
        yes=importing_large.Yes(body.plan, body.removes),
        now=now,
        allowed=importing_large.by_two(who, now, body.emergency),
    )
    shown: TownImported = plain(report.model_dump()) | {"job": job.id if job else None}
    return shown


@admin.route("/desk/confirmations", methods=["GET"])
@responds(200, CONFIRMERS | ADMIN)
def list_confirmations() -> "Page[ConfirmationShown]":
    """待确认: what makes power and waits for a second person, and what the caller asked for."""
    return {"items": confirming.waiting(by=auth.caller(), now=http.now()), "next": None}


@admin.route("/desk/confirmations/{code}/agree", methods=["POST"])
@responds(200, CONFIRMERS, reads=DecisionBody)
def agree(code: str) -> "ConfirmationShown":
    """同意: one tap by somebody who neither asked nor gains."""
    return _decided(code, yes=True)


@admin.route("/desk/confirmations/{code}/refuse", methods=["POST"])
@responds(200, CONFIRMERS, reads=DecisionBody)
def refuse(code: str) -> "ConfirmationShown":
    """不同意 {note}"""
    return _decided(code, yes=False)


def _decided(code: str, *, yes: bool) -> "ConfirmationShown":
    body, who, now = read(DecisionBody), auth.caller(), http.now()
    decided = confirming.decide(code, yes=yes, note=body.note, by=who, now=now)
    return confirming.view(decided, by=who, town=directory.town(), now=now)


def _files(body: TownBody) -> dict[str, bytes]:
    return {name: _decoded(name, content) for name, content in body.files.items()}


@admin.route("/admin/hand-over", methods=["POST"])
@responds(200, ADMIN, reads=HandOverBody)
def hand_over() -> "Moved":
    """交接"""
    body, who = read(HandOverBody), auth.caller(ADMIN)
    return {"moved": handing_over.hand_over(body.person, body.to, by=who.code, now=http.now())}


def _decoded(name: str, content: str) -> bytes:
    try:
        return opening.table(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as broken:
        raise Invalid(f"{name} 不是有效的 base64 内容", fields=[f"files.{name}"]) from broken
