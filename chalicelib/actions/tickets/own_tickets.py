"""What a resident does with a ticket of his or her own, or one joined."""

from datetime import datetime

from chalicelib.actions.tickets import listening
from chalicelib.domain.acts import answering, endangered, following_up, reworking
from chalicelib.domain.acts.endangered import Answer
from chalicelib.domain.errors import NotFound, NotYours, WrongStage
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.notices.deliveries import reachable_in
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.store.identity.sessions import Session
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory


def own(ticket_id: str, reporter_id: str) -> Member:
    """The membership by which a resident may see a ticket. Raises NotFound: others' tickets do not exist for them."""
    member = members.find_member(ticket_id, reporter_id)
    if member is None:
        raise NotFound("没有这张工单，或不是您反映的")
    return member


def join(ticket_id: str, *, by: Session, now: datetime) -> Ticket:
    """附议: "me too". Only what is open and visible at its point may be joined; a confidential ticket is not."""
    ticket = tickets.get(ticket_id)
    if ticket.confidential or ticket.practice:
        raise NotFound("没有这件事，请刷新页面")
    if ticket.stage in ENDED:
        raise WrongStage("这件事已经办完；如又出现，请重新反映")
    member = Member(reporter_id=by.subject, reachable=reachable_in(by.channel))
    members.join(ticket, member, Event(kind="joined", at=now, by="reporter"))
    return ticket


def withdraw(ticket_id: str, *, by: str, reason: str, replay: Replay | None, now: datetime) -> Ticket:
    """撤回: only by whose report it was."""
    if not own(ticket_id, by).is_reporter:
        raise NotYours("只有最初反映的人可以撤回")
    town = directory.town()
    _hear(ticket_id, reason, town, now)
    others = len(members.list_members(ticket_id)) - 1
    return tickets.change(
        ticket_id,
        lambda ticket: answering.withdraw(ticket, reason=scrub(reason), others=others, town=town, now=now),
        replay=replay,
        town=town,
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
    """满意度: solved or not, satisfied or not, in his or her own words."""
    is_reporter, town = own(ticket_id, by).is_reporter, directory.town()
    _hear(ticket_id, words, town, now)
    return tickets.change(
        ticket_id,
        lambda ticket: following_up.rate(
            ticket,
            solved=solved,
            satisfied=satisfied,
            words=scrub(words),
            is_reporter=is_reporter,
            town=town,
            now=now,
        ),
        replay=replay,
        town=town,
    )


def reopen(ticket_id: str, *, by: str, reason: str, replay: Replay | None, now: datetime) -> Ticket:
    """重新打开 by anyone of the ticket, within the window of rule 18."""
    own(ticket_id, by)
    town = directory.town()
    _hear(ticket_id, reason, town, now)
    return tickets.change(
        ticket_id,
        lambda t: reworking.reopen(t, reason=scrub(reason), town=town, now=now),
        replay=replay,
        town=town,
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
    own(ticket_id, by)
    town = directory.town()
    return tickets.change(
        ticket_id,
        lambda ticket: endangered.answer_danger(ticket, answer=answer, kind=kind, town=town, now=now),
        replay=replay,
        patient=True,
        town=town,
    )


def _hear(ticket_id: str, text: str, town: Town, now: datetime) -> None:
    if text:
        listening.hear(tickets.get(ticket_id), text, by="reporter", town=town, now=now)


def allowed_acts(ticket: Ticket, member: Member, now: datetime) -> dict[str, bool]:
    """Which buttons the resident's page shows."""
    rated = any(f.round == ticket.round and f.by == "reporter" for f in ticket.follow_ups)
    return {
        "comment": ticket.stage not in (Stage.WITHDRAWN, Stage.MERGED),
        "withdraw": member.is_reporter
        and ticket.stage in (Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED),
        "rate": ticket.stage in (Stage.RESOLVED, Stage.CLOSED) and not (rated and member.is_reporter),
        "reopen": reworking.may_reopen(ticket, now),
    }
