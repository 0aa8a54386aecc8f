"""Fair turns: what is long neither starves the others nor outlives its function, and goes on where it was."""

import pytest

from chalicelib.actions import nightly, turns
from chalicelib.actions.turns import Step, Turns, at_once
from chalicelib.store import nights
from tests.actions.test_nightly import NOW, YEAR, closed, cloud, handled, kinds  # noqa: F401


class Clock:
    """Every reading is a tenth of a second later: as if each step took that long, or as told."""

    def __init__(self, patch, seconds=0.1):
        self.now, self.seconds = 0.0, seconds
        patch.setattr(turns, "clock", self)

    def __call__(self):
        self.now += self.seconds
        return self.now


def counted(name, steps, log, cursor=0):
    def part():
        for n in range(cursor, steps):
            log.append(name)
            yield Step(1, str(n + 1))

    return part


def test_a_short_part_has_its_turn_before_a_long_one_is_through(monkeypatch):
    Clock(monkeypatch)
    log = []
    run = Turns({"long": counted("long", 1000, log), "short": counted("short", 1, log)})
    run.take(1000)
    assert log.index("short") < 20
    assert run.done == {"long": 1000, "short": 1}
    assert run.finished == ["short", "long"]


def test_when_time_is_up_each_part_says_how_far_it_came_and_gives_back_what_it_holds(monkeypatch):
    Clock(monkeypatch)
    given_back = []

    def holding():
        try:
            yield from counted("holding", 1000, [])()
        finally:
            given_back.append(True)

    run = Turns({"holding": holding, "other": counted("other", 1000, [])})
    run.take(10)
    assert run.finished == []
    assert given_back == [True]
    assert 0 < run.done["holding"] < 1000
    assert run.cursors["holding"] == str(run.done["holding"])
    assert abs(run.done["holding"] - run.done["other"]) < 20


def test_a_part_that_fails_holds_up_no_other(monkeypatch):
    Clock(monkeypatch)
    run = Turns({"broken": at_once(lambda: 1 // 0), "other": at_once(lambda: 7)})
    run.take(100)
    assert [type(fault) for fault in run.faults] == [ZeroDivisionError]
    assert (run.finished, run.done) == (["other"], {"broken": 0, "other": 7})


@pytest.mark.parametrize("seconds", [2.0, 9.0])
def test_a_night_for_which_time_does_not_suffice_goes_on_in_the_next_run(monkeypatch, seconds):
    tickets = [closed(id=f"01T{n}") for n in range(4)]
    with monkeypatch.context() as patch:
        Clock(patch, seconds=1.0)
        assert nightly.run(now=NOW + YEAR, seconds=seconds) is False
    assert "keeping" not in nights.find((NOW + YEAR).date()).done
    assert nightly.run(now=NOW + YEAR) is True
    assert [kinds(ticket.id)[-1] for ticket in tickets] == ["identity_removed"] * 4
    assert nightly.run(now=NOW + YEAR) is True


def test_what_the_law_asks_is_done_before_anything_else_has_begun(monkeypatch):
    begun = []
    parts = {name: counted(name, 1, begun) for name in (*sorted(nightly.LAW), "export", "trends")}
    monkeypatch.setattr(nightly, "_parts", lambda _cursors, _now: dict(reversed(parts.items())))
    nightly.run(now=NOW)
    assert set(begun[: len(nightly.LAW)]) == nightly.LAW


def test_a_part_that_was_done_this_night_is_not_done_again_and_one_that_failed_is(monkeypatch):
    ran, broken = [], [True]

    def failing():
        ran.append("failing")
        if broken:
            raise RuntimeError
        yield Step(1)

    parts = {"trends": counted("trends", 1, ran), "export": failing}
    monkeypatch.setattr(nightly, "_parts", lambda _cursors, _now: parts)
    with pytest.raises(RuntimeError):
        nightly.run(now=NOW)
    broken.clear()
    assert nightly.run(now=NOW) is True
    assert ran == ["trends", "failing", "failing"]


def test_of_all_open_tickets_only_those_with_a_guessed_due_time_are_read(monkeypatch):
    from chalicelib.domain.clocks import clocks
    from chalicelib.store.tickets import tickets

    guessed = handled(id="01GUESS")
    known = handled(id="01KNOWN")
    sure = known.model_copy(
        update={"clocks": tuple(c.model_copy(update={"provisional": False}) for c in known.clocks)}
    )
    assert any(clock.provisional for clock in guessed.clocks)
    tickets.save(sure, tickets.list_events(known.id)[0][1], before=known)
    read, get = [], tickets.get
    monkeypatch.setattr(tickets, "get", lambda ticket_id: read.append(ticket_id) or get(ticket_id))
    nightly.recalculate_provisional(now=NOW)
    assert set(read) == {guessed.id}
    assert clocks.next_alarm(sure) is not None
