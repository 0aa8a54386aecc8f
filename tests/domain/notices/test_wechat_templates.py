"""What WeChat accepts in a subscribe message, and what our notices become in it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notices import wechat_templates
from chalicelib.domain.notices.resident_templates import RESIDENT, TEMPLATES
from chalicelib.domain.notices.wechat_templates import (
    BadTemplates,
    SubscribeTemplate,
    Unfit,
    data_of,
    fit,
    page_of,
    read_templates,
)
from infra.local.platform.account import PAGES
from tests.telling_town import PARAMS, at

NOW = at("10:00")
FIELDS = {
    "character_string1": "number",
    "thing2": "place",
    "phrase3": "stage",
    "thing4": "text",
    "time5": "at",
}
TEMPLATE = SubscribeTemplate(id="T1", fields=FIELDS)
SAID = PARAMS | {"phone": "021-5000 0000"}
# As the reference states them, apart from the code that is tested.
ACCEPTED = {
    "thing": r".{1,20}",
    "short_thing": r".{1,5}",
    "number": r"(?=.{1,32}$)[0-9]+(\.[0-9]+)?",
    "letter": r"[A-Za-z]{1,32}",
    "character_string": r"[!-~]{1,32}",
    "time": r"([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日( [0-9]{1,2}:[0-9]{2})?|[0-9]{1,2}:[0-9]{2})",
    "date": r"([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日( [0-9]{1,2}:[0-9]{2})?|[0-9]{1,2}:[0-9]{2})",
    "phone_number": r"[0-9+\- ]{1,17}",
    "name": r"([ -~]{1,20}|.{1,10})",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}


@given(st.sampled_from(sorted(ACCEPTED)), st.text(max_size=60))
def test_whatever_is_said_a_field_holds_what_wechat_accepts_or_is_refused_here(prefix, text):
    try:
        fitted = fit(f"{prefix}1", text, NOW)
    except Unfit:
        return
    assert re.fullmatch(ACCEPTED[prefix], fitted)
    assert fitted.isprintable()


@pytest.mark.parametrize(
    ("key", "said", "written"),
    [
        ("thing1", "字" * 19, "字" * 19),
        ("thing1", "字" * 20, "字" * 20),
        ("thing1", "字" * 21, "字" * 19 + "…"),
        ("thing1", "", "无"),
        ("thing1", "第一行\n第二行", "第一行 第二行"),
        ("character_string1", "工单MS261122-7K3QX9-4", "MS261122-7K3QX9-4"),
        ("character_string1", "A" * 33, "A" * 32),
        ("phrase1", "解决了吗？", "解决了吗"),
        ("phrase1", "已经重新打开了", "已经重新打"),
        ("time1", "11月24日 18:00", "2026年11月24日 18:00"),
        ("time1", "1月4日 09:00", "2027年1月4日 09:00"),
        ("time1", "2026年1月4日 09:00", "2026年1月4日 09:00"),
        ("date1", "11月24日", "2026年11月24日"),
        ("time1", "18:00", "18:00"),
        ("number1", "共3件", "3"),
        ("name1", "王" * 11, "王" * 10),
        ("name1", "w" * 21, "w" * 20),
        ("phone_number1", "021-5000 0000", "021-5000 0000"),
    ],
)
def test_a_value_is_cut_to_its_field(key, said, written):
    assert fit(key, said, NOW) == written


@pytest.mark.parametrize("key", ["time1", "date1", "number1", "phrase1", "character_string1", "name1"])
def test_a_field_that_would_be_empty_is_refused_and_named(key):
    with pytest.raises(Unfit, match=key):
        fit(key, "", NOW)


@pytest.mark.parametrize("notice", TEMPLATES)
def test_every_notice_fits_a_template(notice):
    data = data_of(TEMPLATE, notice, SAID | {"count": "3", "numbers": "A、B"}, NOW)
    assert set(data) == set(FIELDS)
    assert data["character_string1"] == PARAMS["number"]


def test_a_field_may_take_the_title_and_says_so_where_the_notice_lacks_its_value():
    template = SubscribeTemplate(id="T2", fields={"thing1": "title", "thing2": "who"})
    said = {name: value for name, value in SAID.items() if name != "who"}
    assert data_of(template, "closed", said, NOW) == {"thing1": "已结案", "thing2": "无"}


def test_every_notice_to_a_resident_has_its_phrase():
    assert set(wechat_templates.STAGES) == set(RESIDENT)
    assert all(re.fullmatch(ACCEPTED["phrase"], phrase) for phrase in wechat_templates.STAGES.values())


def test_a_notice_uses_the_template_that_names_it_else_the_one_for_any_other():
    asking = SubscribeTemplate(id="asking", notices=("resolved_ask",), fields=FIELDS)
    assert wechat_templates.template_for((TEMPLATE, asking), "resolved_ask") == asking
    assert wechat_templates.template_for((TEMPLATE, asking), "closed") == TEMPLATE
    assert wechat_templates.template_for((asking,), "closed") is None


def test_a_deployment_without_templates_has_none():
    assert read_templates("  ") == ()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("{", "WECHAT_TEMPLATES"),
        ('{"id": "T"}', "WECHAT_TEMPLATES"),
        ([{"id": "T"}], "fields"),
        ([{"id": "T", "fields": {}}], "no fields"),
        ([{"id": "T", "fields": {"thing": "place"}}], "thing"),
        ([{"id": "T", "fields": {"thing1": "openid"}}], "openid"),
        ([{"id": "T", "fields": {"picture1": "place"}}], "picture1"),
        ([{"id": "T", "fields": FIELDS, "notices": ["closd"]}], "closd"),
        ([{"id": "T", "fields": FIELDS, "kind": "for_ever"}], "kind"),
        ([{"id": "T", "fields": FIELDS, "pages": "x"}], "pages"),
    ],
)
def test_templates_that_are_written_wrong_are_refused_and_the_place_is_named(wrong, named):
    with pytest.raises(BadTemplates, match=named):
        read_templates(wrong if isinstance(wrong, str) else json.dumps(wrong))


@pytest.mark.parametrize(
    ("notice", "to_staff", "ticket_id", "page"),
    [
        ("dispatched", False, "T1", "pages/ticket/index?id=T1"),
        ("assigned", True, "T1", "staff/ticket/index?id=T1"),
        ("dead_letters", True, "", "pages/inbox/index?who=staff"),
        ("nearby_published", False, "", "pages/nearby/index"),
        ("volunteer_approved", False, "", "pages/inbox/index"),
    ],
)
def test_a_tap_opens_what_the_message_is_about_on_a_page_that_there_is(notice, to_staff, ticket_id, page):
    assert page_of(TEMPLATE, notice, to_staff=to_staff, ticket_id=ticket_id) == page
    assert page.partition("?")[0] in PAGES  # of app.json


def test_a_town_may_name_another_page():
    own = TEMPLATE.model_copy(update={"page": "pages/rate/index"})
    assert page_of(own, "resolved_ask", to_staff=False, ticket_id="T1") == "pages/rate/index?id=T1"
