"""Who hears that something has begun, or begins again: reports, dispatches, and what comes back."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import NotTold, Row, inbox, push, ring, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_NO_MEMBERS_YET = NotTold("刚收到，还没有人附议")
_NO_UNIT_YET = NotTold("还没有交给任何单位")
_NOTHING_TAKEN = NotTold("没有从谁手里拿走")
_BY_ITS_OWN = {
    P.REPORTER: NotTold("由这件事本身的消息告诉"),
    P.MEMBERS: NotTold("由这件事本身的消息告诉"),
    P.LOSES: _NOTHING_TAKEN,
    P.ASSISTING: NotTold("由这件事本身的消息告诉，紧急的一律响"),
}
_PARTNER = "按往来规则回传，不另发消息；其余的人工单里看得到，没有要做的事"

BEGINNING: dict[str, Row] = {
    "received": row(
        {
            P.REPORTER: push("received", C.FEEDBACK),
            P.MEMBERS: _NO_MEMBERS_YET,
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: _NO_UNIT_YET,
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_PARTNER,
    ),
    # Of those who had joined 附议 a ticket that turned 避开.
    "received/apart": row(
        {
            P.REPORTER: push("set_apart"),
            P.MEMBERS: push("set_apart"),
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: _NO_UNIT_YET,
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_PARTNER,
    ),
    "received/dispatched": row(
        {
            P.REPORTER: push("dispatched", C.RESOLUTION, who="{handler}"),
            P.MEMBERS: _NO_MEMBERS_YET,
            P.HANDLER: push("assigned", C.TAKE),
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.DESK: NotTold("机器有把握，已直接派出；值班台没有要做的事"),
        },
        others=_PARTNER,
    ),
    # What complains of a service and nobody looked at in time: by place and category alone (rule 104).
    "sent_without_words": row(
        {
            P.REPORTER: push("sent_without_words", C.RESOLUTION),
            P.MEMBERS: inbox("dispatched", C.RESOLUTION, who="{handler}"),
            P.HANDLER: push("assigned", C.TAKE),
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.DESK: push("words_to_look_at"),
        },
        others=_PARTNER,
    ),
    "received/forwarded": row(
        {
            P.REPORTER: push("forwarded", note="{why}", who="{to}"),
            P.MEMBERS: _NO_MEMBERS_YET,
            P.HANDLER: _NO_UNIT_YET,
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.DESK: inbox("new_for_desk", note="已转送{to}"),
        },
        others=_PARTNER,
    ),
    # Besides the row of the act itself, of whatever begins urgent or turns urgent (rule 22).
    "urgent_alert": row(
        {
            **_BY_ITS_OWN,
            P.HANDLER: NotTold("由这件事本身的消息告诉，紧急的一律响"),
            P.DESK: ring("urgent_alert", C.RESPONSE),
            P.LEADERS: ring("urgent_alert", C.RESPONSE),
        },
        others="按往来规则回传；片区领导之上由时限阶梯告诉",
    ),
    # The same, where the concerned alone can help: they hear place and kind (`only_help`), the leaders of the conflict.
    "urgent_alert/conflict": row(
        {
            **_BY_ITS_OWN,
            P.HANDLER: NotTold("还没有派给没有被反映的人"),
            P.DESK: ring("danger_conflict", C.RESPONSE),
            P.LEADERS: ring("danger_conflict", C.RESPONSE),
        },
        others="按往来规则回传；片区领导之上由时限阶梯告诉",
    ),
    "dispatched": row(
        {
            P.REPORTER: push("dispatched", C.RESOLUTION, who="{handler}"),
            P.MEMBERS: inbox("dispatched", C.RESOLUTION, who="{handler}"),
            P.HANDLER: push("assigned", C.TAKE),
            P.LOSES: NotTold("派单之前没有谁在办"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
        },
        others=_PARTNER,
    ),
    "assigned_finally": row(
        {
            P.REPORTER: push("dispatched", C.RESOLUTION, who="{handler}"),
            P.MEMBERS: inbox("dispatched", C.RESOLUTION, who="{handler}"),
            P.HANDLER: push("assigned", C.TAKE),
            P.LOSES: NotTold("签派之前没有谁在办"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
            P.DESK: inbox("assigned_for_desk"),
        },
        others=_PARTNER,
    ),
    "reworked": row(
        {
            P.REPORTER: push("reworked", C.RESOLUTION),
            P.MEMBERS: push("reworked", C.RESOLUTION),
            P.HANDLER: push("rework_assigned", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("上一轮协办都已结束，要再协办须重新请"),
            P.UNIT_HEAD: push("not_solved_warning"),
        },
        others=_PARTNER,
    ),
    "reworked/at_the_desk": row(
        {
            P.REPORTER: push("reopened", C.FEEDBACK),
            P.MEMBERS: push("reopened", C.FEEDBACK),
            P.HANDLER: _NO_UNIT_YET,
            P.LOSES: push("recalled"),
            P.ASSISTING: _NO_UNIT_YET,
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.DESK: push("reopened_staff", C.FEEDBACK),
        },
        others=_PARTNER,
    ),
    "reopened": row(
        {
            P.REPORTER: push("reworked", C.RESOLUTION),
            P.MEMBERS: push("reworked", C.RESOLUTION),
            P.HANDLER: push("rework_assigned", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("上一轮协办都已结束，要再协办须重新请"),
            P.UNIT_HEAD: push("not_solved_warning"),
            P.DESK: inbox("reopened_staff", C.RESOLUTION),
        },
        others=_PARTNER,
    ),
    "reopened/at_the_desk": row(
        {
            P.REPORTER: push("reopened", C.FEEDBACK),
            P.MEMBERS: push("reopened", C.FEEDBACK),
            P.HANDLER: _NO_UNIT_YET,
            P.LOSES: _NOTHING_TAKEN,
            P.ASSISTING: _NO_UNIT_YET,
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.DESK: push("reopened_staff", C.FEEDBACK),
        },
        others=_PARTNER,
    ),
}
