"""knowledge.csv and everyday_words.csv: what a clerk may write there (rule 82)."""

import pytest

from chalicelib.domain.knowledge.words import Words
from tests.towns import built, refusals, sample_files, small_files

HEADER = "code,title,answer,source_title,source_url,valid_until,owner,keeper,verified\n"
GOOD = "K1,狗证,到派出所办,养犬条例,https://x.cn/,2026-12-31,派出所,OF,yes\n"


def with_entries(*rows: str) -> dict[str, bytes]:
    return small_files() | {"knowledge.csv": (HEADER + "".join(rows)).encode()}


def test_an_entry_is_taken_in_as_it_was_written():
    town, _ = built(with_entries(GOOD))
    assert [entry.title for entry in town.knowledge] == ["狗证"]


def test_a_unit_of_the_town_needs_no_keeper():
    town, _ = built(with_entries("K1,狗证,到派出所办,养犬条例,,,OF,,yes\n"))
    assert town.knowledge[0].owner == "OF"


@pytest.mark.parametrize(
    ("row", "line", "column"),
    [
        (GOOD, 3, "code"),  # the same code twice
        ("K2,狗证,到派出所办,养犬条例,,,派出所,,yes\n", 3, "keeper"),  # nobody of the town looks after it
        ("K2,狗证,到派出所办,养犬条例,,,派出所,NOBODY,yes\n", 3, "keeper"),
        ("K2,狗证,到派出所办,,,,OF,,yes\n", 3, "source_title"),  # verified against nothing
        ("K2,狗证,到派出所办,养犬条例,x.cn,,OF,,yes\n", 3, "source_url"),
        ("K2,狗证,到派出所办,养犬条例,,明年,OF,,yes\n", 3, "valid_until"),
        ("K2,狗证,,养犬条例,,,OF,,yes\n", 3, "answer"),
    ],
)
def test_an_entry_that_cannot_stand_is_refused_where_it_is_wrong(row, line, column):
    assert ("knowledge.csv", line, column) in refusals(with_entries(GOOD, row))


def test_everyday_words_that_cannot_be_read_are_refused():
    files = small_files() | {"everyday_words.csv": "term,everyday\n养犬登记,狗…/\n".encode()}
    assert refusals(files) == [("everyday_words.csv", 2, "everyday")]


def test_the_sample_towns_entries_and_words_are_in_force():
    town, _ = built(sample_files())
    assert len(town.knowledge) >= 100
    assert "大件垃圾" in Words(town.everyday_words).meant("席梦思扔哪里")
