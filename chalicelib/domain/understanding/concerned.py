"""Who is complained about, and how (rule 21)."""

from enum import StrEnum

from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.directory import Town


class Grievance(StrEnum):
    """What is said of somebody who might come to hold, supervise or read the ticket."""

    NONE = "none"
    SERVICE = "service"  # unhappy with the service: a person sees it first
    MISCONDUCT = "misconduct"  # 避开: the matter is kept from them


class Concerned(Frozen):
    """`parties`: codes of units and people, the narrowest known. `words` decided."""

    grievance: Grievance = Grievance.NONE
    parties: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


NOBODY = Concerned()


def concerned(text: str, place: Where, *, town: Town) -> Concerned:  # noqa: ARG001
    """Who a text complains about. `text` is flat (`phrases.flat`)."""
    return NOBODY
