"""Who hears what is said about a ticket: later words reach somebody who has to act (design §13)."""

from chalicelib.domain.parties.parties import Party as P
from chalicelib.domain.parties.told_cells import Cell, NotTold, Row, daily, inbox, push, row
from chalicelib.domain.tickets.clock_model import ClockKind as C

_SAID = "工单里看得到，没有要做的事；交办单位按往来规则回传"
_HOLDS_ON = NotTold("没有从谁手里拿走")
_INSIDE = NotTold("是工作人员之间的话")


def _words(handler: Cell, desk: Cell, **more: Cell) -> Row:
    cells: dict[P, Cell] = {
        P.REPORTER: _INSIDE,
        P.MEMBERS: _INSIDE,
        P.HANDLER: handler,
        P.LOSES: _HOLDS_ON,
        P.ASSISTING: inbox("commented"),
        P.DESK: desk,
    }
    return row(cells | {P(party): cell for party, cell in more.items()}, others=_SAID)


def _handed_in(who: str) -> Row:
    return _words(push("word_from", who=who), NotTold("就是值班台收的"), named=push("word_from", who=who))


def _looked_at(units: Cell) -> Row:
    """The desk has looked at words that were withheld (rule 104): whoever has the ticket, and who helps, hear of it."""
    return _words(
        units,
        NotTold("就是值班台看的"),
        reporter=inbox("words_looked_at"),
        members=NotTold("是上报人的原话"),
        assisting=units,
    )


_NOT_ITS_TURN = NotTold("有承办人，由承办人答复")
_NAMED_ALONE: dict[str, Cell] = {"named": push("commented"), "assisting": NotTold("协办的内容没有变")}

WORDS: dict[str, Row] = {
    # By staff.
    "commented": _words(inbox("commented"), NotTold("工单里看得到")),
    "commented/public": _words(
        inbox("commented"),
        NotTold("工单里看得到"),
        reporter=push("comment_reply"),
        members=NotTold("是给上报人的答复"),
    ),
    "commented/to_all": _words(
        inbox("commented"),
        NotTold("工单里看得到"),
        reporter=push("comment_reply"),
        members=inbox("comment_reply"),
    ),
    # By a resident: to the holder on duty; where nobody holds it, and after the end, to the desk.
    "commented/resident": _words(push("commented"), _NOT_ITS_TURN),
    # Words that no unit reads before the desk has looked (rule 104).
    "commented/withheld": _words(
        NotTold("原话先由工作站看"), push("words_to_look_at"), assisting=NotTold("原话先由工作站看")
    ),
    "words_held": _words(
        NotTold("由那句话本身告知值班台"), NotTold("由那句话本身告知"), assisting=NotTold("原话先由工作站看")
    ),
    "words_released": _looked_at(push("words_released")),
    "words_summed_up": _looked_at(push("words_released")),
    "words_kept": _looked_at(inbox("words_kept")),
    "commented/resident_desk": _words(
        NotTold("还没有承办人"), push("commented"), assisting=NotTold("还没有承办人")
    ),
    "commented/resident_ended": _words(
        NotTold("工单已结束，没有承办人"),
        push("words_after_end"),
        assisting=NotTold("协办都已结束"),
    ),
    "called": _words(inbox("commented"), NotTold("就是值班台打的"), assisting=NotTold("协办的内容没有变")),
    # A call by voice, and what was spoken of: kept beside the ticket by whoever must act on it.
    "call_made": _words(
        NotTold("就是办理的人打的"),
        NotTold("就是办理的人打的"),
        reporter=push("call_made", who="{number}"),
        **_NAMED_ALONE,
    ),
    "spoken": _words(NotTold("就是办理的人说的"), NotTold("就是办理的人说的"), **_NAMED_ALONE),
    "words_waiting": _words(
        NotTold("由那句话本身告知"), NotTold("由那句话本身告知"), assisting=NotTold("由那句话本身告知")
    ),
    "words_read": _words(NotTold("已有人看过"), NotTold("已有人看过"), assisting=NotTold("已有人看过")),
    # By partners, forms and classes.
    "order_updated": _words(push("commented", who="{title}"), push("commented", who="{title}")),
    "reported_up": _words(inbox("commented", note="已上报{to}"), inbox("commented", note="已上报{to}")),
    "report_up_answered": _words(push("word_from", who="{to}"), push("word_from", who="{to}")),
    "instructed": _words(
        push("word_from", C.RESOLUTION, who="{to}"),
        push("word_from", C.RESOLUTION, who="{to}"),
        named=push("word_from", C.RESOLUTION, who="{to}"),
    ),
    "form_handed_in": _handed_in("反馈表"),
    "form_handed_in/conclusion": _handed_in("反馈表，里面有办理结论，请核对，属实就办结"),
    "result_proposed": _words(NotTold("随反馈表一并告知"), NotTold("随反馈表一并告知"), **_NAMED_ALONE),
    "photo_missed": _words(
        NotTold("现场照片由其自己拍；居民会再传"),
        NotTold("居民会再传；工单里看得到"),
        reporter=push("photo_missed"),
        members=NotTold("是上报人的照片"),
        named=NotTold("是居民的照片"),
    ),
    # Of staff, or of somebody who joined, who is told by `actions.photos`.
    "photo_missed/of_another": _words(
        NotTold("不是其拍的"),
        NotTold("拍的人会再传；工单里看得到"),
        named=push("photo_missed_staff"),
    ),
    "measure_announced": _words(
        daily("commented"),
        NotTold("就是值班台公布的"),
        reporter=push("measure_announced"),
        members=push("measure_announced"),
    ),
    "put_in_class": _words(NotTold("归类不改变办理"), NotTold("就是值班台做的"), **_NAMED_ALONE),
    "taken_out_of_class": _words(NotTold("归类不改变办理"), NotTold("就是值班台做的"), **_NAMED_ALONE),
}
