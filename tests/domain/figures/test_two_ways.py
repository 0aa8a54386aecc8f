"""Any history, two ways of counting: figures are made of the ticket as it stands; here the lines of its history are counted."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

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
from chalicelib.domain.figures.facts import day_of, fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.figures.promises import beside_of, days_of, paused_by_of, stopped_of
from chalicelib.domain.tickets.event_kinds import EventKind as Kind
from tests.domain.life import NOW, TOWN, person
from tests.domain.played import Played

DESK, HANDLER, AREA = person("desk-a"), person("handler-a"), person("area")
GIVEN = {"unit_id": "OFF", "handler_id": "handler-a", "track": None, "note": ""}
RATING = {"satisfied": None, "words": "", "is_reporter": True}
RETURN = {"reason": returning.ReturnReason.WRONG_PLACE, "note": ""}
DECLINE = {"reason": answering.DeclineReason.UNTRUE, "text": "查无此事", "instead": "打 12345"}


def _suspend(ticket, *, town, now):
    until = now + timedelta(days=9)
    return pausing.suspend(ticket, by=AREA, reason="等", review_at=until, town=town, now=now)


ACTS = {
    "dispatch": (dispatching.dispatch, {"by": DESK, **GIVEN}),
    "take": (dispatching.take, {"by": HANDLER}),
    "return": (returning.return_to_desk, {"by": HANDLER, **RETURN}),
    "wait": (pausing.wait, {"by": HANDLER, "question": "几号楼？"}),
    "arrives": (pausing.question_arrived, {"how": pausing.Arrival.OPENED}),
    "suspend": (_suspend, {}),
    "resume": (pausing.resume, {"by": AREA, "note": ""}),
    "feedback": (handling.unit_feedback, {"by": HANDLER, "text": "明天去"}),
    "resolve": (closing.resolve, {"by": HANDLER, "note": "好", "photos": ("P",), "feedback": "好了"}),
    "solved": (following_up.rate, {"solved": True, **RATING}),
    "unsolved": (following_up.rate, {"solved": False, **RATING}),
    "rework": (reworking.rework, {"by": "desk-a", "reason": "没好"}),
    "reopen": (reworking.reopen, {"reason": "又坏了"}),
    "answer": (answering.answer, {"by": DESK, "text": "带身份证"}),
    "decline": (answering.decline, {"by": DESK, **DECLINE}),
    "forward": (answering.forward, {"by": DESK, "to": "12345", "number": "", "text": "已转"}),
    "withdraw": (answering.withdraw, {"reason": "好了", "others": 0}),
}
USUAL = ("dispatch", "take", "wait", "arrives", "resume", "resolve", "solved", "rework")
# How far a life has come before anything may happen to it; by chance alone few would come so far.
BEGUN = tuple((name, 45) for name in ("dispatch", "take", "resolve", "solved"))
begun = st.integers(0, len(BEGUN)).map(lambda n: list(BEGUN[:n]))
after_it = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(USUAL), st.sampled_from(sorted(ACTS))),
        st.sampled_from([2, 45, 60 * 7, 60 * 26, 60 * 24 * 6]),
    ),
    max_size=20,
)
steps = st.builds(list.__add__, begun, after_it)


def played(script, number):
    life, now = Played(number=number), NOW
    for name, minutes in script:
        now += timedelta(minutes=minutes)
        act, how = ACTS[name]
        life.ring(now)
        try:
            made = act(life.ticket, town=TOWN, now=now, **how)
        except Refusal:
            continue
        if made is not None:
            life.keep(made)
    return life, now


class Told:
    """What the lines of one history say, without a look at the ticket."""

    def __init__(self, lines, now):
        self.lines = lines
        self.kinds = [line.kind for line in lines]
        self.now = now

    def times(self, *kinds):
        return sum(kind in kinds for kind in self.kinds)

    def last(self, *kinds):
        return next((line for line in reversed(self.lines) if line.kind in kinds), None)

    @property
    def pauses(self):
        """When time stood still, from what on and until when; a question from its arrival on."""
        found, since = [], None
        for line in self.lines:
            if line.kind in (Kind.SUSPENDED, Kind.QUESTION_ARRIVED):
                since = line.at
            elif since and line.kind in (Kind.RESUMED, Kind.FORWARDED, Kind.WITHDRAWN):
                found.append((since, line.at))
                since = None
        return found, since

    @property
    def solved_days(self):
        """From the report to the last claim or answer, where the word after it is yes and nothing came after that."""
        done = self.last(Kind.RESOLVED, Kind.ANSWERED)
        words = [line for line in self.lines if "solved" in line.details]
        again = self.last(Kind.REWORKED, Kind.REOPENED)
        if not (done and words) or words[-1].at < done.at or (again and again.at > done.at):
            return None
        is_yes = words[-1].details["solved"] == "yes"
        return (day_of(done.at) - day_of(self.lines[0].at)).days if is_yes else None


@settings(max_examples=60)
@given(st.lists(steps, min_size=1, max_size=3))
def test_any_history_comes_to_the_same_figures_by_its_lines_as_by_its_ticket(scripts):
    lives = [played(script, n + 1) for n, script in enumerate(scripts)]
    told = [Told(life.lines, now) for life, now in lives]
    facts = [fact_of(life.ticket) for life, _ in lives]
    tally = count_day(facts, [fact for fact in facts if fact.closing_day])["all"][""]
    figures, beside = indicators_of(tally), beside_of(tally)
    stopped = stopped_of(tally, NOW.date())

    def sums(of):
        return sum(of(each) for each in told)

    assert figures["returned"]["times"] == sums(lambda each: each.times(Kind.RETURNED))
    assert stopped["paused"] == sums(lambda each: each.times(Kind.SUSPENDED, Kind.WAITING) > 0)
    assert sum(n for _, n in paused_by_of(tally)) == sums(
        lambda each: each.times(Kind.SUSPENDED, Kind.WAITING)
    )
    assert stopped["paused_now"] == sums(lambda each: each.pauses[1] is not None)
    over = tally.get("paused_days", 0)
    assert over == sums(
        lambda each: (
            -(-sum((until - since for since, until in each.pauses[0]), timedelta()) // timedelta(days=1))
        )
    )
    ends = (Kind.DECLINED, Kind.FORWARDED, Kind.WITHDRAWN, Kind.REOPENED)
    ended = Counter(last.kind for each in told if (last := each.last(*ends)))
    assert [beside[aside] for aside in ("declined", "forwarded", "withdrawn")] == [
        ended[kind] for kind in (Kind.DECLINED, Kind.FORWARDED, Kind.WITHDRAWN)
    ]
    days = sorted(days for each in told if (days := each.solved_days) is not None)
    assert days_of(tally)["of"] == len(days)
    if days:
        assert days_of(tally)["median"] == days[(len(days) - 1) // 2]
