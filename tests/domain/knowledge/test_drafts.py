"""What an answer cites, and questions that no entry answers: whose work they are, and which become none (rule 82)."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.knowledge.citing import citation
from chalicelib.domain.knowledge.drafts import (
    LONGEST_QUESTION,
    as_entries,
    draft_id,
    ending,
    is_missing,
    unanswered,
    unsourced,
)
from chalicelib.domain.knowledge.finding import SURE_ENOUGH, Found
from chalicelib.domain.tickets.readings import Concerned, Grievance, Reading
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from tests.domain.life import NOW, life_town, received

TODAY = date(2026, 11, 29)
DAY = timedelta(days=1)


def an_entry(code="K1", **about):
    given = {
        "title": "办狗证",
        "answer": "到派出所办。",
        "source_title": "养犬条例",
        "owner": "OFF",
        "keeper": "ST",
    }
    return KnowledgeEntry(code=code, **given | about)


TOWN = life_town(knowledge=(an_entry(), an_entry("K2", valid_until=TODAY)))


def test_an_answer_keeps_which_entry_it_cites_and_which_version_of_its_words():
    assert citation("K1", TOWN, TODAY) == {
        "knowledge": "K1",
        "knowledge_version": an_entry().version,
        "knowledge_source": "养犬条例",
    }
    assert citation("", TOWN, TODAY) == {}
    assert citation("K2", TOWN, TODAY)  # its last day still counts


@pytest.mark.parametrize(("code", "today"), [("gone", TODAY), ("K2", TODAY + DAY)])
def test_what_does_not_exist_or_is_over_is_cited_by_nobody(code, today):
    with pytest.raises(NotFound, match="没有这条政策知识，或已过有效期，请重新选择") as refused:
        citation(code, TOWN, today)
    assert refused.value.details == {"fields": ["knowledge"]}


def found(is_sure=False, terms=("狗证",), **entry):
    return Found(an_entry(**entry), SURE_ENOUGH if is_sure else SURE_ENOUGH - 0.01, terms)


def asked(question="怎么办狗证？", near=()):
    return unanswered(question, near, station="ST", by="desk-a", town=TOWN, now=NOW)


def test_a_question_is_the_work_of_the_keeper_of_what_comes_nearest_else_of_the_station():
    assert asked(near=(found(),)).keeper == "OFF"
    assert asked(near=(found(owner="某局"),)).keeper == "ST"  # no unit of the town's
    assert asked(near=(found(owner="某局", keeper="PM"),)).keeper == "PM"
    assert asked(near=(found(terms=()),)).keeper == "ST"
    assert asked().keeper == "ST"


def test_one_question_is_one_piece_of_work_in_whatever_width_and_case_it_is_written():
    draft = asked(" 怎么办狗证？ ")
    assert (draft.question, draft.by, draft.at, draft.station) == ("怎么办狗证？", "desk-a", NOW, "ST")
    assert draft.id == draft_id("怎么办狗证?") == asked("怎么办狗证？").id
    assert asked("ETC 怎么办").id == asked("etc 怎么办").id
    assert asked("怎么办猫证？").id != draft.id
    assert len(asked("问" * 400).question) == LONGEST_QUESTION


def an_answer(kind="answered", **details):
    return Event(kind=kind, at=NOW, by="desk-a", details=details)


@pytest.mark.parametrize(
    ("event", "near", "ticket", "reading", "missing"),
    [
        (an_answer(), (), {}, Reading(), True),
        (an_answer(), (found(),), {}, Reading(), True),
        (an_answer(), (found(is_sure=True),), {}, Reading(), False),
        (an_answer(knowledge="K1"), (), {}, Reading(), False),
        (an_answer(kind="declined"), (), {}, Reading(), False),
        (an_answer(), (), {"confidential": True}, Reading(), False),
        (an_answer(), (), {"practice": True}, Reading(), False),
        (an_answer(), (), {}, Reading(danger=Danger.POSSIBLE), False),
        (an_answer(), (), {}, Reading(concerned=Concerned(grievance=Grievance.SERVICE)), False),
    ],
)
def test_an_answer_without_an_entry_shows_that_one_is_missing_and_never_of_what_others_may_not_read(
    event, near, ticket, reading, missing
):
    assert is_missing(received().model_copy(update=ticket), event, near, reading) is missing


def test_an_entry_is_to_be_renewed_from_thirty_days_before_its_last():
    within, later = an_entry("A", valid_until=TODAY + 30 * DAY), an_entry("B", valid_until=TODAY + 31 * DAY)
    over = an_entry("C", valid_until=TODAY - DAY)
    assert ending((within, later, over, an_entry()), TODAY) == [within, over]


def test_what_has_no_source_is_told():
    without = an_entry("A", source_title="")
    assert unsourced((without, an_entry())) == [without]


def test_a_draft_with_an_answer_becomes_a_row_with_a_free_code_that_nobody_has_verified():
    answered = asked("狗证；怎么办").model_copy(update={"answer": "到派出所办。", "source_date": TODAY})
    second = answered.model_copy(update={"title": "办狗证"})
    rows = as_entries((asked(), answered, second), (an_entry("D001"), an_entry("D003")))
    assert [row["code"] for row in rows] == ["D002", "D004"]
    assert [row["title"] for row in rows] == ["狗证；怎么办", "办狗证"]
    assert rows[0] | {"code": "", "title": ""} == {
        "code": "",
        "title": "",
        "answer": "到派出所办。",
        "steps": "",
        "source_title": "",
        "source_url": "",
        "source_date": "2026-11-29",
        "owner": "ST",
        "keeper": "ST",
        "aliases": "狗证，怎么办",  # a list of them is parted by ；
        "verified": "no",
    }
    undated = answered.model_copy(update={"source_date": None})
    assert as_entries((undated,), ())[0]["source_date"] == ""
