"""What the platform above says of our reports: every row is an answer, or refused with its line and reason."""

import hashlib
from pathlib import Path

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.partners import reports_up_files as files
from chalicelib.domain.town.partner import read_partner
from tests.domain.clock_town import at
from tests.domain.tables import zoo

SAMPLE = Path(__file__).parents[3] / "town" / "partners" / "huizhili.csv"
UPWARD = read_partner("huizhili", SAMPLE.read_bytes())
HEAD = ["工单编号", "办理状态", "办理意见", "更新时间", "要求时限", "流水号"]
ROW = {"number": "MS1", "status": "已办结", "text": "修好了", "sent_at": "", "due_at": "", "id": "7"}
NOW = at("2026-11-23 10:00")


def read(*rows):
    return files.read_answers(zoo.text([HEAD, *rows]), UPWARD, now=NOW)


def one(**values):
    return files.read_answer(ROW | values, UPWARD, now=NOW)


def test_a_row_is_an_answer_with_the_line_it_stands_in():
    found = read(
        ["MS1", "批示", "尽快", "2026-11-22 09:00", "2026-11-25", "7"], ["MS2", "已办结", "", "", "", ""]
    ).answers
    assert [line for line, _ in found] == [2, 3]
    first, second = (answer for _, answer in found)
    assert (first.id, first.number, first.status, first.means, first.text) == (
        "7",
        "MS1",
        "批示",
        "instruction",
        "尽快",
    )
    assert (first.at, first.due_at) == (at("2026-11-22 09:00"), at("2026-11-25 23:59:59"))
    assert (second.means, second.at, second.due_at) == ("done", NOW, None)


def test_a_day_alone_is_its_beginning_where_it_says_when():
    assert one(sent_at="2026-11-22").at == at("2026-11-22 00:00")


def test_one_bad_row_and_nothing_of_the_file_holds():
    with pytest.raises(Invalid) as refused:
        read(
            ["MS1", "已办结", "", "", "", ""],
            ["MS2", "完事", "", "", "", ""],
            ["MS3", "已办结", "", "x", "", ""],
        )
    assert [each["row"] for each in refused.value.details["fields"]] == [3, 4]
    assert "共 2 行有错，没有导入任何一行" in refused.value.message
    assert "第 3 行：状态“完事”没有登记，应为：已受理、" in refused.value.message


def test_a_row_with_a_cell_too_many_has_slipped_and_is_refused():
    with pytest.raises(Invalid) as refused:
        read(["MS1", "已办结", "好，", "", "", "7", "多出来的"])
    assert refused.value.details["fields"][0]["row"] == 2


@pytest.mark.parametrize(("row", "named"), [({"sent_at": "昨天"}, "时间"), ({"due_at": "尽快"}, "时限")])
def test_an_instant_that_is_none_is_named(row, named):
    with pytest.raises(ValueError, match=f"^{named}"):
        one(**row)


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        ({"text": "字" * 2000}, True),
        ({"text": "字" * 2001}, False),
        ({"id": "7" * files.LONGEST_WORD}, True),
        ({"id": "7" * (files.LONGEST_WORD + 1)}, False),
    ],
)
def test_what_is_too_long_is_refused(row, taken):
    if taken:
        assert one(**row)
    else:
        with pytest.raises(ValueError, match="超过"):
            one(**row)


def test_an_answer_without_a_number_of_its_own_is_told_by_what_it_says():
    said = "MS1\n已办结\n修好了\n2026-11-22 09:00\n2026-11-25"
    same = one(id="", sent_at="2026-11-22 09:00", due_at="2026-11-25")
    assert same.id == hashlib.sha256(said.encode()).hexdigest()
    assert one(id="", text="又坏了").id != one(id="").id
    assert one(id="7", text="又坏了").id == "7"


def test_an_answer_without_the_number_of_a_report_is_refused():
    with pytest.raises(ValueError, match="编号"):
        one(number="")


def test_a_status_that_is_long_is_quoted_by_its_beginning():
    with pytest.raises(ValueError, match="状态“" + "长" * 20 + "”没有登记"):
        one(status="长" * 30)
