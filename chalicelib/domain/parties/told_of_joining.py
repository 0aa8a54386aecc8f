"""Who hears that tickets were joined or parted. Nobody's promise ends by it: each is told what holds now."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, inbox, push, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_SEEN = "工单里看得到，没有要做的事；交办单位按往来规则回传"


def _merged(reporter: Cell, members: Cell) -> Row:
    """The ticket that goes on as part of another one. NAMED is the desk that loses it to another station."""
    return row(
        {
            P.REPORTER: reporter,
            P.MEMBERS: members,
            P.NAMED: push("recalled"),
            P.HANDLER: NotTold("这张工单不再单独办；接着办的人按合并后的工单告知"),
            P.LOSES: push("recalled"),
            P.ASSISTING: NotTold("协办随并案结束，按“不再承办的人”告知"),
            P.ORDER_GIVER: inbox("merged_staff"),
            P.ESCALATED: inbox("merged_staff"),
        },
        others=_SEEN,
    )


def _absorbed(due: C, desk: C, handler: Cell) -> Row:
    """The one that it went into."""
    heard = inbox("absorbed", due, note="{came}")
    return row(
        {
            P.REPORTER: NotTold("对其没有变化：仍由原单位办，时限只会提前"),
            P.MEMBERS: NotTold("对其没有变化"),
            P.HANDLER: handler,
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: heard,
            P.UNIT_HEAD: heard,
            P.DESK: inbox("absorbed", desk, note="{came}"),
            P.ORDER_GIVER: heard,
            P.ESCALATED: heard,
        },
        others=_SEEN,
    )


JOINING: dict[str, Row] = {
    "merged": _merged(
        push("merged", note="{number}", who="{due}"), push("merged", note="{number}", who="{due}")
    ),
    # Into what is 挂账: whoever reported it hears that it stands still, why, and until when.
    "merged/suspended": _merged(
        push("merged_suspended", note="{number}", who="{why}"),
        push("merged_suspended", note="{number}", who=""),
    ),
    "absorbed": _absorbed(C.RESOLUTION, C.FEEDBACK, push("absorbed", C.RESOLUTION, note="{came}")),
    "absorbed/suspended": _absorbed(C.REVIEW, C.REVIEW, inbox("absorbed", C.REVIEW, note="{came}")),
    "split": row(
        {
            P.REPORTER: push("split", C.FEEDBACK),
            P.MEMBERS: push("split", C.FEEDBACK),
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: NotTold("拆出后还没有交给任何单位"),
            P.LOSES: NotTold("并案期间由合并后的工单承办；其承办人按那张工单告知"),
            P.ASSISTING: NotTold("拆出后还没有交给任何单位"),
            P.DESK: push("new_for_desk", C.FEEDBACK),
            P.ESCALATED: inbox("split_staff", C.RESOLUTION),
            P.ORDER_GIVER: inbox("split_staff", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    # By the machine: the ticket that it was part of turned 避开.
    "split/apart": row(
        {
            P.REPORTER: push("set_apart"),
            P.MEMBERS: push("set_apart"),
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: NotTold("单独立单后还没有交给任何单位"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("单独立单后还没有交给任何单位"),
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_SEEN,
    ),
    "parted": row(
        {
            P.REPORTER: NotTold("对其没有变化"),
            P.MEMBERS: NotTold("对其没有变化"),
            P.HANDLER: push("parted", C.RESOLUTION, note="{gone}"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: inbox("parted", C.RESOLUTION, note="{gone}"),
            P.UNIT_HEAD: inbox("parted", C.RESOLUTION, note="{gone}"),
            P.DESK: inbox("parted", C.RESOLUTION, note="{gone}"),
        },
        others=_SEEN,
    ),
    "station_followed": row(
        {
            P.REPORTER: NotTold("由合在一起办的那张工单告诉"),
            P.MEMBERS: NotTold("由合在一起办的那张工单告诉"),
            P.HANDLER: NotTold("这张工单不单独办"),
            P.LOSES: NotTold("没有从谁手里拿走；原工作站按合在一起办的那张工单告知"),
            P.ASSISTING: NotTold("这张工单不单独办"),
        },
        others=_SEEN,
    ),
    # One report, several matters 分拆: told once, of the whole.
    "divided": row(
        {
            P.REPORTER: push("divided"),
            P.MEMBERS: inbox("divided"),
            P.HANDLER: push("divided_staff", C.RESOLUTION),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: inbox("divided_staff", C.RESOLUTION),
            P.UNIT_HEAD: inbox("divided_staff", C.RESOLUTION),
            P.DESK: inbox("divided_staff", C.FEEDBACK),
            P.ORDER_GIVER: inbox("divided_staff", C.RESOLUTION),
            P.ESCALATED: inbox("divided_staff", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "divided_off": row(
        {
            P.REPORTER: NotTold("随整单一并告诉，一个号"),
            P.MEMBERS: NotTold("刚分出，还没有人附议"),
            P.NAMED: push("new_for_desk", C.FEEDBACK),
            P.HANDLER: NotTold("还没有交给任何单位"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("还没有交给任何单位"),
            P.DESK: push("new_for_desk", C.FEEDBACK),
        },
        others=_SEEN,
    ),
    "part_moved": row(
        {
            P.REPORTER: NotTold("由那一件自己的消息告诉"),
            P.MEMBERS: NotTold("由那一件自己的消息告诉"),
            P.HANDLER: NotTold("各办各的；工单里看得到"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("各办各的；工单里看得到"),
        },
        others=_SEEN,
    ),
    "joined": row(
        {
            P.REPORTER: NotTold("人数在工单页上"),
            P.MEMBERS: NotTold("人数在工单页上"),
            P.HANDLER: NotTold("人数在工单页上，没有要做的事"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("人数在工单页上"),
        },
        others="人数在工单页上",
    ),
}
