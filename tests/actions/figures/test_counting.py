"""Counts are exact: any order and repetition of what the stream brings, marks and recounts in between, a case removed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.actions.figures import counting
from chalicelib.actions.turns import whole
from chalicelib.domain.acts import (
    answering,
    closing,
    dispatching,
    following_up,
    relocating,
    returning,
    reworking,
)
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.clocks.clocks import due_alarms
from chalicelib.domain.errors import Refusal
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Event, Where
from chalicelib.domain.town.vocabulary import FOUND, Source
from chalicelib.store.figures import counts, facts
from chalicelib.store.table import Table, query_all, transact
from chalicelib.store.tickets import by_day as days
from chalicelib.store.tickets import removal, tickets
from tests.domain.life import TOWN, person
from tests.telling_cloud import telling_cloud

START = datetime(2026, 11, 23, 23, 50, tzinfo=SHANGHAI)  # histories cross midnight
PATHS = (("HJ", "GG", "SH"), ("HJ", "HJB"), ())
GIVEN = {"unit_id": "OFF", "handler_id": "handler-a", "track": None, "note": ""}
AREAS = ("GG", "HJB", "")
RATING = {"words": "", "is_reporter": True}


def _ring(ticket, town, now):
    alarms = due_alarms(ticket, now)
    return escalate(ticket, alarms[0], town=town, now=now) if alarms else None


DESK, HANDLER = person("desk-a"), person("handler-a")
ACTS = {
    "dispatch": lambda t, n: dispatching.dispatch(t, by=DESK, town=TOWN, now=n, **GIVEN),
    "take": lambda t, n: dispatching.take(t, by=HANDLER, town=TOWN, now=n),
    "return": lambda t, n: returning.return_to_desk(
        t, by=HANDLER, reason=ReturnReason.WRONG_PLACE, note="", town=TOWN, now=n
    ),
    "resolve": lambda t, n: closing.resolve(
        t, by=HANDLER, note="好", photos=("P",), feedback="好", town=TOWN, now=n
    ),
    "solved": lambda t, n: following_up.rate(t, solved=True, satisfied=True, town=TOWN, now=n, **RATING),
    "unsolved": lambda t, n: following_up.rate(t, solved=False, satisfied=False, town=TOWN, now=n, **RATING),
    "rework": lambda t, n: reworking.rework(t, by="desk-a", reason="没好", town=TOWN, now=n),
    "reopen": lambda t, n: reworking.reopen(t, reason="又坏了", town=TOWN, now=n),
    "answer": lambda t, n: answering.answer(t, by=DESK, text="答复", town=TOWN, now=n),
    "withdraw": lambda t, n: answering.withdraw(t, reason="", others=0, town=TOWN, now=n),
    "ring": lambda t, n: _ring(t, TOWN, n),
    "to SH": lambda t, n: relocating.relocate(t, by=DESK, place="SH", note="", town=TOWN, now=n),
}


class Town:
    """Tickets, and a clock; what `note` and `count` do is the code's own."""

    def __init__(self):
        self.now = START
        self.ids: list[str] = []

    def receive(self, *, source=Source.QR, path=PATHS[0], practice=False, id_=None):
        n = len(self.ids)
        report = Report(
            id=id_ or f"01JD{n:022d}",
            number=f"MS261123-{n:06d}-4",
            source=source,
            reporter_id=None if source in FOUND else f"r{n}",
            where=Where(name="某处", path=path),
            text="门口乱糟糟",
            practice=practice,
        )
        after, event = receive(report, town=TOWN, now=self.now)
        tickets.save(after, event, before=None, extra=(days.number_op(after),))
        self.ids.append(report.id)
        return report.id

    def act(self, ticket_id, name):
        ticket = tickets.get(ticket_id)
        try:
            done = ACTS[name](ticket, self.now)
        except Refusal:
            return
        if done is not None:
            tickets.save(*done, before=ticket)

    def later(self, **length):
        self.now += timedelta(**length)

    def days(self):
        span = (self.now.date() - START.date()).days
        return [START.date() + timedelta(days=n) for n in range(span + 1)]

    def settle(self):
        for ticket_id in self.ids:
            counting.note(ticket_id)
        counting.count_marked(now=self.now)


@pytest.fixture
def town(monkeypatch):
    with telling_cloud(monkeypatch, TOWN):
        yield Town()


def of(day: date, area: str = "GG"):
    return counting.count_kept(day).get(area, {}).get("all", {}).get("", {})


steps = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.sampled_from([Source.QR, Source.PHONE, Source.PATROL]), st.sampled_from(PATHS), st.booleans()),
        st.tuples(st.just("act"), st.integers(0, 9), st.sampled_from(sorted(ACTS))),
        st.tuples(st.just("act"), st.integers(0, 1), st.sampled_from(["answer", "reopen", "withdraw", "ring", "to SH"])),
        st.tuples(st.just("act"), st.integers(0, 1), st.sampled_from(["dispatch", "take", "resolve", "solved", "unsolved"])),
        st.tuples(st.just("note"), st.integers(0, 9)),
        st.tuples(st.just("count")),
        st.tuples(st.just("later"), st.sampled_from([1, 6, 70, 60 * 26])),
    ),
    min_size=15,
    max_size=60,
)  # fmt: skip


def play(town, script):
    for step in script:
        if step[0] == "receive":
            town.receive(source=step[1], path=step[2], practice=step[3])
        elif step[0] == "later":
            town.later(minutes=step[1])
        elif step[0] == "count":
            counting.count_marked(now=town.now)
        elif town.ids and step[0] == "act":
            town.act(town.ids[step[1] % len(town.ids)], step[2])
        elif town.ids:
            counting.note(town.ids[step[1] % len(town.ids)])


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(script=steps, order=st.randoms(use_true_random=False), repeats=st.integers(1, 3))
def test_what_was_marked_and_counted_equals_a_full_count_of_the_tickets(script, order, repeats):
    """Whatever was noted in between, twice or not at all: once every ticket has been noted, the counts are right."""
    with pytest.MonkeyPatch.context() as patch, telling_cloud(patch, TOWN):
        town = Town()
        play(town, script)
        again = town.ids * repeats
        order.shuffle(again)
        for ticket_id in again:
            counting.note(ticket_id)
        counting.count_marked(now=town.now)
        assert facts.list_marks(limit=1) == []
        for day in town.days():
            assert counting.count_kept(day) == counting.count_from_tickets(day)
        open_now = sum(each.tickets for area in counts.list_areas() for each in counts.list_open(area))
        made = [fact_of(tickets.get(ticket_id)) for ticket_id in town.ids]
        assert open_now == sum(fact.is_open for fact in made if fact)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(script=steps, order=st.randoms(use_true_random=False))
def test_an_older_fact_never_replaces_a_newer_one(script, order):
    """Consumers that read at different moments write in any order; every fact of the history, shuffled and doubled."""
    with pytest.MonkeyPatch.context() as patch, telling_cloud(patch, TOWN):
        town, seen = Town(), {}
        for step in script:
            play_one(town, step)
            for ticket_id in town.ids:
                ticket = tickets.get(ticket_id)
                fact = fact_of(ticket)
                if fact:
                    seen[fact.ticket_id, fact.version] = fact, AREAS if ticket.where.said else ()
        shuffled = list(seen.values()) * 2
        order.shuffle(shuffled)
        for fact, elsewhere in shuffled:
            facts.keep(fact, not_in=elsewhere)
        counting.count_marked(now=town.now)
        for day in town.days():
            assert counting.count_kept(day) == counting.count_from_tickets(day)


def play_one(town, step):
    if step[0] in ("receive", "act", "later"):
        play(town, [step])


def test_a_ticket_whose_place_is_put_right_is_counted_in_its_new_area_alone(town):
    moved = town.receive(path=PATHS[1])
    counting.note(moved)
    counting.count_marked(now=town.now)
    assert of(START.date(), "HJB")["received"] == 1
    town.act(moved, "to SH")
    town.act(moved, "withdraw")
    for _ in range(2):  # at least once
        counting.note(moved)
        counting.count_marked(now=town.now)
        assert counting.count_kept(START.date()) == counting.count_from_tickets(START.date())
    assert of(START.date(), "HJB").get("received", 0) == 0
    assert of(START.date())["received"] == 1


def test_a_change_while_counting_stays_marked_and_is_counted_next(town, monkeypatch):
    first = town.receive()
    counting.note(first)
    save = counts.save

    def overtaken(*args, **how):
        monkeypatch.setattr(counts, "save", save)
        counting.note(town.receive())  # comes after the facts were read
        return save(*args, **how)

    monkeypatch.setattr(counts, "save", overtaken)
    assert counting.count_marked(now=town.now) == 0
    assert len(facts.list_marks(limit=9)) == 1
    assert counting.count_marked(now=town.now) == 1
    assert of(START.date())["received"] == 2


def test_one_who_counts_slowly_does_not_overwrite_what_another_counted_since(town, monkeypatch):
    counting.note(town.receive())
    save = counts.save

    def slow(*args, **how):
        monkeypatch.setattr(counts, "save", save)
        counting.note(town.receive())
        counting.count_marked(now=town.now)  # another run, whole, in between
        counting.note(town.ids[0])  # and the mark is there again, from a line that came twice
        return save(*args, **how)

    monkeypatch.setattr(counts, "save", slow)
    counting.count_marked(now=town.now)
    counting.count_marked(now=town.now)
    assert of(START.date())["received"] == 2


def test_a_fact_written_by_one_who_died_before_marking_is_marked_when_its_line_comes_again(town, monkeypatch):
    mark_all = facts.mark_all

    def dies(changed):
        raise RuntimeError("killed")

    monkeypatch.setattr(facts, "mark_all", dies)
    ticket_id = town.receive()
    with pytest.raises(RuntimeError):
        counting.note(ticket_id)
    monkeypatch.setattr(facts, "mark_all", mark_all)
    counting.note(ticket_id)
    counting.count_marked(now=town.now)
    assert of(START.date())["received"] == 1


def test_a_reopened_ticket_is_closed_on_no_day(town):
    ticket_id = town.receive()
    town.act(ticket_id, "answer")
    town.settle()
    assert of(START.date())["ended.closed"] == 1
    town.later(minutes=30)
    town.act(ticket_id, "reopen")
    town.settle()
    assert "ended.closed" not in of(START.date())
    town.act(ticket_id, "answer")
    town.settle()
    assert of(town.now.date())["ended.closed"] == 1
    assert "ended.closed" not in of(START.date())


def test_practice_is_counted_nowhere(town):
    town.receive(practice=True)
    town.settle()
    assert counting.count_kept(START.date()) == {}
    assert facts.list_marks(limit=1) == []


def test_a_removed_case_leaves_its_counts_and_no_fact(town):
    for n in range(3):
        town.receive(path=PATHS[n % 2])
    ticket_id = town.ids[0]
    town.act(ticket_id, "answer")
    town.settle()
    before = counting.count_kept(START.date())
    ticket = tickets.get(ticket_id)
    counting.let_go(ticket)
    counting.let_go(ticket)  # by a night that runs twice
    removal.remove(ticket)
    assert facts.find(START.date(), "GG", ticket_id) is None
    left = query_all(Table.WORK, f"DAY#{START.date()}#GG")
    assert not any(ticket_id in f"{item}" for item in left)
    for other in town.ids[1:]:
        counting.note(other)
    counting.count_marked(now=town.now)
    assert counting.count_kept(START.date()) == before == counting.count_from_tickets(START.date())


def test_a_case_removed_while_its_last_line_still_comes_is_not_counted_again(town):
    ticket_id = town.receive()
    town.act(ticket_id, "answer")
    town.settle()
    ticket = tickets.get(ticket_id)
    counting.let_go(ticket)
    removal.remove(ticket)
    counting.note(ticket_id)
    assert of(START.date())["received"] == 1


def test_a_full_recount_mends_what_was_wrong_and_says_so(town, caplog):
    ticket_id = town.receive()
    town.settle()
    ticket = tickets.get(ticket_id)
    ended = answering.answer(ticket, by=DESK, text="答复", town=TOWN, now=town.now)
    tickets.save(*ended, before=ticket)  # and its line never comes
    town.later(hours=3)
    assert whole(counting.check_yesterday(now=town.now)) == 1
    assert "have been made anew" in caplog.text
    assert of(START.date())["ended.closed"] == 1
    assert whole(counting.check_yesterday(now=town.now)) == 0


def test_an_empty_day_counts_nothing(town):
    assert counting.count_from_tickets(date(2026, 1, 1)) == {}
    assert counting.recount(date(2026, 1, 1), now=town.now)


def test_a_forgotten_reporter_changes_no_count(town):
    from chalicelib.domain.identity import retention

    ticket_id = town.receive()
    town.act(ticket_id, "answer")
    town.settle()
    before = counting.count_kept(START.date())
    ticket = tickets.get(ticket_id)
    forgotten: tuple = retention.forgotten(ticket, now=town.now)
    assert isinstance(forgotten[1], Event)
    tickets.save(*forgotten, before=ticket)
    town.settle()
    assert counting.count_kept(START.date()) == before == counting.count_from_tickets(START.date())


def test_a_mark_is_cleared_only_by_who_saw_it(town):
    facts.mark(START.date(), area="GG")
    [seen] = facts.list_marks(limit=1)
    facts.mark(START.date(), area="GG")
    with pytest.raises(Exception, match="condition failed"):
        transact(facts.cleared_ops(seen))
