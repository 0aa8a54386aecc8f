"""What a client says the resident thinks of it, which is the station's follow-up by the partner (follow_up.csv)."""

from datetime import datetime

from chalicelib.domain.acts.closing import closed
from chalicelib.domain.acts.follow_up_policy import missing_follow_ups
from chalicelib.domain.acts.following_up import said
from chalicelib.domain.acts.moves import Changed, changed, need_stage, tell_staff
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.directory import Town


def confirm(ticket: Ticket, *, solved: bool, words: str, town: Town, now: datetime) -> Changed:
    """回访 by the partner: solved closes where the policy leaves the follow-up to the partner; not solved asks for a call.

    Raises WrongStage unless resolved, AlreadyDone for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED}, "回访")
    if any(each.round == ticket.round and each.how == "partner" for each in ticket.follow_ups):
        raise AlreadyDone("这一轮已经回访过了")
    answer = said(ticket, "reporter", "partner", solved, None, words, now)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    details = {"solved": "yes" if solved else "no", "satisfied": ""}
    if solved and not missing_follow_ups(after, town):
        event = Event(kind="closed", at=now, by="reporter", note=words, details=details)
        return closed(after, "solved", event, town=town)
    if solved:
        return changed(
            after, Event(kind="rated", at=now, by="reporter", note=words, details=details), town=town
        )
    after = after.model_copy(update={"on_call_list": True})
    heads = town.unit_heads(ticket.lead_unit_id or "")
    told = tell_staff(heads, "not_solved_warning", after, town=town, note=words)
    event = Event(kind="rated", at=now, by="reporter", note=words, details=details, notices=told)
    return changed(after, event, town=town)
