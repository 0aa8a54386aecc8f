"""Issue classes 一类事 as screens show them."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.views.class_of_ticket import brief
from chalicelib.api import auth
from chalicelib.domain.acts.moves import named
from chalicelib.domain.classes import recurring
from chalicelib.domain.classes.classes import why
from chalicelib.domain.classes.issue_class import ACT_NAMES, IssueClass
from chalicelib.domain.classes.measures_taken import Measure, check
from chalicelib.domain.classes.offers import offers
from chalicelib.domain.parties.telling import speaker
from chalicelib.domain.views.ticket_view import category_name, plain, unit_name
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.api.classes.schemas import ClassRow, MeasureShown, WholeClass


def row(cls: IssueClass, now: datetime) -> "ClassRow":
    town = directory.town()
    place, area = town.find_place(cls.scope), town.find_place(cls.area)
    return {
        **brief(cls),
        "owner": cls.owner,
        "owner_name": named(cls.owner, town),
        "area": cls.area,
        "area_name": area.name if area else "",
        "place": cls.scope,
        "place_name": place.name if place else "",
        "category": cls.category,
        "category_name": category_name(cls.category, town),
        "members": cls.members,
        "why": why(cls, town),
        "first_on": cls.first_on.isoformat(),
        "merged_into": cls.merged_into or None,
        "measure": _measure(cls.measures[-1], cls, now) if cls.measures else None,
    }


def whole(cls: IssueClass, now: datetime) -> "WholeClass":
    """With what the caller may do with it."""
    line = row(cls, now)
    return {
        **line,
        "acts": [
            plain(offer.model_dump()) for offer in offers(cls, auth.caller(), place_name=line["place_name"])
        ],
        "weeks": [{"monday": monday, "count": count} for monday, count in sorted(cls.weeks.items())],
        "measures": [_measure(measure, cls, now) for measure in cls.measures],
        "history": [
            plain(each.model_dump())
            | {"by_name": speaker(each.by, directory.town()), "what_name": ACT_NAMES[each.what]}
            for each in cls.lines
        ],
    }


def _measure(measure: Measure, cls: IssueClass, now: datetime) -> "MeasureShown":
    checked = check(cls.weeks, measure.from_on, cls.first_on, now.date())
    shown: MeasureShown = plain(measure.model_dump(exclude={"from_on", "recurs", "off"}))
    days = recurring.coming(measure, now.date(), directory.town().calendar) if measure.recurs else []
    return {
        **shown,
        "from": measure.from_on.isoformat(),
        "unit_name": unit_name(measure.unit_id, directory.town()),
        "recurring": recurring.words(measure),
        "days": [
            {
                "day": day.day.isoformat(),
                "name": recurring.when(day.day),
                "off": day.off,
                "called_off": bool(day.by),
            }
            for day in days
        ],
        "check": {
            "verdict": checked.verdict.value,
            "before": [{"monday": week.monday.isoformat(), "count": week.reports} for week in checked.before],
            "after": [{"monday": week.monday.isoformat(), "count": week.reports} for week in checked.after],
        },
    }
