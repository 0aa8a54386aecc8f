"""The feed: events a second through one subscriber that answers at once, and what a thousand events cost a town that has one.

Each event is of a ticket of its own, which is the dearest: events of one ticket share a claim.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from benchmarks import prices
from benchmarks.life import DESK, UNSURE
from benchmarks.meter import Meter
from benchmarks.row import Row, Size
from benchmarks.stand import SECRETS
from benchmarks.world import World, a_world
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from infra.local.partner.server import StandIn

KEY = "b" * 40
LEAST_A_SECOND = 40
MOST_DOLLARS = 0.02  # for a thousand
PLACE = "YDL-EXIT"


def run(size: Size) -> list[Row]:
    count = size.reports
    with a_world() as world:
        lines = [_reported(world, n) for n in range(count)]
        with _subscribed(world) as partner:
            filled = _measured(world, lambda: _note_all(world, lines))
            sent = _measured(world, lambda: _send(world))
            assert len(partner.taken) == count, f"{len(partner.taken)} of {count} arrived"
    return [_rate(count, sent), _cost(count, filled, sent)]


class Measured:
    def __init__(self, meter: Meter, seconds: float, cpu: float) -> None:
        self.writes, self.reads = meter.write_units, meter.read_units
        self.requests = sum(meter.requests.values())
        self.seconds, self.cpu = seconds, cpu


def _measured(world: World, act: Callable[[], object]) -> Measured:
    with world.meter.counting() as meter:
        began, cpu = time.perf_counter(), time.process_time()
        act()
        return Measured(meter, time.perf_counter() - began, time.process_time() - cpu)


def _reported(world: World, n: int) -> str:
    body = {"place": PLACE, "text": f"{UNSURE}（{n}）", "source": "patrol"}
    return str(world.ask("POST", "/staff/tickets", world.staff(DESK), body)["id"])


def _note_all(world: World, ticket_ids: list[str]) -> None:
    for ticket_id in ticket_ids:
        _note(world, ticket_id)


def _note(world: World, ticket_id: str) -> None:
    from chalicelib.actions.feed import feeding
    from chalicelib.domain.tickets.ticket import Event
    from chalicelib.store.tickets.stream import Line

    event = Event(kind=EventKind.RECEIVED, at=world.now, by=Actor.MACHINE)
    feeding.note(Line(ticket_id=ticket_id, name="000001", event=event), now=world.now)


def _send(world: World) -> None:
    from chalicelib.actions.feed import sending

    sending.send_due(now=world.now, seconds=600)


@contextmanager
def _subscribed(world: World) -> Iterator[StandIn]:
    from chalicelib.domain.town.subscribers import Subscriber
    from chalicelib.gateways import http, secrets
    from chalicelib.store.town import directory

    town = directory.town()
    parts = {name: getattr(town, name) for name in type(town).model_fields}
    held = SECRETS | {"partner_city": KEY}
    with StandIn(KEY.encode(), now=lambda: world.now) as partner:
        city = Subscriber(name="city", title="城运中心", address=partner.url)
        changed = type(town)(**(parts | {"subscribers": (city,)}))
        with (
            mock.patch.object(directory, "town", return_value=changed),
            mock.patch.object(secrets, "_held", held.get),
        ):
            http.forget()
            yield partner


def _rate(count: int, sent: Measured) -> Row:
    rate = count / sent.seconds
    how = f"{count} events of {count} tickets, signed and acknowledged one after another by the stand-in in this process, on dynoxide"
    measured = f"{rate:.0f} ({sent.cpu / count * 1000:.1f} ms CPU each, the stand-in's among it)"
    return Row(
        "feed: events a second through one subscriber",
        f"≥ {LEAST_A_SECOND}",
        measured,
        how,
        rate >= LEAST_A_SECOND,
    )


def _cost(count: int, filled: Measured, sent: Measured) -> Row:
    """Filling happens within a run of `on_ticket_event` that there is anyway; sending in one of `feed` that there is anyway."""
    each, bill = 1000 / count, prices.Bill()
    bill.add("DynamoDB writes", (filled.writes + sent.writes) * each)
    bill.add("DynamoDB reads", (filled.reads + sent.reads) * each)
    waiting = (filled.requests + sent.requests + count) * prices.REQUEST_SECONDS
    bill.add("Lambda GB-seconds", (filled.cpu + sent.cpu + waiting) * 0.5 * each)
    parts = ", ".join(f"{name} {dollars:.4f}" for name, dollars in bill.parts())
    units = f"{(filled.writes + sent.writes) / count:.1f} write and {(filled.reads + sent.reads) / count:.1f} read units each"
    return Row(
        "feed: dollars per 1,000 events for one subscriber",
        f"≤ {MOST_DOLLARS}",
        f"{bill.dollars:.4f} ({parts}; {units})",
        "list prices below; the subscriber's answer counted as an AWS request; the runs of `feed` once a minute stated apart",
        bill.dollars <= MOST_DOLLARS,
    )
