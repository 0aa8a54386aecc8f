"""Who is complained about, and how (rule 21)."""

from chalicelib.domain.tickets.readings import NOBODY, Concerned
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.directory import Town


def concerned(text: str, place: Where, *, town: Town) -> Concerned:  # noqa: ARG001
    """Who a text complains about. `text` is flat (`phrases.flat`)."""
    return NOBODY
