"""Whom a complaint reaches, on the sentences of the two writers that the project has: no later work may lower these counts."""

import csv
import json
from pathlib import Path

import pytest

from chalicelib.domain.tickets.readings import NOBODY, Grievance
from training.files import origin
from training.judge import __main__ as command
from training.judge import concerned, place
from training.judge.__main__ import JUDGES

HELD_OUT = Path(__file__).with_name("concerned_held_out.csv")
# Three sets without a word for what was done, read by no model; the lexicon was written from the first two (decision 0060).
OBLIQUE = Path(__file__).with_name("concerned_oblique.csv")
SENTENCES = Path(__file__).resolve().parents[2] / "training" / "concerns.csv"


def rows(*writers):
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["writer"] in writers]


def test_nobody_of_the_party_is_reached_and_a_person_sees_every_complaint_first():
    counts, wrong = concerned.figures(rows("1", "2"))
    assert counts["misconduct"] == counts["service"] == counts["none"] == 40
    assert counts["reached"] == 0, wrong
    assert counts["kept"] >= 40, wrong
    assert counts["desk_first"] >= 40, wrong
    assert counts["wrongly_confidential"] <= 1, wrong


def test_of_the_projects_own_sentences_no_fewer_are_heard_and_no_more_are_wrong():
    counts, wrong = concerned.figures(rows("house"))
    assert counts["reached"] <= 3, wrong
    assert counts["misconduct"] - counts["kept"] <= 5, wrong
    assert counts["service"] - counts["desk_first"] <= 2, wrong
    assert counts["wrongly_confidential"] <= 2, wrong


def test_of_sentences_that_no_model_has_read():
    """By a writer who had not seen the lexicon. The counts of today; before: 32 kept, then 33, 1 reached, 0 wrongly confidential."""
    with HELD_OUT.open(encoding="utf-8", newline="") as lines:
        counts, wrong = concerned.figures(list(csv.DictReader(lines)))
    assert (counts["misconduct"], counts["service"], counts["none"]) == (35, 24, 50)
    assert counts["kept"] >= 33, wrong
    assert counts["reached"] == 0, wrong
    assert counts["desk_first"] == 24, wrong
    assert counts["wrongly_confidential"] == 0, wrong


@pytest.mark.parametrize(
    ("writer", "kept", "reached", "wrong"), [("first", 75, 2, 1), ("second", 75, 3, 0), ("third", 36, 1, 3)]
)
def test_of_sentences_without_a_word_for_it(writer, kept, reached, wrong):
    """The counts of today, of 79, 81 and 40 of misconduct and 80, 80 and 50 of nobody; far from what they should be.

    Before decision 0088: 66, 9, 1; 60, 16, 5; 33, 6, 4; before the outline of a text and 1,100 rows more: 70, 7, 3; 63, 15, 3; 33, 6, 4;
    before who may be meant waited for a look (0148): 73, 4, 2; 70, 10, 0; 34, 4, 3. Kept stands one or two below today's.
    """
    with OBLIQUE.open(encoding="utf-8", newline="") as lines:
        counts, which = concerned.figures([row for row in csv.DictReader(lines) if row["writer"] == writer])
    assert counts["kept"] >= kept, which
    assert counts["reached"] <= reached, which
    assert counts["service"] - counts["desk_first"] <= 1, which
    assert counts["wrongly_confidential"] <= wrong, which


GRAMMAR = [
    ("物业经理骂我", "misconduct", "property"),
    ("居委会门口有疯子骂人", "none", ""),  # where it was done
    ("在物业门口有人打我", "none", ""),
    ("物业门口的保安打我", "misconduct", "property"),
    ("我把保安骂了", "none", ""),  # whom it was done to
    ("有人偷了网格员的电动车", "none", ""),
    ("保安被业主打伤了", "none", ""),
    ("保安被我看到在偷电瓶", "misconduct", "property"),  # found out, not suffered
    ("我被保安打了", "misconduct", "property"),
    ("有人骂我，物业在几楼", "none", ""),  # anybody
    ("物业有人骂我", "misconduct", "property"),  # one of theirs
    ("广场舞那帮人霸占篮球场", "none", ""),  # a pronoun goes with whom it follows
    ("他们霸占公共的地", "misconduct", "property"),
    ("有人冒充物业收了我五百块", "none", ""),  # who pretends to be one of them
    ("物业冒充业主签名", "misconduct", "property"),
    ("保安抓住了偷电瓶的", "none", ""),  # whom they caught
    ("你们接电话的骂我，物业都知道", "misconduct", "station"),  # you, beside a name
    ("我爸是居委会书记的老同学", "none", ""),  # the writer's own family
    ("居委会书记的小舅子包了工程", "misconduct", "committee"),
    ("三楼业主不让物业进门修管子", "none", ""),
    ("物业不让我进门", "misconduct", "property"),
    ("有个男的跟踪我女儿，保安把他拦下了", "none", ""),  # who came to help
    ("保安把我拦下搜身", "misconduct", "property"),
    ("装空调的师傅偷了我的工具", "none", ""),  # other trades
    ("我们厂的经理骂我", "none", ""),
    ("业主自己跟保安打起来了", "none", ""),
    ("保安自己打起来了，还打了我爸", "misconduct", "property"),
    ("物业后门那条路坏了", "none", ""),
    ("民警说这种事归居委会管", "none", ""),  # who only says whose task it is
]


@pytest.mark.parametrize(("text", "label", "about"), GRAMMAR)
def test_whose_act_it_is_follows_the_grammar_of_the_sentence(text, label, about):
    counts, wrong = concerned.figures([{"text": text, "label": label, "about": about}])
    assert not wrong
    assert counts["wrongly_confidential"] == counts["reached"] == 0


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("工单里写我自愿撤单，我根本没撤过", "station"),  # whoever closes what was reported may have done it
        ("匿名投诉保安打人，第二天保安拿着我的原话来骂我", "station"),  # and whoever passed it on
        ("匿名投诉保安打人，第二天保安拿着我的原话来骂我", "property"),
        ("窗口那女的骂我神经病，把材料扔地上", "station"),  # a counter that nobody named
        ("收了我两百块红包，不给就一直拖着，还骂我要饭的", "station"),  # sure, and nobody is named
        ("收了我两百块红包，不给就一直拖着，还骂我要饭的", "property"),
        ("轮到我，他把我的号撕了，骂我乡下人，让我明天再来", "station"),  # what is done at a counter
        ("材料递进去他当面揉了丢垃圾桶，骂我不识字", "station"),
        ("我要撤件，他不让撤，骂我耍他", "station"),
        ("领导把我推倒在地还骂我老不死", "property"),  # a word for anybody's people: nobody knows whose
        ("领导把我推倒在地还骂我老不死", "committee"),
        ("门口穿制服的一脚踢翻我的菜摊还骂我", "property"),  # nor whose uniform
        ("门口穿制服的一脚踢翻我的菜摊还骂我", "town"),
    ],
)
def test_whoever_handles_what_was_reported_may_be_meant_as_well(text, about):
    counts, wrong = concerned.figures([{"text": text, "label": "misconduct", "about": about}])
    assert (counts["kept"], counts["reached"]) == (1, 0), wrong


def test_a_row_of_a_party_without_a_unit_counts_nowhere_else(monkeypatch):
    monkeypatch.setattr(concerned, "party_of", lambda *_: ())
    counts, _ = concerned.figures(rows("1")[:1])
    assert {name: n for name, n in counts.items() if n and name != "what"} == {"no_unit": 1}


def test_a_complaint_that_was_read_as_nothing_reaches_whoever_reads_every_report(monkeypatch):
    """The judge itself can find a fault."""
    monkeypatch.setattr("chalicelib.domain.understanding.reading.concerned", lambda *_, **__: NOBODY)
    counts, wrong = concerned.figures(
        [{"text": "工作站的人骂我神经病", "label": "misconduct", "about": "station"}]
    )
    assert counts["reached"] == 1
    assert wrong


def test_what_only_may_be_misconduct_and_names_nobody_is_the_desks_to_look_at():
    """Else 保密受理 had the desk's work: one in ten of ordinary reports is possible."""
    ticket, event = place.reported("楼里发的东西偏偏少我一份，也不说原因")
    said = event.reading.concerned
    assert said.grievance is Grievance.POSSIBLE
    assert ticket.station_id not in said.parties


@pytest.mark.parametrize("what", ["concerned", "danger"])
def test_beside_its_counts_stands_what_the_model_was_worth_on_writers_it_had_not_read(
    what, tmp_path, monkeypatch, capsys
):
    file = tmp_path / "rows.csv"
    file.write_text("text,label,about\n路灯坏了,none,\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["judge", what, str(file)])
    assert command.main() == 0
    *_, beside, last = capsys.readouterr().out.splitlines()
    assert json.loads(last)["what"] == what
    assert json.loads(beside.partition("：")[2]) == origin(JUDGES[what].MODEL)["apart"]
