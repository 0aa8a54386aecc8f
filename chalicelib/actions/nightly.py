"""What is done by night. Every part may run twice, and one that fails holds up no other."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, time

from chalicelib.actions import retention as keeping
from chalicelib.actions.figures import bulletins, counting, exporting, trends, untold
from chalicelib.actions.town import handing_over
from chalicelib.domain.acts.recalculating import recalculate
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity import retention
from chalicelib.domain.notices import deliveries as messages
from chalicelib.domain.notices.deliveries import Delivery, Way
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.gateways import deployment
from chalicelib.store.identity import identities, sessions
from chalicelib.store.notices import dead_letters, deliveries, inbox
from chalicelib.store.tickets import alarms, tickets
from chalicelib.store.town import directory

MORNING = time(8, 30)  # nobody is woken for what has waited all night
MOST_COUNTED = 100
_LOOK_AFTER = frozenset({Role.STATION_HEAD, Role.ADMIN})
_log = logging.getLogger(__name__)


def run(*, now: datetime) -> None:
    """Raises the first fault when all parts have run, so that the failed night is seen."""
    parts: list[Callable[[], int]] = [
        lambda: recalculate_provisional(now=now),
        lambda: keep_no_longer(now=now),
        lambda: keeping.remove_unused_photos(now=now),
        lambda: remind_of_dead_letters(now=now),
        lambda: untold.watch(now=now),
        lambda: counting.check_yesterday(now=now),
        lambda: trends.watch_all(now=now),
        lambda: exporting.export_changed(now=now),
        lambda: bulletins.make_due(now=now),
        lambda: end_leavers(now=now),
    ]
    faults = [fault for part in parts if (fault := _fault_of(part)) is not None]
    if faults:
        raise faults[0]


def recalculate_provisional(*, now: datetime) -> int:
    """Due times of every watched ticket, where the calendar knows more than when they were set. Answers how many moved."""
    return _each(alarms.list_watched(), lambda ticket: _recalculated(ticket, now))


def keep_no_longer(*, now: datetime) -> int:
    """Remove who reported what has ended long enough ago, and later the case. Answers of how many tickets."""
    return _each(list(alarms.list_kept_long_enough(now)), lambda ticket: _kept_no_longer(ticket, now))


def remind_of_dead_letters(*, now: datetime) -> int:
    """Station heads and admins hear once a day that something waits for them. Answers how many were told."""
    letters, more = dead_letters.list_open(limit=MOST_COUNTED)
    if not letters:
        return 0
    people = [person for person in directory.town().staff if _LOOK_AFTER & set(person.roles)]
    note = f"{len(letters)}{'多' if more else ''}"
    inbox.write([_reminder(person, Way.INBOX, note, now) for person in people])
    for person in people:
        way = messages.staff_way(person, "dead_letters")
        if way is not None and way is not Way.CALL:
            deliveries.create(_reminder(person, way, note, now))
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


def _reminder(person: Staff, way: Way, note: str, now: datetime) -> Delivery:
    """The same for the same day, so that a night that runs twice tells once."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Delivery(
        recipient=f"staff:{person.code}",
        way=way,
        at=day,
        event_key=f"nightly-{day:%Y%m%d}",
        ticket_id="",
        template="dead_letters",
        params={"note": note} | ({"practice": "1"} if deployment.is_practice() else {}),
        not_before=datetime.combine(day, MORNING, day.tzinfo),
    )


def _recalculated(before: Ticket, now: datetime) -> bool:
    if not any(clock.provisional and clock.is_open for clock in before.clocks):
        return False
    town = directory.town()
    after = tickets.change(before.id, lambda t: recalculate(t, town=town, now=now), patient=True)
    return after.version > before.version


def _kept_no_longer(ticket: Ticket, now: datetime) -> bool:
    into = _find(ticket.merged_into) if ticket.merged_into else None
    if retention.may_forget(ticket, into, alarms.keep_identity(), now):
        keeping.forget_people(ticket, now=now)
    elif retention.may_remove(ticket, into, alarms.keep_case(), now):
        keeping.remove_case(ticket, now=now)
    else:
        return False
    return True


def _find(ticket_id: str) -> Ticket | None:
    try:
        return tickets.get(ticket_id)
    except NotFound:
        return None


def _each(ticket_ids: Iterable[str], act: Callable[[Ticket], bool]) -> int:
    """One ticket that fails is for the log and the next night; the others must not wait for it."""
    done = 0
    for ticket_id in ticket_ids:
        try:
            done += act(tickets.get(ticket_id))
        except Exception:
            _log.exception("the night's work failed for ticket %s", ticket_id)
    return done


def _fault_of(part: Callable[[], int]) -> Exception | None:
    try:
        part()
    except Exception as fault:
        _log.exception("a part of the night failed")
        return fault
    return None
