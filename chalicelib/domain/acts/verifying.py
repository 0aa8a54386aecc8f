"""核查: someone who did not do the work looks at the place and compares the photos."""

from datetime import datetime

from chalicelib.domain.acts.closing import closed
from chalicelib.domain.acts.following_up import said
from chalicelib.domain.acts.moves import Changed, changed, need_independent, need_stage
from chalicelib.domain.acts.reworking import rework
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


def verify(
    ticket: Ticket, *, by: Staff, ok: bool, note: str, photos: tuple[str, ...], town: Town, now: datetime
) -> Changed:
    """核查 of the last round's work, asked for or drawn by lot, also after closing (rule 19).

    What staff found closes by it (design §6); whatever fails it is reworked. Raises WrongStage, NotAllowed for whoever
    did the work.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED} if ticket.verify_owed else {Stage.RESOLVED}, "核查")
    need_independent(ticket, by)
    found = said(ticket, by.code, "verify", ok, None, note, now)
    after = ticket.model_copy(update={"verified_round": ticket.round, "verify_owed": False})
    if not ok:
        after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, found)})
        return rework(after, by=by.code, reason=note or "核查未通过", town=town, now=now)
    event = Event(kind="verified", at=now, by=by.code, note=note, photos=photos)
    if ticket.stage is Stage.RESOLVED and policy(ticket, town).station == "verify":
        after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, found)})
        return closed(after, "solved", event, town=town)
    return changed(after, event, before=ticket, town=town)
