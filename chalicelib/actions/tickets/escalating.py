"""What the workflows and the sweep do: load, decide, save. Each may run twice, and does nothing once the world moved on."""

from datetime import datetime
from typing import Any

from chalicelib.domain.acts import following_up
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import NotFound
from chalicelib.domain.tickets.clock_model import Alarm, LadderRole, RungAct, wake_stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.partner import Partner
from chalicelib.store.partners import partners
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory

MOST_RUNGS = 50  # of one ticket in one sweep; the next goes on
State = dict[str, Any]  # what a workflow carries from one state to the next


def look(ticket_id: str, generation: int, *, now: datetime) -> State:
    """What is due: "remind", "escalate", "supervise", "later", or "nothing", which ends the execution.

    An execution of an older generation has nothing left to watch: a newer one does.
    """
    state: State = {"ticket_id": ticket_id, "generation": generation}
    ticket = _find(ticket_id)
    alarm = clocks.next_alarm(ticket) if ticket and ticket.generation == generation else None
    if alarm is None:
        return state | {"due": "nothing"}
    is_due = alarm.at <= now + clocks.EARLY
    watched = {"wake_at": wake_stamp(alarm.at), "alarm": alarm.model_dump(mode="json")}
    return state | watched | {"due": alarm.act.value if is_due else "later"}


def ring(ticket_id: str, generation: int, alarm: State, act: RungAct, *, now: datetime) -> State:
    """Ring that rung if it is still due and unrung. Answers when to look again: at once if no alarm is left."""
    wanted = Alarm.model_validate(alarm)
    if wanted.act is not act:
        raise ValueError(f"the workflow sends {wanted.act} to {act}")
    town = directory.town()

    def decide(ticket: Ticket) -> Changed | None:
        changed = escalate(ticket, wanted, town=town, now=now, upward=_upward_for(ticket, wanted))
        is_ours = ticket.generation == generation
        return (clocks.carried_on(changed[0]), changed[1]) if changed and is_ours else changed

    ticket = tickets.change(ticket_id, decide, tickets.PATIENT)
    following = clocks.next_alarm(ticket)
    wake_at = wake_stamp(following.at if following else now)
    return {"ticket_id": ticket_id, "generation": generation, "wake_at": wake_at}


def ring_late(ticket_id: str, *, now: datetime) -> int:
    """The sweep rings all that is due, in order, whatever became of the execution; a fresh one follows. Answers how many.

    Forgetting what was armed makes generation rise with the ring, so the failed execution's name is never used again.
    """
    town, rung = directory.town(), 0

    def decide(ticket: Ticket) -> Changed | None:
        due = clocks.due_alarms(ticket, now)
        upward = _upward_for(ticket, due[0]) if due else None
        changed = escalate(ticket, due[0], town=town, now=now, upward=upward) if due else None
        if changed is None:
            return None
        after, event = changed
        more = len(due) > 1 and bool(clocks.due_alarms(after, now))
        return clocks.carried_on(after) if more else after.model_copy(update={"armed_for": None}), event

    ticket = tickets.get(ticket_id)
    while clocks.due_alarms(ticket, now) and rung < MOST_RUNGS:
        ticket, rung = tickets.change(ticket_id, decide, tickets.PATIENT), rung + 1
    return rung


def ask_resident(ticket_id: str, round_: int, *, now: datetime) -> State:
    """回访: the question went out with 办结; answers until when the resident is waited for."""
    ticket = _find(ticket_id)
    is_owed = ticket is not None and following_up.is_owed(ticket, round_)
    until = following_up.answer_by(ticket, town=directory.town(), now=now) if ticket and is_owed else now
    return {"ticket_id": ticket_id, "round": round_, "answer_by": wake_stamp(until)}


def look_for_answer(ticket_id: str, round_: int) -> State:
    """ "call_needed" for silence, for "not solved", and where it closes without one now; "done" when it is closed, sent back, or verified by others."""
    ticket = _find(ticket_id)
    needed = ticket is not None and following_up.needs_call(ticket, round_, town=directory.town())
    return {"ticket_id": ticket_id, "round": round_, "answer": "call_needed" if needed else "done"}


def put_on_call_list(ticket_id: str, round_: int, *, now: datetime) -> State:
    town = directory.town()
    ticket = tickets.change(
        ticket_id,
        lambda ticket: following_up.ask_by_call(ticket, round_=round_, town=town, now=now),
        tickets.PATIENT,
    )
    return {
        "ticket_id": ticket_id,
        "round": round_,
        "look_at": wake_stamp(following_up.look_at(ticket, town=town, now=now)),
    }


def look_at_calls(ticket_id: str, round_: int, *, now: datetime) -> State:
    """ "owed" while a call is still waited for, with the instant to look again; "made" where it may close now; else "over"."""
    state: State = {"ticket_id": ticket_id, "round": round_}
    ticket, town = _find(ticket_id), directory.town()
    if ticket is not None and following_up.is_to_close(ticket, round_, town=town, now=now):
        return state | {"calls": "made"}
    if ticket is None or not following_up.is_call_awaited(ticket, round_, town=town, now=now):
        return state | {"calls": "over"}
    return state | {"calls": "owed", "look_at": wake_stamp(following_up.look_at(ticket, town=town, now=now))}


def _upward_for(ticket: Ticket, alarm: Alarm) -> Partner | None:
    """The partner that a rung reports to; asked for only where the ladder says so."""
    clock = next((clock for clock in ticket.clocks if clock.id == alarm.clock_id), None)
    says_so = clock is not None and any(
        rung.to is LadderRole.UPWARD for rung in clock.rungs[alarm.rung : alarm.rung + 1]
    )
    return partners.find_upward() if says_so else None


def _find(ticket_id: str) -> Ticket | None:
    try:
        return tickets.get(ticket_id)
    except NotFound:
        return None
