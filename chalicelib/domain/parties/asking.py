"""确认紧急: a ticket of which somebody may be in danger waits for a yes or a no, and the machine keeps its hands off (rule 81)."""

from datetime import datetime

from chalicelib.domain.errors import StillOpen
from chalicelib.domain.parties.holding import desk_of
from chalicelib.domain.parties.telling import tell_staff
from chalicelib.domain.tickets.readings import DangerCase, Reading
from chalicelib.domain.tickets.ticket import Level, Notice, Ticket
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role

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


def case_of(reading: Reading | None, now: datetime) -> DangerCase | None:
    """The case that a first text opens; None when it speaks of no danger."""
    if reading is None or reading.danger is Danger.NONE:
        return None
    return DangerCase(level=reading.danger, kinds=reading.kinds, words=reading.words, since=now)


def raised(case: DangerCase | None, reading: Reading, now: datetime) -> DangerCase | None:
    """The case after one more text. It only rises; what a person decided of the same level is asked anew by new words."""
    new = case_of(reading, now)
    if case is None or new is None:
        return case or new
    if case.level is Danger.SURE and case.decided != "no":
        return case
    if case.is_open and new.level is case.level and set(new.words) <= set(case.words):
        return case
    words = dict.fromkeys((*new.words, *case.words))
    kinds = dict.fromkeys((*new.kinds, *case.kinds))
    return new.model_copy(update={"words": tuple(words), "kinds": tuple(kinds)})


def asked(ticket: Ticket, town: Town, now: datetime) -> tuple[Notice, ...]:
    """The desk is rung: somebody may be in danger. At any hour, as urgent; nothing where nothing is open."""
    if ticket.danger is None or not ticket.danger.is_open:
        return ()
    desk = desk_of(ticket, town, now)
    return as_urgent(
        tell_staff([desk], "danger_asked", ticket, town=town, note=name_of(ticket.danger))
    ) or as_urgent(
        tell_staff(
            town.leader(Role.AREA_LEADER, ticket.where.path),
            "danger_asked",
            ticket,
            town=town,
            note=name_of(ticket.danger),
        )
    )


def as_urgent(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """The same, through every quiet hour and never gathered with others."""
    return tuple(notice.model_copy(update={"level": Level.RING, "digest": False}) for notice in notices)


def name_of(case: DangerCase | None) -> str:
    """What a phone may say of it: 有人被困."""
    kind = case.kinds[0] if case and case.kinds else DangerKind.OTHER
    return DANGER_NAMES[kind]


def need_decided(ticket: Ticket, act: str) -> None:
    """Raises StillOpen while nobody has said whether somebody is in danger: no act may pass it over."""
    if ticket.danger and ticket.danger.is_open:
        raise StillOpen(f"可能有人有危险，还没有人确认，不能{act}；请先选“是，按紧急办”或“不是”并写明原因")
