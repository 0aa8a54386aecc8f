"""Who hears of what is done at the counter: a slip that was claimed, a proxy whose sight goes on or ends."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, inbox, push, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_SEEN = "工单里看得到，没有要做的事"


def _beside(reporter: Cell, handler: Cell) -> Row:
    return row(
        {
            P.REPORTER: reporter,
            P.MEMBERS: NotTold("是上报人自己的事"),
            P.HANDLER: handler,
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("协办的内容没有变"),
        },
        others=_SEEN,
    )


COUNTER: dict[str, Row] = {
    "duty_disputed": row(
        {
            P.REPORTER: NotTold("照常在办，由谁办还没有变"),
            P.MEMBERS: NotTold("照常在办，由谁办还没有变"),
            P.NAMED: push("ruling_needed", C.RULING),
            P.HANDLER: NotTold("就是其单位提出的"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: NotTold("还没有裁定"),
            P.DESK: push("dispute_words", C.RULING),
        },
        others=_SEEN,
    ),
    "dispute_answered": _beside(NotTold("还没有裁定"), inbox("commented")),
    "duty_ruled": row(
        {
            P.REPORTER: NotTold("还由原单位办，没有变化"),
            P.MEMBERS: NotTold("还由原单位办，没有变化"),
            P.HANDLER: push("duty_ruled", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
            P.DESK: inbox("duty_ruled", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "duty_ruled/moved": row(
        {
            P.REPORTER: inbox("transferred", C.RESOLUTION, note="", who="{handler}"),
            P.MEMBERS: inbox("transferred", C.RESOLUTION, note="", who="{handler}"),
            P.HANDLER: push("duty_ruled", C.RESOLUTION),
            P.LOSES: push("recalled"),
            P.ASSISTING: inbox("lead_changed", C.RESOLUTION),
            P.DESK: inbox("duty_ruled", C.RESOLUTION),
        },
        others=_SEEN,
    ),
    "meeting_called": row(
        {
            P.REPORTER: inbox("meeting_called"),
            P.MEMBERS: inbox("meeting_called", note=""),
            P.NAMED: push("meeting_invited", note="{when}"),
            P.HANDLER: push("meeting_invited", note="{when}"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: inbox("meeting_set", note="{when}"),
            P.DESK: inbox("meeting_set", note="{when}"),
        },
        others=_SEEN,
    ),
    "meeting_recorded": row(
        {
            P.REPORTER: push("meeting_recorded"),
            P.MEMBERS: inbox("meeting_recorded", note=""),
            P.NAMED: push("undertaking_given"),
            P.HANDLER: inbox("commented"),
            P.LOSES: NotTold("没有从谁手里拿走"),
            P.ASSISTING: inbox("commented"),
            P.DESK: inbox("commented"),
        },
        others=_SEEN,
    ),
    "undertaking_done": row(
        {
            P.REPORTER: NotTold("由主办单位一并答复"),
            P.MEMBERS: NotTold("由主办单位一并答复"),
            P.HANDLER: push("commented"),
            P.LOSES: NotTold("就是其自己填的"),
            P.ASSISTING: NotTold("协办的内容没有变"),
            P.DESK: inbox("commented"),
            P.ESCALATED: inbox("commented"),
        },
        others=_SEEN,
    ),
    # Whoever it is learns that it was changed, and not to what: a wrong hand would be found out.
    "contact_corrected": _beside(push("contact_corrected"), inbox("commented", note="联系方式已更正")),
    "contact_corrected/of_the_whole": _beside(
        NotTold("分拆前的工单已经告知"), inbox("commented", note="联系方式已更正")
    ),
    "claimed": _beside(NotTold("是其自己绑定的"), NotTold("怎么联系居民，工单里看得到")),
    "proxy_agreed": _beside(inbox("proxy_agreed"), NotTold("就是问本人的人记下的")),
    # The proxy, who is no party any more, is told by `actions.counter.proxies`.
    "proxy_ended": _beside(inbox("proxy_ended"), inbox("commented", note="本人不要代办人再看")),
}
