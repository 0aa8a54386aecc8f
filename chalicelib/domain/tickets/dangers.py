"""What a phone may say of a danger, and which of them came in late."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.tickets.readings import Answer, DangerCase
from chalicelib.domain.tickets.ticket import ExternalId
from chalicelib.domain.town.danger_signs import Danger, DangerKind

# What a phone may say of a danger: fixed words, never the resident's (rule 33).
DANGER_NAMES = {
    DangerKind.LIFT: "有人被困",
    DangerKind.FIRE: "起火冒烟",
    DangerKind.GAS: "燃气泄漏",
    DangerKind.ELECTRIC: "有人触电",
    DangerKind.FALLING: "高处坠物",
    DangerKind.HOLE: "坠入坑洞",
    DangerKind.WATER: "有人落水",
    DangerKind.PERSON: "有人倒下或失联",
    DangerKind.CHILD: "孩子有危险",
    DangerKind.SELF_HARM: "有人轻生",
    DangerKind.VIOLENCE: "有人伤人",
    DangerKind.TRAFFIC: "车祸",
    DangerKind.CHEMICAL: "毒气或化学品",
    DangerKind.OTHER: "有人有危险",
}
UNHEARD = "有录音还没人听"
HEARD = "model"  # stands for a sign of the town where none decided
OLD_ORDER = timedelta(hours=2)  # between a partner's order and its coming in; just as old still rings


def old_order_of(external_ids: Iterable[ExternalId], received_at: datetime) -> datetime | None:
    """When the oldest of a ticket's orders was sent, where it came in more than two hours later (an imported file).

    What it says of danger is asked first, before all others of the desk, and rings once for all of them.
    """
    sent = min((one.sent_at for one in external_ids if one.sent_at), default=None)
    return sent if sent is not None and received_at - sent > OLD_ORDER else None


def name_of(case: DangerCase | None) -> str:
    """What a phone may say of it: 有人被困. Of a recording that nobody heard only that."""
    if case and case.unheard:
        return UNHEARD
    kind = case.kinds[0] if case and case.kinds else DangerKind.OTHER
    return DANGER_NAMES[kind]


def was_right(case: DangerCase, *, ended: bool) -> bool | None:
    """Whether what heard the danger was right, by what people said of it; None while nobody has.

    Sure danger that nobody took back by the end was one.
    """
    if case.decided is Answer.NO:
        return False
    if case.decided is Answer.YES or case.answer is Answer.YES:
        return True
    return True if ended and case.level is Danger.SURE else None
