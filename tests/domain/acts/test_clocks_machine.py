"""Whatever the order of acts, alarms and pauses: no clock is lost or met twice, no rung rings twice or is skipped."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import Pause, Stage, Ticket
from chalicelib.domain.town.vocabulary import Track
from tests.domain.clock_town import a_ticket, a_town, at

TOWN = a_town()
PAUSABLE = [kind for kind in ClockKind if kind is not ClockKind.REVIEW]
kinds = st.sampled_from(PAUSABLE)
waits = st.one_of(
    st.integers(0, 400).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(0, 200).map(lambda hours: timedelta(hours=hours)),
)


class ClocksOfATicket(RuleBasedStateMachine):
    @initialize(track=st.sampled_from(list(Track)), urgent=st.booleans(), night=st.booleans())
    def received(self, track: Track, urgent: bool, night: bool) -> None:
        self.now = at("2026-11-20 17:00")
        self.rung: list[tuple[str, int]] = []
        self.met: list[str] = []
        # The execution of the newest generation: until when it sleeps
        self.sleeper: tuple[int, datetime] | None = None
        self.ticket = a_ticket(track=track, urgent=urgent, night=night, facility=True)
        self.save(clocks.start(self.ticket, ClockKind.FEEDBACK, town=TOWN, now=self.now))

    def save(self, ticket: Ticket) -> None:
        """As the store does: watched, armed, and a fresh execution where generation rose."""
        before = {clock.id: clock for clock in self.ticket.clocks}
        after = clocks.arm(clocks.watched(ticket, town=TOWN, now=self.now))
        assert [clock.id for clock in after.clocks][: len(before)] == list(before)  # none lost
        for clock in after.clocks:
            self.check_change(before.get(clock.id), clock)
        if after.generation > self.ticket.generation and after.armed_for is not None:
            self.sleeper = (after.generation, after.armed_for)
        self.ticket = Ticket.model_validate_json(after.model_dump_json())
        assert self.ticket == after

    def check_change(self, before: Clock | None, after: Clock) -> None:
        if after.met_at is not None and (before is None or before.met_at is None):
            assert after.id not in self.met
            self.met.append(after.id)
        if before is not None and not before.is_open:
            assert after == before  # what is over stays as it was
        if before is not None and before.paused_at and after.paused_at:
            assert after.due_at == before.due_at  # a paused clock does not run
            assert after.rang == before.rang

    @rule(kind=kinds)
    def start(self, kind: ClockKind) -> None:
        self.save(clocks.start(self.ticket, kind, town=TOWN, now=self.now))

    @rule(kind=kinds)
    def meet(self, kind: ClockKind) -> None:
        self.save(clocks.meet(self.ticket, kind, by="someone", now=self.now))

    @rule(kind=kinds)
    def end(self, kind: ClockKind) -> None:
        self.save(clocks.end(self.ticket, [kind], now=self.now))

    @rule(kind=kinds, days=st.integers(1, 10))
    def extend(self, kind: ClockKind, days: int) -> None:
        self.save(clocks.extend(self.ticket, kind, working_days=days, town=TOWN, now=self.now))

    @precondition(lambda self: self.ticket.pause is None)
    @rule(some=st.sets(kinds, min_size=1), review=waits)
    def pause(self, some: set[ClockKind], review: timedelta) -> None:
        pause = Pause(kind="waiting", reason="等居民", approved_by="area", since=self.now,
                      review_at=self.now + review, back_to=Stage.HANDLING)  # fmt: skip
        paused = clocks.pause(self.ticket, some, now=self.now)
        self.save(paused.model_copy(update={"pause": pause}))

    @precondition(lambda self: self.ticket.pause is not None)
    @rule()
    def resume(self) -> None:
        left = {
            c.id: (c, TOWN.calendar.between(c.paused_at, c.due_at, c.basis))
            for c in self.ticket.clocks
            if c.paused_at and c.is_open
        }
        resumed = clocks.resume(self.ticket, town=TOWN, now=self.now)
        for clock in resumed.clocks:
            if clock.id in left and left[clock.id][1]:
                assert TOWN.calendar.between(self.now, clock.due_at, clock.basis) == left[clock.id][1]
        self.save(resumed.model_copy(update={"pause": None}))

    @rule(wait=waits)
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    @rule(late=st.booleans())
    def ring(self, late: bool) -> None:
        """The workflow or the sweep, on time or late: rings what is due, in order, and tries the same again."""
        while due := clocks.due_alarms(self.ticket, self.now):
            alarm = due[0]
            clock = next(clock for clock in self.ticket.clocks if clock.id == alarm.clock_id)
            assert clock.paused_at is None
            assert (alarm.clock_id, alarm.rung) not in self.rung
            assert alarm.rung == sum(clock_id == alarm.clock_id for clock_id, _ in self.rung)  # none skipped
            rung = escalate(self.ticket, alarm, town=TOWN, now=self.now)
            assert rung is not None
            assert rung[1].notices
            self.rung.append((alarm.clock_id, alarm.rung))
            self.save(rung[0])
            assert escalate(self.ticket, alarm, town=TOWN, now=self.now) is None
            if late:
                break

    @rule()
    def wake(self) -> None:
        """The newest execution wakes when it meant to, looks, and sleeps on until the next alarm."""
        if self.sleeper is None or self.sleeper[1] > self.now:
            return
        alarm = clocks.next_alarm(self.ticket)
        self.sleeper = (self.sleeper[0], alarm.at) if alarm else None

    @invariant()
    def is_watched(self) -> None:
        alarm = clocks.next_alarm(self.ticket)
        assert alarm is not None
        assert self.ticket.armed_for == alarm.at

    @invariant()
    def an_execution_wakes_in_time(self) -> None:
        assert self.sleeper is not None
        assert self.sleeper[0] == self.ticket.generation
        alarm = clocks.next_alarm(self.ticket)
        assert alarm is not None
        assert self.sleeper[1] == alarm.at

    @invariant()
    def one_open_clock_of_a_kind(self) -> None:
        open_kinds = [clock.kind for clock in self.ticket.clocks if clock.is_open]
        assert len(open_kinds) == len(set(open_kinds))

    @invariant()
    def a_clock_that_is_over_rings_no_more(self) -> None:
        assert all(len(clock.rungs) == clock.rang for clock in self.ticket.clocks if not clock.is_open)


TestClocksOfATicket = ClocksOfATicket.TestCase
TestClocksOfATicket.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
