"""Figures 数据: the console's dashboards, and what everyone may see."""

import base64
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalice import Blueprint, Response

from chalicelib.actions.figures import figures as actions
from chalicelib.api import auth, http, queries
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.figures.exporting import csv_of, workbook_of
from chalicelib.domain.figures.figures import Axis
from chalicelib.domain.town.vocabulary import Role
from chalicelib.web import public_figures

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import (
        DangerSigns,
        FiguresOfDays,
        FiguresToday,
        PublicFigures,
        SilentPlaces,
    )
    from chalicelib.domain.schemas import NamedFile

figures = Blueprint(__name__)
_DESK_AND_LEADERS = DESK | LEADERS
_WITH_UNIT_HEADS = _DESK_AND_LEADERS | {Role.UNIT_HEAD}
_DAYS_ASKED = {"by": Axis, "from": date, "to": date, "area": str}


@figures.route("/desk/figures/today", methods=["GET"])
@responds(200, _DESK_AND_LEADERS)
def today() -> "FiguresToday":
    """The first dashboard: what came in today, what became of it, what is late of any day."""
    return actions.today(by=auth.caller(), now=http.now())


@figures.route("/desk/figures", methods=["GET"])
@responds(200, _WITH_UNIT_HEADS, asks=_DAYS_ASKED)
def between() -> "FiguresOfDays":
    """A unit head sees the own unit; everybody else what the areas they answer for add up to."""
    return _between(_axis())


@figures.route("/desk/figures/export", methods=["GET"])
@responds(200, _WITH_UNIT_HEADS, asks=_DAYS_ASKED)
def export() -> Response:
    """The same as CSV."""
    view, name = _asked("csv")
    headers = {"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store"}
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body=csv_of(view), status_code=200, headers={**headers, **disposition})


@figures.route("/desk/figures/workbook", methods=["GET"])
@responds(200, _WITH_UNIT_HEADS, asks=_DAYS_ASKED)
def workbook() -> "NamedFile":
    """The same as XLSX with percentages, as base64: API Gateway sends bytes only to who asks for bytes."""
    view, name = _asked("xlsx")
    return {"name": name, "file": base64.b64encode(workbook_of(view)).decode()}


def _asked(kind: str) -> "tuple[FiguresOfDays, str]":
    axis = _axis()
    view = _between(axis)
    actions.hand_out(view, by=auth.caller(), now=http.now())
    return view, f"figures-{view['from']}-{view['to']}-{axis}.{kind}"


@figures.route("/desk/figures/silent", methods=["GET"])
@responds(200, _DESK_AND_LEADERS)
def silent_places() -> "SilentPlaces":
    """A list for the next walk. Never published."""
    return actions.silent_places(by=auth.caller(), now=http.now())


@figures.route("/desk/figures/danger-signs", methods=["GET"])
@responds(200, _DESK_AND_LEADERS | ADMIN, asks=("month",))
def danger_signs() -> "DangerSigns":
    """How often each row of danger.csv was right, month by month: what the lexicon is mended by."""
    return actions.danger_signs(http.parameter("month"), by=auth.caller(), now=http.now())


@figures.route("/api/figures", methods=["GET"])
@responds(asks=("month",))
def of_month() -> "PublicFigures":
    """For everyone, without signing in."""
    return actions.of_month(http.parameter("month"), now=http.now())


@figures.route("/figures", methods=["GET"])
@responds(asks=("month",))
def page() -> Response:
    """The same as a page."""
    view = actions.of_month(http.parameter("month"), now=http.now())
    earlier = date.fromisoformat(f"{view['month']}-01") - timedelta(days=1)
    return Response(body=public_figures.page(view, f"{earlier:%Y-%m}"), headers={**public_figures.HEADERS})


def _axis() -> Axis:
    usual = Axis.UNIT if _DESK_AND_LEADERS.isdisjoint(auth.caller().roles) else Axis.AREA
    return queries.word("by", Axis) or usual


def _between(axis: Axis) -> "FiguresOfDays":
    first, last, area = queries.day("from"), queries.day("to"), http.parameter("area")
    return actions.between(first, last, axis, area, by=auth.caller(), now=http.now())
