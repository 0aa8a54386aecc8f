"""Acts of staff on tickets: load, decide by a rule of the domain, save. The rules are the domain's; here is only the way."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.actions.tickets import evidence, joining, listening
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.pausing import resume_by_reporter
from chalicelib.domain.acts.words import (
    Spoken,
    Written,
    left_unread,
    read_words,
    said_by_resident,
    said_by_staff,
)
from chalicelib.domain.errors import Refusal
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.tickets.voices import voice_of
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store import photos
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import BulkResult

OF_THE_RESIDENT = "words"  # the field of an act in which staff write down what a resident said
Rule = Callable[..., Changed | None]
Guard = Callable[[Ticket, Staff, Town], None]

WORDS = frozenset(
    {"note", "text", "reason", "words", "question", "feedback", "instead", "rule", "ground", "elsewhere"}
)  # scrubbed on write


def act(
    ticket_id: str,
    rule: Rule,
    given: dict[str, Any],
    *,
    by: Staff,
    guard: Guard,
    now: datetime,
    seen: int | None = None,
    replay: Replay | None = None,
) -> Ticket:
    """One act by `rule` with what was `given`. Raises what guard and rule refuse, Stale, NotFound."""
    town, cleaned = directory.town(), _cleaned(given, by)

    def decide(ticket: Ticket) -> Changed | None:
        return rule(ticket, by=by, town=town, now=now, **cleaned)

    def may(ticket: Ticket) -> None:
        guard(ticket, by, town)

    done = tickets.change(ticket_id, decide, tickets.Attempt(seen=seen, replay=replay, may=may, town=town))
    if said := given.get(OF_THE_RESIDENT):
        listening.hear(done, said, by=by.code, town=town, now=now)
    return done


def as_decided(
    ticket_id: str, rule: Rule, given: dict[str, Any], *, by: Staff, guard: Guard, now: datetime
) -> Changed | None:
    """What `act` would write, without writing it. Raises what guard and rule refuse, NotFound."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    guard(ticket, by, town)
    return rule(ticket, by=by, town=town, now=now, **_scrubbed(given))


def act_on_many(ticket_ids: list[str], one: Callable[[str], Ticket]) -> "list[BulkResult]":
    """The same act on many tickets, each by itself: a refused one does not stop the others, and says why."""
    results: list[BulkResult] = []
    for ticket_id in dict.fromkeys(ticket_ids):
        try:
            ticket = one(ticket_id)
        except Refusal as refusal:
            results.append({"id": ticket_id, "ok": False, "code": refusal.code, "message": refusal.message})
        else:
            results.append(
                {"id": ticket_id, "ok": True, "stage": ticket.stage.value, "version": ticket.version}
            )
    return results


def comment(ticket_id: str, said: Written, *, by: Staff, replay: Replay | None, now: datetime) -> None:
    """留言 by staff: a line beside the version. `public` ones the resident sees and is told of."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    taken = photos.check_owner(said.photos, by.code) if said.photos else ()
    reading = listening.hear(ticket, said.text, by=by.code, town=town, now=now)
    ticket = _as_heard(ticket, reading)
    written = said._replace(text=scrub(said.text, keeps_rooms=True), photos=taken)
    line = said_by_staff(ticket, written, by=by, town=town, now=now)
    is_new = members.add_line(ticket, line.model_copy(update={"reading": reading}), replay=replay)
    if not is_new:  # sent again: what was said since has not been answered by it
        return
    if ticket.unread is not None and ticket.stage not in ENDED:
        tickets.change(ticket_id, lambda t: _answered(t, by, town, now), tickets.PATIENT)


def _answered(ticket: Ticket, by: Staff, town: Town, now: datetime) -> Changed | None:
    """A reply by whoever must act: what was said does not wait any more."""
    has_it = by.unit in (ticket.lead_unit_id, ticket.station_id)
    if ticket.unread is None or not has_it or not access.reads_words(ticket, by):
        return None
    return read_words(ticket, by=by, note="", town=town, now=now)


def comment_by_resident(
    ticket_id: str, *, by: str, text: str, given_photos: tuple[str, ...], replay: Replay | None, now: datetime
) -> None:
    """留言 by the reporter or a member, on the ticket where a merged one goes on. Who must act is told, and sees it as unread.

    The answer of who was asked ends a wait for the resident (rule 13); a neighbour's does not, nor that of whose report was
    merged into it after the question.
    """
    town, ticket = directory.town(), joining.standing(tickets.get(ticket_id))
    member = members.find_member(ticket.id, by) or members.find_member(ticket_id, by)
    speaker = Actor.REPORTER if member is None or member.has_reported else Actor.MEMBER
    words, taken = scrub(text), photos.check_owner(given_photos, by) if given_photos else ()
    reading = listening.hear(ticket, text, by=speaker, town=town, now=now, teller=by)
    ticket = _as_heard(ticket, reading)
    spoken = Spoken(words, taken, voice_of(by), reading)
    line = said_by_resident(ticket, spoken, by=speaker, town=town, now=now)
    members.add_line(ticket, line, replay=replay)
    of = None if speaker == Actor.MEMBER else member.report if member else ""
    answers = tickets.Attempt(patient=True, replay=replay and replay.part("answers"))
    tickets.change(ticket.id, lambda t: _waits(t, of, words, town, now), answers)


def _waits(ticket: Ticket, of: str | None, words: str, town: Town, now: datetime) -> Changed | None:
    """What a resident's words do to the ticket: the answer that was waited for, or words that wait to be dealt with.

    `of`: by which report they speak, "" for the ticket's own; None for who joined.
    """
    resumed = None if of is None else resume_by_reporter(ticket, note=words, of=of, town=town, now=now)
    by = Actor.MEMBER if of is None else Actor.REPORTER
    return resumed or left_unread(ticket, by=by, town=town, now=now)


def _as_heard(ticket: Ticket, reading: Reading) -> Ticket:
    """As it stands now: what was said may have taken it out of its handler's hands, who is then told nothing (rule 21)."""
    is_changed = reading.concerned.grievance in listening.HELD or reading.danger is not Danger.NONE
    return tickets.get(ticket.id) if is_changed else ticket


def _cleaned(given: dict[str, Any], by: Staff) -> dict[str, Any]:
    cleaned = _scrubbed(given)
    if cleaned.get("photos"):
        cleaned["photos"] = evidence.received(cleaned["photos"], by.code)
    return cleaned


def _scrubbed(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: scrub(value, keeps_rooms=True)
        if name in WORDS and type(value) is str
        else value  # a reason may be one of a list
        for name, value in given.items()
    }
