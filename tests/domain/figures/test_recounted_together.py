"""Random histories of three tickets that are merged and split: each promise is somebody's, and came out as the lines say (design §13)."""

from collections import Counter
from random import Random

import pytest

from chalicelib.domain.acts import joining
from chalicelib.domain.errors import Refusal
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.town.calendar import AmountUnit, Basis
from tests.domain.figures.test_recounted import ACTS, DESK, GAPS, MINUTE, Promise, Retold
from tests.domain.life import NOW, TOWN
from tests.domain.played import Played

PEOPLE = 3
STEPS = 40
USUAL = ("dispatch", "take", "arrive", "merge", "split")
RARELY = {"forward", "withdraw", "answer", "resolve", "rework", "reopen"}
# What waits and what a rating says of each of several reporters: tests/domain/figures/test_lives.py.
OTHERS = ("return", "to police", "to office", "within", *sorted(RARELY))
CARRIED = ("take", "resolution")


def played(seed):
    """Three lives with what came when, in the order in which it came."""
    lot, now = Random(f"together {seed}"), NOW
    lives = [Played(number=n, reporter_id=f"r{n}") for n in range(1, 1 + PEOPLE)]
    lines = [(n, life.lines[0]) for n, life in enumerate(lives)]
    for _ in range(STEPS):
        now += lot.choice(GAPS) * MINUTE
        for life in lives:
            life.ring(now)
        first = lot.sample(USUAL, len(USUAL)) if lot.random() < 0.7 else []
        for name in (*first, *lot.sample(OTHERS, len(OTHERS))):
            if name in RARELY and lot.random() < 0.8:
                continue
            n, into = lot.sample(range(PEOPLE), 2)
            try:
                made = done(name, lives, n, into, now)
            except Refusal:
                continue
            for at, (ticket, line) in made.items():
                lives[at].keep((ticket, line))
                lines.append((at, line))
            if made:
                break
    for life in lives:
        life.ring(now)
    return lives, lines, now


def done(name, lives, n, into, now):
    """What an act makes of whom, by number."""
    ticket = lives[n].ticket
    if name == "merge":
        one, other = joining.merge(ticket, into=lives[into].ticket, by=DESK, sure=True, town=TOWN, now=now)
        return {n: one, into: other}
    if name == "split":
        path = path_of(lives, n)
        whole = [lives[at].ticket for at in path]
        one, others = joining.split(ticket, path=whole, by=DESK.code, note="不是一件", town=TOWN, now=now)
        return {n: one} | dict(zip(path, others, strict=True))
    made = ACTS[name](ticket, town=TOWN, now=now)
    return {n: made} if made else {}


def path_of(lives, n):
    """What it went into, and what that went into."""
    path = []
    while into := lives[n].ticket.merged_into:
        n = next(at for at, life in enumerate(lives) if life.ticket.id == into)
        path.append(n)
    return path


class Together:
    """Lives by their lines alone. A promise that goes over leaves `carried` behind; `came` says with whom one came."""

    def __init__(self, lines, now):
        self.told = [Retold([], now) for _ in range(PEOPLE)]
        self.brought = [{} for _ in range(PEOPLE)]  # into whom: by whom what came along
        self.merged_into = {}
        for n, line in lines:
            if line.kind == "merged":
                self.merge(n, int(line.details["into"]) - 1, line.at)
            elif line.kind == "split":
                self.split(n, line.at)
            elif read := getattr(self.told[n], f"_{line.kind}", None):
                read(line)

    def merge(self, n, into, at):
        child, parent = self.told[n], self.told[into]
        self.merged_into[n] = into
        child.end(["feedback"], at, "kept")
        along = {}
        for kind in CARRIED:
            coming = child.open(kind)
            if coming is None:
                continue
            if at > coming.due:
                coming.state = "late"
                continue
            coming.state, along[kind] = "carried", coming.due
            if kind != "take" or self.awaits_taking(parent):
                self.adopt(parent, kind, coming.due, n, at)
        self.brought[into] |= {n: along} | self.brought[n]

    @staticmethod
    def awaits_taking(parent):
        return bool(parent.unit) and not parent.has_taken

    @staticmethod
    def adopt(parent, kind, due, came, at):
        own = parent.open(kind)
        if own is not None:
            if at <= own.due <= due:
                return
            own.state, own.gave_way = "late" if at > own.due else "carried", True
        parent.promises[kind].append(new := Promise(due, basis=Basis.WORK))
        new.came = came

    def split(self, n, at):
        child, into = self.told[n], self.merged_into.pop(n)
        while into is not None:
            self.leave({n, *self.brought[n]}, into, at)
            into = self.merged_into.get(into)
        child.unit, child.has_taken = "", False
        if (last := child.promises["resolution"][-1:]) and last[0].state == "carried":
            child.promises["resolution"].append(Promise(last[0].due, basis=Basis.WORK))
        child.begin("feedback", at, 5, AmountUnit.MINUTES, Basis.WALL)

    @staticmethod
    def goes_on_elsewhere(promise, came):
        """What nobody met here and came with those is counted once, where it goes on."""
        if getattr(promise, "came", None) in came and not promise.met:
            promise.elsewhere = True

    def leave(self, gone, into, at):
        """What came with those goes with them; the ticket's own promise holds again, or the earliest of who is left."""
        parent = self.told[into]
        left = {k: v for k, v in self.brought[into].items() if k not in gone}
        self.brought[into] = left
        for each in parent.promises["resolution"]:
            self.goes_on_elsewhere(each, gone)
        for kind in CARRIED:
            now_open = parent.open(kind)
            if now_open is None or getattr(now_open, "came", None) not in gone:
                continue
            late = kind == "take" and at > now_open.due  # a unit's, which does not go back with a report
            now_open.state = "late" if late else "carried"
            own = [each for each in parent.promises[kind] if not hasattr(each, "came")][-1:]
            again = [(each.due, None) for each in own if hasattr(each, "gave_way")]
            again += [(due, k) for k, along in left.items() for what, due in along.items() if what == kind]
            if again:
                due, came = min(again, key=lambda each: each[0])
                if came is None:
                    own[0].state = "carried"  # it goes on as the same promise
                parent.promises[kind].append(new := Promise(due, basis=Basis.WORK))
                if came is not None:
                    new.came = came
                    for each in parent.promises[kind][:-1]:
                        if each.due == due:  # the same promise, which goes on
                            self.goes_on_elsewhere(each, {came})


@pytest.mark.parametrize("seed", range(20))
def test_each_promise_of_tickets_that_are_merged_and_split_came_out_as_their_lines_say(seed):
    lives, lines, now = played(seed)
    together = Together(lines, now)
    for life, told in zip(lives, together.told, strict=True):
        facts = fact_of(life.ticket).clocks
        for kind in ("feedback", *CARRIED):
            theirs = Counter(str(each.state) for each in facts if each.kind == kind)
            mine = Counter(
                "carried" if hasattr(each, "elsewhere") else each.looked_at(now)
                for each in told.promises[kind]
            )
            assert mine == theirs, (life.ticket.id, kind)


def test_these_histories_are_of_merges_and_splits():
    kinds = Counter(line.kind for seed in range(20) for _, line in played(seed)[1])
    assert min(kinds["merged"], kinds["split"], kinds["dispatched"], kinds["taken"]) > 20, kinds
