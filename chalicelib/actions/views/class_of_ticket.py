"""Which class of things 一类事 a ticket is in, for those who see classes (rule 67)."""

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.classes import recurring
from chalicelib.domain.classes.issue_class import STATE_NAMES, IssueClass, State
from chalicelib.domain.figures.figures import areas_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import DESK, LEADERS, Staff
from chalicelib.store.classes import classes, members
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import ClassBrief, ClassOfTicket

_SEE_CLASSES = DESK | LEADERS


def is_shown(ticket: Ticket, by: Staff) -> bool:
    """Whether this person is shown a class of the ticket, should there be one."""
    return not (ticket.confidential or _SEE_CLASSES.isdisjoint(by.roles))


def shown(cls: IssueClass | None, *, by: Staff) -> "ClassOfTicket | None":
    """None for one that was discarded, and for whoever does not see it."""
    if cls is None or cls.state is State.DISCARDED or cls.area not in [*areas_of(by, directory.town()), ""]:
        return None
    return {**brief(cls), "measure": cls.measures[-1].what if cls.measures else ""}


def days_off(ticket_id: str, measure_id: str, *, today: date) -> str:
    """Which coming days of an announced measure are off, as whoever was told of it reads; "" where none is, or it is over."""
    standing = members.list_standing([ticket_id]).get(ticket_id)
    cls = classes.follow(standing.part) if standing else None
    measures = cls.measures if cls and cls.state is State.MEASURED else ()
    found = [each for each in measures if each.id == measure_id]
    return recurring.days_off(found[0], today, directory.town().calendar) if found else ""


def brief(cls: IssueClass) -> "ClassBrief":
    return {
        "id": cls.id,
        "name": cls.name,
        "reporters": cls.reporters,
        "state": cls.state.value,
        "state_name": STATE_NAMES[cls.state],
    }
