"""Products that are wrong on purpose, one for each claim of the checker: a checker that passes them checks nothing."""

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from typing import Any
from unittest import mock

from chalicelib.domain.tickets.actors import Actor, Addressee
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED

Change = tuple[str, str, Callable[[Any], Any]]  # module, function, what it becomes


def _every(n: int) -> Callable[[], bool]:
    """True at every n-th asking."""
    numbers = count(1)
    return lambda: next(numbers) % n == 0


def _keys_of_their_own(key: Any) -> Any:
    numbers = count(1)
    return lambda act: key(act.model_copy(update={"key": f"{act.key}-{next(numbers)}"}))


def _lines(change: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """Every line of history, changed before it is written. `change` is given the new ticket and the line."""

    def becomes(operations: Any) -> Any:
        return lambda after, event, before: operations(after, change(after, event), before)

    return becomes


def _by_the_machine(_: Any, event: Any) -> Any:
    return event.model_copy(update={"by": Actor.MACHINE}) if event.kind is EventKind.ARRIVED else event


def _without_the_reporter(_: Any, event: Any) -> Any:
    if event.kind is not EventKind.TAKEN:
        return event
    return event.model_copy(update={"notices": tuple(n for n in event.notices if n.to != Addressee.REPORTER)})


def _first_rung_again(_: Any, event: Any) -> Any:
    if event.kind not in {EventKind.REMINDED, EventKind.ESCALATED} or event.by != Actor.MACHINE:
        return event
    return event.model_copy(update={"details": event.details | {"rung": "0"}})


def _old_news(get: Any) -> Any:
    """A page that now and then shows a ticket as it was when it was first looked at, history and all."""
    first: dict[str, Any] = {}
    now_and_then = _every(3)

    def shown(ticket_id: str) -> Any:
        found = get(ticket_id)
        first.setdefault(ticket_id, found)
        return first[ticket_id] if now_and_then() else found

    return shown


def _inbox(change: Callable[[Any], list[Any]]) -> Callable[[Any], Any]:
    return lambda write: (
        lambda lines, **beside: write([each for line in lines for each in change(line)], **beside)
    )


def _lost(line: Any) -> list[Any]:
    return [] if line.template == "reminded" else [line]


def _invented(line: Any) -> list[Any]:
    ghost = line.model_copy(update={"event_key": f"{line.ticket_id}-999999"})
    return [line, ghost] if line.ticket_id and line.template == "assigned" else [line]


def _now_and_then(n: int, instead: Any) -> Callable[[Any], Any]:
    """Every n-th call does nothing and answers `instead`."""

    def becomes(function: Any) -> Any:
        now_and_then = _every(n)

        def called(*given: Any, **named: Any) -> Any:
            return instead if now_and_then() else function(*given, **named)

        return called

    return becomes


def _alarm_that_stays(item: Any) -> Any:
    """What has ended still stands at an alarm."""
    from chalicelib.store import keys

    def pending(ticket: Any) -> Any:
        found = item(ticket)
        if found is None or ticket.stage not in ENDED:
            return found
        return found | {"GSI1PK": keys.due_pk(0)}

    return pending


def _ten_minutes_late(next_alarm: Any) -> Any:
    """Whoever waits for an alarm waits longer; what is due then still rings."""

    def late(ticket: Any) -> Any:
        alarm = next_alarm(ticket)
        return alarm and alarm.model_copy(update={"at": alarm.at + timedelta(minutes=10)})

    return late


def _never_ended(_: Any) -> Any:
    """What a ticket's end should end runs on."""
    return lambda ticket, _kinds, **_how: ticket


def _deaf_to_arrivals(follow: Any) -> Any:
    def followed(line: Any, **how: Any) -> Any:
        if line.event.kind is EventKind.ARRIVED:
            raise KeyError("mutant")
        return follow(line, **how)

    return followed


def _only_inbox(_: Any, event: Any) -> Any:
    from chalicelib.domain.tickets.ticket import Level

    quiet = tuple(
        each.model_copy(update={"level": Level.INBOX}) if each.template == "assigned" else each
        for each in event.notices
    )
    return event.model_copy(update={"notices": quiet})


def _every_third_forgotten(create_all: Any) -> Any:
    """Of all that goes out each third message is written nowhere."""
    now_and_then = _every(3)
    return lambda created, **beside: create_all([each for each in created if not now_and_then()], **beside)


def _said_to_have_arrived(send: Any) -> Any:
    """Every third message is recorded as delivered, and nobody sends it."""
    from chalicelib.domain.notices.deliveries import Outcome, State

    return _now_and_then(3, Outcome(state=State.DELIVERED))(send)


def _as_uploaded(prepare: Any) -> Any:
    """The picture is shown with everything that the phone wrote into it."""
    return lambda data: prepare(data)._replace(photo=data)


_TICKETS = "chalicelib.store.tickets.tickets"
MUTANTS: dict[str, Change] = {
    "every_report_is_there_once": ("chalicelib.store.requests.idempotency", "key", _keys_of_their_own),
    "every_act_happened_as_it_was_answered": (_TICKETS, "operations", _lines(_by_the_machine)),
    "versions_are_one_order": ("chalicelib.actions.views.ticket_pages.whole", "get", _old_news),
    "every_notice_arrived_once": ("chalicelib.store.notices.inbox", "write", _inbox(_lost)),
    "nobody_is_told_what_never_happened": ("chalicelib.store.notices.inbox", "write", _inbox(_invented)),
    "who_must_hear_was_told": (_TICKETS, "operations", _lines(_without_the_reporter)),
    "every_rung_rang_once_in_order": (_TICKETS, "operations", _lines(_first_rung_again)),
    "rungs_are_in_time_again": ("chalicelib.domain.clocks.clocks", "next_alarm", _ten_minutes_late),
    "what_has_ended_is_quiet": (
        "chalicelib.store.tickets.alarms",
        "pending_item",
        lambda item: _alarm_that_stays(item),
    ),
    "no_promise_is_lost": ("chalicelib.domain.clocks.clocks", "end", _never_ended),
    "the_feed_is_whole_and_in_order": ("chalicelib.actions.feed.feeding", "note", _now_and_then(7, 0)),
    "who_reported_stays_in_the_vault": (
        "chalicelib.actions.tickets.reporting",
        "_scrubbed",
        lambda _: lambda sent: sent.text,
    ),
    "figures_hold_every_ticket_once": ("chalicelib.actions.figures.counting", "note", _now_and_then(3, None)),
    "nothing_was_given_up": (
        "chalicelib.actions.notices.notifying",
        "follow",
        _deaf_to_arrivals,
    ),
    "nobody_meets_a_fault_of_ours": (
        "",
        "",
        lambda _: None,
    ),  # the version before calls a stored field otherwise
    "who_must_act_is_pushed_to": (_TICKETS, "operations", _lines(_only_inbox)),
    "every_push_left_once": ("chalicelib.store.notices.deliveries", "create_all", _every_third_forgotten),
    "phones_got_what_was_sent": ("chalicelib.gateways.wecom", "send", _said_to_have_arrived),
    "words_that_wait_reach_no_unit": (
        "chalicelib.domain.views.access",
        "reads_words",
        lambda _: lambda *_ticket_and_staff: True,
    ),
    "photos_are_kept_or_missed": ("chalicelib.actions.photos", "prepare", _as_uploaded),
    "every_order_is_one_ticket": (
        "chalicelib.domain.partners.orders",
        "is_news",
        lambda _: lambda *_order: False,
    ),
    "partners_hear_each_act_in_order": (
        "chalicelib.actions.partners.exchanging",
        "note",
        _now_and_then(4, 0),
    ),
}
OTHER_VERSION = "nobody_meets_a_fault_of_ours"
RENAMED = ("handler_id", "handled_by")


@contextmanager
def mutated(name: str) -> Iterator[None]:
    """The product with one fault. `name` is the claim that must catch it; "" is the product as it is."""
    with ExitStack() as stack:
        if name and name != OTHER_VERSION:
            module, function, becomes = MUTANTS[name]
            stack.enter_context(
                mock.patch(f"{module}.{function}", becomes(pkgutil.resolve_name(f"{module}.{function}")))
            )
        yield
