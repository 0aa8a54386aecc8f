"""`make judge`: the figures of labelled sentences, by the very code that reads in production."""

import json

import pytest
from infra.judge.__main__ import judges, main

ENTRIES = """code,title,answer,source_title,valid_until,aliases,verified
K1,养犬登记办证,养犬要到派出所办理登记,养犬管理条例,,狗证；办狗证,no
K2,大件垃圾投放与清运,预约清运旧家具,生活垃圾管理条例,2026-11-28,扔沙发,yes
K3,结婚登记,双方共同到场,婚姻登记条例,,领证,yes
"""
QUESTIONS = "code,question\nK1,办狗证要带什么\nK2,扔沙发打什么电话\n,图书馆几点关门\n"


@pytest.fixture
def files(tmp_path):
    entries, questions = tmp_path / "entries.csv", tmp_path / "questions.csv"
    entries.write_text(ENTRIES, encoding="utf-8")
    questions.write_text(QUESTIONS, encoding="utf-8")
    return questions, entries


def judged(capsys, *arguments: object) -> dict[str, object]:
    assert main([str(argument) for argument in arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_unverified_entries_count_and_expired_ones_do_not(files, capsys):
    questions, entries = files
    figures = judged(capsys, "knowledge", questions, f"KNOWLEDGE={entries}", "NOW=")
    assert (figures["first"], figures["within_three"], figures["of"]) == (1, 1, 2)
    assert (figures["quiet"], figures["none"]) == (1, 1)


def test_on_the_day_before_it_expired_an_entry_was_found(files, capsys):
    questions, entries = files
    assert judged(capsys, "knowledge", questions, f"KNOWLEDGE={entries}", "NOW=2026-11-28")["first"] == 2


@pytest.mark.parametrize("arguments", [[], ["nonsense", "x.csv"], ["knowledge", "nowhere.csv"]])
def test_what_cannot_be_judged_is_refused_with_what_can(arguments, capsys):
    assert main(arguments) == 2
    assert "|".join(judges()) in capsys.readouterr().err
