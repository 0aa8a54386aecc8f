"""演练: what a practice ticket stays out of (rule 55). Everything else of its life is as of a real one."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.tickets.ticket import Ticket

MARK = "演练"
# On the page of every code and on every sheet of labels of a practice stage: whoever scans must not wait for help.
WARNING = "演练中：这里提交的内容不会有人办理。真有事请拨打 12345；紧急情况请拨打 110、119、120。"


def is_counted(ticket: Ticket) -> bool:
    """Whether a ticket counts in figures. Whatever counts tickets asks here, and nowhere else."""
    return not ticket.practice


def counted(tickets: Iterable[Ticket]) -> Iterator[Ticket]:
    """The tickets of a figure."""
    return (ticket for ticket in tickets if is_counted(ticket))
