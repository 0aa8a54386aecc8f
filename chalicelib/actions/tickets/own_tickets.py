"""What a resident does with a ticket of his or her own, or one joined."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.tickets import joining, listening
from chalicelib.domain.acts import answering, classifying, endangered, following_up, reworking
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.counter import proxies
from chalicelib.domain.errors import UNKNOWN_TICKET, AlreadyDone, NotFound, NotYours, WrongStage
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.notices.deliveries import resident_channel_in
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.tickets.voices import voice_of
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.store.identity.sessions import Session
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import MayAct


def own(ticket_id: str, reporter_id: str) -> Member:
    """The membership by which a resident may see a ticket. Raises NotFound: others' tickets do not exist for them."""
    member = members.find_member(ticket_id, reporter_id)
    if member is None or (member.proxy and not _may_look_along(member, ticket_id)):
        raise NotFound("没有这张工单，或不是您反映的")
    return member


def _may_look_along(proxy: Member, ticket_id: str) -> bool:
    """Whoever reported for another came into a joint ticket by the merged one, which says whether they still see it."""
    there = tickets.get(ticket_id)
    return proxies.may_see(tickets.get(proxy.report) if proxy.report else there, there)


def join(ticket_id: str, *, by: Session, now: datetime) -> Ticket:
    """附议: "me too". Only what is open and visible at its point may be joined; a confidential ticket is not."""
    ticket = tickets.get(ticket_id)
    if ticket.confidential or ticket.practice:
        raise NotFound(UNKNOWN_TICKET)
    if ticket.stage in ENDED:
        raise WrongStage("这件事已经办完；如又出现，请重新反映")
    member = Member(reporter_id=by.subject, reachable=resident_channel_in(by.channel))
    members.join(ticket, member, Event(kind=EventKind.JOINED, at=now, by=Actor.REPORTER))
    return ticket


def withdraw(ticket_id: str, *, by: str, reason: str, replay: Replay | None, now: datetime) -> Ticket:
    """撤回: only by whose report it was."""
    if not own(ticket_id, by).owns:
        raise NotYours("只有最初反映的人可以撤回")
    town = directory.town()
    _hear(ticket_id, reason, by, town, now)
    others = sum(not member.owns for member in members.list_members(ticket_id))
    return tickets.change(
        ticket_id,
        lambda ticket: answering.withdraw(ticket, reason=scrub(reason), others=others, town=town, now=now),
        tickets.Attempt(replay=replay, town=town),
    )


def rate(
    ticket_id: str,
    *,
    by: str,
    solved: bool,
    satisfied: bool | None,
    words: str,
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    """满意度: solved or not, satisfied or not, in his or her own words; once a round, also for who joined."""
    ticket_id, member = _goes_on(ticket_id, by)
    town = directory.town()
    _hear(ticket_id, words, by, town, now)

    def decide(ticket: Ticket) -> Changed:
        if not member.has_reported and members.answered_round(ticket_id, by) == ticket.round:
            raise AlreadyDone("您已经评价过了；如有新的情况请留言")
        rated = following_up.rate(
            ticket,
            solved=solved,
            satisfied=satisfied,
            words=scrub(words),
            is_reporter=member.has_reported,
            of=member.report,
            town=town,
            now=now,
        )
        return _in_the_voice(by, rated)

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        return () if member.has_reported else (members.answered_op(ticket_id, by, saved.round),)

    return tickets.change(
        ticket_id, decide, tickets.Attempt(replay=replay, town=town, teller=by), beside=beside
    )


def reopen(ticket_id: str, *, by: str, reason: str, replay: Replay | None, now: datetime) -> Ticket:
    """重新打开 by anyone of the ticket, within the window of rule 18."""
    ticket_id, _ = _goes_on(ticket_id, by)
    town = directory.town()
    _hear(ticket_id, reason, by, town, now)
    return tickets.change(
        ticket_id,
        lambda t: _in_the_voice(by, reworking.reopen(t, reason=scrub(reason), town=town, now=now)),
        tickets.Attempt(replay=replay, town=town, teller=by),
    )


def answer_danger(
    ticket_id: str,
    *,
    by: str,
    answer: Answer,
    kind: DangerKind | None,
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    """The resident's word on whether somebody is in danger; 有 by anyone of the ticket, at any time, whatever was asked."""
    ticket_id, _ = _goes_on(ticket_id, by)
    town = directory.town()
    return tickets.change(
        ticket_id,
        lambda ticket: endangered.answer_danger(ticket, answer=answer, kind=kind, town=town, now=now),
        tickets.Attempt(replay=replay, patient=True, town=town),
    )


def avoid(ticket_id: str, *, by: str, avoid: tuple[str, ...], replay: Replay | None, now: datetime) -> Ticket:
    """避开某方, or 不用避开: only by whose report it is."""
    member = own(ticket_id, by)
    if not member.owns or member.proxy:
        raise NotYours("只有最初反映的人可以决定避开谁")
    town = directory.town()
    return tickets.change(
        ticket_id,
        lambda ticket: classifying.chosen_by_reporter(ticket, avoid=avoid, town=town, now=now),
        tickets.Attempt(replay=replay, patient=True, town=town),
    )


def split(ticket_id: str, *, by: str, reason: str, replay: Replay | None, now: datetime) -> Ticket:
    """不是同一件事，分开办: only by whose report it was, before it was merged."""
    member = own(ticket_id, by)
    _hear(ticket_id, reason, by, directory.town(), now)
    return joining.split_by_reporter(ticket_id, by=member, note=scrub(reason), replay=replay, now=now)


def _goes_on(ticket_id: str, by: str) -> tuple[str, Member]:
    """The ticket where a merged one goes on, and the part that this person has in it."""
    member = own(ticket_id, by)
    ticket = joining.standing(tickets.get(ticket_id))
    return ticket.id, part_in(ticket, member)


def part_in(there: Ticket, member: Member) -> Member:
    """The part that somebody of a merged ticket has in the one where it goes on."""
    return members.find_member(there.id, member.reporter_id) or member


def _in_the_voice(by: str, changed: Changed) -> Changed:
    """The change with its line as this person's words, which they read wherever they read the ticket."""
    ticket, event = changed
    return ticket, event.model_copy(update={"voice": voice_of(by)})


def _hear(ticket_id: str, text: str, by: str, town: Town, now: datetime) -> None:
    if text:
        listening.hear(tickets.get(ticket_id), text, by=Actor.REPORTER, town=town, now=now, teller=by)


def allowed_acts(ticket: Ticket, member: Member, there: Ticket, part: Member, now: datetime) -> "MayAct":
    """Which buttons the resident's page shows. `there`: where a merged one goes on, and `part` theirs in it: how it ended is said of that."""
    rated = any(
        f.round == there.round and f.by == Actor.REPORTER and f.of == part.report for f in there.follow_ups
    )
    return {
        "comment": ticket.stage is not Stage.WITHDRAWN,
        "withdraw": member.owns
        and ticket.stage in (Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED),
        "rate": there.stage in (Stage.RESOLVED, Stage.CLOSED) and not (rated and part.has_reported),
        "avoid": member.owns and not member.proxy and ticket.stage not in ENDED,
        "split": member.owns and ticket.stage is Stage.MERGED,
        "reopen": reworking.may_reopen(there, now),
    }
