"""`make judge WHAT=knowledge`: counts by the very code that answers (rule 82)."""

import pytest

from training.judge import knowledge

ENTRIES = """code,title,answer,source_title,valid_until,aliases,verified
K1,养犬登记办证,养犬要到派出所办理登记,养犬管理条例,,狗证；办狗证,no
K2,大件垃圾投放与清运,预约清运旧家具,生活垃圾管理条例,2026-11-28,扔沙发,yes
K3,结婚登记,双方共同到场,婚姻登记条例,,领证,yes
"""
QUESTIONS = [("K1", "办狗证要带什么"), ("K2", "扔沙发打什么电话"), ("", "图书馆几点关门")]
ROWS = [{"code": code, "question": question} for code, question in QUESTIONS]


@pytest.fixture
def entries(tmp_path):
    file = tmp_path / "entries.csv"
    file.write_text(ENTRIES, encoding="utf-8")
    return str(file)


def test_unverified_entries_count_and_expired_ones_do_not(entries):
    counts, wrong = knowledge.figures(ROWS, KNOWLEDGE=entries)
    assert (counts["first"], counts["within_three"], counts["of"]) == (1, 1, 2)
    assert (counts["quiet"], counts["none"]) == (1, 1)
    assert [line.split("｜")[0] for line in wrong] == ["K2"]


def test_on_its_last_day_an_entry_was_found(entries):
    assert knowledge.figures(ROWS, KNOWLEDGE=entries, NOW="2026-11-28")[0]["first"] == 2
