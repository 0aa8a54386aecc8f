"""Who hears that a ticket has come to an end, or what came of it; and who has to put down what they held."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, daily, inbox, push, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_ENDS = "工单里看得到，没有要做的事；交办单位按往来规则回传"
_PARTS_END = NotTold("协办随工单一并结束，按“不再承办的人”告知")
_OVER = NotTold("工单已结束，没有承办人；原承办人按“不再承办的人”告知")
_HOLDS_ON = NotTold("没有从谁手里拿走")
_NOTHING_SAID = NotTold("回访还没有结果")


def _end(reporter: Cell, members: Cell, loses: Cell, **more: Cell) -> Row:
    """An act after which nobody has to do anything any more: whoever waited or watched hears that it is over."""
    cells: dict[P, Cell] = {
        P.REPORTER: reporter,
        P.MEMBERS: members,
        P.HANDLER: _OVER,
        P.LOSES: loses,
        P.ASSISTING: _PARTS_END,
        P.DESK: NotTold("从值班台队列中撤下；是值班台自己办的或只需知道"),
        P.ORDER_GIVER: inbox("ended_staff", note="{ended}"),
        P.ESCALATED: daily("ended_staff", note="{ended}"),
    }
    return row(cells | {P(party): cell for party, cell in more.items()}, others=_ENDS)


_STOP = push("recalled")

ENDING: dict[str, Row] = {
    "answered": _end(push("answered"), push("closed", note=""), _STOP),
    "declined": _end(push("declined"), push("declined", note=""), _STOP),
    "forwarded": _end(push("forwarded", who="{to}"), push("forwarded", note="", who="{to}"), _STOP),
    "withdrawn": _end(
        NotTold("是其本人撤回的"),
        NotTold("有人附议就不能撤回"),
        push("withdrawn"),
        desk=inbox("withdrawn"),
    ),
    "settled": _end(NotTold("是巡查发现的，没有上报人"), NotTold("没有人附议"), NotTold("没有谁办过")),
    "closed": _end(
        push("closed", note=""),
        push("closed", note=""),
        daily("ended_staff", note="{ended}"),
    ),
    "resolved": row(
        {
            P.REPORTER: push("resolved_ask"),
            P.MEMBERS: push("resolved_ask"),
            P.HANDLER: NotTold("就是其本人办结的"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束才能办结"),
            P.ORDER_GIVER: inbox("resolved_staff"),
            P.ESCALATED: inbox("resolved_staff"),
        },
        others="回访队列里看得到；交办单位按往来规则回传",
    ),
    # The unit's first feedback given together with the resolve; besides its own row.
    "resolved/feedback": row(
        {
            P.REPORTER: push("unit_feedback", note="{feedback}"),
            P.MEMBERS: inbox("unit_feedback", note=""),
            P.HANDLER: NotTold("就是其本人反馈的"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束才能办结"),
        },
        others="随办结一并告知",
    ),
    "rated": row(
        {
            P.REPORTER: NotTold("是其本人评价的"),
            P.MEMBERS: NotTold("评价是各人自己的"),
            P.HANDLER: NotTold("结案时一并告知"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others="回访队列里看得到",
    ),
    # Someone says it is not solved: the desk owes a call, whatever stage it was in.
    "rated/not_solved": row(
        {
            P.REPORTER: NotTold("是其本人或邻居评价的；页面已说明工作站会打电话"),
            P.MEMBERS: NotTold("评价是各人自己的"),
            P.HANDLER: inbox("not_solved_warning"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.UNIT_HEAD: push("not_solved_warning"),
            P.DESK: push("call_needed", C.FOLLOW_UP),
            P.LEADERS: NotTold("回访时限的阶梯会逐级点名"),
        },
        others=_ENDS,
    ),
    "call_asked": row(
        {
            P.REPORTER: NotTold("工作站会打电话"),
            P.MEMBERS: NotTold("电话打给上报人"),
            P.HANDLER: NotTold("回访须由没有经办的人来做"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.DESK: push("call_needed", C.FOLLOW_UP),
        },
        others="回访队列里看得到",
    ),
    "call_unanswered": row(
        {
            P.REPORTER: _NOTHING_SAID,
            P.MEMBERS: _NOTHING_SAID,
            P.HANDLER: NotTold("回访须由没有经办的人来做"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others="回访队列里看得到",
    ),
    # A wrong number ends no follow-up: another way is looked for.
    "call_wrong_number": row(
        {
            P.REPORTER: push("wrong_number_left"),
            P.MEMBERS: NotTold("号码是上报人留的"),
            P.NAMED: push("wrong_number"),
            P.HANDLER: NotTold("回访须由没有经办的人来做"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others="回访队列里看得到",
    ),
    "call_later": row(
        {
            P.REPORTER: NotTold("是其本人约的时间"),
            P.MEMBERS: _NOTHING_SAID,
            P.HANDLER: NotTold("回访须由没有经办的人来做"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others="回访队列里到时排出来",
    ),
    # An explicit "not solved" is not overruled by three calls that reached nobody.
    "unreached/not_solved": row(
        {
            P.REPORTER: _NOTHING_SAID,
            P.MEMBERS: _NOTHING_SAID,
            P.HANDLER: NotTold("回访须由没有经办的人来做"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.LEADERS: push("decision_needed"),
        },
        others="回访队列里看得到",
    ),
    "verified": row(
        {
            P.REPORTER: NotTold("核查是内部抽查，结果不改变办理"),
            P.MEMBERS: NotTold("核查是内部抽查"),
            P.HANDLER: inbox("commented"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others=_ENDS,
    ),
    # 依法解释结案: by two people, and whoever reported it reads why and where else to go.
    "explanation_proposed": row(
        {
            P.REPORTER: NotTold("还没有决定；决定了会写明依据和还可以到哪里"),
            P.MEMBERS: NotTold("还没有决定"),
            P.NAMED: push("explanation_proposed"),
            P.HANDLER: inbox("explanation_proposed"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.DESK: inbox("explanation_proposed"),
        },
        others=_ENDS,
    ),
    # Another unit has it, or a round began: besides the row of the act by which it falls away.
    "explanation_proposed/lapsed": row(
        {
            P.REPORTER: NotTold("从来没有决定过，对其没有变化"),
            P.MEMBERS: NotTold("从来没有决定过，对其没有变化"),
            P.NAMED: push("explanation_lapsed"),
            P.HANDLER: NotTold("按使提请失效的那件事告知"),
            P.LOSES: NotTold("按使提请失效的那件事告知"),
            P.ASSISTING: NotTold("协办都已结束"),
        },
        others=_ENDS,
    ),
    "explanation_refused": row(
        {
            P.REPORTER: NotTold("接着办，时限没有变"),
            P.MEMBERS: NotTold("接着办，时限没有变"),
            P.NAMED: push("explanation_refused"),
            P.HANDLER: push("explanation_refused"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.DESK: inbox("explanation_refused"),
        },
        others=_ENDS,
    ),
    "explained": _end(
        push("explained", who="{elsewhere}"),
        push("explained", note="", who="{elsewhere}"),
        push("ended_staff", note="{ended}"),
        named=push("ended_staff", note="{ended}"),
        desk=inbox("ended_staff", note="{ended}"),
    ),
    "rated/explained": row(
        {
            P.REPORTER: NotTold("是其本人评价的；页面写明还可以到哪里"),
            P.MEMBERS: NotTold("评价是各人自己的"),
            P.HANDLER: _OVER,
            P.LOSES: NotTold("早已结束"),
            P.ASSISTING: NotTold("协办都已结束"),
            P.DESK: push("words_after_end"),
        },
        others=_ENDS,
    ),
    "exempted": row(
        {
            P.REPORTER: NotTold("结案时一并告知"),
            P.MEMBERS: NotTold("结案时一并告知"),
            P.HANDLER: NotTold("免的是回访，不是办理"),
            P.LOSES: _HOLDS_ON,
            P.ASSISTING: NotTold("协办都已结束"),
            P.DESK: inbox("exempted_staff"),
        },
        others=_ENDS,
    ),
    "erasure_asked": _end(
        NotTold("就是其本人要求的"),
        NotTold("不关他们的事，工单不变"),
        NotTold("早已结束，没有谁在办"),
        desk=inbox("erasure_asked"),
        order_giver=NotTold("早已结束"),
        escalated=NotTold("早已结束"),
    ),
    "erased": _end(
        NotTold("是其本人要求的，由工作站当面或电话告知"),
        NotTold("不关他们的事，工单不变"),
        NotTold("早已结束，没有谁在办"),
        order_giver=NotTold("早已结束"),
        escalated=NotTold("早已结束"),
    ),
    "identity_removed": _end(
        NotTold("已不知道是谁"),
        NotTold("已不知道是谁"),
        NotTold("早已结束，没有谁在办"),
        order_giver=NotTold("早已结束"),
        escalated=NotTold("早已结束"),
    ),
}
