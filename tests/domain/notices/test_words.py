"""What people read: every template, every sentence, and the fields WeChat limits."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notices.resident_templates import RESIDENT, TEMPLATES
from chalicelib.domain.notices.staff_templates import GATHERED, STAFF
from chalicelib.domain.notices.template import Template
from chalicelib.domain.notices.words import MissingParams, UnknownTemplate, fields_of, thing, words_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.views.history import history_line
from tests.telling_town import PARAMS, a_town, an_event

ALWAYS = set(PARAMS) | {"phone"}
FULL = PARAMS | {"phone": "021-5000 0000", "count": "3", "numbers": "MS1、MS2、MS3"}
DOMAIN = Path(__file__).parents[3] / "chalicelib"
TELLING_CALLS = {"tell": 1, "tell_staff": 1, "Notice": None}


def _templates_named_in(source):
    """The template names in calls of tell, tell_staff, Notice(template=…), and plain assignments of `template=`."""
    for call in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        position = TELLING_CALLS.get(name)
        given = [word.value for word in call.keywords if word.arg == "template" and name in TELLING_CALLS]
        if position is not None and len(call.args) > position:
            given.append(call.args[position])
        for value in given:
            yield from (node.value for node in ast.walk(value) if isinstance(node, ast.Constant))


def _every_template_of_the_rules():
    files = [*(DOMAIN / "domain").rglob("*.py"), *(DOMAIN / "actions").rglob("*.py")]
    return {name for file in files for name in _templates_named_in(file.read_text()) if isinstance(name, str)}


def test_every_template_that_a_rule_names_has_words():
    named = _every_template_of_the_rules()
    assert named  # the walk finds the calls
    assert named <= set(RESIDENT) | set(STAFF)


@pytest.mark.parametrize("name", sorted(RESIDENT | STAFF))
def test_a_template_uses_only_what_every_notice_carries(name):
    assert {field for sentence in TEMPLATES[name].sentences for field in fields_of(sentence)} <= ALWAYS


@pytest.mark.parametrize("name", sorted(STAFF))
def test_a_push_does_not_say_the_first_word_of_its_title_twice(name):
    """A phone shows 【title】text: 【紧急】紧急：… was one. What begins with who or which number says something new."""
    first = STAFF[name].sentences[0]
    assert first.startswith("{") or not first.startswith(STAFF[name].title[:2])


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_notice_is_whole_sentences_without_gaps(name):
    words = words_of(name, FULL)
    assert words.title
    assert words.text[-1] in "。！？”"
    assert not {"{", "}"} & set(words.text)
    assert "。。" not in words.text


@pytest.mark.parametrize("name", sorted(RESIDENT))
def test_a_resident_is_always_told_where_to_ask(name):
    assert FULL["phone"] in words_of(name, FULL).text


@pytest.mark.parametrize(
    ("given", "body"),
    [
        ({"place": "望月路"}, "您反映的望月路的问题，我们收到了。"),
        ({"place": "望月路", "due": ""}, "您反映的望月路的问题，我们收到了。"),
        ({"place": "望月路", "due": "9:05"}, "您反映的望月路的问题，我们收到了。9:05前告诉您由谁来办。"),
    ],
)
def test_a_sentence_without_its_value_is_left_out(given, body):
    assert words_of("received", given).text == body


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_notice_without_what_its_first_sentence_says_is_refused(name):
    for field in fields_of(TEMPLATES[name].sentences[0]):
        with pytest.raises(MissingParams):
            words_of(name, FULL | {field: ""})
        with pytest.raises(MissingParams):
            words_of(name, {key: value for key, value in FULL.items() if key != field})


def test_an_unknown_template_is_refused():
    with pytest.raises(UnknownTemplate, match="no_such_template"):
        words_of("no_such_template", FULL)


def test_a_drill_says_so_in_every_title():
    assert words_of("assigned", FULL | {"practice": "1"}).title == "【演练】新工单"


@pytest.mark.parametrize(
    ("note", "ending"),
    [
        ("已修好", "。已修好。"),
        ("已修好。", "。已修好。"),
        ("已修好！", "。已修好！"),
        ("修好了吗？", "。修好了吗？"),
    ],
)
def test_a_value_that_ends_its_own_sentence_gets_no_second_mark(note, ending):
    assert words_of("progress", {"place": "望月路", "note": note}).text.endswith(ending)


def test_braces_in_what_someone_wrote_stay_as_written():
    assert "{due}%s{0}" in words_of("progress", FULL | {"note": "{due}%s{0}"}).text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一" * 19, "一" * 19),
        ("一" * 20, "一" * 20),
        ("一" * 21, "一" * 19 + "…"),
        ("灯\n坏了", "灯 坏了"),
        ("", "无"),
        ("\n\t ", "无"),
    ],
)
def test_a_thing_field_is_one_line_of_twenty_characters(text, shown):
    assert thing(text) == shown


@given(st.text())
def test_whatever_was_written_a_thing_field_is_accepted(text):
    assert 1 <= len(thing(text)) <= 20
    assert thing(text).isprintable()


def test_several_at_once_are_named_only_where_they_are_gathered():
    assert isinstance(GATHERED["digest"], Template)
    assert "3件" in words_of("digest", FULL).text
    assert "MS1、MS2、MS3" in words_of("storm", FULL).text


def test_a_kind_of_a_newer_version_keeps_its_name_and_the_history_opens():
    written = an_event(kind="something_new").model_dump_json()
    assert '"kind":"something_new"' in written
    read = Event.model_validate_json(written)
    assert (read.kind, read.kind.words) == ("something_new", "有更新")
    assert read.model_dump_json() == written


def _line(kind, by="manager", **details):
    return history_line(an_event(kind=kind, by=by, details=details), a_town())


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (_line("taken"), "盛华物业已签收"),
        (_line("dispatched", by="machine", unit="property"), "系统派给盛华物业办理"),
        (_line("withdrawn", by="reporter"), "居民撤回"),
        (_line("merged", by="head", number="MS261122-7K3QX9-4"), "已与MS261122-7K3QX9-4并案办理"),
        (_line("taken", by="gone"), "工作人员已签收"),
        (_line("dispatched", by="head", unit="gone"), "关港蓝湾站派给承办单位办理"),
        (_line("something_new"), "有更新"),
    ],
)
def test_a_line_of_history_names_units_and_never_persons(line, shown):
    assert line == shown


@pytest.mark.parametrize("kind", sorted(EventKind))
def test_a_line_of_history_has_no_gaps(kind):
    assert not {"{", "}"} & set(_line(kind))


@pytest.mark.parametrize(
    ("details", "line"),
    [
        ({}, "已收到"),
        ({"to": "市交警"}, "已收到，已转送市交警"),
        ({"unit": "gone"}, "已收到，已派给承办单位办理"),
    ],
)
def test_the_first_line_says_what_triage_did_at_once(details, line):
    received = an_event(kind="received", by="reporter", details=details)
    assert history_line(received, a_town()) == line


@pytest.mark.parametrize(
    ("came", "said"),
    [
        ({"came": "并入1件，新增来话1条"}, "MS1已并入本单（并入1件，新增来话1条）"),
        ({}, "MS1已并入本单"),  # a line of before
    ],
)
def test_a_merge_says_in_the_history_what_it_brought(came, said):
    line = an_event(kind="absorbed", by="desk-a", details={"number": "MS1"} | came)
    assert history_line(line, a_town()) == said
