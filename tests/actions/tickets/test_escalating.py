"""What the tasks of the workflows and the sweep do with a stored ticket."""

from datetime import datetime, timedelta

import pytest

from chalicelib.actions import consuming, sweeping
from chalicelib.actions.notices import sending
from chalicelib.actions.tickets import escalating
from chalicelib.actions.turns import Step
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import ClockKind, RungAct
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.store import table
from chalicelib.store.tickets import alarms, tickets
from chalicelib.store.town import directory
from tests.asked import operations_asked
from tests.domain.clock_town import a_ticket, a_town, at
from tests.moto_cloud import moto_cloud

TOWN = a_town()
FRIDAY = at("2026-11-20 17:00")
FIRST = FRIDAY + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        monkeypatch.setattr(directory, "town", lambda: TOWN)
        yield


def stored(kind: ClockKind = ClockKind.FEEDBACK, **about: object) -> Ticket:
    ticket = clocks.start(a_ticket(stage=Stage.RECEIVED, **about), kind, town=TOWN, now=FRIDAY)
    return tickets.save(ticket, Event(kind="received", at=FRIDAY, by="reporter"), before=None)


def met(ticket: Ticket) -> Ticket:
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by="desk-a", now=FRIDAY)
    return tickets.save(after, Event(kind="answered", at=FRIDAY, by="desk-a"), before=ticket)


def rungs(ticket_id: str) -> list[str]:
    return [event.details["rung"] for _, event in tickets.list_events(ticket_id) if "rung" in event.details]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (FIRST - timedelta(seconds=1, milliseconds=1), "later"),
        (FIRST - timedelta(seconds=1), "remind"),
        (FIRST, "remind"),
        (FIRST + timedelta(hours=1), "remind"),  # in order, however late
    ],
)
def test_a_look_says_what_is_due(now, due):
    ticket = stored()
    state = escalating.look(ticket.id, ticket.generation, now=now)
    assert (state["due"], state["wake_at"], state["alarm"]["rung"]) == (due, "2026-11-20T09:02:00Z", 0)


@pytest.mark.parametrize("generation", [0, 2])
def test_a_look_of_another_generation_ends_its_execution(generation):
    ticket = stored()
    assert escalating.look(ticket.id, generation, now=FIRST)["due"] == "nothing"


def test_a_look_at_a_ticket_without_alarms_or_one_that_is_gone_ends_the_execution():
    ticket = met(stored())
    assert escalating.look(ticket.id, ticket.generation, now=FIRST)["due"] == "nothing"
    assert escalating.look("01JD0000000000000000000009", 1, now=FIRST)["due"] == "nothing"


def test_a_ring_answers_when_to_wake_again_and_twice_is_as_once():
    ticket = stored()
    alarm = escalating.look(ticket.id, 1, now=FIRST)["alarm"]
    first = escalating.ring(ticket.id, 1, alarm, RungAct.REMIND, now=FIRST)
    second = escalating.ring(ticket.id, 1, alarm, RungAct.REMIND, now=FIRST)
    assert first == second
    assert first["wake_at"] == "2026-11-20T09:03:30Z"
    assert rungs(ticket.id) == ["0"]


def test_a_ring_after_the_clock_was_met_rings_nothing_and_looks_again_at_once():
    ticket = stored()
    alarm = escalating.look(ticket.id, 1, now=FIRST)["alarm"]
    met(ticket)
    state = escalating.ring(ticket.id, 1, alarm, RungAct.REMIND, now=FIRST)
    assert state["wake_at"] == "2026-11-20T09:02:00Z"
    assert rungs(ticket.id) == []


def test_a_ring_by_the_wrong_function_is_a_fault_not_a_reminder():
    ticket = stored()
    alarm = escalating.look(ticket.id, 1, now=FIRST)["alarm"]
    with pytest.raises(ValueError, match="remind"):
        escalating.ring(ticket.id, 1, alarm, RungAct.SUPERVISE, now=FIRST)
    assert rungs(ticket.id) == []


@pytest.mark.parametrize(
    ("late", "rung"),
    [
        (timedelta(seconds=29), 0),
        (timedelta(seconds=30), 1),
        (timedelta(seconds=31), 1),
        (timedelta(days=3), 4),
    ],
)
def test_the_sweep_rings_what_is_thirty_seconds_late(late, rung):
    ticket = stored()
    assert sweeping.ring_late(now=FIRST + late) == rung
    assert rungs(ticket.id) == [str(n) for n in range(rung)]


def test_a_minute_in_which_nothing_is_late_looks_once_at_every_shard(monkeypatch):
    stored()
    operations = operations_asked(monkeypatch)
    assert sweeping.ring_late(now=FIRST + timedelta(seconds=29)) == 0
    assert operations == ["Query"] * len(alarms.shards())


@pytest.mark.parametrize(("waited", "seconds"), [(-1, 0.0), (29, 29.0), (90, 90.0)])
def test_the_sweep_measures_how_late_the_oldest_alarm_is_before_it_rings(caplog, waited, seconds):
    stored()
    stored(id="01JD0000000000000000000001")
    with caplog.at_level("INFO"):
        sweeping.sweep(now=FIRST + timedelta(seconds=waited))
    said = [entry for entry in caplog.records if entry.getMessage() == "oldest alarm"]
    assert [entry.metrics["OldestAlarm"] for entry in said] == [seconds]


def test_a_ring_by_the_sweep_arms_a_fresh_execution_once():
    ticket = stored()
    sweeping.ring_late(now=FIRST + timedelta(minutes=2))  # two rungs are late
    events = [event for _, event in tickets.list_events(ticket.id)]
    assert [event.arms for event in events] == [True, False, True]
    assert events[-1].details["generation"] == "2"
    assert tickets.get(ticket.id).generation == 2


def test_the_sweep_leaves_alone_what_is_met_or_not_yet_late():
    stored()
    ended = stored(id="01JD0000000000000000000001")
    met(ended)
    assert sweeping.ring_late(now=FIRST) == 0
    sweeping.ring_late(now=FIRST + timedelta(minutes=1))
    assert rungs(ended.id) == []


def test_two_sweeps_at_once_ring_once():
    ticket = stored()
    now = FIRST + timedelta(minutes=1)
    late = [alarms.list_late(shard, now, limit=10)[0] for shard in alarms.shards()]
    sweeping.ring_late(now=now)
    assert [escalating.ring_late(ticket_id, now=now) for page in late for ticket_id, _ in page] == [0]
    assert rungs(ticket.id) == ["0"]


@pytest.mark.parametrize(
    ("later", "may"), [(timedelta(seconds=49), False), (alarms.LEASE, True), (timedelta(minutes=2), True)]
)
def test_a_sweep_that_died_keeps_its_shard_until_the_next_run_only(later, may):
    assert alarms.take_shard(3, FRIDAY)
    assert alarms.take_shard(4, FRIDAY)
    assert alarms.take_shard(3, FRIDAY + later) is may


def test_a_shard_given_back_is_free_at_once():
    assert alarms.take_shard(3, FRIDAY)
    alarms.leave_shard(3, FRIDAY)
    assert alarms.take_shard(3, FRIDAY)


def test_a_shard_under_another_sweep_is_left_to_it(monkeypatch):
    ticket = stored()
    monkeypatch.setattr(alarms, "take_shard", lambda shard, now: False)
    assert sweeping.ring_late(now=FIRST + timedelta(minutes=1)) == 0
    assert rungs(ticket.id) == []


def test_one_ticket_that_cannot_be_rung_does_not_silence_the_others(monkeypatch):
    first, second = stored(), stored(id="01JD0000000000000000000001")
    honest = escalating.ring_late

    def broken(ticket_id: str, *, now: datetime) -> int:
        if ticket_id == first.id:
            raise RuntimeError("a broken item")
        return honest(ticket_id, now=now)

    monkeypatch.setattr(escalating, "ring_late", broken)
    sweeping.ring_late(now=FIRST + timedelta(minutes=1))
    assert (rungs(first.id), rungs(second.id)) == ([], ["0"])


@pytest.mark.parametrize("broken", ["alarms", "deliveries", "letters"])
def test_a_part_of_the_sweep_that_fails_holds_up_no_other_and_is_seen(monkeypatch, broken):
    ran = []

    def part(name):
        def run(**_given):
            ran.append(name)
            if name == broken:
                raise RuntimeError(name)
            yield Step(0)

        return run

    monkeypatch.setattr(sweeping, "_ringing", lambda _now, _late: {"alarms": part("alarms")})
    monkeypatch.setattr(sending, "sweep_steps", part("deliveries"))
    monkeypatch.setattr(consuming, "resend_steps", part("letters"))
    with pytest.raises(RuntimeError, match=broken):
        sweeping.sweep(now=FRIDAY)
    assert ran == ["alarms", "deliveries", "letters"]


def test_a_ring_that_meets_another_writer_decides_again(monkeypatch):
    """The alarm rings while the desk acts: both lines stand, and the rung rings once."""
    ticket = stored()
    honest, interfered = table.transact, []

    def transact(operations):
        if not interfered:
            interfered.append(True)
            note = Event(kind="classified", at=FIRST, by="desk-a")
            tickets.save(ticket.model_copy(update={"category": "x"}), note, before=ticket)
        honest(operations)

    monkeypatch.setattr(tickets, "transact", transact)
    escalating.ring(
        ticket.id, 1, escalating.look(ticket.id, 1, now=FIRST)["alarm"], RungAct.REMIND, now=FIRST
    )
    assert [event.kind for _, event in tickets.list_events(ticket.id)] == [
        "received",
        "classified",
        "reminded",
    ]
