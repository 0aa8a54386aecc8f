"""Who hears that somebody may be in danger, and who says so or not (rules 22 and 81). Whoever has to act is rung."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, inbox, push, ring, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_HOLDS_ON = NotTold("没有从谁手里拿走")
_BY_VOICE = NotTold("马上有人打电话给上报人，不靠消息")
_NOT_THEIRS = NotTold("由承办人和值班台处置")
_OTHERS = "由危险时限的阶梯点名，已确认的另行响铃；交办单位按往来规则回传"
_HEARD = ring("danger_heard", note="{danger}")


def _danger(**cells: Cell) -> Row:
    every: dict[P, Cell] = {
        P.REPORTER: _BY_VOICE,
        P.MEMBERS: _BY_VOICE,
        P.HANDLER: NotTold("还没有确认，由值班台先问"),
        P.LOSES: _HOLDS_ON,
        P.ASSISTING: _NOT_THEIRS,
    }
    return row(every | {P(party): cell for party, cell in cells.items()}, others=_OTHERS)


_OVER = NotTold("工单已结束，没有承办人")
_ENDED = {"handler": _OVER, "assisting": _OVER}

DANGER: dict[str, Row] = {
    "danger_heard/possible": _danger(handler=_HEARD, desk=ring("danger_asked", note="{danger}")),
    "danger_heard/ended": _danger(desk=_HEARD, **_ENDED),
    "danger_heard/ended_unattended": _danger(desk=_HEARD, leaders=_HEARD, **_ENDED),
    "danger_answered/ended": _danger(desk=_HEARD, leaders=_HEARD, **_ENDED),
    "danger_answered/unsure": _danger(desk=ring("danger_call", note="{danger}")),
    "danger_answered/no": _danger(
        reporter=NotTold("是其本人答的"),
        desk=NotTold("确认紧急的时限已停；值班台的卡片上看得到"),
    ),
    # Sure, by whoever said it; beside the row `urgent_alert`.
    "made_urgent": _danger(handler=_HEARD, assisting=_HEARD),
    "made_urgent/sent": _danger(
        reporter=push("dispatched", C.RESOLUTION, who="{handler}"),
        members=inbox("dispatched", C.RESOLUTION, who="{handler}"),
        handler=push("assigned", C.TAKE),
        assisting=_HEARD,
    ),
    "danger_denied": _danger(
        reporter=push("danger_denied", note="{why}"),
        members=NotTold("没有告诉过其有危险"),
        handler=inbox("commented"),
        assisting=inbox("commented"),
        desk=inbox("commented"),
    ),
    # 听写: what a recording says is known now; what its words ask for has rows of its own.
    "transcribed": _danger(
        reporter=NotTold("写下的话在自己的工单上看得到，反馈随后就来"),
        members=NotTold("公开的内容没有变"),
        handler=inbox("commented"),
        assisting=inbox("commented"),
        desk=NotTold("就是值班台听的"),
    ),
    "danger_no_agreed": _danger(
        reporter=NotTold("听过原因了，第二个人只是同意"),
        members=NotTold("没有告诉过其有危险"),
        **_ENDED,
        desk=NotTold("同事之间的确认，办完以后才有"),
    ),
}
