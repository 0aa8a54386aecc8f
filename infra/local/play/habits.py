"""What should happen next to a ticket, according to its plan: from its stage to acts. Pure.

An act's name, with the round and the number of returns, is unique in the ticket's life, so that it is done once.
"""

from collections.abc import Iterator

from chalicelib.domain.acts.endangered import WhyNot
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Stage, Ticket
from infra.local.play import work
from infra.local.play.acts import Act, Seat, api_path, desk_path, named, staff_path
from infra.local.play.plans import Plan
from infra.local.play.work import BY_THEMSELVES

ON_THE_SPOT = frozenset({"G", "I03"})  # asked and praised: the first contact answers (rule 2)
FALLBACK_UNITS = ("OF-DZB", "DA-SJ")  # the second where the first may be meant too


def next_acts(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    """What the people concerned do now. Nothing for an ended ticket that all are content with."""
    by_stage = {
        Stage.RECEIVED: _received,
        Stage.DISPATCHED: _dispatched,
        Stage.HANDLING: work.handling,
        Stage.RESOLVED: work.resolved,
        Stage.CLOSED: work.closed,
        Stage.SUSPENDED: work.suspended,
    }
    yield from by_stage.get(ticket.stage, _nothing)(ticket, plan, seat)


def _received(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    yield from _withdraws(ticket, plan)
    if ticket.danger and ticket.danger.is_open:  # before anything else: is somebody in danger?
        yield _says_whether_danger(ticket, seat)
        return
    desk_delay = 12.0 if plan.desk == "forgets" and ticket.returns == 0 else 1.5
    if ticket.returns >= 2:
        yield _assign_finally(ticket, seat)
    elif ticket.station_id in ticket.concerns:
        yield _dispatch(ticket, seat.leader(ticket), desk_delay)
    elif seat.merge_into:
        yield Act(
            "merge", seat.desk(ticket), desk_path(ticket, "merge"), {"into": seat.merge_into}, desk_delay
        )
    elif _is_answered(ticket):
        text = "您好，这件事现在就可以答复：请带身份证到受理中心，周六上午也办理。"
        yield Act("answer", seat.desk(ticket), desk_path(ticket, "answer"), {"text": text}, desk_delay)
    elif ticket.suggestion and ticket.suggestion.forward_to:
        body = {"to": ticket.suggestion.forward_to, "number": "", "text": "已转给有权处理的部门"}
        yield Act("forward", seat.desk(ticket), desk_path(ticket, "forward"), body, desk_delay)
    else:
        yield _dispatch(ticket, seat.desk(ticket), desk_delay)


def _says_whether_danger(ticket: Ticket, seat: Seat) -> Act:
    """The clerk has called: yes where the matter is filed as one of life, else a hazard that nobody stands under."""
    if (ticket.category or "").startswith("A"):
        return Act(
            "confirm-danger", seat.desk(ticket), desk_path(ticket, "confirm-danger"), {"reached": True}, 1.0
        )
    body = {"why": WhyNot.HAZARD.value, "note": ""}
    return Act("deny-danger", seat.desk(ticket), desk_path(ticket, "deny-danger"), body, 1.0)


def _withdraws(ticket: Ticket, plan: Plan) -> Iterator[Act]:
    if plan.resident == "withdraws" and ticket.source in BY_THEMSELVES:
        yield Act("withdraw", Actor.REPORTER, api_path(ticket, "withdraw"), {"reason": "已经自己解决了"}, 2)


def _is_answered(ticket: Ticket) -> bool:
    category = ticket.category or ""
    return bool({category, category[:1]} & ON_THE_SPOT)


def _dispatch(ticket: Ticket, by: str, delay: float) -> Act:
    return Act("dispatch", by, desk_path(ticket, "dispatch"), {"unit_id": _unit(ticket)}, delay)


def _assign_finally(ticket: Ticket, seat: Seat) -> Act:
    body = {"unit_id": _unit(ticket), "note": "片区研究后由你单位牵头办理"}
    return Act("assign-finally", seat.leader(ticket), desk_path(ticket, "assign-finally"), body, 3)


def _unit(ticket: Ticket) -> str:
    wanted = ticket.suggestion.unit_id if ticket.suggestion else None
    return next(unit for unit in (wanted, *FALLBACK_UNITS) if unit and unit not in ticket.concerns)


def _dispatched(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    yield from _withdraws(ticket, plan)
    if seat.merge_into:
        yield Act("merge", seat.desk(ticket), desk_path(ticket, "merge"), {"into": seat.merge_into}, 2)
    elif _returns(ticket, plan, seat):
        body = {"reason": "职能交叉", "note": "核对后不属于我单位职责"}
        yield Act("return", seat.handler(ticket), staff_path(ticket, "return"), body, 3)
    else:
        delay = 45.0 if plan.unit == "forgets" else 3.0
        if ticket.handler_id in seat.off_duty:
            delay = 26.0  # nobody takes it until the ladder asks the backup
        yield Act("take", seat.handler(ticket), staff_path(ticket, "take"), {}, delay)
        yield from _leaders_look(ticket, plan, seat)


def _returns(ticket: Ticket, plan: Plan, seat: Seat) -> bool:
    """Not when it was refused before: then the window has passed, and the unit takes it."""
    is_over = ticket.assigned_finally or named("return", ticket) in seat.done
    return ticket.returns < plan.returns and not is_over


def _leaders_look(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    if plan.extra == "supervised":
        body = {"text": "请今天内报告进展"}
        yield Act("supervise", seat.leader(ticket), desk_path(ticket, "supervise"), body, 2)


def _nothing(*_: object) -> Iterator[Act]:
    return iter(())
