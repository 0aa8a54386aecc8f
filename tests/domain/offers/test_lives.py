"""Several tickets at once, every act that a screen offers, residents, alarms, merges, splits, divisions, and people who leave.

What must hold after each step is design §13: no promise ends unkept, unpaused and uncarried; nobody loses a ticket without
a line; "not solved" always meets a person; nobody who left holds anything. A new act is tried by itself.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.domain.acts import (
    answering,
    dispatching,
    dividing,
    endangered,
    following_up,
    joining,
    pausing,
    reworking,
    words,
)
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Refusal
from chalicelib.domain.offers import possible
from chalicelib.domain.parties.follow_up_policy import is_not_solved, may_yet_be_heard
from chalicelib.domain.parties.holding import assistants, holders
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import ENDED, MOVES, Event, Outcome, Stage, Ticket
from chalicelib.domain.town.vocabulary import Source, Staff
from tests.domain.life import NOW, PEOPLE, TOWN, dispatched, life_town, person, received, resolved, taken
from tests.domain.offers.test_possible import ACTS, TRIED

OF_SEVERAL = ("split", "divide")  # acts on more than one ticket: rules of their own below
LEAVERS = ("handler-a", "pm", "area")
WORKERS = ("desk-a", "st-head", "handler-a", "handler-b", "off-head", "police", "pm", "area", "town")
# What was said to a resident by when. The rest is among colleagues, and ends with what it belongs to.
PROMISES = (ClockKind.FEEDBACK, ClockKind.RESPONSE, ClockKind.RESOLUTION)
STARTS: tuple[Callable[..., Ticket], ...] = (received, dispatched, taken, resolved)
TEXTS = ("小区门口乱糟糟", "楼道灯不亮", "门口垃圾没人清")
WAITS = [timedelta(0), timedelta(minutes=3), timedelta(hours=2), timedelta(days=1), timedelta(days=8)]


class Lives(RuleBasedStateMachine):
    @initialize(starts=st.lists(st.sampled_from(STARTS), min_size=3, max_size=3), data=st.data())
    def report(self, starts: list[Callable[..., Ticket]], data: st.DataObject) -> None:
        self.now, self.town, self.gone = NOW, TOWN, ""
        self.tickets: dict[str, Ticket] = {}
        self.divided = 0
        for n, start in enumerate(starts):
            source = data.draw(st.sampled_from([Source.QR, Source.PHONE]))
            given = {
                "id": f"01JD00000000000000000000{n:02}",
                "number": f"MS261123-7K3Q{n:02}-4",
                "reporter_id": f"r{n}",
            }
            text = TEXTS[n] if start is received else "小区门口乱糟糟"
            entered = {"entered_by": "desk-a"} if source is Source.PHONE else {}
            ticket = start(text=text, source=source, photos=(), **given, **entered)
            self.tickets[ticket.id] = clocks.arm(ticket)

    # --- the machinery ---

    def one(self, data: st.DataObject) -> Ticket:
        return self.tickets[data.draw(st.sampled_from(sorted(self.tickets)))]

    def act(self, ticket: Ticket, decide: Callable[..., Changed | None], **given: Any) -> None:
        try:
            decided = decide(ticket, town=self.town, now=self.now, **given)
        except Refusal:
            return
        if decided is not None:
            self.save(ticket, *decided)

    def save(self, before: Ticket | None, after: Ticket, event: Event) -> None:
        saved = clocks.arm(after)
        self.tickets[saved.id] = saved
        assert Ticket.model_validate_json(saved.model_dump_json()) == saved
        if before is None:
            return
        assert after.stage is before.stage or after.stage in MOVES[before.stage]
        self.check_heard(before, after)
        self.check_promises(before, after, event)
        self.check_lines(before, after, event)

    def check_heard(self, before: Ticket, after: Ticket) -> None:
        """Nothing closes while somebody whose report it is has time to say that it is not solved."""
        if before.stage is Stage.RESOLVED and after.stage is Stage.CLOSED and not after.exemption:
            asked = before.model_copy(update={"follow_ups": after.follow_ups})
            assert after.outcome is Outcome.EXPLAINED or not may_yet_be_heard(asked, self.town, self.now)

    def check_promises(self, before: Ticket, after: Ticket, event: Event) -> None:
        """A promise is met, carried, late already, replaced by one that runs, or ends with a word to whoever had it."""
        now = {clock.id: clock for clock in after.clocks}
        for clock in before.clocks:
            if clock.kind not in PROMISES or not clock.is_open:
                continue
            then = now[clock.id]
            if then.is_open or then.met_at or then.carried_to or clocks.is_overdue(clock, self.now):
                continue
            is_replaced = clocks.find_open(after, clock.kind) is not None
            is_told = event.by == "reporter" or any(n.to == "reporter" for n in event.notices)
            assert is_replaced or is_told or not before.reporter_id, (event.kind, clock.kind)

    def check_lines(self, before: Ticket, after: Ticket, event: Event) -> None:
        def acting(ticket: Ticket) -> set[str]:
            held = (*holders(ticket, self.town, self.now), *assistants(ticket, self.town, self.now))
            return {each.code for each in held}

        lost = (
            acting(before) - acting(after) - {event.by, event.details.get("from", "")}
        )  # whoever left knows
        heard = {notice.to.removeprefix("staff:") for notice in event.notices}
        if after.stage is not Stage.RESOLVED:  # whoever resolved it knows, and holds it still
            assert lost <= heard, (event.kind, lost - heard)

    # --- staff, by whatever their screens offer ---

    @rule(data=st.data(), workers=st.lists(st.sampled_from(WORKERS), min_size=2, max_size=5))
    def staff(self, data: st.DataObject, workers: list[str]) -> None:
        for code in workers:
            if code != self.gone:
                self.offered(data, person(code))

    def offered(self, data: st.DataObject, by: Staff) -> None:
        ticket = self.one(data)
        names = sorted(set(possible.names(ticket, by, self.town, self.now)) & set(ACTS) - set(OF_SEVERAL))
        if not names:
            return
        name = data.draw(st.sampled_from(names))
        bodies = list(possible.bodies(ACTS[name], ticket, by, self.town, self.now))
        body = data.draw(st.sampled_from(bodies)) if bodies else {}
        body = body | {
            key: data.draw(strategy)
            for key, strategy in TRIED[name].items()
            if key in ("approved", "solved", "ok")
        }
        self.act(ticket, ACTS[name].rule, by=by, **body, **ACTS[name].fixed)

    @rule(data=st.data(), sure=st.booleans())
    def merge(self, data: st.DataObject, sure: bool) -> None:
        child, parent = self.one(data), self.one(data)
        try:
            one, other = joining.merge(
                child, into=parent, by=person("desk-a"), sure=sure, town=self.town, now=self.now
            )
        except Refusal:
            return
        for kind in PROMISES[1:]:
            was = clocks.find_open(child, kind)
            if was and was.is_running and not clocks.is_overdue(was, self.now):
                held = clocks.find_open(other[0], kind)
                assert held is not None, kind
                assert not held.is_running or held.due_at <= was.due_at
        self.save(child, *one)
        self.save(parent, *other)

    @rule(data=st.data(), by=st.sampled_from(["reporter", "desk-a"]))
    def split(self, data: st.DataObject, by: str) -> None:
        child = self.one(data)
        if child.stage is not Stage.MERGED:
            return
        path, at = [], child
        while at.merged_into is not None:
            at = self.tickets[at.merged_into]
            path.append(at)
        own, parted = joining.split(child, path=path, by=by, note="不是一件事", town=self.town, now=self.now)
        self.save(child, *own)
        for before, other in zip(path, parted, strict=True):
            self.save(before, *other)

    @rule(data=st.data())
    def divide(self, data: st.DataObject) -> None:
        whole = self.one(data)
        if self.divided > 1:
            return
        called = dividing.New(
            id=f"01JD0000000000000000000P{self.divided:02}", number=f"MS261123-7K3P{self.divided:02}-4"
        )
        matters = tuple(dividing.Matter(title=text, text=text) for text in TEXTS[:2])
        try:
            changed, parts = dividing.divide(
                whole, matters=matters, new=(called,), by=person("desk-a"), town=self.town, now=self.now
            )
        except Refusal:
            return
        self.divided += 1
        self.save(whole, *changed)
        for part in parts:
            self.save(None, *part)

    # --- residents ---

    @rule(data=st.data(), solved=st.booleans(), is_reporter=st.booleans())
    def rate(self, data: st.DataObject, solved: bool, is_reporter: bool) -> None:
        ticket = self.one(data)
        of = data.draw(st.sampled_from(["", *(each.id for each in ticket.joined)])) if is_reporter else ""
        self.act(
            ticket,
            following_up.rate,
            solved=solved,
            satisfied=None,
            words="",
            is_reporter=is_reporter,
            of=of,
        )
        after = self.tickets[ticket.id]
        if not solved and after is not ticket:
            assert after.on_call_list or after.unread

    @rule(data=st.data(), what=st.sampled_from(["reopen", "comment", "answer", "withdraw"]))
    def resident(self, data: st.DataObject, what: str) -> None:
        ticket = self.one(data)
        match what:
            case "withdraw" if self.now > NOW + timedelta(days=9):  # not before much has happened
                self.act(ticket, answering.withdraw, reason="好了", others=0)
            case "reopen":
                self.act(ticket, reworking.reopen, reason="又坏了")
            case "comment":
                self.act(ticket, words.left_unread, by="reporter")
            case "answer":
                self.act(ticket, pausing.resume_by_reporter, note="三楼")

    @rule(data=st.data(), answer=st.sampled_from(Answer))
    def in_danger(self, data: st.DataObject, answer: Answer) -> None:
        self.act(self.one(data), endangered.answer_danger, answer=answer, kind=None)

    # --- time, alarms, the stream, and people who leave ---

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.now += wait
        for id_ in sorted(self.tickets):
            while due := clocks.due_alarms(self.tickets[id_], self.now):
                before = self.tickets[id_]
                self.act(before, lambda t, *, town, now, alarm=due[0]: escalate(t, alarm, town=town, now=now))
                assert self.tickets[id_] != before
        for ticket in list(self.tickets.values()):
            if ticket.pause and ticket.pause.kind == "waiting":
                self.act(ticket, pausing.question_arrived, how=pausing.Arrival.OPENED)

    @rule()
    def workflow(self) -> None:
        for ticket in list(self.tickets.values()):
            if self.now >= following_up.answer_by(ticket, town=self.town, now=self.now):
                self.act(
                    ticket,
                    lambda t, *, town, now: following_up.ask_by_call(t, round_=t.round, town=town, now=now),
                )

    def standing(self, ticket: Ticket) -> Ticket:
        while ticket.merged_into is not None:
            ticket = self.tickets[ticket.merged_into]
        return ticket

    @rule()
    def stream(self) -> None:
        for part in list(self.tickets.values()):
            if part.part_of:
                self.act(
                    self.tickets[part.part_of.id],
                    lambda w, *, town, now, p=part: dividing.part_moved(
                        w, p, there=self.standing(p), town=town, now=now
                    ),
                )

    @rule(who=st.sampled_from(LEAVERS))
    def somebody_leaves(self, who: str) -> None:
        if self.gone:
            return
        leaver = person(who)
        others = [each for each in PEOPLE if each.unit == leaver.unit and each.code != who]
        successor = others[0] if others else person("off-head")
        for ticket in list(self.tickets.values()):
            self.act(
                ticket,
                lambda t, *, town, now: dispatching.hand_over(
                    t, leaver=leaver, successor=successor, by="admin", town=town, now=now
                ),
            )
        self.gone = who
        self.town = life_town(
            staff=tuple(each for each in PEOPLE if each.code != who),
            duty=tuple(row for row in TOWN.duty if who not in (row.person, row.backup)),
        )

    # --- what holds after every step ---

    @invariant()
    def every_ticket_is_watched_and_has_one_open_clock_of_a_kind(self) -> None:
        for ticket in self.tickets.values():
            assert (clocks.next_alarm(ticket) is None) == (ticket.stage in ENDED), ticket.stage
            kinds = [clock.kind for clock in ticket.clocks if clock.is_open]
            assert len(kinds) == len(set(kinds))

    @invariant()
    def nobody_who_left_holds_anything(self) -> None:
        if not self.gone:
            return
        for ticket in self.tickets.values():
            held = (*holders(ticket, self.town, self.now), *assistants(ticket, self.town, self.now))
            assert self.gone not in {each.code for each in held}
            queues = {entry.who for entry in waits_for(ticket)}
            assert not {f"staff:{self.gone}", f"escalated:{self.gone}"} & queues, (ticket.stage, queues)

    @invariant()
    def not_solved_meets_a_person(self) -> None:
        for ticket in self.tickets.values():
            if ticket.stage in (Stage.RESOLVED, Stage.CLOSED) and is_not_solved(ticket):
                assert ticket.on_call_list or ticket.exemption or ticket.outcome is Outcome.EXPLAINED, (
                    ticket.stage
                )

    @invariant()
    def what_was_merged_is_part_of_where_it_went(self) -> None:
        for ticket in self.tickets.values():
            if ticket.stage is Stage.MERGED:
                assert ticket.id in self.tickets[ticket.merged_into].merged_from
                assert not any(clock.is_open for clock in ticket.clocks)
            else:
                assert ticket.merged_into is None


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much]


def test_nobody_with_a_stake_is_forgotten_whatever_happens():
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,  # by day the same lives each time; new ones by night
            suppress_health_check=QUIET,
        ),
    )


@pytest.mark.nightly
def test_nobody_with_a_stake_is_forgotten_in_many_lives():
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=300, stateful_step_count=50, deadline=None, suppress_health_check=QUIET
        ),
    )
