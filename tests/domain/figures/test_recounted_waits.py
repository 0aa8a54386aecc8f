"""Random histories of reports that are merged, split, paused, resolved and rated: how long people waited, and what they said, by the lines."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from chalicelib.domain.acts import following_up
from chalicelib.domain.errors import Refusal
from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import day_of, fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.figures.promises import days_of, stopped_of
from chalicelib.domain.tickets.event_kinds import EventKind as Kind
from tests.domain.figures.test_recounted_together import done, path_of
from tests.domain.life import NOW, TOWN
from tests.domain.played import Played

PEOPLE = 3
PAIRS = tuple(permutations(range(PEOPLE), 2))
STEPS = 30
GAPS = (2, 45, 60 * 5, 60 * 26, 60 * 24 * 3)  # minutes
EARLY = ("dispatch", "take", "merge")
LATER = ("dispatch", "take", "resolve", "rate", "rate", "arrives", "resume")
OTHERS = ("split", "wait", "suspend", "rework", "reopen", "return", "answer", "withdraw")


def played(seed):
    """Three lives that begin on three days, with every line in its order: of which ticket, and of whose report it speaks."""
    lot, now = Random(f"waits {seed}"), NOW
    lives, lines = [], []
    for number in range(1, 1 + PEOPLE):
        lives.append(Played(number=number, reporter_id=f"r{number}", at=now))
        lines.append((number - 1, None, lives[-1].lines[0]))
        now += timedelta(minutes=lot.choice(GAPS))
    for step in range(STEPS):
        now += timedelta(minutes=lot.choice(GAPS))
        for life in lives:
            life.ring(now)
        usual = EARLY if step < STEPS / 4 else LATER
        names = usual if lot.random() < 0.8 else OTHERS
        tried = (
            (name, *pair) for name in lot.sample(names, len(names)) for pair in lot.sample(PAIRS, len(PAIRS))
        )
        for name, n, other in tried:
            try:
                made, whose = acted(name, lives, n, other, lot, now)
            except Refusal:
                continue
            for at, (ticket, line) in made.items():
                lives[at].keep((ticket, line))
                lines.append((at, whose, line))
            if made:
                break
    return lives, lines, now


def acted(name, lives, n, other, lot, now):
    """What an act makes of whom, by number; of a rating also whose report it speaks of."""
    if name != "rate":
        return done(name, lives, n, other, now), None
    ticket = lives[n].ticket
    whose = lot.choice([n, *(at for at in range(PEOPLE) if n in path_of(lives, at))])
    said = {"solved": lot.random() < 0.7, "satisfied": lot.choice([True, True, False, None]), "words": ""}
    of = "" if whose == n else lives[whose].ticket.id
    return {n: following_up.rate(ticket, is_reporter=True, of=of, town=TOWN, now=now, **said)}, whose


class Waited:
    """Reports by their lines alone: whose are together, since when, and what each of them said of the last claim."""

    def __init__(self, lines):
        self.since = [line.at for n, _, line in lines if line.kind == Kind.RECEIVED]
        self.into = {}
        self.solved_at = [None] * PEOPLE
        self.said = [{} for _ in range(PEOPLE)]
        self.is_closed = [False] * PEOPLE
        self.stood = [timedelta()] * PEOPLE
        self.stands_since = [None] * PEOPLE
        for n, whose, line in lines:
            self.read(n, whose, line)

    def read(self, n, whose, line):
        if line.kind == Kind.MERGED:
            self.into[n] = int(line.details["into"]) - 1
            self.goes_on(n, line.at)
        elif line.kind == Kind.SPLIT:
            top = self.top(self.into[n])
            gone = {n, *(at for at in range(PEOPLE) if n in self.path(at))}
            for at in (*self.path(n), top):
                self.said[at] = {who: words for who, words in self.said[at].items() if who not in gone}
            del self.into[n]
        elif line.kind in (Kind.QUESTION_ARRIVED, Kind.SUSPENDED):
            self.stands_since[n] = self.stands_since[n] or line.at
        elif line.kind in (Kind.RESUMED, Kind.WITHDRAWN):
            self.goes_on(n, line.at)
        elif line.kind in (Kind.RESOLVED, Kind.ANSWERED):
            self.solved_at[n] = line.at
            self.goes_on(n, line.at)
        elif line.kind in (Kind.REWORKED, Kind.REOPENED):
            self.said[n], self.solved_at[n] = {}, None
        if whose is not None:
            self.said[n][whose] = (line.details["solved"], line.details["satisfied"])
        if line.kind in (Kind.CLOSED, Kind.ANSWERED):
            self.is_closed[n] = True
        elif line.kind in (Kind.REWORKED, Kind.REOPENED) or (
            line.kind == Kind.RATED and line.details["solved"] == "no"
        ):
            self.is_closed[n] = False

    def goes_on(self, n, at):
        if self.stands_since[n]:
            self.stood[n] += at - self.stands_since[n]
        self.stands_since[n] = None

    def path(self, n):
        return [self.into[n], *self.path(self.into[n])] if n in self.into else []

    def top(self, n):
        return [n, *self.path(n)][-1]

    def days(self, n):
        """From the first of the reports that are in it to what was claimed last, where nobody denies it and somebody says yes."""
        words = {solved for solved, _ in self.said[n].values()}
        first = min(self.since[at] for at in range(PEOPLE) if at == n or n in self.path(at))
        if not self.is_closed[n] or words != {"yes"}:
            return None
        return (day_of(self.solved_at[n]) - day_of(first)).days

    def satisfied(self, n):
        words = {satisfied for _, satisfied in self.said[n].values()} - {""}
        return None if not (self.is_closed[n] and words) else words == {"yes"}


@pytest.mark.parametrize("seed", range(20))
def test_how_long_people_waited_and_what_they_said_comes_of_the_lines_too(seed):
    lives, lines, _ = played(seed)
    told = Waited(lines)
    facts = [fact_of(life.ticket) for life in lives]
    tally = count_day(facts, [fact for fact in facts if fact.closing_day])["all"].get("", {})
    days = sorted(each for n in range(PEOPLE) if (each := told.days(n)) is not None)
    counted = days_of(tally)
    assert counted["of"] == len(days)
    if days:
        assert (counted["median"], counted["p90"]) == (
            days[(len(days) - 1) // 2],
            days[-(-9 * len(days) // 10) - 1],
        )
    figures = indicators_of(tally)
    said = Counter(told.satisfied(n) for n in range(PEOPLE))
    assert figures["confirmed"]["numerator"] == len(days)
    assert (figures["satisfied"]["numerator"], figures["satisfied"]["denominator"]) == (
        said[True],
        said[True] + said[False],
    )
    whole = sum(-(-each // timedelta(days=1)) for each in told.stood)
    assert tally.get("paused_days", 0) == whole
    assert stopped_of(tally, NOW.date())["paused_now"] == sum(each is not None for each in told.stands_since)


def test_these_histories_come_to_what_they_are_about():
    made = [played(seed) for seed in range(20)]
    kinds = Counter(line.kind for _, lines, _ in made for _, _, line in lines)
    whose = Counter(who != n for _, lines, _ in made for n, who, _ in lines if who is not None)
    assert min(kinds["merged"], kinds["split"], kinds["resolved"], kinds["closed"], kinds["resumed"]) > 5, (
        kinds
    )
    assert whose[True] > 5, whose
