"""Rule 82: an answer of the town's offices is found by everyday words, with its source, or nothing is said."""

from datetime import date
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.knowledge.finding import MOST_FOUND, Library, grams
from chalicelib.domain.knowledge.offering import offered
from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.tickets.readings import NOT_READ, Concerned, Grievance
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.knowledge_entry import EverydayWords, KnowledgeEntry
from tests.towns import built, sample_files

TODAY = date(2026, 11, 29)
WORDS = Words(
    [
        EverydayWords(term="养犬登记", everyday="狗证;狗…8上户口;几条狗"),
        EverydayWords(term="大件垃圾", everyday="席梦思;旧…4床/柜;沙发"),
    ]
)


def an_entry(code: str = "K1", **fields: object) -> KnowledgeEntry:
    given_ = {"title": "养犬登记办证", "answer": "养犬要到派出所办理登记。", "source_title": "养犬管理条例"}
    return KnowledgeEntry(code=code, **(given_ | {"verified": True} | fields))


OTHERS = [
    an_entry("K2", title="大件垃圾投放与清运", answer="预约清运旧家具。", source_title="生活垃圾管理条例"),
    an_entry("K3", title="结婚登记", answer="双方共同到场登记。", source_title="婚姻登记条例"),
    an_entry("K4", title="停电报修", answer="拨打供电热线。", source_title="供电营业规则"),
]


def found(question: str, *entries: KnowledgeEntry, today: date = TODAY, **how: bool) -> list[str]:
    library = Library([*entries, *OTHERS], WORDS)
    return [each.entry.code for each in library.find(question, today=today, **how)]


@pytest.mark.parametrize(
    ("question", "first"),
    [("家里两只狗都要上户口吗", "K1"), ("席梦思没人要怎么扔", "K2"), ("停电了打哪里", "K4")],
)
def test_an_entry_is_found_by_what_people_say_for_it(question, first):
    assert found(question, an_entry())[0] == first


def test_letters_weigh_as_they_are_rare_long_and_few_in_their_entry():
    """Worked out by hand: BM25 with k1 1.2 and b 0.5 over entries of four grams (甲 乙 甲乙 丙) and two (甲 丁), mean three.

    甲 is in both: log(3/2.5)/log(3/1.5) = 0.2630 of what 乙 says; a pair says the root of two as much as one letter.
    First: damping 1.4, (0.2630 + 1 + 1.4142) × 2.2 / 2.4. Second: damping 1.0, 0.2630 × 2.2 / 2.0.
    """
    entries = [an_entry("L1", title="甲乙", answer="丙"), an_entry("L2", title="甲", answer="丁")]
    seen = Library(entries, WORDS).find("甲乙", today=TODAY)
    assert [(each.entry.code, round(each.score, 4)) for each in seen] == [("L1", 2.4541), ("L2", 0.2893)]


def test_words_and_numbers_are_taken_whole_and_letters_alone_and_in_pairs():
    assert list(grams("12345热线。ABC")) == ["12345", "热", "线", "热线", "abc"]


def test_a_term_counts_by_where_it_stands_and_as_it_is_rare():
    """狗证 means 养犬登记: its name in a title weighs 1.2, what means it in aliases 0.6, in the answer alone 0.25."""
    titled, aliased = (
        an_entry("T", answer="去办"),
        an_entry("A", title="证照", aliases=("狗证",), answer="去办"),
    )
    answered = an_entry("N", title="证照", answer="狗证去派出所办")

    def scored(words):
        seen = Library([titled, aliased, answered, *OTHERS], words).find("狗证", today=TODAY)
        return {each.entry.code: (each.score, each.terms) for each in seen}

    with_terms, letters = scored(WORDS), scored(Words([]))
    assert {terms for _, terms in with_terms.values()} == {("养犬登记",)}
    rare = log(7 / 2.5) / log(7 / 1.5)  # two of six are about it by title or alias
    by_term = {code: (score - letters[code][0]) / (5 * rare) for code, (score, _) in with_terms.items()}
    assert by_term == pytest.approx({"T": 1.2, "A": 0.6, "N": 0.25})


def test_nothing_is_found_where_no_word_meets():
    assert found("xyz", an_entry()) == []


@pytest.mark.parametrize(
    ("today", "shown"), [(date(2026, 11, 28), True), (date(2026, 11, 29), True), (date(2026, 11, 30), False)]
)
def test_an_entry_is_shown_until_its_last_day_and_never_after(today, shown):
    entry = an_entry(valid_until=date(2026, 11, 29))
    assert ("K1" in found("狗证", entry, today=today)) is shown


def test_an_entry_without_a_source_is_shown_to_nobody():
    assert "K1" not in found("狗证", an_entry(source_title=""))


def test_what_nobody_has_verified_is_for_the_desk_alone():
    entry = an_entry(verified=False)
    assert "K1" in found("狗证", entry)
    assert "K1" not in found("狗证", entry, only_verified=True)


@given(st.text(max_size=80))
def test_whatever_is_asked_at_most_three_come_the_best_first(question):
    library = Library([an_entry(), *OTHERS], WORDS)
    scores = [each.score for each in library.find(question, today=TODAY)]
    assert len(scores) <= MOST_FOUND
    assert scores == sorted(scores, reverse=True)


def test_a_town_without_entries_finds_nothing():
    assert Library([], WORDS).find("狗证", today=TODAY) == []


def test_the_version_changes_with_what_was_given_and_not_with_how_it_is_found():
    entry = an_entry()
    assert entry.version != an_entry(answer="要先打狂犬疫苗。").version
    assert entry.version != an_entry(source_date=date(2026, 1, 1)).version
    assert entry.version == an_entry(aliases=("狗证",)).version


@pytest.fixture(scope="module")
def sample():
    town, _ = built(sample_files())
    return Library(town.knowledge, Words(town.everyday_words))


def test_a_resident_is_offered_the_entry_that_the_words_are_sure_of(sample):
    entry = offered(sample.find("居住证丢了怎么补", today=TODAY), NOT_READ)
    assert entry is not None
    assert "居住证" in entry.title


def test_the_machine_is_silent_about_what_no_entry_answers(sample):
    assert offered(sample.find("图书馆几点关门", today=TODAY), NOT_READ) is None


@pytest.mark.parametrize("danger", [Danger.POSSIBLE, Danger.SURE])
def test_what_shows_danger_is_never_answered_so(sample, danger):
    found_ = sample.find("居住证丢了怎么补", today=TODAY)
    assert offered(found_, NOT_READ.model_copy(update={"danger": danger})) is None


@pytest.mark.parametrize("grievance", [Grievance.SERVICE, Grievance.MISCONDUCT])
def test_what_complains_of_somebody_is_never_answered_so(sample, grievance):
    found_ = sample.find("居住证丢了怎么补", today=TODAY)
    assert offered(found_, NOT_READ.model_copy(update={"concerned": Concerned(grievance=grievance)})) is None
