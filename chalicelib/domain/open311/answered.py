"""What a client says the resident thinks of it, which is the station's follow-up by the partner (follow_up.csv)."""

from datetime import datetime

from chalicelib.domain.acts.closing import closed, follow_up_of
from chalicelib.domain.acts.following_up import owed_a_call
from chalicelib.domain.acts.moves import Changed, changed, need_stage
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.parties.follow_up_policy import missing_follow_ups
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.directory import Town


def follow_up_by_partner(ticket: Ticket, *, solved: bool, words: str, town: Town, now: datetime) -> Changed:
    """回访 by the partner: solved closes where the policy leaves the follow-up to the partner; not solved asks for a call.

    Raises WrongStage unless resolved, AlreadyDone for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED}, "回访")
    if any(each.round == ticket.round and each.how == "partner" for each in ticket.follow_ups):
        raise AlreadyDone("这一轮已经回访过了")
    answer = follow_up_of(ticket, "reporter", "partner", solved, None, words, now)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    details = {"solved": "yes" if solved else "no", "satisfied": ""}
    if solved and not missing_follow_ups(after, town):
        event = Event(kind="closed", at=now, by="reporter", note=words, details=details)
        return closed(after, "solved", event, town=town)
    event = Event(kind="rated", at=now, by="reporter", note=words, details=details)
    if solved:
        return changed(after, event, before=ticket, town=town)
    return owed_a_call(after, event, town=town)
