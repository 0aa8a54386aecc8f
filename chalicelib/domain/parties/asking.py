"""确认紧急: a ticket of which somebody may be in danger waits for a yes or a no, and the machine keeps its hands off (rule 81)."""

from datetime import datetime, timedelta

from chalicelib.domain.errors import StillOpen
from chalicelib.domain.parties.holding import desk_of
from chalicelib.domain.parties.telling import tell_staff
from chalicelib.domain.tickets.dangers import name_of
from chalicelib.domain.tickets.readings import Answer, DangerCase, Reading
from chalicelib.domain.tickets.ticket import Level, Notice, Ticket
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role

SILENT_AFTER = timedelta(seconds=60)  # the last instant still counts


def is_attended(heard_at: datetime | None, now: datetime) -> bool:
    """Whether a console of the desk was heard from lately enough to be rung at; never is not."""
    return heard_at is not None and now - heard_at <= SILENT_AFTER


def case_of(reading: Reading | None, since: datetime) -> DangerCase | None:
    """The case that a first text opens; None when it speaks of no danger."""
    if reading is None or reading.danger is Danger.NONE:
        return None
    return DangerCase(
        level=reading.danger, kinds=reading.kinds, words=reading.words, signs=reading.signs, since=since
    )


def unheard(since: datetime) -> DangerCase:
    """What a recording opens until somebody has listened: it has no words, and may say anything (rule 100)."""
    return DangerCase(level=Danger.POSSIBLE, since=since, unheard=True)


def raised(case: DangerCase | None, reading: Reading, now: datetime) -> DangerCase | None:
    """The case after one more text. It only rises; what a person decided of the same level is asked anew by new words."""
    new = case_of(reading, now)
    if case is None or new is None:
        return case or new
    if case.level is Danger.SURE and case.decided is not Answer.NO:
        return case
    if case.is_open and new.level is case.level and set(new.words) <= set(case.words):
        return case
    words = dict.fromkeys((*new.words, *case.words))
    kinds = dict.fromkeys((*new.kinds, *case.kinds))
    signs = dict.fromkeys((*new.signs, *case.signs))
    return new.model_copy(update={"words": tuple(words), "kinds": tuple(kinds), "signs": tuple(signs)})


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


def need_decided(ticket: Ticket, act: str) -> None:
    """Raises StillOpen while nobody has said whether somebody is in danger: no act may pass it over."""
    if why := danger_in_the_way(ticket, act):
        raise StillOpen(why)


def danger_in_the_way(ticket: Ticket, act: str) -> str:
    """What is said of an act that an undecided danger holds up, or ""."""
    if ticket.danger is None or not ticket.danger.is_open:
        return ""
    if ticket.danger.unheard:
        return f"录音还没有人听，不能{act}；请先听一遍，把话写下来，着急就选“按紧急办”"
    return f"可能有人有危险，还没有人确认，不能{act}；请先选“是，按紧急办”或“不是”并写明原因"
