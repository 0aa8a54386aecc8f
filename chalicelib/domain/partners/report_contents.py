"""What a report upward 上报 says of its ticket, in the partner's own words where it has some."""

from chalicelib.domain.tickets.ticket import AssistingState, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.views.pick_lists import name_of
from chalicelib.domain.views.ticket_view import category_name, unit_name


def report_of(ticket: Ticket, partner: Partner, town: Town) -> dict[str, str]:
    """What a report says beside what every exchange does: scrubbed, and nobody's identity."""
    theirs = {ours: word for word, ours in reversed(partner.categories.items())}
    category = ticket.category or ""
    units = [
        ticket.lead_unit_id,
        *(part.unit_id for part in ticket.assisting if part.state is not AssistingState.WAIVED),
    ]
    return {
        "text": ticket.text,
        "place": ticket.where.name,
        "category": theirs.get(category, category_name(category, town)),
        "track": name_of(ticket.track),
        "units": "、".join(name for unit in units if (name := unit_name(unit, town))),
    }
