"""What was said on the reports of a crowd is weighed with them: a comment is one more wording of its matter (rule 67)."""

import pytest

from chalicelib.actions.classes import weighing
from chalicelib.domain.classes.classes import member_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import NOT_READ, Concerned, Grievance
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store.tickets import members, tickets
from tests.moto_cloud import moto_cloud
from tests.service import MONDAY
from training.judge import matters

TEXTS = ("这味道受不了", "天天这样")
MISCONDUCT = NOT_READ.model_copy(update={"concerned": Concerned(grievance=Grievance.MISCONDUCT)})


@pytest.fixture
def building(monkeypatch):
    """Reports of one building stand in the tables."""
    rows = [{"matter": "", "place": "4号楼", "text": text} for text in TEXTS]
    town = matters.town_of(rows)
    with moto_cloud(monkeypatch):

        class Building:
            def __init__(self):
                self.reports = list(matters.reports(rows, town))
                for ticket in self.reports:
                    tickets.save(ticket, line(kind=EventKind.RECEIVED), before=None)
                self.first = self.reports[0].id

            def said(self):
                whom = [member_of(ticket, town) for ticket in self.reports]
                return weighing.Beside(town).of(whom)

            def comment(self, *lines):
                for each in lines:
                    members.add_line(tickets.get(self.first), each)

        yield Building()


def line(note="", *, kind=EventKind.COMMENTED, voice="v", **more):
    return Event(kind=kind, at=MONDAY, by="member", note=note, voice=voice, **more)


def test_a_report_on_which_nobody_said_anything_is_weighed_as_it_is_kept(building):
    assert building.said() == {}


def test_what_a_resident_said_on_a_report_brings_its_topics_and_its_meaning(building):
    building.comment(line("楼下烧烤的油烟往家里灌"))
    assert list(building.said()) == [building.first]
    said = building.said()[building.first]
    assert said.topics
    assert said.meaning


def test_only_the_first_three_of_residents_are_read_and_nothing_of_misconduct_or_of_staff(
    building, monkeypatch
):
    read = []
    monkeypatch.setattr(weighing, "meaning_of", lambda text, _: read.append(text) or "")
    building.comment(
        line("收了人家的烟", reading=MISCONDUCT),
        line("已去看过", voice=""),
        *(line(f"第{n}句") for n in "一二三四"),
    )
    building.said()
    assert read == ["这味道受不了。第一句。第二句。第三句"]


def test_nothing_is_read_beside_a_confidential_report(building):
    building.comment(line("楼下烧烤的油烟往家里灌"))
    before = tickets.get(building.first)
    hidden = before.model_copy(update={"confidential": True})
    tickets.save(hidden, line(kind=EventKind.KEPT_APART), before=before)
    assert building.said() == {}
