"""查看理由: why somebody looks at who reported, chosen from a list; with words where it says 其他."""

from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub

SHORTEST_WORDS = 4  # characters; "1" is no reason


class Reason(StrEnum):
    """What the resident reads of a look at the own contact. The first two the ticket itself must bear out."""

    URGENT = "urgent"
    CALL_LIST = "call_list"
    ARRANGE_VISIT = "arrange_visit"
    ASK_DETAILS = "ask_details"
    TELL_RESULT = "tell_result"
    FOLLOW_UP = "follow_up"
    RESIDENT_CALLS = "resident_calls"
    OTHER = "other"


REASON_NAMES = {
    Reason.URGENT: "紧急处置",
    Reason.CALL_LIST: "按呼叫单打电话",
    Reason.ARRANGE_VISIT: "约时间上门",
    Reason.ASK_DETAILS: "问清情况、地点",
    Reason.TELL_RESULT: "告知办理情况",
    Reason.FOLLOW_UP: "回访",
    Reason.RESIDENT_CALLS: "居民来电、来访核对",
    Reason.OTHER: "其他",
}


class Why(NamedTuple):
    """`words` only of 其他, without what identifies."""

    reason: Reason
    words: str = ""


def read_why(given: str, words: str = "") -> Why:
    """A code of the list, with words where it is 其他; words alone are 其他 too. Raises Invalid for fewer than four characters."""
    given, words = given.strip(), words.strip()
    if given in set(Reason) and given != Reason.OTHER:
        return Why(Reason(given))
    said = words if given == Reason.OTHER else given
    if len(said) < SHORTEST_WORDS:
        raise Invalid("请选择查看的理由；选“其他”的，用几个字写明", fields=["reason"])
    return Why(Reason.OTHER, scrub(said))
