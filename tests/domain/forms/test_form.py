"""反馈表: the form as a ticket fills it, and what one that came back says."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.acts import assisting, handling
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, Stale, WrongStage
from chalicelib.domain.forms import handing_in, packed_forms
from chalicelib.domain.forms.cells import fixed_cells, rows_of
from chalicelib.domain.forms.form import TITLE, form_of, printed_lines
from chalicelib.domain.forms.merging import need_no_collision
from chalicelib.domain.forms.reading import Fault, Returned, made_from, read_form
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import AssistingState, Event
from chalicelib.domain.town.vocabulary import Track
from chalicelib.web import form_file, form_page, form_sheet
from tests.domain.life import NOW, TOWN, person, resolved, taken

TODAY = NOW.date()
SECRET = "13800001111"


def joint(**how):
    """Led by OFF, the traffic police assist."""
    ticket = taken(track=Track.JOINT, text="深夜喇叭 =1+1，太吵", **how)
    after, _ = assisting.add_assisting(
        ticket, unit_id="TRA", by=person("handler-a"), note="请设声呐", town=TOWN, now=NOW
    )
    return after.model_copy(update={"version": 3})


def form(ticket=None, events=()):
    return form_of(ticket or joint(), events, town=TOWN)


def filled(form, cells=()):
    """The form as it leaves, with some cells filled in."""
    told = {f"B{row}": line.text for row, line in rows_of(form) if line.text}
    return Returned({**fixed_cells(form), **told, **dict(cells)})


def read(form, cells=(), today=TODAY):
    return read_form(filled(form, cells), form, version=form.version, today=today)


def progress(text, by="police", at=NOW):
    return Event(kind="progress", at=at, by=by, note=text)


def test_the_form_asks_the_lead_everyone_who_assists_the_area_and_the_lead_for_its_conclusion():
    labels = [line.label for line in form().lines]
    office, police, station = (TOWN.unit(code).name for code in ("OFF", "TRA", "ST"))
    assert labels == [
        f"{office}（主办）",
        f"{police}（协办）",
        f"{station}（片区意见）",
        f"{office}（办理结论）",
    ]


def test_a_simple_ticket_has_no_form():
    with pytest.raises(WrongStage, match="复杂或疑难"):
        form(taken(track=Track.SIMPLE))


def test_a_waived_unit_is_not_asked():
    ticket, _ = assisting.end_assisting(
        joint(),
        unit_id="TRA",
        state=AssistingState.WAIVED,
        by=person("desk-a"),
        note="不需要",
        town=TOWN,
        now=NOW,
    )
    assert "区交警支队（协办）" not in [line.label for line in form(ticket).lines]


def test_the_latest_progress_of_a_unit_stands_in_its_line():
    told = form(events=[progress("先去看看"), progress("已设声呐"), progress("街道在问", by="desk-a")])
    assert [line.text for line in told.lines] == ["", "已设声呐", "", ""]
    assert "已设声呐" in told.so_far


def test_who_reported_is_nowhere_on_the_form():
    ticket = joint().model_copy(update={"reporter_id": "opaque-reporter"})
    told = form(ticket)
    printed = form_page.page(told, viewer="首问接待甲 fc1", printed_at="2026-11-23 10:00")
    for document in (printed, told.model_dump_json(), form_sheet.sheet(told).decode("latin-1")):
        assert "opaque-reporter" not in document


def test_the_page_bears_its_viewer_and_runs_nothing_that_people_wrote():
    ticket = joint().model_copy(update={"text": "<script>alert(1)</script>"})
    page = form_page.page(form(ticket), viewer="首问接待甲 fc1", printed_at="2026-11-23 10:00")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<span>首问接待甲 fc1 2026-11-23 10:00</span>") == form_page._MARKS
    assert "@page{size:A4" in page


def test_an_exercise_says_so_on_its_form():
    assert form(joint().model_copy(update={"practice": True})).title == f"{TITLE}（演练）"


def test_the_sheet_comes_back_as_it_left():
    told = form(events=[progress("已设声呐\n第二行")])
    back = form_file.read(form_sheet.sheet(told))
    assert made_from(back, number=told.number, latest=told.version) == told.version
    with pytest.raises(Invalid, match="没有新填"):
        read_form(back, told, version=told.version, today=TODAY)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=2, max_size=60))
def test_whatever_is_written_is_read_as_written_and_never_run(text):
    told = form()
    if len(text.strip()) < 2:
        return
    said = read(told, {"B11": text}).said
    assert [(each.line.unit_id, each.text) for each in said] == [("OFF", text.strip().replace("_x000D_", ""))]


def test_the_digest_is_of_the_words_and_not_of_the_file():
    told = form()
    again = filled(told, {"B11": "已到场"})
    assert again.digest == filled(told, {"B11": " 已到场 "}).digest
    assert again.digest != filled(told, {"B11": "已到场。"}).digest


@pytest.mark.parametrize(("words", "accepted"), [("好", False), ("好的", True), ("字" * 2000, True), ("字" * 2001, False)])  # fmt: skip
def test_an_opinion_has_two_to_two_thousand_characters(words, accepted):
    if accepted:
        assert read(form(), {"B11": words}).said[0].text == words
    else:
        with pytest.raises(Invalid, match=r"^B11：应为 2 到 2000 个字"):
            read(form(), {"B11": words})


@pytest.mark.parametrize(
    ("on", "read_as"),
    [
        (TODAY - timedelta(days=1), None),
        (TODAY, TODAY),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=2)),
        (TODAY + timedelta(days=3), None),
        (datetime.combine(date(2026, 11, 24), time(8, 30)), date(2026, 11, 24)),  # as a spreadsheet has it
        ("2026年11月24日", date(2026, 11, 24)),
        ("2026/11/24", date(2026, 11, 24)),
        ("2026.11.24", date(2026, 11, 24)),
        ("明天", None),
        ("2026-02-30", None),
        (45000.5, None),
        ("", TODAY + timedelta(days=2)),  # none given: the day it is handed in
    ],
)
def test_the_day_lies_between_the_report_and_today(on, read_as):
    cells = {"B12": "已设声呐", "D12": on}
    if read_as is None:
        with pytest.raises(Invalid, match=r"^D12：日期"):
            read(form(), cells, today=TODAY + timedelta(days=2))
    else:
        assert read(form(), cells, today=TODAY + timedelta(days=2)).said[0].on == read_as


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"B8": "改过的描述"}, "B8：这一格不能改动"),
        ({"A12": "另一个单位（协办）"}, "A12：这一格不能改动"),
        ({"D5": ""}, "D5：这一格不能改动"),
        ({"E12": "写在外面"}, "E12：这里不是填写的地方"),
        ({"C11": "写在合并格下"}, "C11：这里不是填写的地方"),
        ({"D11": TODAY}, "B11：只填了日期"),
        ({"B11": TODAY}, "B11：这里应填文字"),
        ({"B11": "坏字符\x07在这里"}, "B11：含有不能显示的字符"),
    ],
)
def test_a_bad_cell_is_refused_by_its_name(cells, words):
    with pytest.raises(Invalid, match=f"^{words}"):
        read(form(), {"B12": "这一格是好的", **cells} if "E12" in cells or "A12" in cells else cells)


def test_every_bad_cell_is_named_at_once():
    with pytest.raises(Invalid) as refused:
        read(form(), {"B11": "好", "D12": "明天", "E1": "x"})
    assert [fault["cell"] for fault in refused.value.details["fields"]] == ["B11", "D12", "E1"]


def test_an_opinion_that_stands_may_not_be_erased():
    told = form(events=[progress("已设声呐")])
    with pytest.raises(Invalid, match=r"^B12：原有内容被删掉了"):
        read(told, {"B12": ""})


def test_the_signatures_and_what_the_machine_reckons_may_differ():
    cells = {
        "B11": "已到场",
        "A15": "主办单位（盖章）：城建办",
        "B15": "王五",
        "D7": "2026-12-24 10:00",
        "B9": "",
    }
    assert len(read(form(), cells).said) == 1


@pytest.mark.parametrize(
    ("cells", "named"), [({"B3": "MS-OTHER"}, "B3"), ({"D3": "x"}, "D3"), ({"D3": "99"}, "D3"), ({"D3": "0"}, "D3")]
)  # fmt: skip
def test_the_form_of_another_ticket_or_of_no_version_is_refused(cells, named):
    told = form()
    with pytest.raises(Invalid, match=f"^{named}："):
        made_from(filled(told, cells), number=told.number, latest=3)


@pytest.mark.parametrize("column", sorted(set("ACEFGHIJKLMNOPQRSTUVWXYZ")))
def test_words_in_any_column_but_the_two_that_are_filled_in_are_refused(column):
    with pytest.raises(Invalid, match=f"^{column}11：这"):
        read(form(), {"B12": "这一格是好的", f"{column}11": "写在外面"})


@pytest.mark.parametrize(
    ("as_saved", "words"),
    [
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("第一行\r第二行", "第一行\n第二行"),
        ("第一行_x000D_\n第二行", "第一行\n第二行"),
        ("\u3000已到场 ", "已到场"),
        (12.0, "12"),
        (12.5, "12.5"),
    ],
)
def test_words_are_read_alike_however_a_spreadsheet_saved_them(as_saved, words):
    assert read(form(), {"B11": as_saved}).said[0].text == words


@pytest.mark.parametrize(("joined", "refused"), [("B8:D8", False), ("B12:C12", False), ("B12:C13", True)])
def test_cells_joined_beyond_the_form_s_own_are_refused_by_the_first_of_them(joined, refused):
    told = form()
    back = filled(told, {"B12": "已设声呐"})._replace(joined=(joined,))
    if not refused:
        assert read_form(back, told, version=told.version, today=TODAY).said
        return
    with pytest.raises(Invalid, match=f"^B12：合并了单元格 {joined}，请取消合并"):
        read_form(back, told, version=told.version, today=TODAY)


def test_of_many_bad_cells_ten_are_said_and_all_are_listed():
    told = form()
    back = filled(told)._replace(faults=tuple(Fault(f"F{row:02}", "是公式") for row in range(1, 13)))
    with pytest.raises(Invalid) as refused:
        read_form(back, told, version=told.version, today=TODAY)
    assert refused.value.message == (
        "；".join(f"F{row:02}：是公式" for row in range(1, 11))
        + "等 12 处。请改好后再交回，现在没有作任何改动"
    )
    assert refused.value.details["fields"][11] == {"cell": "F12", "message": "是公式"}


def test_a_form_of_an_older_version_may_have_other_print_and_is_told_so():
    told = form()
    with pytest.raises(Invalid, match=r"^B8：与工单现在的内容不一致"):
        read_form(filled(told, {"B8": "改过的描述"}), told, version=2, today=TODAY)


def test_what_stands_above_the_lines_is_named_in_order():
    ticket = joint()
    due = clocks.find_open(ticket, ClockKind.RESOLUTION).due_at
    assert form(ticket).heads == (
        ("工单编号", ticket.number),
        ("工单版本", "3"),
        ("所属片区", "关港蓝湾片区"),
        ("工作站", "关港蓝湾工作站"),
        ("问题来源", "扫码"),
        ("反映时间", "2026-11-23 10:00"),
        ("问题类别", "未分类"),
        ("处置方式", "复杂"),
        ("发生地点", "盛华景苑"),
        ("办结时限", f"{due:%Y-%m-%d %H:%M}"),
    )
    assert dict(form(ticket.model_copy(update={"clocks": ()})).heads)["办结时限"] == ""


def test_so_far_tells_the_last_eight_deeds_of_units_with_their_words():
    deeds = [progress(f"第{number}次", at=NOW + timedelta(minutes=number)) for number in range(9)]
    told = form(events=[*deeds, Event(kind="opened", at=NOW, by="police")]).so_far.split("\n")
    assert [line.rpartition("：")[2] for line in told] == [f"第{number}次" for number in range(1, 9)]
    assert told[0].startswith("2026-11-23 10:01 区交警支队")
    silent = form(events=[Event(kind="taken", at=NOW, by="police")]).so_far
    assert silent.startswith("2026-11-23 10:00 ")
    assert not silent.endswith("：")


def test_a_line_bears_the_day_that_its_form_gave_and_else_the_day_it_was_said():
    said = {"unit": "OFF", "part": "主办", "on": "2026-11-20"}
    lines = form(events=[progress("已协调").model_copy(update={"details": said}), progress("已设声呐")]).lines
    assert [(line.text, line.on) for line in lines[:2]] == [
        ("已协调", date(2026, 11, 20)),
        ("已设声呐", TODAY),
    ]


def test_an_older_version_s_lines_are_those_that_were_said_by_then():
    history = [(2, progress("先去看看")), (3, progress("已设声呐")), (4, progress("已验收"))]
    for version, words in ((1, ""), (2, "先去看看"), (3, "已设声呐")):
        lines = printed_lines(joint(), history, version=version, town=TOWN)
        assert [line.text for line in lines] == ["", words, "", ""]


def test_two_who_filled_in_other_lines_do_not_collide_and_two_of_one_line_do():
    before = form()
    since = [progress("已设声呐"), progress("到期提醒", by="machine")]
    now = form(events=since)
    ours = read_form(filled(before, {"B11": "已到场"}), now, version=3, today=TODAY, printed=before.lines)
    need_no_collision(ours, before.lines, since, town=TOWN)
    theirs = read_form(filled(before, {"B12": "声呐已装"}), now, version=3, today=TODAY, printed=before.lines)
    with pytest.raises(Stale, match=r"^区交警支队（协办）这一行在您下载之后已有新内容") as refused:
        need_no_collision(theirs, before.lines, since, town=TOWN)
    (change,) = refused.value.details["changes"]
    assert (change["by"], change["by_name"]) == ("police", "区交警支队")


def test_a_form_is_the_same_after_its_way_from_the_function_that_opened_it():
    cells = {"B11": "已到场", "D11": TODAY, "D12": NOW, "B12": 12.5, "B13": 3, "A1": None}
    faults = (Fault("C7", "是公式"),)
    back = packed_forms.unpack(packed_forms.pack(Returned(cells, ("B8:D8",), faults)), str.lower)
    assert back == Returned(cells, ("B8:D8",), faults)
    in_words = packed_forms.unpack(packed_forms.pack(Returned(cells, name_of=str.lower)), str.lower)
    assert in_words.name_of is str.lower


# --- what it changes ---


def hand_in(ticket, cells, now=NOW):
    told = form(ticket)
    return handing_in.hand_in(ticket, read(told, cells, now.date()), by=person("desk-a"), town=TOWN, now=now)


def test_opinions_become_progress_of_those_units_and_the_conclusion_a_proposal():
    done = hand_in(
        joint(), {"B11": "已协调", "B12": f"声呐已装，电话{SECRET}", "B13": "同意", "B14": "建议办结"}
    )
    told = [(line.kind, line.details["unit"], line.note) for line in done.lines]
    assert [(kind, unit) for kind, unit, _ in told] == [
        ("progress", "OFF"), ("progress", "TRA"), ("progress", "ST"), (EventKind.RESULT_PROPOSED, "OFF"),
    ]  # fmt: skip
    assert all(SECRET not in note for _, _, note in told)
    assert done.ticket.stage == joint().stage
    assert not any(line.public for line in done.lines)


def test_the_lead_unit_hears_of_the_conclusion_which_is_its_to_check():
    done = hand_in(joint(), {"B14": "建议办结"})
    assert {notice.to for notice in done.event.notices} >= {"staff:handler-a"}
    assert "请核对" in done.event.notices[0].params["who"]
    assert "建议办结" not in str(done.event.notices)  # phones carry nobody's words


def test_an_opinion_is_an_entry_of_progress_and_the_area_s_or_a_conclusion_is_none():
    ticket, later = joint(), NOW + timedelta(days=1)
    due = clocks.find_open(ticket, ClockKind.PROGRESS).due_at
    after = hand_in(ticket, {"B12": "声呐已装"}, later).ticket
    assert clocks.find_open(after, ClockKind.PROGRESS).due_at > due
    for cells in ({"B13": "同意"}, {"B14": "建议办结"}):
        assert clocks.find_open(hand_in(ticket, cells, later).ticket, ClockKind.PROGRESS).due_at == due


def test_a_form_that_was_handed_in_stands_in_the_next_one():
    ticket = joint()
    done = hand_in(ticket, {"B12": "声呐已装", "B13": "同意", "B14": "建议办结"})
    lines = form(done.ticket, [done.event, *done.lines]).lines
    assert [line.text for line in lines] == ["", "声呐已装", "同意", "建议办结"]


def test_a_line_that_was_handed_in_says_whose_it_is_of_which_day_and_by_whom():
    done = hand_in(joint(), {"B12": "声呐已装", "D12": "2026-11-23"})
    (line,) = done.lines
    assert line.details == {"unit": "TRA", "part": "协办", "on": "2026-11-23"}
    assert (line.at, line.by) == (NOW, "desk-a")
    assert (done.event.kind, done.event.by, done.event.details["of"]) == ("form_handed_in", "desk-a", "3")


def test_the_same_words_of_one_form_are_known_again():
    done = hand_in(joint(), {"B12": "声呐已装"})
    digest = done.event.details["form"]
    assert handing_in.was_handed_in([done.event], digest)
    assert not handing_in.was_handed_in([done.event], "other")
    assert not handing_in.was_handed_in(list(done.lines), digest)


def test_what_has_ended_or_is_resolved_takes_no_form():
    ticket = resolved(track=Track.JOINT)
    with pytest.raises(WrongStage, match="不能交回反馈表"):
        hand_in(ticket, {"B11": "已到场"})


def test_progress_by_the_units_own_people_moves_the_clock_alike():
    after, _ = handling.progress(
        joint(), by=person("police"), text="声呐已装", photos=(), public=False, town=TOWN, now=NOW
    )
    formed = hand_in(joint(), {"B12": "声呐已装"}).ticket
    assert [clock.due_at for clock in after.clocks] == [clock.due_at for clock in formed.clocks]
