"""What stands 进展: one true sentence for every stage, for whoever reported: who has it, what comes next, and by when."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import FollowUpResult, Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.ticket_view import unit_name

_ENDS = {
    Outcome.SOLVED: "您说办好了，已结案",
    Outcome.ANSWERED: "已当场答复，结案",
    Outcome.EXPLAINED: "依法办不了，已向您解释并结案；解释和别的去处在下面",
    Outcome.UNREACHED: "已办结；回访没有联系上您，已结案，没解决可以重新打开",
    Outcome.NOT_SOLVED: "已结案，记下了您说没有解决；还可以重新打开",
}


def standing(ticket: Ticket, town: Town, now: datetime) -> str:
    """The sentence. It promises nothing that no clock says, and does not hide what is late."""
    return _SENTENCES[ticket.stage](ticket, town, now)


def _received(ticket: Ticket, town: Town, now: datetime) -> str:
    station = unit_name(ticket.station_id, town) or "工作站"
    what = "正在听您的录音" if ticket.is_unheard else "已收到您反映的事"
    if ticket.danger is not None and ticket.danger.is_open and not ticket.is_unheard:
        what = "正在确认是否有人有危险"
    if clocks.find_open(ticket, ClockKind.FEEDBACK):
        return f"{station}{what}，{_by(ticket, ClockKind.FEEDBACK, '反馈给您', now)}"
    return f"{station}{what}，正在安排由谁办"


def _dispatched(ticket: Ticket, town: Town, now: datetime) -> str:
    return f"已派给{_unit(ticket, town)}，等他们签收{_in_brackets(ticket, ClockKind.TAKE, now)}"


def _handling(ticket: Ticket, town: Town, now: datetime) -> str:
    if ticket.pause is not None and ticket.pause.waits:
        return f"{_unit(ticket, town)}在等您的回答，答了就接着办"
    return f"{_unit(ticket, town)}正在办，{_by(ticket, ClockKind.RESOLUTION, '办好', now)}"


def _resolved(ticket: Ticket, town: Town, _now: datetime) -> str:
    station = unit_name(ticket.station_id, town) or "工作站"
    said = [each.result for each in ticket.follow_ups if each.round == ticket.round]
    if FollowUpResult.NOT_SOLVED in said:
        return f"有人说没有解决，{station}会联系您，核实后请他们重办"
    if FollowUpResult.SOLVED in said:
        return f"您说办好了，等{station}核对后结案"
    return f"{_unit(ticket, town)}说办好了，办好没有请您说"


def _suspended(ticket: Ticket, town: Town, _now: datetime) -> str:
    pause = ticket.pause
    when = f"，{_day(pause.review_at)}再看" if pause else ""
    return f"{_unit(ticket, town)}暂时办不了{when}，原因在下面"


def _closed(ticket: Ticket, _town: Town, _now: datetime) -> str:
    return _ENDS.get(ticket.outcome, "已结案；没解决可以重新打开")


def _forwarded(ticket: Ticket, _town: Town, _now: datetime) -> str:
    return f"这件事归{ticket.forwarded_to or '别的单位'}管，已转过去，由他们答复您"


_SENTENCES: dict[Stage, Callable[[Ticket, Town, datetime], str]] = {
    Stage.RECEIVED: _received,
    Stage.DISPATCHED: _dispatched,
    Stage.HANDLING: _handling,
    Stage.RESOLVED: _resolved,
    Stage.SUSPENDED: _suspended,
    Stage.CLOSED: _closed,
    Stage.FORWARDED: _forwarded,
    Stage.DECLINED: lambda *_: "这件事不在受理范围，原因和别的去处在下面",
    Stage.WITHDRAWN: lambda *_: "您已撤回，不再办理",
    Stage.MERGED: lambda *_: "与另一件合在一起办，您反映的没有取消，办好会单独问您",
}


def _unit(ticket: Ticket, town: Town) -> str:
    return unit_name(ticket.lead_unit_id or ticket.station_id, town) or "工作站"


def _by(ticket: Ticket, kind: ClockKind, done: str, now: datetime) -> str:
    """最迟 10:05 反馈给您, or that it is late; without a time where none runs, or it stands still."""
    clock = clocks.find_open(ticket, kind)
    if clock is None or not clock.is_running:
        return f"{done}会告诉您" if done == "办好" else f"会尽快{done}"
    if clocks.is_overdue(clock, now):
        return f"已超过说好的{_at(clock.due_at, now)}，正在催"
    return f"最迟{_at(clock.due_at, now)} {done}"


def _in_brackets(ticket: Ticket, kind: ClockKind, now: datetime) -> str:
    clock = clocks.find_open(ticket, kind)
    if clock is None or not clock.is_running:
        return ""
    return (
        f"（已超过{_at(clock.due_at, now)}，正在催）"
        if clocks.is_overdue(clock, now)
        else f"（最迟{_at(clock.due_at, now)}）"
    )


def _at(instant: datetime, now: datetime) -> str:
    """今天 08:36, 明天 09:00, 11月25日 18:00."""
    there, today = instant.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    names = {today - timedelta(days=1): "昨天", today: "今天", today + timedelta(days=1): "明天"}
    return f"{names.get(there.date(), _day(instant))} {there:%H:%M}"


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%-m月%-d日}"
