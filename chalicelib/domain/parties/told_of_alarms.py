"""Who hears a rung of a ladder: whom clocks.csv names (the act names them), and what the resident is owed then."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, climb, inbox, push, ring, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_ABOUT_WORK = NotTold("催的是该办的人，时限没有变")
_BY_LADDER = NotTold("由时限阶梯点名")
_OTHERS = "由时限阶梯逐级点名；工单里看得到，交办单位按往来规则回传"
_ASKED_ANOTHER = inbox("backup_asked", who="{named}")


def _rung(named: Cell, **more: Cell) -> Row:
    cells: dict[P, Cell] = {
        P.REPORTER: _ABOUT_WORK,
        P.MEMBERS: _ABOUT_WORK,
        P.NAMED: named,
        P.HANDLER: _BY_LADDER,
        P.LOSES: NotTold("没有从谁手里拿走"),
        P.ASSISTING: NotTold("时限是主办单位的"),
    }
    return row(cells | {P(party): cell for party, cell in more.items()}, others=_OTHERS)


ALARMS: dict[str, Row] = {
    "reminded": _rung(push("reminded", note="{rung}")),
    "reminded/by_person": _rung(push("reminded", note="{by}催办")),
    "escalated": _rung(climb("escalated")),
    # Nobody took it in time: the resident hears once that somebody else was asked.
    "reminded/not_taken": _rung(push("reminded", note="{rung}"), reporter=_ASKED_ANOTHER),
    "escalated/not_taken": _rung(climb("escalated"), reporter=_ASKED_ANOTHER),
    # An urgent one that nobody took: the desk calls, and finds the call on its list (`notices.arriving`).
    "reminded/call_out": _rung(
        ring("not_taken", note="{phone}", who="{handler}"), handler=ring("take_now", note="{phone}")
    ),
    "rang/danger": _rung(ring("danger_asked", note="{danger}")),
    "supervised/by_ladder": _rung(
        climb("escalated"),
        handler=push("supervision", C.SUPERVISION, note="{rung}"),
        unit_head=push("supervision", C.SUPERVISION, note="{rung}"),
        assisting=inbox("supervision", C.SUPERVISION, note="{rung}"),
    ),
}
