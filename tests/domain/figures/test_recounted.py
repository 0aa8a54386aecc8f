"""Forty random histories: what became of each promise, first dispatch and answer, by the lines alone and by arithmetic of its own."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain.acts import (
    answering,
    closing,
    dispatching,
    following_up,
    handling,
    pausing,
    returning,
    reworking,
)
from chalicelib.domain.errors import Refusal
from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.figures.promises import beside_of, stopped_of
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.event_kinds import EventKind as Kind
from chalicelib.domain.town.calendar import Amount, AmountUnit, Basis
from tests.domain.life import NOW, TOWN, person
from tests.domain.played import Played

DESK, AREA, HEAD = person("desk-a"), person("area"), person("off-head")
RATING = {"satisfied": None, "words": "", "is_reporter": True}
MINUTE = timedelta(minutes=1)
WORK = Basis.WORK
TRACKS = {"simple": 2, "joint": 5, "difficult": 15}  # working days, as clock_town has them


def _by_holder(act, **how):
    return lambda ticket, **when: act(
        ticket,
        by=person(ticket.handler_id or ("police" if ticket.lead_unit_id == "TRA" else "handler-a")),
        **how,
        **when,
    )


def _by(who, act, **how):
    return lambda ticket, **when: act(ticket, by=who, **how, **when)


def _plain(act, **how):
    return lambda ticket, **when: act(ticket, **how, **when)


def _suspend(ticket, *, town, now):
    return pausing.suspend(
        ticket, by=AREA, reason="等", review_at=now + timedelta(days=9), town=town, now=now
    )


def _call(outcome, solved=None):
    return _by(
        person("desk-b"), following_up.record_call, outcome=outcome, solved=solved, satisfied=None, words=""
    )


OFF, TRA = (
    {"unit_id": "OFF", "handler_id": "handler-a", "note": ""},
    {"unit_id": "TRA", "handler_id": "police", "note": ""},
)
ACTS = {
    "dispatch": _by(DESK, dispatching.dispatch, track=None, **OFF),
    "take": _by_holder(dispatching.take),
    "return": _by_holder(returning.return_to_desk, reason=returning.ReturnReason.WRONG_PLACE, note=""),
    "to police": _by(DESK, dispatching.transfer, **TRA),
    "to office": _by(DESK, dispatching.transfer, **OFF),
    "within": _by(HEAD, dispatching.transfer, unit_id="OFF", handler_id="handler-b", note=""),
    "arrive": _by_holder(handling.arrive, note="", photos=()),
    "contact": _by_holder(handling.contact, note=""),
    "ask more time": _by_holder(handling.ask_extension, working_days=3, reason="等料"),
    "grant": _by(AREA, handling.decide_extension, approved=True, note=""),
    "deny": _by(AREA, handling.decide_extension, approved=False, note=""),
    "wait": _by_holder(pausing.wait, question="几号楼？"),
    "arrives": _plain(pausing.question_arrived, how=pausing.Arrival.OPENED),
    "suspend": _suspend,
    "resume": _by(AREA, pausing.resume, note=""),
    "resolve": _by_holder(closing.resolve, note="好", photos=("P",), feedback="好了"),
    "solved": _plain(following_up.rate, solved=True, **RATING),
    "unsolved": _plain(following_up.rate, solved=False, **RATING),
    "call yes": _call(CallOutcome.ANSWERED, solved=True),
    "call no": _call(CallOutcome.ANSWERED, solved=False),
    "no answer": _call(CallOutcome.NOT_ANSWERED),
    "rework": _plain(reworking.rework, by="desk-b", reason="没好"),
    "reopen": _plain(reworking.reopen, reason="又坏了"),
    "answer": _by(DESK, answering.answer, text="带身份证"),
    "forward": _by(DESK, answering.forward, to="12345", number="", text="已转"),
    "withdraw": _plain(answering.withdraw, reason="好了", others=0),
}
USUAL = ("dispatch", "take", "arrive", "resolve", "resume", "grant", "solved", "call yes", "arrives")
RARELY = {"forward", "withdraw", "answer", "suspend", "to police", "to office", "within", "contact"}
GAPS = (1, 1, 2, 3, 45, 45, 60 * 3, 60 * 7, 60 * 26, 60 * 24 * 4)  # minutes
STEPS = 24


def played(seed, number):
    """A life of acts drawn by lot, of those that are possible then."""
    lot, life, now = Random(f"{seed} {number}"), Played(number=number), NOW
    for _ in range(STEPS):
        now += lot.choice(GAPS) * MINUTE
        life.ring(now)
        first = lot.sample(USUAL, len(USUAL)) if lot.random() < 0.6 else []
        for name in (*first, *lot.sample(sorted(ACTS), len(ACTS))):
            if name in RARELY and lot.random() < 0.8:
                continue
            try:
                made = ACTS[name](life.ticket, town=TOWN, now=now)
            except Refusal:
                continue
            if made is not None:
                life.keep(made)
                break
    return life.ring(now), now


class Promise:
    """One promise: due at an instant that moves by what stood still."""

    def __init__(self, due, *, basis=WORK, stopped=None, extended=False):
        self.due, self.basis, self.stopped, self.extended = due, basis, stopped, extended
        self.state, self.met = "open", False

    def stops(self, now):
        self.stopped = self.stopped or now

    def goes_on(self, now):
        if self.stopped and self.due > self.stopped:
            left = TOWN.calendar.between(self.stopped, self.due, self.basis)
            self.due, _ = TOWN.calendar.run(now, left, self.basis)
        self.stopped = None

    def ends(self, now, how):
        """`how`: kept, or void where nobody met it. Its last instant is in time."""
        if self.state == "open":
            self.met = how == "kept"
            self.state = "late" if (self.stopped or now) > self.due else how

    def looked_at(self, now):
        """What still runs is late from its due time on, for that is when its ladder rings."""
        is_late = self.stopped > self.due if self.stopped else now >= self.due
        return "late" if self.state == "open" and is_late else self.state


class Retold:
    """A life by its lines alone."""

    def __init__(self, lines, now):
        self.now = now
        self.promises = {"feedback": [], "take": [], "resolution": []}
        self.unit, self.first, self.ways = "", "", set()
        self.has_taken = False
        self.denied, self.answer_of, self.claim = Counter(), "", None
        self.waits_since = self.taken_at = self.arrived_at = self.resolved_at = None
        self.closed = False
        for line in lines:
            read = getattr(self, f"_{line.kind}", None)
            if read:
                read(line)

    def open(self, kind):
        return next((each for each in self.promises[kind] if each.state == "open"), None)

    def begin(self, kind, since, count, unit, basis):
        due, _ = TOWN.calendar.add(since, Amount(count=count, unit=unit), basis)
        self.promises[kind].append(Promise(due, basis=basis))

    def end(self, kinds, now, how="void"):
        for kind in kinds:
            for each in self.promises[kind]:
                each.ends(now, how)

    def states(self, kind, *, extended=False):
        those = (each for each in self.promises[kind] if each.extended == extended)
        return +Counter(each.looked_at(self.now) for each in those)

    def _received(self, line):
        self.begin("feedback", line.at, 5, AmountUnit.MINUTES, Basis.WALL)

    def _to_unit(self, line):
        self.end(["feedback"], line.at, "kept")
        self.end(["take"], line.at)
        self.unit, self.has_taken, self.arrived_at = line.details["unit"], False, None
        self.begin("take", line.at, 2, AmountUnit.WORKING_HOURS, WORK)
        if not self.open("resolution"):
            self.begin("resolution", line.at, TRACKS[self.track], AmountUnit.WORKING_DAYS, WORK)

    track = "simple"

    def _dispatched(self, line):
        self.first = self.first or line.details["unit"]
        if line.details["unit"] != self.first and "returned" not in self.ways:
            self.ways.add("transferred")
        self._to_unit(line)

    def _transferred(self, line):
        if line.details["unit"] == self.unit:
            return
        if line.details["unit"] != self.first and "returned" not in self.ways:
            self.ways.add("transferred")
        self._to_unit(line)

    def _taken(self, line):
        self.end(["take"], line.at, "kept")
        self.taken_at, self.has_taken = line.at, True

    def _arrived(self, line):
        self.arrived_at = self.arrived_at or line.at

    def _returned(self, line):
        self.ways.add("returned")
        self.end(["take"], line.at)
        self.unit, self.has_taken = "", False

    def _suspended(self, line):
        self.end(["feedback"], line.at, "kept")
        self._stands(line, ("take", "resolution"))

    def _question_arrived(self, line):
        self._stands(line, ("resolution",))

    def _stands(self, line, kinds):
        for kind in kinds:
            if found := self.open(kind):
                found.stops(line.at)

    def _resumed(self, line):
        for kind in ("take", "resolution"):
            if found := self.open(kind):
                found.goes_on(line.at)

    def _extension_decided(self, line):
        if line.details["approved"] != "yes" or not (old := self.open("resolution")):
            return
        old.ends(line.at, "void")
        more = Amount(count=int(line.details["working_days"]), unit=AmountUnit.WORKING_DAYS)
        due, _ = TOWN.calendar.add(old.due, more)
        self.promises["resolution"].append(Promise(due, stopped=old.stopped, extended=True))

    def _resolved(self, line):
        self.claim = self.open("resolution")
        self.end(["resolution"], line.at, "kept")
        self.end(["take"], line.at)
        self.answer_of, self.resolved_at = person(line.by).unit, line.at

    def _said(self, line):
        if self.claim and self.claim.state in ("kept", "disproved"):
            self.claim.state = "kept" if line.details["solved"] == "yes" else "disproved"
        self.closed = True if line.kind == Kind.CLOSED else self.closed

    def _rated(self, line):
        self._said(line)
        if line.details["solved"] == "no":
            self.closed = False

    def _closed(self, line):
        self.closed = True
        if "solved" in line.details:
            self._said(line)

    def _followed_up(self, line):
        self._said(line)
        self.closed = True

    def _unreached(self, line):
        self.closed = self.claim is None or self.claim.state != "disproved"

    def _answered(self, line):
        self.end(["feedback"], line.at, "kept")
        self.end(["take", "resolution"], line.at)
        self.answer_of, self.closed, self.claim = "ST", True, None

    def _ended(self, line):
        self.end(["feedback"], line.at, "kept" if line.kind == Kind.FORWARDED else "void")
        self.end(["take", "resolution"], line.at)
        self.answer_of = ""

    _forwarded = _withdrawn = _ended

    def _again(self, line):
        if self.claim and self.claim.state == "kept":
            self.claim.state = "disproved"
        if self.answer_of:
            self.denied[self.answer_of] += 1
        self.closed, self.claim, self.answer_of, self.arrived_at = False, None, "", None
        self.track = line.details.get("track", self.track)
        if self.unit:  # back with whom it was, who has taken it
            self.begin("resolution", line.at, TRACKS[self.track], AmountUnit.WORKING_DAYS, WORK)
        else:
            self.begin("feedback", line.at, 5, AmountUnit.MINUTES, Basis.WALL)

    _reworked = _reopened = _again

    @property
    def quick_arrival(self):
        return bool(self.arrived_at and self.taken_at) and timedelta() <= (
            self.arrived_at - self.taken_at
        ) < timedelta(minutes=2)


@pytest.mark.parametrize("seed", range(20))
def test_each_promise_of_any_history_came_out_as_its_lines_and_a_calendar_say(seed):
    lives = [played(seed, number) for number in (1, 2)]
    told = [Retold(life.lines, now) for life, now in lives]
    facts = [fact_of(life.ticket) for life, _ in lives]
    counted = count_day(facts, [fact for fact in facts if fact.closing_day])
    tally = counted["all"][""]
    for kind in ("feedback", "take", "resolution"):
        for extended in (False, True):
            name = kind + ".extended" * extended
            mine = sum((each.states(kind, extended=extended) for each in told), Counter())
            theirs = {
                state: n
                for state in ("kept", "late", "disproved", "open", "void")
                if (n := tally.get(f"{name}.{state}", 0))
            }
            assert dict(mine) == theirs, name
    first = indicators_of(tally)["first_dispatch"]
    dispatched = [each for each in told if each.closed and each.first]
    assert first["denominator"] == len(dispatched)
    assert first["numerator"] == sum(not each.ways for each in dispatched)
    denied = sum((each.denied for each in told), Counter())
    by_unit = {
        unit: n for unit, row in counted["unit"].items() if (n := indicators_of(row)["reworked"]["times"])
    }
    assert by_unit == dict(denied)
    assert stopped_of(tally, NOW.date())["reworks"] == sum(denied.values())
    assert beside_of(tally)["quick_arrivals"] == sum(each.quick_arrival for each in told)
