"""当场处置: what was found and put right on the spot. A ticket all the same, closed as it is made, with both photos."""

from datetime import datetime

from chalicelib.domain.acts.closing import is_drawn_by_lot
from chalicelib.domain.acts.moves import Changed, changed, moved
from chalicelib.domain.acts.receiving import Report, new_ticket, suggested
from chalicelib.domain.errors import Invalid
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.tickets.ticket import Event, Resolution, Stage
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FOUND

SETTLED = "settled"  # the outcome: nobody asked for it, so it is nobody's satisfaction (rule 73)


def settle(
    report: Report, *, unit_id: str, photos: tuple[str, ...], note: str, town: Town, now: datetime
) -> Changed:
    """The ticket of what its finder put right: photos before on the report, photos after in the resolution.

    No clock runs. A share drawn by lot is still looked at by somebody else (rule 19), and reworked by `unit_id`, or by the
    station where the finder has no unit. Raises Invalid for what a resident reported, and for a confidential matter.
    """
    if report.source not in FOUND:
        raise Invalid("只有走访巡查发现的事可以当场处置结案", fields=["source"])
    received = new_ticket(report, suggested(report, town), town, now)
    if received.danger and received.danger.is_open:  # whoever found it stands there and has put it right
        seen = received.danger.model_copy(update={"decided": "no", "by": report.entered_by or "machine"})
        received = received.model_copy(update={"danger": seen})
    if received.confidential:
        raise Invalid("这类事要由工作站处理，不能当场处置结案；请只上报，不填处置", fields=["after"])
    unit = unit_id or received.station_id
    by = report.entered_by or "machine"
    ticket = moved(
        received,
        Stage.CLOSED,
        lead_unit_id=unit,
        taken=True,
        arrived=True,
        resolution=Resolution(by=by, unit_id=unit, at=now, note=note, photos=photos),
        verify_owed=is_drawn_by_lot(received, policy(received, town).recheck_percent),
        outcome=SETTLED,
        closed_at=now,
    )
    event = Event(kind="settled", at=now, by=by, note=note, photos=photos)
    return changed(ticket, event, before=None, town=town)
