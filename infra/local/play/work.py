"""What happens to a ticket once a unit has taken it: the work with its detours, the follow-up, and what comes after. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Ticket
from infra.local.play.acts import Act, Body, Seat, api_path, desk_path, named, staff_path
from infra.local.play.plans import Plan

ASSISTING = "OF-ZF"
BY_THEMSELVES = ("qr", "browser", "mini_program")  # sources whose residents have the page open


def handling(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    by = seat.handler(ticket)
    if ticket.pause:
        text = "补充：就在二楼拐角，白天有人"
        yield Act("comment", Actor.REPORTER, api_path(ticket, "comments"), {"text": text}, 3)
        return
    if not ticket.arrived and (ticket.facility or ticket.urgent):
        yield Act("arrived", by, staff_path(ticket, "arrived"), {"note": "已到现场查看"}, 3)
        return
    if ticket.fed_back_by_unit < ticket.round:
        body: Body = {"text": "已经联系相关人员，处理好后马上告诉您"}
        yield Act("unit-feedback", by, staff_path(ticket, "unit-feedback"), body, 3)
        return
    if ticket.extension:
        body = {"approved": True, "note": "情况属实"}
        yield Act("decide-extension", seat.desk(ticket), desk_path(ticket, "decide-extension"), body, 2)
        return
    open_orders = [order for order in ticket.supervision_orders if order.answered_at is None]
    if open_orders:
        body = {"order_id": open_orders[0].id, "text": "正在办，今天可以办好"}
        yield Act(f"answer-{open_orders[0].id}", by, staff_path(ticket, "answer-supervision"), body, 3)
        return
    yield from _on_the_way(ticket, plan, seat, by)


def _on_the_way(ticket: Ticket, plan: Plan, seat: Seat, by: str) -> Iterator[Act]:
    """The plan's own detour, once and in the first round; then 办结."""
    helping = [part.unit_id for part in ticket.assisting if part.is_open]
    if helping:
        head = seat.town.unit_heads(helping[0])[0].code
        body = {"unit_id": helping[0], "note": "已配合处理完毕"}
        yield Act("finish-assisting", head, staff_path(ticket, "finish-assisting"), body, 4)
        return
    if (detour := _detour(ticket, plan, seat, by)) and named(detour.name, ticket) not in seat.done:
        yield detour
        return
    delay = 6.0
    if plan.unit == "forgets" and ticket.round == 1:
        delay = 2.0 if ticket.supervision_orders else 40.0  # until the town leader's order
    body = {"note": "已经处理好了"}
    yield Act("resolve", by, staff_path(ticket, "resolve"), body, delay, photo=ticket.facility)


def _detour(ticket: Ticket, plan: Plan, seat: Seat, by: str) -> Act | None:
    """What this plan does beside the straight way, in the first round."""
    if ticket.round > 1:
        return None
    if plan.unit == "extends":
        body: Body = {"working_days": 2, "reason": "配件要从厂家调"}
        return Act("ask-extension", by, staff_path(ticket, "ask-extension"), body, 2)
    if plan.unit == "waits" and ticket.source in BY_THEMSELVES:
        return Act("wait", by, staff_path(ticket, "wait"), {"question": "请问具体在几楼？"}, 2)
    if plan.unit == "assists" and ticket.lead_unit_id != ASSISTING:
        return Act(
            "add-assisting",
            by,
            staff_path(ticket, "add-assisting"),
            {"unit_id": ASSISTING, "note": "请一起到现场"},
        )
    if plan.extra == "suspended" and not ticket.urgent:
        review_at = (seat.now + timedelta(seconds=60)).isoformat()
        body = {"reason": "需要等上级立项", "review_at": review_at}
        return Act("suspend", seat.leader(ticket), staff_path(ticket, "suspend"), body)
    return None


def suspended(ticket: Ticket, _: Plan, seat: Seat) -> Iterator[Act]:
    body = {"note": "条件具备，恢复办理"}
    yield Act("resume", seat.leader(ticket), staff_path(ticket, "resume"), body, 8)


def resolved(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    if policy(ticket, seat.town).station.verifies:
        yield _verify(ticket, seat)
        return
    is_happy = ticket.round > 1 or plan.resident != "dissatisfied"
    if ticket.on_call_list:
        yield from _call(ticket, plan, seat, is_happy)
    elif ticket.source in BY_THEMSELVES and plan.resident not in ("silent", "unreached"):
        body = {"solved": is_happy, "satisfied": is_happy, "words": "谢谢" if is_happy else "还是老样子"}
        yield Act("rating", Actor.REPORTER, api_path(ticket, "rating"), body, 3)


def _call(ticket: Ticket, plan: Plan, seat: Seat, is_happy: bool) -> Iterator[Act]:
    tries = sum(attempt.round == ticket.round for attempt in ticket.attempts)
    said: Body = {"outcome": "answered", "solved": is_happy, "satisfied": is_happy, "words": "电话回访"}
    if plan.resident == "unreached":
        said = {"outcome": "not_answered", "words": "无人接听"}
    yield Act(f"call{tries}", seat.desk(ticket), desk_path(ticket, "follow-up"), said, 2.5)


def closed(ticket: Ticket, plan: Plan, seat: Seat) -> Iterator[Act]:
    if ticket.verify_owed:
        yield _verify(ticket, seat)
    if plan.resident == "reopens" and ticket.round == 1 and ticket.source in BY_THEMSELVES:
        yield Act("reopen", Actor.REPORTER, api_path(ticket, "reopen"), {"reason": "第二天又坏了"}, 4)


def _verify(ticket: Ticket, seat: Seat) -> Act:
    return Act(
        "verify", seat.desk(ticket), staff_path(ticket, "verify"), {"ok": True, "note": "现场已看过"}, 3
    )
