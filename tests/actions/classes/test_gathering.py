"""A crowd of one building, told one report after another: what is proposed follows those who are most alike (rule 67)."""

import pytest

from chalicelib.actions.classes import proposing
from chalicelib.domain.classes import acts
from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.issue_class import State
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store.classes import classes, members
from chalicelib.store.tickets import members as joined
from chalicelib.store.tickets import own_words, tickets
from chalicelib.store.town import directory
from tests.asked import operations_asked
from tests.domain.classes.test_classes import member
from tests.moto_cloud import moto_cloud
from tests.service import MONDAY
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
VAGUE = "天天这样"
AREA = "JA"


@pytest.fixture
def building(monkeypatch):
    """Tells reports of one building, each by another person."""
    with moto_cloud(monkeypatch):

        class Building:
            def expect(self, *texts):
                rows = [{"matter": "", "place": "4号楼", "text": text} for text in texts]
                town = matters.town_of(rows)
                self.reports, self.town = list(matters.reports(rows, town)), town

            def tell(self, *texts):
                self.expect(*texts)
                for ticket in self.reports:
                    self.one(ticket)

            def one(self, ticket):
                proposing._received(ticket, self.town, ticket.received_at, proposing.Known())

            def write(self):
                """They stand in the tables too, as when people comment on them."""
                for ticket in self.reports:
                    tickets.save(ticket, self.line(EventKind.RECEIVED), before=None)

            def comment(self, text, note):
                ticket = next(each for each in self.reports if each.text == text)
                joined.add_line(tickets.get(ticket.id), self.line(EventKind.COMMENTED, note))

            def line(self, kind, note=""):
                return Event(kind=kind, at=self.reports[-1].received_at, by="member", note=note, voice="v")

            def turns_confidential(self, text):
                ticket = next(each for each in self.reports if each.text == text)
                turned = ticket.model_copy(update={"confidential": True})
                proposing.note(
                    ticket.id, EventKind.KEPT_APART, now=self.reports[-1].received_at, read=lambda _: turned
                )

            def open(self):
                return classes.list_classes(AREA, past=False)[0]

            def held(self, cls):
                text_of = {each.id: each.text for each in self.reports}
                return {text_of[member.ticket_id] for member in members.all_members(cls)}

        found = Building()
        monkeypatch.setattr(proposing.directory, "town", lambda: found.town)
        yield found


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


@pytest.mark.parametrize("said", ["", "油烟呛人，开不了窗，满屋子烧烤味"])
def test_who_says_little_is_of_a_crowd_by_what_a_neighbour_said_on_the_report(building, said):
    """Among strangers nobody can say what "天天这样" is about; whoever joined it did."""
    building.expect(VAGUE, *SMOKE[:4], *STRANGE)
    building.write()
    if said:
        building.comment(VAGUE, said)
    for ticket in building.reports:
        building.one(ticket)
    [cls] = building.open()
    assert (VAGUE in building.held(cls)) is bool(said)


def test_a_report_that_comes_twice_changes_nothing(building):
    building.tell(*SMOKE[:5], *STRANGE)
    [before] = building.open()
    building.one(building.reports[-1])
    [after] = building.open()
    assert (after.version, building.held(after)) == (before.version, building.held(before))


def test_a_ticket_that_turns_confidential_leaves_its_class_and_no_later_report_brings_it_back(building):
    building.tell(*SMOKE)
    [cls] = building.open()
    assert SMOKE[1] in building.held(cls)
    last = building.reports[-1]
    building.turns_confidential(SMOKE[1])
    [cls] = building.open()
    assert SMOKE[1] not in building.held(cls)
    later = last.model_copy(
        update={"id": "later".rjust(26, "0"), "reporter_id": "later", "text": "楼下烤串的烟熏人"}
    )
    building.reports.append(later)
    building.one(later)
    [cls] = building.open()
    assert later.text in building.held(cls)
    assert SMOKE[1] not in building.held(cls)


def test_a_ticket_that_turned_confidential_before_there_was_a_class_is_in_none(building):
    building.tell(*SMOKE[:2])
    building.turns_confidential(SMOKE[0])
    building.reports += list(
        matters.reports([{"matter": "", "place": "4号楼", "text": text} for text in SMOKE], building.town)
    )[2:]
    for ticket in building.reports[2:]:
        building.one(ticket)
    [cls] = building.open()
    assert len(building.held(cls)) >= 5
    assert SMOKE[0] not in building.held(cls)


def test_what_a_person_confirms_while_a_crowd_is_gathered_loses_nobody(building):
    building.tell(*STRANGE, *SMOKE[:3])
    [cls] = building.open()
    before = building.held(cls)
    now = building.reports[-1].received_at
    classes.change(cls.id, lambda each: acts.confirm(each, name="油烟", owner="x", by="x", now=now))
    for ticket in building.reports:
        members.remove(ticket.id, by="machine", now=now, unless_confirmed=True)
    assert building.held(cls) == before


def test_of_who_is_alone_at_a_spot_no_class_is_asked(building, monkeypatch):
    asked = operations_asked(monkeypatch)
    building.tell(STRANGE[0])
    assert asked == ["BatchGetItem", "BatchWriteItem", "Query"]


def test_the_class_of_a_spot_is_read_once_a_batch(building, monkeypatch):
    building.tell(*SMOKE[:6])
    asked, known = operations_asked(monkeypatch), proposing.Known()
    for again in building.reports[-2:]:  # the same lines, come again in one batch
        proposing._received(again, building.town, again.received_at, known)
    assert asked.count("GetItem") == len(known._classes)


def test_what_was_said_on_the_reports_of_a_spot_is_read_once_a_batch(building, monkeypatch):
    building.expect(*SMOKE)
    building.write()
    *first, sixth, seventh = building.reports
    for ticket in first:
        building.one(ticket)
    read, known = list[str](), proposing.Known()
    monkeypatch.setattr(own_words, "said", lambda ticket_id: read.append(ticket_id) or [])
    for ticket in (sixth, seventh):
        proposing._received(ticket, building.town, ticket.received_at, known)
    assert sorted(read) == sorted(each.id for each in building.reports)


def test_a_second_proposal_of_one_place_and_matter_joins_the_first_however_many_stronger_ones_stand(
    service, monkeypatch
):
    """Three classes of a page of one: the first proposal is the weakest of them, on the third page."""
    town = directory.town()
    monkeypatch.setattr(classes, "PAGE", 1)
    for n, scope in enumerate(("X", "Y")):
        strong = [member(100 + 10 * n + i, scope=scope) for i in range(6)]
        assert classes.create(rules.proposed(f"S{n}", strong, town, MONDAY), strong)
    first = [member(n) for n in range(3)]
    assert classes.create(rules.proposed("FIRST", first, town, MONDAY), first)
    second = [member(n, voice=f"w{n}") for n in range(3, 6)]
    come = proposing._Come(None, second[0], town, MONDAY, proposing.Known())
    proposing._propose(come, rules.proposed("SECOND", second, town, MONDAY), second)
    assert (classes.get_class("FIRST").reporters, classes.get_class("SECOND").merged_into) == (6, "FIRST")
    elsewhere = [member(n, scope="Z") for n in range(20, 23)]
    proposing._propose(come, rules.proposed("OTHER", elsewhere, town, MONDAY), elsewhere)
    assert classes.get_class("OTHER").reporters == 3
