"""Who hears what happens while a ticket is being worked on."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, inbox, push, ring, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_SEEN = "工单里看得到，没有要做的事；交办单位按往来规则回传"
_INSIDE = NotTold("单位内部的安排，对其没有变化")
_HOLDS_ON = NotTold("没有从谁手里拿走")
_OWN = NotTold("就是其本人做的")


def _relocated(handler: Cell, desk: Cell) -> Row:
    """改地点: NAMED is the desk that loses it."""
    cells: dict[P, Cell] = {
        P.REPORTER: push("relocated"),
        P.MEMBERS: inbox("relocated"),
        P.NAMED: push("recalled"),
        P.HANDLER: handler,
        P.LOSES: push("recalled"),
        P.ASSISTING: inbox("place_changed", C.RESOLUTION, note="原为{said}"),
        P.DESK: desk,
    }
    return row(cells, others=_SEEN)


def _between_the_two(reporter: Cell, named: Cell) -> Row:
    """What a leader and whoever reported settle between them about putting the matter to somebody."""
    return row(
        {
            P.REPORTER: reporter,
            P.MEMBERS: NotTold("保密的事不告诉附议的人"),
            P.NAMED: named,
            P.HANDLER: NotTold("由提出转告的领导跟着办，工单里看得到"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办的内容没有变"),
        },
        others=_SEEN,
    )


_STAYS = push("place_changed", C.RESOLUTION, note="原为{said}")
_GIVEN_ON = push("assigned", C.TAKE, note="地点更正")
_NEW_DESK = push("new_for_desk", C.FEEDBACK)
_SAME_DESK = NotTold("就是值班台改的")

WORK: dict[str, Row] = {
    "relocated": _relocated(_STAYS, _SAME_DESK),
    "relocated/given_on": _relocated(_GIVEN_ON, _SAME_DESK),
    "relocated/elsewhere": _relocated(_STAYS, _NEW_DESK),
    "relocated/elsewhere/given_on": _relocated(_GIVEN_ON, _NEW_DESK),
    # It turned out whom it is about: those who had it read the neutral words, the desk has it again.
    "kept_apart": row(
        {
            P.REPORTER: NotTold("工单页上写明只由谁办；不另发消息，免得旁人看到"),
            P.MEMBERS: NotTold("保密的事不告诉附议的人"),
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: NotTold("办理不变，只是少了一些人看得到"),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("协办的内容没有变"),
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_SEEN,
    ),
    # Working days were published: NAMED holds it. The second row besides, for what was promised to residents.
    "due_recalculated": row(
        {
            P.REPORTER: NotTold("答应过的时间另行告诉"),
            P.MEMBERS: NotTold("答应过的时间另行告诉"),
            P.NAMED: push("due_changed"),
            P.HANDLER: NotTold("办理的人按“被点名的人”告知"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: inbox("due_changed"),
        },
        others=_SEEN,
    ),
    "due_recalculated/promised": row(
        {
            P.REPORTER: push("due_moved"),
            P.MEMBERS: inbox("due_moved"),
            P.HANDLER: NotTold("另行告知"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("另行告知"),
        },
        others=_SEEN,
    ),
    "classified": row(
        {
            P.REPORTER: NotTold("改分类是内部更正，由谁办、何时办好没有变"),
            P.MEMBERS: NotTold("改分类是内部更正"),
            P.HANDLER: inbox("reclassified", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("协办的内容没有变"),
            P.NAMED: push("new_for_desk"),
        },
        others=_SEEN,
    ),
    "secrecy_lifted": row(
        {
            P.REPORTER: push("secrecy_lifted"),
            P.MEMBERS: NotTold("保密的事不告诉附议的人"),
            P.HANDLER: inbox("reclassified", C.RESOLUTION),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("协办的内容没有变"),
            P.NAMED: push("new_for_desk"),
        },
        others=_SEEN,
    ),
    # 转告事由: NAMED is who put it. Whom it is put to is no party, and told beside the table by its own words alone.
    "confront_asked": _between_the_two(push("confront_asked"), NotTold("就是其本人问的")),
    "confront_agreed": _between_the_two(NotTold("就是上报人说的"), push("confront_decided")),
    "confront_refused": _between_the_two(NotTold("就是上报人说的"), push("confront_decided")),
    "stated": _between_the_two(NotTold("由提出的领导核实后一并告诉，工单里看得到有了说明"), push("stated")),
    "avoid_lifted": row(
        {
            P.REPORTER: NotTold("就是上报人说的"),
            P.MEMBERS: NotTold("保密的事不告诉附议的人"),
            P.HANDLER: inbox("reclassified", C.RESOLUTION),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("协办的内容没有变"),
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_SEEN,
    ),
    "classified/urgent": row(
        {
            P.REPORTER: NotTold("怎么办、何时办好，由承办人联系时说"),
            P.MEMBERS: NotTold("改分类是内部更正"),
            P.HANDLER: ring("urgent_alert", C.RESPONSE),
            P.LOSES: push("recalled"),
            P.ASSISTING: ring("urgent_alert", C.RESPONSE),
            P.NAMED: push("new_for_desk"),
        },
        others=_SEEN,
    ),
    "published": row(
        {
            P.REPORTER: inbox("published"),
            P.MEMBERS: inbox("published"),
            P.HANDLER: _INSIDE,
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "unpublished": row(
        {
            P.REPORTER: NotTold("只是不再公开"),
            P.MEMBERS: NotTold("只是不再公开"),
            P.HANDLER: _INSIDE,
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "transferred": row(
        {
            P.REPORTER: inbox("transferred", C.RESOLUTION, note="", who="{handler}"),
            P.MEMBERS: inbox("transferred", C.RESOLUTION, note="", who="{handler}"),
            P.HANDLER: push("assigned", C.TAKE),
            P.LOSES: push("recalled"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "handed_over": row(
        {
            P.REPORTER: NotTold("承办单位和时限都不变"),
            P.MEMBERS: NotTold("承办单位和时限都不变"),
            P.NAMED: push("handed_over", C.RESOLUTION, who="{leaver}"),
            P.HANDLER: NotTold("接手的人按“被点名的人”告知"),
            P.LOSES: NotTold("已离任，账号已退出"),
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "taken": row(
        {
            P.REPORTER: inbox("taken", C.RESOLUTION),
            P.MEMBERS: inbox("taken", C.RESOLUTION),
            P.HANDLER: _OWN,
            P.LOSES: inbox("taken_by_other"),
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "returned": row(
        {
            P.REPORTER: inbox("returned", C.RESOLUTION, note="{reason}"),
            P.MEMBERS: inbox("returned", C.RESOLUTION, note=""),
            P.NAMED: push("assign_finally_needed", C.RESOLUTION, note="{reason}"),
            P.HANDLER: NotTold("退单后没有承办人"),
            P.LOSES: inbox("recalled"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
            P.DESK: push("returned_to_desk", C.RESOLUTION, note="{reason}", who="{returned_by}"),
        },
        others=_SEEN,
    ),
    "assisting_added": row(
        {
            P.REPORTER: NotTold("主办单位不变"),
            P.MEMBERS: NotTold("主办单位不变"),
            P.NAMED: push("assist_asked", C.RESOLUTION),
            P.HANDLER: inbox("assisting_changed"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("新请的协办单位按“被点名的人”告知；别的协办单位没有变化"),
        },
        others=_SEEN,
    ),
    "assisting_finished": row(
        {
            P.REPORTER: NotTold("由主办单位一并答复"),
            P.MEMBERS: NotTold("由主办单位一并答复"),
            P.HANDLER: push("commented"),
            P.LOSES: inbox("recalled"),  # a colleague of theirs finished it
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "assisting_waived": row(
        {
            P.REPORTER: NotTold("由主办单位一并答复"),
            P.MEMBERS: NotTold("由主办单位一并答复"),
            P.HANDLER: inbox("waived"),
            P.LOSES: push("waived"),
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "arrived": row(
        {
            P.REPORTER: inbox("arrived"),
            P.MEMBERS: inbox("arrived"),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "contacted": row(
        {
            P.REPORTER: inbox("contacted"),
            P.MEMBERS: NotTold("是与上报人之间的谈话"),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "unit_feedback": row(
        {
            P.REPORTER: push("unit_feedback", C.RESOLUTION),
            P.MEMBERS: inbox("unit_feedback", C.RESOLUTION),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "progress": row(
        {
            P.REPORTER: NotTold("不公开的进展只给办理的人看"),
            P.MEMBERS: NotTold("不公开的进展只给办理的人看"),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "progress/public": row(
        {
            P.REPORTER: inbox("progress"),
            P.MEMBERS: inbox("progress"),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
    "extension_asked": row(
        {
            P.REPORTER: NotTold("还没有批准，时限没有变"),
            P.MEMBERS: NotTold("还没有批准，时限没有变"),
            P.NAMED: inbox("extension_asked", C.RESOLUTION),
            P.HANDLER: _OWN,
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("还没有批准，时限没有变"),
            P.DESK: push("extension_asked", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "extension_decided": row(
        {
            P.REPORTER: NotTold("没有批准，时限没有变"),
            P.MEMBERS: NotTold("没有批准，时限没有变"),
            P.NAMED: push("extension_decided", C.RESOLUTION, note="不同意"),
            P.HANDLER: push("extension_decided", C.RESOLUTION, note="不同意"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("没有批准，时限没有变"),
        },
        others=_SEEN,
    ),
    "extension_decided/approved": row(
        {
            P.REPORTER: push("extension_granted", C.RESOLUTION, note="{reason}"),
            P.MEMBERS: inbox("extension_granted", C.RESOLUTION, note=""),
            P.NAMED: push("extension_decided", C.RESOLUTION, note="同意"),
            P.HANDLER: push("extension_decided", C.RESOLUTION, note="同意"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: inbox("due_changed", C.RESOLUTION),
            P.ORDER_GIVER: inbox("due_changed", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "waiting": row(
        {
            P.REPORTER: push("waiting_for_you", C.REVIEW),
            P.MEMBERS: NotTold("问的是上报人"),
            P.HANDLER: _OWN,
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办的内容没有变"),
        },
        others=_SEEN,
    ),
    # A ticket that lay behind its history: whoever repaired it has the list, and looks at each before anybody is told.
    "repaired": row(
        {
            P.REPORTER: NotTold("工作站核对之后再说"),
            P.MEMBERS: NotTold("工作站核对之后再说"),
            P.HANDLER: NotTold("工单回到其队列里，核对之后再说"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办的内容没有变"),
        },
        others=_SEEN,
    ),
    "question_arrived": row(
        {
            P.REPORTER: NotTold("是其收到了问题"),
            P.MEMBERS: NotTold("问的是上报人"),
            P.HANDLER: NotTold("时限从此停走，工单里看得到"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办的内容没有变"),
        },
        others=_SEEN,
    ),
    "suspended": row(
        {
            P.REPORTER: push("suspended", C.REVIEW),
            P.MEMBERS: push("suspended", C.REVIEW, note=""),
            P.HANDLER: push("suspended_staff", C.REVIEW),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("挂账时协办一并结束，按“不再承办的人”告知"),
            P.DESK: inbox("suspended_staff", C.REVIEW),
            P.ORDER_GIVER: inbox("suspended_staff", C.REVIEW),
            P.ESCALATED: inbox("suspended_staff", C.REVIEW),
        },
        others=_SEEN,
    ),
    "resumed": row(
        {
            P.REPORTER: push("resumed", C.RESOLUTION),
            P.MEMBERS: inbox("resumed", C.RESOLUTION),
            P.HANDLER: push("resumed_staff", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: inbox("resumed_staff", C.RESOLUTION),
            P.DESK: inbox("resumed_staff", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "resumed/answered": row(
        {
            P.REPORTER: NotTold("是其补充后恢复的"),
            P.MEMBERS: NotTold("问的是上报人"),
            P.HANDLER: push("resumed_staff", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: inbox("resumed_staff", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "supervised": row(
        {
            P.REPORTER: NotTold("督办是对单位的，办理结果会告诉"),
            P.MEMBERS: NotTold("督办是对单位的"),
            P.NAMED: push("supervision", C.SUPERVISION),
            P.HANDLER: push("supervision", C.SUPERVISION),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: inbox("supervision", C.SUPERVISION),
            P.UNIT_HEAD: push("supervision", C.SUPERVISION),
        },
        others=_SEEN,
    ),
    "supervision_answered": row(
        {
            P.REPORTER: NotTold("督办是对单位的"),
            P.MEMBERS: NotTold("督办是对单位的"),
            P.NAMED: push("supervision_answer"),
            P.HANDLER: inbox("supervision_answer"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: _INSIDE,
        },
        others=_SEEN,
    ),
}
