"""A ticket's whole life in any order: every act by anyone, every alarm on time or late, and what must hold after each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.domain.acts import (
    answering,
    assisting,
    closing,
    dispatching,
    following_up,
    handling,
    pausing,
    receiving,
    returning,
    reworking,
    supervising,
    withholding,
)
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Refusal
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.bounds import MOST_CLOCKS, REPEATED_CLOCKS, was_late
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.clock_model import Clock
from chalicelib.domain.tickets.event_kinds import ENDS, EventKind
from chalicelib.domain.tickets.readings import NOT_READ, Concerned, Grievance, Reading
from chalicelib.domain.tickets.ticket import (
    ENDED,
    MOVES,
    AssistingState,
    Event,
    FollowUpResult,
    Stage,
    Ticket,
    Where,
)
from chalicelib.domain.town.vocabulary import (
    FOUND,
    Category,
    FollowUpRule,
    Role,
    Source,
    Staff,
    Track,
    Unit,
    UnitKind,
)
from chalicelib.domain.views import access
from tests.domain.clock_town import PATH, STAFF, a_town, at

POLICIES = {
    Source.QR: ("message", "in_app_then_call"),
    Source.PHONE: ("call_list", "call"),
    Source.HOTLINE_12345: ("message", "call_unless_partner"),
    Source.PATROL: ("none", "verify"),
}
NOBODY_REACHED = (CallOutcome.NOT_ANSWERED, CallOutcome.SOMEBODY_ELSE)
UNITS = ("ST", "OFF", "TRA")
TOWN = a_town(
    follow_up=(
        *(FollowUpRule(source=s, unit_feedback=unit, station=station) for s, (unit, station) in POLICIES.items()),
        FollowUpRule(source="on_the_spot", unit_feedback="none", station="message_only"),
    ),
    units=(*a_town().units, Unit(code="TRA", name="交警支队", kind=UnitKind.DISTRICT_AGENCY, area="HJ")),
    staff=(
        *STAFF,
        Staff(code="police", name="交警甲", unit="TRA", roles=(Role.HANDLER,), places=()),
        Staff(code="police-head", name="交警队长", unit="TRA", roles=(Role.UNIT_HEAD,), places=()),
    ),
    categories=(Category(code="LAMP", name="楼道照明", facility=True, lead="OFF"),),
)  # fmt: skip
people = st.sampled_from(TOWN.staff)
units = st.sampled_from(UNITS)
waits = st.sampled_from([timedelta(0), timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=3),
                         timedelta(hours=20), timedelta(days=2), timedelta(days=9)])  # fmt: skip
WITH_A_UNIT = {Stage.DISPATCHED, Stage.HANDLING}
# With these an answer closes a ticket that 办结 was said of before
AFTER_A_CLAIM = (EventKind.FOLLOWED_UP, EventKind.UNREACHED, EventKind.VERIFIED)


def of_the_office(grievance: Grievance) -> Reading:
    """Words that say so of the office."""
    said = Concerned(grievance=grievance, parties=("OFF",), words=("不管",))
    return NOT_READ.model_copy(update={"concerned": said})


UNHAPPY = {"category": "LAMP", "reading": of_the_office(Grievance.SERVICE), "entered_by": None}


def where_it_is(*stages: Stage) -> Any:
    """Most of the time an act comes where it belongs; `anywhere` below tries it where it does not."""
    return precondition(lambda self: self.ticket.stage in stages)


def gave_way(clock: Clock, before: Ticket | None, after: Ticket) -> bool:
    """Whether a round of what is repeated that ended in time is gone because as many newer ones stand as are kept (rule 94)."""
    if before is None or clock.kind not in REPEATED_CLOCKS or clock.is_open or was_late(clock):
        return False
    those = (each for each in after.clocks if each.kind is clock.kind)
    ended = [each for each in those if not (each.is_open or was_late(each))]
    return clock.id not in {each.id for each in ended} and len(ended) == MOST_CLOCKS


class Life(RuleBasedStateMachine):
    @initialize(
        source=st.sampled_from(list(POLICIES)),
        confidential=st.booleans(),
        begun=st.integers(0, 3),
        unhappy=st.booleans(),
    )
    def report(self, source: Source, confidential: bool, begun: int, unhappy: bool) -> None:
        """A ticket as it came in, or one already `begun`: dispatched, taken, resolved; or that nobody has looked at, `unhappy`."""
        self.now, self.rung, self.met = at("2026-11-20 17:00"), [], []
        self.ticket: Ticket = None  # type: ignore[assignment]
        given = receiving.Report(
            id="01JD0000000000000000000000", number="MS261120-7K3QX9-4", source=source, text="隧道口喇叭声太吵",
            reporter_id=None if source in FOUND else "r1", entered_by="desk-a" if source is not Source.QR else None,
            where=Where(place="SH", path=PATH, name="盛华景苑"), confidential=confidential,
        )  # fmt: skip
        if unhappy and source not in FOUND:
            given = given.model_copy(update=UNHAPPY)
            begun = 0
        self.save(receiving.receive(given, town=TOWN, now=self.now))
        desk, handler = TOWN.staff_member("desk-a"), TOWN.staff_member("handler-a")
        given_to = {"unit_id": "OFF", "handler_id": None, "track": None, "note": ""}
        start: list[Callable[[], object]] = [
            lambda: self.act(dispatching.dispatch, by=desk, **given_to),
            lambda: self.act(dispatching.take, by=handler),
            lambda: self.act(closing.resolve, by=handler, note="已修好", photos=("p1",), feedback="已修好"),
        ]
        for step in start[:begun]:
            assert step()

    # --- the machinery: an act is tried, refused or saved; after each the change itself is judged ---

    def act(self, decide: Callable[..., Changed | None], **given: Any) -> bool:
        before = self.ticket
        try:
            decided = decide(before, town=TOWN, now=self.now, **given)
        except Refusal:
            return False
        if decided is not None:
            self.save(decided)
        return decided is not None

    def save(self, decided: Changed) -> None:
        after, event = decided
        before, self.ticket = self.ticket, clocks.arm(after)
        self.check_event(event)
        self.check_clocks(before, self.ticket)
        if before is not None:
            assert self.ticket.stage is before.stage or self.ticket.stage in MOVES[before.stage]
            if self.ticket.stage is Stage.CLOSED and before.stage is not Stage.CLOSED:
                self.check_closing(self.ticket)
            if self.ticket.stage in ENDED and before.stage not in ENDED:
                assert event.kind in (*ENDS, *AFTER_A_CLAIM)  # what partners hear of an end hangs by these
        assert Ticket.model_validate_json(self.ticket.model_dump_json()) == self.ticket

    def check_event(self, event: Event) -> None:
        assert event.at == self.now
        assert not any("None" in notice.to for notice in event.notices)

    def check_clocks(self, before: Ticket | None, after: Ticket) -> None:
        old = {clock.id: clock for clock in before.clocks} if before else {}
        kept = [name for name, clock in old.items() if not gave_way(clock, before, after)]
        assert [clock.id for clock in after.clocks][: len(kept)] == kept  # none is lost
        for clock in after.clocks:
            self.check_clock(old.get(clock.id), clock)

    def check_clock(self, before: Clock | None, after: Clock) -> None:
        if before is not None and not before.is_open:
            assert after == before  # what is over stays as it was: met once, ended once
        elif after.met_at is not None:
            assert after.id not in self.met
            self.met.append(after.id)
        if before is not None and before.paused_at and after.paused_at:
            assert (after.due_at, after.rang) == (before.due_at, before.rang)

    def check_closing(self, ticket: Ticket) -> None:
        """The follow-up policy, said once more in other words (design §6)."""
        if ticket.answered_on_the_spot:
            return
        feedback, station = POLICIES[ticket.source]
        assert feedback == "none" or ticket.fed_back_by_unit == ticket.round
        results = [f for f in ticket.follow_ups if f.round == ticket.round and f.by != "member"]
        if ticket.exemption:
            return
        assert results
        last = results[-1]
        assert last.result is not FollowUpResult.NOT_SOLVED
        worked = {ticket.handler_id, ticket.resolution.by if ticket.resolution else None}
        assert last.by not in worked
        # Whoever reported may rate in the app after the check; what decides is that somebody went and looked.
        assert station != "verify" or any(f.how == "verify" for f in results)
        if last.how == "in_app":
            assert station == "in_app_then_call" or {"call", "verify"} & {f.how for f in results}
        if last.result is FollowUpResult.UNREACHED:
            tries = [a for a in ticket.attempts if a.round == ticket.round and a.outcome in NOBODY_REACHED]
            assert len(tries) >= 3
            assert len({a.at.astimezone(SHANGHAI).date() for a in tries}) >= 2

    # --- time and alarms ---

    @rule(wait=waits)
    def wait(self, wait: timedelta) -> None:
        self.now += wait

    @rule(twice=st.booleans(), only_one=st.booleans())
    def ring(self, twice: bool, only_one: bool) -> None:
        while due := clocks.due_alarms(self.ticket, self.now):
            alarm = due[0]
            assert (alarm.clock_id, alarm.rung) not in self.rung
            assert alarm.rung == sum(clock_id == alarm.clock_id for clock_id, _ in self.rung)
            clock = next(clock for clock in self.ticket.clocks if clock.id == alarm.clock_id)
            assert clock.is_running
            assert self.act(
                lambda ticket, *, town, now, alarm=alarm: escalate(ticket, alarm, town=town, now=now)
            )
            self.rung.append((alarm.clock_id, alarm.rung))
            if twice:
                assert escalate(self.ticket, alarm, town=TOWN, now=self.now) is None
            if only_one:
                return

    # --- the desk ---

    @where_it_is(Stage.RECEIVED)
    @rule(by=people, unit=units, track=st.sampled_from([None, *Track]))
    def dispatch(self, by: Staff, unit: str, track: Track | None) -> None:
        self.act(dispatching.dispatch, unit_id=unit, handler_id=None, by=by, track=track, note="")

    @where_it_is(Stage.RECEIVED)
    @rule(by=people, unit=units)
    def assign_finally(self, by: Staff, unit: str) -> None:
        self.act(dispatching.assign_finally, unit_id=unit, handler_id=None, by=by, note="")

    @where_it_is(Stage.RECEIVED)
    @rule(by=people, what=st.sampled_from(["answer", "decline", "forward"]))
    def end_at_once(self, by: Staff, what: str) -> None:
        if what == "answer":
            self.act(answering.answer, by=by, text="可以办理")
        elif what == "decline":
            self.act(
                answering.decline,
                by=by,
                reason=answering.DeclineReason.UNTRUE,
                text="查无此事",
                instead="拨打12345",
            )
        else:
            self.act(answering.forward, by=by, to="12345", number="1", text="")

    @where_it_is(Stage.DISPATCHED, Stage.HANDLING)
    @rule(by=people, unit=units)
    def transfer(self, by: Staff, unit: str) -> None:
        self.act(dispatching.transfer, unit_id=unit, handler_id=None, by=by, note="")

    @where_it_is(Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED)
    @rule(by=people)
    def supervise(self, by: Staff) -> None:
        self.act(supervising.supervise, by=by, text="请尽快")

    @precondition(lambda self: self.ticket.supervision_orders)
    @rule(by=people, data=st.data())
    def answer_supervision(self, by: Staff, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.ticket.supervision_orders))
        self.act(supervising.answer_supervision, by=by, order_id=order.id, text="已安排")

    @precondition(lambda self: self.ticket.withheld is not None)
    @rule(by=people, what=st.sampled_from(["release", "summary", "keep"]))
    def look(self, by: Staff, what: str) -> None:
        if what == "keep":
            self.act(withholding.keep_words, by=by, note="会看出是谁")
        else:
            is_summary = what == "summary"
            self.act(
                withholding.release_words, by=by, summary="楼道灯不亮" * is_summary, only_summary=is_summary
            )

    @where_it_is(Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.RESOLVED)
    @rule(grievance=st.sampled_from(Grievance))
    def say(self, grievance: Grievance) -> None:
        self.act(withholding.held_back, reading=of_the_office(grievance), by="reporter")

    # --- the unit ---

    @where_it_is(Stage.DISPATCHED)
    @rule()
    def take(self) -> None:
        self.act(dispatching.take, by=self.someone_of_the_lead())

    @where_it_is(Stage.DISPATCHED, Stage.HANDLING)
    @rule()
    def return_to_desk(self) -> None:
        reason = returning.ReturnReason.WRONG_PLACE
        self.act(returning.return_to_desk, by=self.someone_of_the_lead(), reason=reason, note="")

    @where_it_is(Stage.DISPATCHED, Stage.HANDLING)
    @rule(what=st.sampled_from(["arrive", "contact", "unit_feedback", "progress", "ask_extension"]))
    def work(self, what: str) -> None:
        given: dict[str, Any] = {
            "arrive": {"note": "", "photos": ()},
            "contact": {"note": "已联系"},
            "unit_feedback": {"text": "明天去"},
            "progress": {"text": "在办", "photos": (), "public": True},
            "ask_extension": {"working_days": 3, "reason": "等材料"},
        }[what]
        self.act(getattr(handling, what), by=self.someone_of_the_lead(), **given)

    @precondition(lambda self: self.ticket.extension is not None)
    @rule(by=people, approved=st.booleans())
    def decide_extension(self, by: Staff, approved: bool) -> None:
        self.act(handling.decide_extension, by=by, approved=approved, note="")

    @where_it_is(Stage.HANDLING)
    @rule()
    def wait_for_the_resident(self) -> None:
        self.act(pausing.wait, by=self.someone_of_the_lead(), question="哪一层？")

    @where_it_is(Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING)
    @rule(by=people, days=st.integers(1, 20))
    def suspend(self, by: Staff, days: int) -> None:
        self.act(pausing.suspend, by=by, reason="等拨款", review_at=self.now + timedelta(days=days))

    @precondition(lambda self: self.ticket.pause is not None)
    @rule(by=people, reporter=st.booleans())
    def resume(self, by: Staff, reporter: bool) -> None:
        if reporter:
            self.act(pausing.resume_by_reporter, note="三楼")
        else:
            self.act(pausing.resume, by=by, note="")

    @where_it_is(Stage.DISPATCHED, Stage.HANDLING)
    @rule(
        by=people, unit=units, what=st.sampled_from(["add", AssistingState.FINISHED, AssistingState.WAIVED])
    )
    def assist(self, by: Staff, unit: str, what: str) -> None:
        if what == "add":
            self.act(assisting.add_assisting, unit_id=unit, by=by, note="")
        else:
            self.act(assisting.end_assisting, unit_id=unit, state=what, by=by, note="")

    @where_it_is(Stage.HANDLING)
    @rule(feedback=st.sampled_from(["", "已修好"]))
    def resolve(self, feedback: str) -> None:
        by = self.someone_of_the_lead()
        self.act(closing.resolve, by=by, note="已修好", photos=("p1",), feedback=feedback)

    def someone_of_the_lead(self) -> Staff:
        lead = [person for person in TOWN.staff if person.unit == self.ticket.lead_unit_id]
        return lead[0] if lead else TOWN.staff[0]

    # --- after the work ---

    @where_it_is(Stage.RESOLVED, Stage.CLOSED)
    @rule(solved=st.booleans(), is_reporter=st.booleans())
    def rate(self, solved: bool, is_reporter: bool) -> None:
        self.act(following_up.rate, solved=solved, satisfied=None, words="", is_reporter=is_reporter)

    @where_it_is(Stage.RESOLVED)
    @rule(round_=st.sampled_from([0, 1, 2]))
    def ask_by_call(self, round_: int) -> None:
        self.act(following_up.ask_by_call, round_=round_ or self.ticket.round)

    @where_it_is(Stage.RESOLVED)
    @rule(by=people, solved=st.sampled_from([None, True, False]), outcome=st.sampled_from(CallOutcome))
    def call(self, by: Staff, solved: bool | None, outcome: CallOutcome) -> None:
        self.act(following_up.record_call, by=by, outcome=outcome, solved=solved, satisfied=solved, words="")

    @where_it_is(Stage.RESOLVED)
    @rule(by=people, ok=st.booleans())
    def verify(self, by: Staff, ok: bool) -> None:
        self.act(reworking.verify, by=by, ok=ok, note="看过", photos=())

    @where_it_is(Stage.RESOLVED, Stage.CLOSED)
    @rule(by=people, what=st.sampled_from(["rework", "exempt", "close"]))
    def finish(self, by: Staff, what: str) -> None:
        if what == "rework":
            self.act(reworking.rework, by=by.code, reason="没修好")
        elif what == "exempt":
            self.act(closing.exempt, by=by, rule="匿名，无法联系")
        else:
            self.act(closing.close, by=by, note="")

    @where_it_is(*ENDED)
    @rule()
    def reopen(self) -> None:
        self.act(reworking.reopen, reason="又坏了")

    @where_it_is(Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED)
    @rule(others=st.integers(0, 1))
    def withdraw(self, others: int) -> None:
        self.act(answering.withdraw, reason="自己修好了", others=others)

    @rule(by=people, data=st.data())
    def anywhere(self, by: Staff, data: st.DataObject) -> None:
        """Any act where it does not belong is refused, or harmless."""
        acts: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
            "take": (dispatching.take, {}),
            "unit_feedback": (handling.unit_feedback, {"text": "明天去"}),
            "progress": (handling.progress, {"text": "在办", "photos": (), "public": False}),
            "resolve": (closing.resolve, {"note": "好了", "photos": ("p1",), "feedback": ""}),
            "close": (closing.close, {"note": ""}),
            "verify": (reworking.verify, {"ok": True, "note": "", "photos": ()}),
            "resume": (pausing.resume, {"note": ""}),
        }
        decide, given = acts[data.draw(st.sampled_from(sorted(acts)))]
        self.act(decide, by=by, **given)

    # --- what holds after every step ---

    @invariant()
    def what_is_not_at_its_end_has_an_alarm_and_what_is_has_none(self) -> None:
        alarm = clocks.next_alarm(self.ticket)
        assert (alarm is None) == (self.ticket.stage in ENDED)
        if self.ticket.pause is not None:
            assert self.ticket.pause.review_at
            assert clocks.find_open(self.ticket, clocks.ClockKind.REVIEW) is not None

    @invariant()
    def a_unit_has_what_is_dispatched_and_nobody_what_is_not(self) -> None:
        assert (self.ticket.stage in WITH_A_UNIT) <= (self.ticket.lead_unit_id is not None)
        if self.ticket.stage is Stage.HANDLING:
            assert self.ticket.taken

    @invariant()
    def what_a_pause_stops_stands_still_and_nothing_else_does(self) -> None:
        paused = [clock for clock in self.ticket.clocks if clock.is_open and clock.paused_at]
        assert not paused or self.ticket.pause is not None

    @invariant()
    def words_that_wait_are_looked_for_and_nobody_who_has_it_reads_them(self) -> None:
        waits = self.ticket.withheld is not None and self.ticket.withheld.waits
        look = clocks.find_open(self.ticket, clocks.ClockKind.LOOK)
        assert (look is not None) == (waits and self.ticket.stage not in ENDED)
        for each in TOWN.staff if waits else ():
            is_desk = each.unit == "ST" or Role.TOWN_LEADER in each.roles
            assert access.reads_words(self.ticket, each) <= (is_desk or each.code in self.ticket.escalated_to)
            assert not (
                access.reads_words(self.ticket, each) and each.unit == self.ticket.lead_unit_id != "ST"
            ) or (Role.TOWN_LEADER in each.roles)

    @invariant()
    def one_open_clock_of_a_kind(self) -> None:
        kinds = [clock.kind for clock in self.ticket.clocks if clock.is_open]
        assert len(kinds) == len(set(kinds))


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
