"""The cards of a ticket's page: a danger, a complaint, withheld words; whole as screens are given them (rules 21, 22 and 104)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import withholding
from chalicelib.domain.tickets.dangers import DANGER_NAMES
from chalicelib.domain.tickets.readings import Answer, Concerned, DangerCase, Grievance, Reading
from chalicelib.domain.tickets.ticket import Event, Stage, Withheld
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.emergency import EmergencyNumber, EmergencySheet
from chalicelib.domain.views import access, danger, grievance, withheld
from tests.domain.life import NOW, TOWN, life_town, person, received, taken, unlooked_at

DESK, LEADER, MANAGER = person("desk-a"), person("area"), person("pm")
CALLS = life_town(
    emergency=(EmergencyNumber(code="gas", name="燃气抢修", number="962777"),),
    emergency_sheets=(EmergencySheet(place="SH", property_phone="021-2"),),
)
NUMBERS = [
    {"name": "报警", "number": "110"},
    {"name": "火警", "number": "119"},
    {"name": "急救", "number": "120"},
    {"name": "燃气抢修", "number": "962777"},
]


def endangered(level=Danger.POSSIBLE, kinds=(DangerKind.LIFT,), **case):
    return received().model_copy(
        update={"danger": DangerCase(level=level, kinds=kinds, since=NOW, words=("困在电梯",), **case)}
    )


# --- 危险 ---


def test_who_may_have_reported_a_danger_is_asked_once_with_whom_to_call():
    assert danger.asked(endangered(), CALLS) == {
        "level": "possible",
        "asks": True,
        "question": "已收到。现在有人有危险吗？",
        "answers": [
            {"code": "yes", "name": "有，现在就有"},
            {"code": "no", "name": "没有，是隐患或已经过去"},
            {"code": "unsure", "name": "说不清，请打给我"},
        ],
        "answer": "",
        "known": "",
        "watched": "值班员也在看这一条",
        "numbers": NUMBERS,
    }


@pytest.mark.parametrize(
    ("ticket", "asks", "known"),
    [
        (endangered(answer=Answer.YES), False, "已按紧急办理，正在派人。"),
        (endangered(answer=Answer.NO), False, "记下了，值班员还会看一眼。"),
        (endangered(answer=Answer.UNSURE), False, "值班员马上打给您，请留意来电。"),
        (endangered(Danger.SURE), False, ""),
        (endangered(decided=Answer.YES), False, ""),
    ],
)
def test_what_was_answered_is_told_and_not_asked_again(ticket, asks, known):
    shown = danger.asked(ticket, CALLS)
    assert (shown["asks"], shown["known"]) == (asks, known)


@pytest.mark.parametrize("ticket", [received(), endangered(Danger.NONE), endangered(decided=Answer.NO)])
def test_where_nobody_is_in_danger_nothing_is_asked(ticket):
    assert danger.asked(ticket, CALLS) is None


def test_the_button_offers_what_it_may_be_and_the_numbers():
    assert danger.taps(CALLS) == {
        "kinds": [
            {"code": "lift", "name": "被困"},
            {"code": "person", "name": "受伤"},
            {"code": "fire", "name": "着火"},
            {"code": "gas", "name": "煤气"},
            {"code": "violence", "name": "伤人"},
            {"code": "other", "name": "其他"},
        ],
        "numbers": NUMBERS,
    }


def test_the_desk_s_card_says_how_sure_what_and_where_and_what_was_answered():
    kinds = (DangerKind.LIFT, DangerKind.CHILD)
    shown = danger.card(endangered(kinds=kinds, answer=Answer.UNSURE, reason="在问"))
    assert shown == {
        "level": "possible",
        "is_open": True,
        "title": "可能有人被困 · 盛华景苑",
        "kinds": [{"code": kind.value, "name": DANGER_NAMES[kind]} for kind in kinds],
        "words": ["困在电梯"],
        "answer": "unsure",
        "answer_name": "说不清，请打给我",
        "decided": "",
        "agreed": False,
        "reason": "在问",
        "whys": [
            {"code": why, "name": why} for why in ("演习", "隐患，没有人有危险", "已经过去", "说笑", "其他")
        ],
    }
    assert danger.card(received()) is None


@pytest.mark.parametrize(
    ("ticket", "title", "agreed", "answer_name"),
    [
        (endangered(Danger.SURE), "有人被困 · 盛华景苑", False, ""),
        (endangered(unheard=True), "有录音还没人听 · 盛华景苑", False, ""),
        (endangered(decided=Answer.NO, agreed_by="st-head", answer=Answer.YES), "可能有人被困 · 盛华景苑", True, "有，现在就有"),
    ],
)  # fmt: skip
def test_what_is_sure_is_not_called_possible(ticket, title, agreed, answer_name):
    shown = danger.card(ticket)
    assert (shown["title"], shown["agreed"], shown["answer_name"]) == (title, agreed, answer_name)


@pytest.mark.parametrize(("others", "said"), [(0, ""), (1, "前后10分钟另有1件报了这里")])
def test_how_many_others_reported_it_is_said_where_somebody_did(others, said):
    assert danger.of_the_same_ring(others) == said


@pytest.mark.parametrize(
    ("ticket", "shown"),
    [
        (received(), False),
        (received().model_copy(update={"urgent": True}), True),
        (endangered(), True),
        (endangered(decided=Answer.NO), False),
        (endangered(Danger.SURE), False),  # urgent, where it is one
    ],
)
def test_the_emergency_card_is_there_where_somebody_may_have_to_be_called(ticket, shown):
    card = danger.sheet(ticket, CALLS)
    assert (card is not None) is shown
    if card is not None:
        assert card == {
            "rows": [{"name": "物业值班", "number": "021-2", "text": "021-2"}],
            "numbers": NUMBERS,
            "called": [
                {"code": whom, "name": f"已代拨{whom}"}
                for whom in ("119", "120", "110", "电梯维保", "燃气抢修", "物业值班")
            ],
        }


# --- 投诉谁 ---


def line(grievance_, *parties, words=("态度很差",)):
    said = Concerned(grievance=grievance_, parties=parties, words=words)
    return Event(kind="commented", at=NOW, by="reporter", reading=Reading(concerned=said))


COMPLAINT = line(Grievance.SERVICE, "PM", words=("一直没来", "电话不接"))
SILENT = Event(kind="taken", at=NOW, by="pm")


def test_the_desk_reads_what_decided_and_whom_it_may_mean():
    shown = grievance.card(received(), [SILENT, COMPLAINT], DESK, TOWN)
    assert shown == {
        "level": "service",
        "title": "可能是对服务的不满",
        "text": "原话：“一直没来”“电话不接”。可能说的是：盛华景苑物业。"
        "到了反馈时限还没有人处理、又能确定派给谁的，系统先按地点和类别派出，不带原话。",
    }


def test_the_gravest_that_anybody_said_is_shown():
    lines = [line(Grievance.POSSIBLE, "grid"), line(Grievance.MISCONDUCT, "PM"), COMPLAINT]
    shown = grievance.card(received(), lines, DESK, TOWN)
    assert (shown["level"], shown["title"]) == ("misconduct", "有人被投诉")
    possible = grievance.card(received(), [lines[0], COMPLAINT], DESK, TOWN)
    assert possible["title"] == "可能有人被投诉，请先看"
    assert "可能说的是：网格员甲。" in possible["text"]
    assert "到了反馈时限" not in possible["text"]


@pytest.mark.parametrize(
    ("changes", "says", "not_said"),
    [
        ({"concerns": ("PM", "grid")}, "已避开：盛华景苑物业、网格员甲，看不到这张工单。", "在派单、答复"),
        ({"may_concern": ("PM",)}, "在派单、答复或改分类以前，盛华景苑物业看不到这张工单。", "已避开"),
        ({}, "可能说的是：盛华景苑物业。", "看不到这张工单"),
        ({"confidential": True}, "原话：", "到了反馈时限"),
        ({"stage": Stage.HANDLING}, "原话：", "到了反馈时限"),
    ],
)
def test_who_does_not_see_it_and_for_how_long_is_said(changes, says, not_said):
    text = grievance.card(received().model_copy(update=changes), [COMPLAINT], DESK, TOWN)["text"]
    assert says in text
    assert not_said not in text


def test_of_many_who_are_meant_four_are_named_each_once_and_nobody_unknown():
    meant = ("PM", "PM", "grid", "gone", "OFF", "TRA", "ST")
    text = grievance.card(received(), [line(Grievance.POSSIBLE, *meant)], DESK, TOWN)["text"]
    assert "可能说的是：盛华景苑物业、网格员甲、城建中心、区交警支队等。" in text
    four = grievance.card(received(), [line(Grievance.POSSIBLE, *meant[:-1])], DESK, TOWN)["text"]
    assert "区交警支队。" in four
    unknown = grievance.card(received(), [line(Grievance.POSSIBLE, "gone")], DESK, TOWN)["text"]
    assert unknown == "原话：“态度很差”。"


@pytest.mark.parametrize(
    ("by", "changes", "lines", "shown"),
    [
        (DESK, {}, [COMPLAINT], True),
        (LEADER, {}, [COMPLAINT], True),
        (MANAGER, {}, [COMPLAINT], False),
        (DESK, {"stage": Stage.CLOSED}, [COMPLAINT], False),
        (DESK, {}, [line(Grievance.NONE)], False),
        (DESK, {}, [SILENT], False),
    ],
)
def test_the_card_is_the_desk_s_and_its_leaders_while_it_goes_on(by, changes, lines, shown):
    card = grievance.card(received().model_copy(update=changes), lines, by, TOWN)
    assert (card is not None) is shown


# --- 原话待转 ---


def looked_at(**how):
    by = {"summary": "", "only_summary": False} | how
    return withholding.release_words(unlooked_at(), by=DESK, town=TOWN, now=NOW + timedelta(minutes=30), **by)[0]  # fmt: skip


def later(**how):
    """Words that came after the unit had it, and may complain of it."""
    return taken(unit="PM", handler="pm").model_copy(
        update={"withheld": Withheld(since=NOW + timedelta(hours=1), parties=("PM",), **how)}
    )


HOW = "请看原话，选“原话转给承办单位”或“原话不转”；要避开，就“改分类”写上涉及的单位、人员。"
KEPT = {"looked_at": NOW, "by": "desk-a", "reason": "会看出是谁"}


@pytest.mark.parametrize(
    ("ticket", "waits", "text"),
    [
        (unlooked_at(), True, f"到了答复的时限还没有人看，系统只按地点和类别派给了盛华景苑物业，没有给原话。{HOW}"),
        (unlooked_at().model_copy(update={"lead_unit_id": None}), True,
         "退回以前，承办单位没有看到原话；重新派单，原话随单转去。"),
        (later(), True, f"后来的留言可能说到盛华景苑物业，先没有给他们看。{HOW}"),
        (later(**KEPT), False, "盛华景苑物业看不到居民原话和后来的留言。原因：会看出是谁。还可以选“原话转给承办单位”。"),
        (looked_at(summary="三楼灯坏了", only_summary=True), False,
         "盛华景苑物业看不到居民原话和后来的留言。转给的是这句话：三楼灯坏了。还可以选“原话转给承办单位”。"),
        (unlooked_at().model_copy(update={"stage": Stage.CLOSED}), False, None),
    ],
)  # fmt: skip
def test_the_desk_is_told_what_is_withheld_and_what_to_decide(ticket, waits, text):
    shown = withheld.card(ticket, DESK, TOWN)
    assert shown["waits"] is waits
    assert shown["title"] == ("居民原话还没有转给承办单位" if waits else "居民原话没有转给承办单位")
    assert text is None or shown["text"] == text


@pytest.mark.parametrize(
    ("ticket", "waits", "text"),
    [
        (unlooked_at(), True, access.NOT_LOOKED_AT),
        (looked_at(summary="三楼灯坏了", only_summary=True), False, "三楼灯坏了"),
        (later(), True, access.LATER_NOT_LOOKED_AT),
        (later(**KEPT), False, access.LATER_KEPT_BACK),
    ],
)
def test_the_unit_is_told_why_the_words_are_missing(ticket, waits, text):
    title = "暂时看不到居民原话" if waits else "看不到居民原话"
    assert withheld.card(ticket, MANAGER, TOWN) == {"waits": waits, "title": title, "text": text}


def test_where_nothing_is_withheld_there_is_no_card():
    assert withheld.card(received(), DESK, TOWN) is None


# --- what goes outside ---


@pytest.mark.parametrize(
    ("complains", "changes", "read"),
    [
        (Grievance.NONE, {}, True),
        (Grievance.SERVICE, {}, False),
        (Grievance.POSSIBLE, {}, False),
        (Grievance.MISCONDUCT, {}, True),  # it is confidential, and goes nowhere
        (Grievance.SERVICE, {"corrected": True}, True),
        (Grievance.SERVICE, {"first_contact_id": "desk-a"}, True),
        (Grievance.SERVICE, {"found_by": "grid"}, True),
        (Grievance.SERVICE, {"stage": Stage.DISPATCHED}, True),
    ],
)
def test_what_may_complain_goes_outside_without_its_words_until_somebody_has_looked(complains, changes, read):
    ticket = received(photos=("P1",)).model_copy(update=changes | {"complains": complains})
    assert access.is_read_outside(ticket) is read
    told = access.as_read_outside(ticket)
    assert (told.text, told.photos) == ((ticket.text, ("P1",)) if read else (access.NOT_LOOKED_AT, ()))
    said = Event(
        kind="commented", at=NOW, by="reporter", note="他骂人", photos=("P1",), details={"why": "骂"}
    )
    line_ = access.line_as_read_outside(ticket, said)
    assert line_ == (said if read else said.model_copy(update={"note": "", "photos": (), "details": {}}))


def test_a_line_keeps_what_staff_wrote_and_loses_what_residents_said():
    ticket = unlooked_at()
    by_staff = Event(kind="progress", at=NOW, by="pm", note="已到场", photos=("P1",))
    of_a_call = Event(
        kind="followed_up", at=NOW, by="desk-a", note="他说没修", details={"why": "x", "unit": "PM"}
    )
    lines = [(1, by_staff), (2, of_a_call)]
    assert access.lines_as_read_by(ticket, lines, DESK) == lines
    silent = of_a_call.model_copy(update={"note": "", "details": {"unit": "PM"}})
    assert access.lines_as_read_by(ticket, lines, MANAGER) == [(1, by_staff), (2, silent)]


def test_what_was_said_before_the_words_were_withheld_stays():
    ticket = later()
    early = Event(kind="commented", at=NOW, by="reporter", note="三楼")
    at_once = early.model_copy(update={"at": ticket.withheld.since})
    (_, one), (_, other) = access.lines_as_read_by(ticket, [(1, early), (2, at_once)], MANAGER)
    assert (one.note, other.note) == ("三楼", "")
