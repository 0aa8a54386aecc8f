"""What a client says the resident thinks of it, which is the station's follow-up by the partner (follow_up.csv)."""

from datetime import datetime

from chalicelib.domain.acts.closing import Said, closed_or_left, follow_up_of
from chalicelib.domain.acts.following_up import owed_a_call
from chalicelib.domain.acts.moves import Changed, need_stage
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.model import YesNo
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpHow


def follow_up_by_partner(ticket: Ticket, *, solved: bool, words: str, town: Town, now: datetime) -> Changed:
    """回访 by the partner: solved closes where the policy leaves the follow-up to the partner; not solved asks for a call.

    Raises WrongStage unless resolved, AlreadyDone for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED}, "回访")
    if any(each.round == ticket.round and each.how is FollowUpHow.PARTNER for each in ticket.follow_ups):
        raise AlreadyDone("这一轮已经回访过了")
    answer = follow_up_of(ticket, Actor.REPORTER, FollowUpHow.PARTNER, Said(solved, words=words), now)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    details = {"solved": YesNo.of(solved), "satisfied": ""}
    event = Event(kind=EventKind.RATED, at=now, by=Actor.REPORTER, note=words, details=details)
    if not solved:
        return owed_a_call(after, event, town=town)
    return closed_or_left(
        after, Outcome.SOLVED, event, before=ticket, row="rated", kind=EventKind.CLOSED, town=town
    )
