"""首派 the first dispatch: whether it was right is seen by what came after it. Pure; asked at the end of every act."""

from chalicelib.domain.tickets.ticket import Ticket

RETURNED, TRANSFERRED, ADDED, CORRECTED = "returned", "transferred", "unit_added", "corrected"


def followed(before: Ticket | None, after: Ticket) -> Ticket:
    """The ticket with its first unit, and with each way in which that dispatch did not hold, each once.

    Handed on within the unit is no redirection, nor is another category before anybody had it. A rework begins nothing anew.
    """
    if after.first_unit_id is None:
        return after.model_copy(update={"first_unit_id": after.lead_unit_id}) if after.lead_unit_id else after
    if before is None:
        return after
    ways = dict.fromkeys((*after.redirected, *_ways(before, after)))
    return (
        after if len(ways) == len(after.redirected) else after.model_copy(update={"redirected": tuple(ways)})
    )


def _ways(before: Ticket, after: Ticket) -> tuple[str, ...]:
    is_elsewhere = after.lead_unit_id not in (None, after.first_unit_id) and RETURNED not in before.redirected
    happened = {
        RETURNED: after.returns > before.returns,
        TRANSFERRED: is_elsewhere,
        ADDED: len(after.assisting) > len(before.assisting),
        CORRECTED: after.category != before.category,
    }
    return tuple(way for way, is_so in happened.items() if is_so)
