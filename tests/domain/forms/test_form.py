"""反馈表: the form as a ticket fills it, and what one that came back says."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.acts import assisting, handling
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, WrongStage
from chalicelib.domain.forms import handing_in
from chalicelib.domain.forms.cells import fixed_cells, rows_of
from chalicelib.domain.forms.form import TITLE, form_of
from chalicelib.domain.forms.reading import Returned, made_from, read_form
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
