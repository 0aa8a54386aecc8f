"""What a partner calls the lines of our history, and of which ends of its orders it would not hear."""

from chalicelib.domain.tickets.event_kinds import ENDS, EventKind
from chalicelib.domain.town.partner import Partner

_CLOSES = frozenset({EventKind.ANSWERED, EventKind.EXPLAINED})


def code_of(kind: EventKind, partner: Partner, *, closes: bool = False) -> str | None:
    """None for what does not go back. A line that closes the ticket and has no row of its own is what the partner calls closed.

    `closes`: this one did, whatever its kind.
    """
    closed = partner.acts.get(EventKind.CLOSED) if closes or kind in _CLOSES else None
    return partner.acts.get(kind, closed)


def unheard_ends(partner: Partner) -> tuple[EventKind, ...]:
    """By which ends an order of this partner's would stand open there for ever; none of one that sends none."""
    return () if partner.source is None else tuple(kind for kind in ENDS if code_of(kind, partner) is None)


def warning_of(partner: Partner) -> str:
    """What whoever registers its file is told of them; "" where it hears of every end."""
    rows = "、".join(f"act,{kind}" for kind in unheard_ends(partner))
    if not rows:
        return ""
    return f"合作方“{partner.title}”：没有 {rows} 行，这样结束的工单不会回给对方，在那边一直开着"
