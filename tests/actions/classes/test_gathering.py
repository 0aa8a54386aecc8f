"""A crowd of one building, told one report after another: what is proposed follows those who are most alike (rule 67)."""

import pytest

from chalicelib.actions.classes import proposing
from chalicelib.domain.classes import acts
from chalicelib.domain.classes.issue_class import State
from chalicelib.store.classes import classes, members
from tests.moto_cloud import moto_cloud
from training.judge import matters

SMOKE = (
    "油烟呛人",
    "烧烤味熏得慌",
    "烟熏火燎开不了窗",
    "炒菜的烟往家里灌",
    "满屋子焦糊味",
    "味道太冲睡不着",
    "衣服晾出去全是烟味",
)
STRANGE = ("外卖柜占了通道", "信箱被撬了", "想请社区写个春联")
AREA = "JA"


@pytest.fixture
def building(monkeypatch):
    """Tells reports of one building, each by another person."""
    with moto_cloud(monkeypatch):

        class Building:
            def tell(self, *texts):
                rows = [{"matter": "", "place": "4号楼", "text": text} for text in texts]
                town = matters.town_of(rows)
                self.reports, self.town = list(matters.reports(rows, town)), town
                for ticket in self.reports:
                    self.one(ticket)

            def one(self, ticket):
                proposing._received(ticket, self.town, ticket.received_at, proposing.Known())

            def open(self):
                return classes.list_classes(AREA, past=False)[0]

            def held(self, cls):
                text_of = {each.id: each.text for each in self.reports}
                return {text_of[member.ticket_id] for member in members.all_members(cls)}

        yield Building()


def test_six_people_who_say_one_thing_in_six_ways_are_proposed_without_who_means_something_else(building):
    building.tell(*SMOKE[:3], *STRANGE[:1], *SMOKE[3:5])
    [cls] = building.open()
    assert cls.state is State.PROPOSED
    assert building.held(cls) == set(SMOKE[:5])
    assert (cls.members, cls.reporters) == (5, 5)


def test_whoever_was_taken_in_early_leaves_as_more_people_say_what_the_others_say(building):
    building.tell(*STRANGE, *SMOKE[:3])
    [early] = building.open()
    assert building.held(early) & set(STRANGE)
    building.tell(*STRANGE, *SMOKE)
    [cls] = building.open()
    assert len(building.held(cls) - set(STRANGE)) >= 5
    assert cls.members == len(building.held(cls)) == 6


def test_what_a_person_has_confirmed_loses_nobody_to_a_crowd(building):
    building.tell(*STRANGE, *SMOKE[:3])
    [early] = building.open()
    now = building.reports[-1].received_at
    classes.change(early.id, lambda cls: acts.confirm(cls, name="油烟", owner="x", by="x", now=now))
    before = building.held(early)
    building.tell(*STRANGE, *SMOKE)
    [cls] = building.open()
    assert cls.state is State.CONFIRMED
    assert before <= building.held(cls)


def test_a_report_that_comes_twice_changes_nothing(building):
    building.tell(*SMOKE[:5], *STRANGE)
    [before] = building.open()
    building.one(building.reports[-1])
    [after] = building.open()
    assert (after.version, building.held(after)) == (before.version, building.held(before))
