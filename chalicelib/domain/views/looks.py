"""谁看过: what the person who was looked at reads of a trace. No name, no title that somebody chose, no words of the viewer."""

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.reasons import REASON_NAMES, Reason
from chalicelib.domain.identity.traces import Trace
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views.pick_lists import name_of

LOOKS = {
    "opened": "打开了工单",
    "revealed": "查看了联系方式",
    "searched": "按电话查询到",
    "photo": "打开了照片",
    "printed": "打印、下载了反馈表",
    "exported": "导出给合作方",
}
NOTED = LOOKS | {"code_handed_out": "发了登录码"}  # what whoever answers for the viewer reads
_SUBSCRIBER = "subscriber:"


def need_borne_out(reason: Reason, ticket: Ticket, *, called: bool) -> None:
    """Raises Invalid for 紧急 of a ticket that is not urgent, or 呼叫单 of one on no list: they ask for no words and no limit.

    `called`: a message to the reporter waits on the desk's call list; a follow-up that is owed is on the ticket itself.
    """
    if reason is Reason.URGENT and not ticket.urgent:
        raise Invalid("这张工单不是紧急工单，请另选理由", fields=["reason"])
    if reason is Reason.CALL_LIST and not (called or ticket.on_call_list):
        raise Invalid("这张工单不在呼叫单上，请另选理由", fields=["reason"])


def viewer_view(trace: Trace, town: Town) -> dict[str, object]:
    """One look: unit, role and number 工号, and whose code the viewer had signed in with (由…代为登录)."""
    maker = town.find_staff(trace.through) if trace.through else None
    return {
        "role": _role(trace.role),
        "unit": _unit(trace, town),
        "code": "" if trace.viewer.startswith(_SUBSCRIBER) else trace.viewer,
        "at": trace.at.isoformat(timespec="seconds"),
        "what": trace.what,
        "what_name": LOOKS.get(trace.what, ""),
        "fields": list(trace.fields),
        "reason": REASON_NAMES[Reason(trace.reason)] if trace.reason in set(Reason) else "",
        "through": f"由{_maker(maker, town)}代为登录" if maker else "由他人代为登录" if trace.through else "",
    }


def line_view(trace: Trace, ticket: Ticket | None, town: Town) -> dict[str, object]:
    """One look on the page of whoever answers for the viewer: also the viewer's name, the ticket, and the words."""
    person = town.find_staff(trace.viewer)
    return viewer_view(trace, town) | {
        "name": person.name if person else "",
        "what_name": NOTED.get(trace.what, ""),
        "ticket_id": ticket.id if ticket else "",
        "number": ticket.number if ticket else "",
        "words": trace.why,
    }


def _role(role: str) -> str:
    """The town's own word for a role; another party has none."""
    return name_of(Role(role)) if role in set(Role) else ""


def _unit(trace: Trace, town: Town) -> str:
    if trace.viewer.startswith(_SUBSCRIBER):
        subscriber = town.find_subscriber(trace.viewer.removeprefix(_SUBSCRIBER))
        return subscriber.title if subscriber else ""
    unit = town.find_unit(trace.unit)
    return unit.name if unit else ""


def _maker(maker: Staff, town: Town) -> str:
    unit = town.find_unit(maker.unit)
    return f"{unit.name if unit else ''}{_role(maker.roles[0])}（{maker.code}）"
