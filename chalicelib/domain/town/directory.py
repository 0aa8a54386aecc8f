"""The town directory: everything the town decides as data, as one immutable value. Pure, deterministic, no I/O."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cached_property

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.concern_signs import ConcernSign
from chalicelib.domain.town.danger_signs import DangerSign
from chalicelib.domain.town.duty import minute_of_day
from chalicelib.domain.town.emergency import EmergencyNumber, EmergencySheet
from chalicelib.domain.town.knowledge_entry import EverydayWords, KnowledgeEntry
from chalicelib.domain.town.places import found
from chalicelib.domain.town.roster import Roster
from chalicelib.domain.town.sensor_rules import SensorRule
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.town.topics import Topic
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.vocabulary import (
    Category,
    ClockRule,
    FollowUpRule,
    Mandate,
    Role,
    RoleRule,
    StationFollowUp,
    TriageRule,
    Unit,
    UnitFeedback,
)
from chalicelib.domain.town.walk_lists import Hazard, Shop

ON_THE_SPOT = "on_the_spot"


class Town(Roster):
    """One version of the town's data. `version` changes with every import."""

    version: str = ""
    categories: tuple[Category, ...] = ()
    triage: tuple[TriageRule, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    follow_up: tuple[FollowUpRule, ...] = ()
    roles: tuple[RoleRule, ...] = ()
    emergency: tuple[EmergencyNumber, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()
    sensor_rules: tuple[SensorRule, ...] = ()
    visit_plans: tuple[VisitPlan, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    shops: tuple[Shop, ...] = ()
    danger: tuple[DangerSign, ...] = ()
    knowledge: tuple[KnowledgeEntry, ...] = ()
    everyday_words: tuple[EverydayWords, ...] = ()
    emergency_sheets: tuple[EmergencySheet, ...] = ()
    concerns: tuple[ConcernSign, ...] = ()
    topics: tuple[Topic, ...] = ()
    mandates: tuple[Mandate, ...] = ()

    @cached_property
    def _categories(self) -> dict[str, Category]:
        return {category.code: category for category in self.categories}

    def find_subscriber(self, name: str) -> Subscriber | None:
        return next((each for each in self.subscribers if each.name == name), None)

    def visit_plan(self, code: str) -> VisitPlan:
        """Raises NotFound."""
        return found(
            next((each for each in self.visit_plans if each.code == code), None), "没有这个走访计划", code
        )

    def find_hazard(self, code: str) -> Hazard | None:
        return next((each for each in self.hazards if each.code == code), None)

    def find_shop(self, code: str) -> Shop | None:
        return next((each for each in self.shops if each.code == code), None)

    @cached_property
    def _clocks(self) -> dict[str, list[ClockRule]]:
        kinds = dict.fromkeys(rule.clock for rule in self.clocks)
        return {kind: [rule for rule in self.clocks if rule.clock == kind] for kind in kinds}

    def find_category(self, code: str) -> Category | None:
        return self._categories.get(code)

    def category(self, code: str) -> Category:
        return found(self._categories.get(code), "没有这个类别", code)

    def clock_rule(
        self, clock: str, *, source: str, category: str | None, track: str, urgent: bool, facility: bool
    ) -> ClockRule | None:
        """The row of clocks.csv for a ticket: the one with the most matching conditions, then the first; None: no promise.

        A condition on a category holds for what lies under it too, and the closer category is the more specific.
        """
        line = self.lineage(category)
        ticket = {"channel": source, "track": track, "urgent": urgent, "facility": facility}
        matching = [rule for rule in self._clocks.get(clock, ()) if _matches(rule, ticket, line)]
        return max(matching, key=lambda rule: _specificity(rule, line), default=None)

    def follow_up_rule(self, source: str, on_the_spot: bool = False) -> FollowUpRule:
        """What the follow-up policy demands (rule 5). A source the town forgot is owed the most: a call for both."""
        wanted = ON_THE_SPOT if on_the_spot else source
        for rule in self.follow_up:
            if rule.source == wanted:
                return rule
        return FollowUpRule(source=wanted, unit_feedback=UnitFeedback.CALL_LIST, station=StationFollowUp.CALL)

    def role_rule(self, role: Role) -> RoleRule:
        """The role's quiet hours; a role without a row has none."""
        return next((rule for rule in self.roles if rule.role is role), RoleRule(role=role))

    def is_quiet(self, role: Role, at: datetime) -> bool:
        """Whether the instant lies in the role's quiet hours: the first minute does, the last does not."""
        return self.quiet_until(role, at) != at

    def quiet_until(self, role: Role, at: datetime) -> datetime:
        """The end of the quiet hours that hold at this instant; the instant itself when none do."""
        rule = self.role_rule(role)
        start, until = minute_of_day(rule.quiet_from), minute_of_day(rule.quiet_until)
        local = at.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        is_quiet = start <= minute < until if start <= until else minute >= start or minute < until
        if not is_quiet:
            return at
        ends_on = local.date() if minute < until else local.date() + timedelta(days=1)
        return datetime.combine(ends_on, time(0), SHANGHAI) + timedelta(minutes=until)

    def mandate_for(self, category: str | None, path: tuple[str, ...]) -> Mandate | None:
        """派单目录: the row for a category at a place, the closest category first, then the deepest place, then the first."""
        line = self.lineage(category)
        rows = [
            row for row in self.mandates if row.category in line and (row.place is None or row.place in path)
        ]
        return min(
            rows,
            key=lambda row: (line.index(row.category), -path.index(row.place) if row.place else 1),
            default=None,
        )

    def lead_unit(self, category: Category, path: tuple[str, ...]) -> Unit | None:
        """As the mandate says for the place; else as the category does."""
        mandate = self.mandate_for(category.code, path)
        return self.find_unit(mandate.lead) if mandate and mandate.lead else super().lead_unit(category, path)

    def lineage(self, category: str | None) -> tuple[str, ...]:
        """A category's code and those above it, the closest first."""
        return tuple(self._line(category))

    @cached_property
    def roots_by_keyword(self) -> tuple[tuple[str, str], ...]:
        """The keywords (two characters at least) of what is not urgent, the longest first, each with its large category."""
        listed = {
            (-len(word), self.lineage(category.code)[-1], word)
            for category in self.categories
            for word in category.keywords
            if len(word) > 1 and not category.urgent
        }
        return tuple((word, root) for _, root, word in sorted(listed))

    def _line(self, category: str | None) -> Iterator[str]:
        """A category and those above it, from the closest."""
        while category and (entry := self._categories.get(category)):
            yield entry.code
            category = entry.parent


def _matches(rule: ClockRule, ticket: dict[str, object], line: tuple[str, ...]) -> bool:
    if rule.category and rule.category not in line:
        return False
    return all(getattr(rule, name) in ("", None, value) for name, value in ticket.items())


def _specificity(rule: ClockRule, line: tuple[str, ...]) -> tuple[int, int]:
    conditions = (rule.channel, rule.category, rule.track, rule.urgent, rule.facility)
    given = sum(condition not in ("", None) for condition in conditions)
    return given, -line.index(rule.category) if rule.category else -len(line)
