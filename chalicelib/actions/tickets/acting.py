"""Acts of staff on tickets: load, decide by a rule of the domain, save. The rules are the domain's; here is only the way."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.actions.tickets import evidence, listening
from chalicelib.domain.acts import supervising
from chalicelib.domain.acts.moves import Changed, handler_of, tell, tell_staff
from chalicelib.domain.acts.pausing import resume_by_reporter
from chalicelib.domain.errors import Refusal, TryAgain
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import Event, Notice, Ticket
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store import photos
from chalicelib.store.requests.idempotency import Replay, done_op
from chalicelib.store.table import ConditionFailed
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory

_WITH_A_MERGE = 60  # people that fit into its transaction beside both tickets
OF_THE_RESIDENT = "words"  # the field of an act in which staff write down what a resident said
Rule = Callable[..., Changed | None]
Guard = Callable[[Ticket, Staff, Town], None]

WORDS = frozenset(
    {"note", "text", "reason", "words", "question", "feedback", "instead", "rule"}
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

    done = tickets.change(ticket_id, decide, seen=seen, replay=replay, may=may, town=town)
    if said := given.get(OF_THE_RESIDENT):
        listening.hear(done, said, by=by.code, town=town, now=now)
    return done


def act_on_many(ticket_ids: list[str], one: Callable[[str], Ticket]) -> list[dict[str, object]]:
    """The same act on many tickets, each by itself: a refused one does not stop the others, and says why."""
    results: list[dict[str, object]] = []
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


def merge(ticket_id: str, into_id: str, *, by: Staff, replay: Replay | None, now: datetime) -> Ticket:
    """并案: both tickets change together, and everyone of the one is told what happens in the other."""
    return tickets.once(ticket_id, lambda: _merge(ticket_id, into_id, by, replay, now), replay=replay)


def _merge(ticket_id: str, into_id: str, by: Staff, replay: Replay | None, now: datetime) -> Ticket:
    town = directory.town()
    for _ in range(tickets.MOST_TRIES):
        child, parent = tickets.get(ticket_id), tickets.get(into_id)
        for ticket in (child, parent):
            access.need_desk(ticket, by, town)
        one, other = supervising.merge(child, into=parent, by=by, town=town, now=now)
        known = {member.reporter_id for member in members.list_members(parent.id)}
        joining = [m for m in members.list_members(child.id) if m.reporter_id not in known]
        joining = [member.model_copy(update={"is_reporter": False}) for member in joining]
        members.add_many(
            parent.id, joining[_WITH_A_MERGE:], now
        )  # first: rather told once too often than lost
        operations = [members.member_op(parent.id, member, now) for member in joining[:_WITH_A_MERGE]]
        operations += [done_op(replay, ticket_id)] if replay else []
        try:
            return tickets.save_together([(child, *one), (parent, *other)], extra=tuple(operations))[0]
        except (ConditionFailed, TryAgain):
            continue
    raise TryAgain("工单正被多人同时修改，请稍后再试")


def comment(
    ticket_id: str,
    *,
    by: Staff,
    text: str,
    given_photos: tuple[str, ...],
    public: bool,
    replay: Replay | None,
    now: datetime,
) -> None:
    """留言 by staff: a line beside the version. `public` ones the resident sees and is told of."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    words, taken = (
        scrub(text, keeps_rooms=True),
        photos.check_owner(given_photos, by.code) if given_photos else (),
    )
    reading = listening.hear(ticket, text, by=by.code, town=town, now=now)
    ticket = _as_heard(ticket, reading)
    told: tuple[Notice, ...] = (
        (tell("reporter", "comment_reply", ticket, town=town, note=words, who=by.name),) if public else ()
    )
    if ticket.handler_id != by.code:
        told += tell_staff([handler_of(ticket, town, now)], "commented", ticket, town=town, who=by.name)
    line = Event(kind="commented", at=now, by=by.code, note=words, public=public, photos=taken, notices=told)
    members.add_line(ticket, line.model_copy(update={"reading": reading}), replay=replay)


def comment_by_resident(
    ticket_id: str, *, by: str, text: str, given_photos: tuple[str, ...], replay: Replay | None, now: datetime
) -> None:
    """留言 by the reporter or a member. It ends a wait for the resident (rule 13)."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    words, taken = scrub(text), photos.check_owner(given_photos, by) if given_photos else ()
    reading = listening.hear(ticket, text, by="reporter", town=town, now=now)
    ticket = _as_heard(ticket, reading)
    told = tell_staff([handler_of(ticket, town, now)], "commented", ticket, town=town, who="居民")
    line = Event(kind="commented", at=now, by="reporter", note=words, public=True, photos=taken, notices=told)
    members.add_line(ticket, line.model_copy(update={"reading": reading}), replay=replay)
    tickets.change(ticket_id, lambda t: resume_by_reporter(t, note=words, town=town, now=now), patient=True)


def _as_heard(ticket: Ticket, reading: Reading) -> Ticket:
    """As it stands now: what was said may have taken it out of its handler's hands, who is then told nothing (rule 21)."""
    is_changed = reading.concerned.grievance is Grievance.MISCONDUCT or reading.danger is not Danger.NONE
    return tickets.get(ticket.id) if is_changed else ticket


def _cleaned(given: dict[str, Any], by: Staff) -> dict[str, Any]:
    cleaned = {
        name: scrub(value, keeps_rooms=True)
        if name in WORDS and type(value) is str
        else value  # a reason may be one of a list
        for name, value in given.items()
    }
    if cleaned.get("photos"):
        cleaned["photos"] = evidence.received(cleaned["photos"], by.code)
    return cleaned
