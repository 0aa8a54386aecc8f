"""What stands 进展: one true sentence for every stage, for whoever reported and, shorter, for neighbours: who has it, what comes next, and by when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, FollowUpResult, Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpHow
from chalicelib.domain.views.ticket_view import unit_name

_ENDS = {
    Outcome.SOLVED: "{who}说办好了，已结案",
    Outcome.ANSWERED: "已当场答复，结案",
    Outcome.EXPLAINED: "依法办不了，已向您解释并结案；解释和别的去处在下面",
    Outcome.UNREACHED: "已办结；回访没有联系上{who}，已结案，没解决可以重新打开",
    Outcome.NOT_SOLVED: "已结案，记下了{who}说没有解决；还可以重新打开",
}
_SAID = {Outcome.SOLVED: FollowUpResult.SOLVED, Outcome.NOT_SOLVED: FollowUpResult.NOT_SOLVED}


class _For(NamedTuple):
    """For whom, and when. `of`: the merged report by which they are in the ticket, "" for its own; None for who joined."""

    of: str | None
    town: Town
    now: datetime


def standing(ticket: Ticket, town: Town, now: datetime, *, of: str | None = "") -> str:
    """The sentence for whoever reported it: by the ticket itself, by what was merged into it (`of`), or who joined (None).

    It promises nothing that no clock says, does not hide what is late, and says 您 of nothing that somebody else said.
    """
    return _SENTENCES[ticket.stage](ticket, _For(of, town, now)) + _others_go_on(ticket)


def where_it_went(there: Ticket, town: Town, now: datetime, *, of: str | None) -> str:
    """What stands on the page of what was merged: that it goes on `there`, and how far it is."""
    said = "" if there.stage in ENDED else "，您反映的没有取消"
    return f"与另一件合在一起办{said}。{standing(there, town, now, of=of)}"


def _received(ticket: Ticket, to: _For) -> str:
    station = unit_name(ticket.station_id, to.town) or "工作站"
    what = "正在听您的录音" if ticket.is_unheard else "已收到您反映的事"
    if ticket.danger is not None and ticket.danger.is_open and not ticket.is_unheard:
        what = "正在确认是否有人有危险"
    if clocks.find_open(ticket, ClockKind.FEEDBACK):
        return f"{station}{what}，{_by(ticket, ClockKind.FEEDBACK, '反馈给您', to.now)}"
    return f"{station}{what}，正在安排由谁办"


def _dispatched(ticket: Ticket, to: _For) -> str:
    promised = f"，{_by(ticket, ClockKind.RESOLUTION, '办好', to.now)}"
    waits = f"；等他们签收{_in_brackets(ticket, ClockKind.TAKE, to.now)}"
    return f"已派给{_unit(ticket, to.town)}{promised}{waits}{_unread_by_them(ticket, to)}"


def _handling(ticket: Ticket, to: _For) -> str:
    if ticket.pause is not None and ticket.pause.waits:
        whose = _whom(to.of is not None and ticket.asks(to.of))
        return f"{_unit(ticket, to.town)}在等{whose}的回答，答了就接着办"
    by = _by(ticket, ClockKind.RESOLUTION, "办好", to.now)
    return f"{_unit(ticket, to.town)}正在办，{by}{_unread_by_them(ticket, to)}"


def _unread_by_them(ticket: Ticket, to: _For) -> str:
    """That whoever has it does not read the words, as whoever reported it knows (rule 104)."""
    if ticket.withheld is None or to.of != "":
        return ""
    what = "您写的话" if ticket.withholds_text else "您后来写的话"
    if ticket.withheld.waits:
        return f"；{what}他们还看不到，工作站看过再转"
    return f"；{what}工作站看过了，没有把原话转给他们"


def _resolved(ticket: Ticket, to: _For) -> str:
    station = unit_name(ticket.station_id, to.town) or "工作站"
    said = [each.result for each in ticket.follow_ups if each.round == ticket.round]
    if FollowUpResult.NOT_SOLVED in said:
        who = "您" if _has_said(ticket, to.of, FollowUpResult.NOT_SOLVED) else "有人"
        return f"{who}说没有解决，{station}会联系您，核实后请他们重办"
    if _has_said(ticket, to.of, FollowUpResult.SOLVED):
        return f"您说办好了，等{station}核对后结案"
    return f"{_unit(ticket, to.town)}说办好了，办好没有请您说"


def _suspended(ticket: Ticket, to: _For) -> str:
    pause = ticket.pause
    when = f"，{_day(pause.review_at)}再看" if pause else ""
    return f"{_unit(ticket, to.town)}暂时办不了{when}，原因在下面"


def _closed(ticket: Ticket, to: _For) -> str:
    sentence = _ENDS.get(ticket.outcome, "已结案；没解决可以重新打开")
    said = _SAID.get(ticket.outcome)
    is_theirs = _has_said(ticket, to.of, said) if said else to.of == ""
    return sentence.format(who=_whom(is_theirs))


def _forwarded(ticket: Ticket, _to: _For) -> str:
    return f"这件事归{ticket.forwarded_to or '别的单位'}管，已转过去，由他们答复您"


_SENTENCES: dict[Stage, Callable[[Ticket, _For], str]] = {
    Stage.RECEIVED: _received,
    Stage.DISPATCHED: _dispatched,
    Stage.HANDLING: _handling,
    Stage.RESOLVED: _resolved,
    Stage.SUSPENDED: _suspended,
    Stage.CLOSED: _closed,
    Stage.FORWARDED: _forwarded,
    Stage.DECLINED: lambda *_: "这件事不在受理范围，原因和别的去处在下面",
    Stage.WITHDRAWN: lambda _, to: f"{_whom(to.of == '')}已撤回，不再办理",
    Stage.MERGED: lambda *_: "与另一件合在一起办，您反映的没有取消，办好会单独问您",
}


def _whom(is_theirs: bool) -> str:
    return "您" if is_theirs else "反映人"


def _has_said(ticket: Ticket, of: str | None, result: FollowUpResult) -> bool:
    """Whether it is this one's own word of this round; a check by staff is nobody's."""
    theirs = (f for f in ticket.follow_ups if f.round == ticket.round and f.of == of and f.by != Actor.MEMBER)
    return any(each.result is result and each.how is not FollowUpHow.VERIFY for each in theirs)


def _others_go_on(ticket: Ticket) -> str:
    """Of a divided report one matter may come to its end before the others."""
    count = len(ticket.open_parts) if ticket.stage in ENDED else 0
    return f"；一起反映的另外{count}件还在办，看下面" if count else ""


def promised_to_neighbours(ticket: Ticket) -> datetime | None:
    """By when those who live beside it are told that something happens: an answer, the end, or that it is looked at again. None where no clock runs for it."""
    if ticket.stage is Stage.SUSPENDED:
        return ticket.pause.review_at if ticket.pause else None
    kind = _KIND_OF.get(ticket.stage)
    clock = clocks.find_open(ticket, kind) if kind else None
    return clock.due_at if clock is not None and clock.is_running else None


def to_neighbours(stage: Stage, unit_id: str, by: datetime | None, town: Town, now: datetime) -> str:
    """What whoever has not joined yet reads of an open matter: who has it and by when, and nothing of what was said or asked.

    `unit_id` has it, "" where it is not known; `by` as `promised_to_neighbours` answered it.
    """
    unit = unit_name(unit_id, town) or "工作站"
    if stage is Stage.RESOLVED:
        return f"{unit}说办好了，正在问反映的人"
    if stage is Stage.SUSPENDED:
        return f"{unit}暂时办不了" + (f"，{_day(by)}再看" if by else "")
    if stage is Stage.RECEIVED:
        return f"{unit}正在安排" + _told_by(by, "有答复", now)
    has_it = f"已派给{unit}" if stage is Stage.DISPATCHED else f"{unit}正在办"
    return has_it + _told_by(by, "办好", now)


_KIND_OF = {
    Stage.RECEIVED: ClockKind.FEEDBACK,
    Stage.DISPATCHED: ClockKind.RESOLUTION,
    Stage.HANDLING: ClockKind.RESOLUTION,
}


def _told_by(by: datetime | None, what: str, now: datetime) -> str:
    if by is None:
        return ""
    return f"，已超过{_at(by, now)}，正在催" if now > by else f"，最迟{_at(by, now)} {what}"


def _unit(ticket: Ticket, town: Town) -> str:
    return unit_name(ticket.lead_unit_id or ticket.station_id, town) or "工作站"


def _by(ticket: Ticket, kind: ClockKind, done: str, now: datetime) -> str:
    """最迟 10:05 反馈给您, or that it is late; without a time where none runs, or it stands still."""
    clock = clocks.find_open(ticket, kind)
    if clock is None or not clock.is_running:
        return f"{done}会告诉您" if kind is ClockKind.RESOLUTION else f"会尽快{done}"
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
