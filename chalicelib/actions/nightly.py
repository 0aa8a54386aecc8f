"""What is done by night, part by part and in fair turns. Every part may run twice, and one that fails holds up no other."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib import logs
from chalicelib.actions import recordings, turns
from chalicelib.actions import retention as actions
from chalicelib.actions.classes import recurring
from chalicelib.actions.figures import bulletins, counting, exporting, trends, untold
from chalicelib.actions.identity import erasing, sealing, unusual_looks
from chalicelib.actions.knowledge import keeping
from chalicelib.actions.notices import mornings
from chalicelib.actions.town import handing_over, nearby_digests
from chalicelib.actions.turns import Part, Step, Steps, at_once
from chalicelib.domain.acts.recalculating import recalculate
from chalicelib.domain.identity import retention
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store import nights
from chalicelib.store.identity import identities, sessions
from chalicelib.store.nights import Night
from chalicelib.store.notices import dead_letters
from chalicelib.store.tickets import alarms, tickets
from chalicelib.store.town import directory

MOST_COUNTED = 100
SECONDS = 500.0  # of a run; the function has 560, and the next begins after 600
KEEPING = "keeping"
LAW = frozenset({KEEPING, "photos", "recordings"})  # rules 56 to 58, 100
_LOOK_AFTER = frozenset({Role.STATION_HEAD, Role.ADMIN})
_log = logging.getLogger(__name__)


def run(*, now: datetime, seconds: float = SECONDS) -> bool:
    """Whether the night's work is done. Every ten minutes another run goes on where time was up (chalicelib/tasks/sweep.py).

    What the law asks comes first and has half of each run to itself; then all parts have fair turns. Raises the first fault
    when all have run, so that the failed night is seen; the next run tries that part again.
    """
    begun, night = turns.clock(), nights.find(now.date())
    parts = {name: part for name, part in _parts(night.cursors, now).items() if name not in night.done}
    if not parts:
        return True
    first = turns.Turns({name: part for name, part in parts.items() if name in LAW})
    first.take(begun + seconds / 2)
    rest = turns.Turns({name: part for name, part in parts.items() if name not in first.finished})
    rest.take(begun + seconds)
    done = (*night.done, *first.finished, *rest.finished)
    cursors = night.cursors | first.cursors | rest.cursors
    nights.save(now.date(), Night(done=done, cursors=cursors), now)
    if faults := rest.faults:
        raise faults[0]
    is_done = len(rest.finished) == len(rest.done)
    if is_done:
        _log.info("night done", extra=logs.measured({"NightsDone": 1}))
    return is_done


def _parts(cursors: Mapping[str, str], now: datetime) -> dict[str, Part]:
    def at(name: str) -> str:
        return cursors.get(name, "")

    return {
        KEEPING: lambda: keep_steps(now=now),
        "photos": lambda: actions.remove_unused_photos(now=now),
        "recordings": lambda: recordings.remove_due(now=now),
        "letters": at_once(lambda: remind_of_dead_letters(now=now)),
        "untold": at_once(lambda: untold.watch(now=now)),
        "yesterday": lambda: counting.check_yesterday(at("yesterday"), now=now),
        "trends": at_once(lambda: trends.watch_all(now=now)),
        "export": at_once(lambda: exporting.export_changed(now=now)),
        "bulletins": at_once(lambda: bulletins.make_due(now=now)),
        "leavers": at_once(lambda: end_leavers(now=now)),
        "erased again": at_once(lambda: erasing.repeat(now=now)),
        "erased late": at_once(lambda: erasing.approve_late(now=now)),
        "looks": at_once(lambda: unusual_looks.tell(now=now)),
        "sealing": at_once(lambda: sealing.seal(now=now)),
        "nearby": lambda: nearby_digests.steps(at("nearby"), now=now),
        "knowledge": at_once(lambda: keeping.remind(now=now)),
        "measures": at_once(lambda: recurring.remind(now=now)),
        "provisional": lambda: recalculate_steps(at("provisional"), now=now),
    }


def recalculate_provisional(*, now: datetime) -> int:
    """Due times that were guessed, where the calendar knows more now. Answers of how many tickets they moved."""
    return turns.whole(recalculate_steps(now=now))


def recalculate_steps(cursor: str = "", *, now: datetime) -> Steps:
    """Of what is open only the tickets are read whose entry in the due index says that a due time is a guess."""
    for watched in alarms.list_watched(cursor):
        if watched.is_provisional:
            yield Step(_each(watched.ticket_id, lambda ticket: _recalculated(ticket, now)), watched.cursor)


def keep_no_longer(*, now: datetime) -> int:
    """Remove who reported what has ended long enough ago, and later the case. Answers of how many tickets."""
    return turns.whole(keep_steps(now=now))


def keep_steps(*, now: datetime) -> Steps:
    """What is removed leaves the index, so a run that goes on begins anew. Those that are found first are all read first:
    a ticket that was forgotten stands in it again, years later.
    """
    for ticket_id in list(alarms.list_kept_long_enough(now)):
        yield Step(_each(ticket_id, lambda ticket: _kept_no_longer(ticket, now)))


def remind_of_dead_letters(*, now: datetime) -> int:
    """Station heads and admins hear once a day that something waits for them. Answers how many were told."""
    letters, more = dead_letters.list_open(limit=MOST_COUNTED)
    if not letters:
        return 0
    people = [person for person in directory.town().staff if _LOOK_AFTER & set(person.roles)]
    note = f"{len(letters)}{'多' if more else ''}"
    for person in people:
        mornings.tell_today(person, "dead_letters", note, about="nightly", now=now)
    return len(people)


def end_leavers(*, now: datetime) -> int:
    """Whoever left with the last import is signed out and unbound, should that import have died before (rule 40).

    What was given to them in its last seconds goes to the head of their unit. Answers how many left.
    """
    town, before = directory.town(), directory.find_previous()
    gone = [person for person in before.staff if town.find_staff(person.code) is None] if before else []
    for person in gone:
        sessions.end_all(person.code)
        identities.forget_person(f"staff:{person.code}")
        if moved := handing_over.left_behind(person, town=town, now=now):
            _log.warning("%d tickets stood with somebody who left", moved)
    return len(gone)


def _recalculated(before: Ticket, now: datetime) -> bool:
    if not any(clock.provisional and clock.is_open for clock in before.clocks):
        return False
    town = directory.town()
    after = tickets.change(before.id, lambda t: recalculate(t, town=town, now=now), tickets.PATIENT)
    return after.version > before.version


def _kept_no_longer(ticket: Ticket, now: datetime) -> bool:
    into = tickets.find(ticket.merged_into) if ticket.merged_into else None
    if retention.may_forget(ticket, into, alarms.keep_identity(), now):
        actions.forget_people(ticket, now=now)
    elif retention.may_remove(ticket, into, alarms.keep_case(), now):
        actions.remove_case(ticket, now=now)
    else:
        return False
    return True


def _each(ticket_id: str, act: Callable[[Ticket], bool]) -> int:
    """One ticket that fails is for the log and the next night; the others must not wait for it."""
    try:
        return act(tickets.get(ticket_id))
    except Exception:
        _log.exception("the night's work failed for ticket %s", ticket_id)
        return 0
