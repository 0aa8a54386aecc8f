"""The stand-in refuses what WeChat and WeCom refuse, with the same codes, and forgets no message."""

import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

from infra.local.platform import account, page, pushes
from infra.local.platform.memory import MODES, Memory
from infra.local.platform.server import StandIn
from infra.local.platform.wecom import GROUP

PROGRESS = "stand-in-progress"
DATA = {
    "character_string1": {"value": "MS261122-7K3QX9-4"},
    "thing2": {"value": "盛华景苑4号楼"},
    "phrase3": {"value": "已派单"},
    "thing4": {"value": "已交给盛华物业办理"},
    "time5": {"value": "2026年11月22日 10:00"},
}
MESSAGE = {"touser": "o-li", "template_id": PROGRESS, "page": "pages/ticket/index?id=1", "data": DATA}


@pytest.fixture
def platform():
    with StandIn() as running:
        yield running


def ask(platform, path, body=None, **query):
    url = f"{platform.base}/{path}?{urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=5) as answer:
        return json.loads(answer.read())


def move(running, what, **body):
    return ask(running, f"_stand_in/{what}", body)


def code(platform, path, body, token=None, name="wechat"):
    token = platform.memory.token(name)[0] if token is None else token
    return ask(platform, f"{name}{path}", body, access_token=token)["errcode"]


def subscribe(platform, **changes):
    return code(platform, "/cgi-bin/message/subscribe/send", MESSAGE | changes)


def application(platform, **changes):
    text = {"msgtype": "text", "text": {"content": "您好"}}
    body = {"touser": "wang", "agentid": int(account.AGENT_ID)} | text | changes
    return ask(platform, "wecom/cgi-bin/message/send", body, access_token=platform.memory.token("wecom")[0])


def with_value(field, value):
    return {"data": DATA | {field: {"value": value}}}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, 0),
        ({"touser": "li"}, 40003),
        ({"template_id": "another"}, 40037),
        ({"page": "/pages/ticket/index"}, 41030),
        ({"page": "pages/nowhere/nowhere"}, 41030),
        ({"data": {}}, 47003),
        (with_value("thing2", "字" * 20), 0),
        (with_value("thing2", "字" * 21), 47003),
        (with_value("thing2", ""), 47003),
        (with_value("thing2", "一行\n两行"), 47003),
        (with_value("phrase3", "解决了吗？"), 47003),
        (with_value("phrase3", "已经重新打开"), 47003),
        (with_value("character_string1", "工单一"), 47003),
        (with_value("time5", "11月22日 10:00"), 47003),
        (with_value("time5", 5), 47003),
    ],
)
def test_a_subscribe_message_is_refused_as_wechat_refuses_it(platform, changes, refused):
    platform.memory.allow("o-li", PROGRESS, 1)
    assert subscribe(platform, **changes) == refused
    assert len(platform.memory.phones["wechat:o-li"]) == int(refused == 0)


def test_a_field_that_breaks_its_rule_is_named(platform):
    platform.memory.allow("o-li", PROGRESS, 1)
    body = MESSAGE | with_value("thing4", "")
    token = platform.memory.token("wechat")[0]
    refused = ask(platform, "wechat/cgi-bin/message/subscribe/send", body, access_token=token)
    assert "data.thing4.value" in refused["errmsg"]


def test_one_consent_is_one_message(platform):
    assert subscribe(platform) == 43101
    move(platform, "consent", openid="o-li", template_ids=[PROGRESS], result="accept")
    assert [subscribe(platform) for _ in range(2)] == [0, 43101]


def test_a_rejected_dialog_allows_nothing(platform):
    move(platform, "consent", openid="o-li", template_ids=[PROGRESS], result="reject")
    assert subscribe(platform) == 43101


@pytest.mark.parametrize(
    ("name", "path", "none", "wrong"),
    [
        ("wechat", "/cgi-bin/message/subscribe/send", 41001, 42001),
        ("wecom", "/cgi-bin/message/send", 40014, 40014),
    ],
)
def test_only_a_living_token_opens(platform, name, path, none, wrong):
    assert code(platform, path, {}, token="", name=name) == none
    assert code(platform, path, {}, token="made-up", name=name) == wrong
    alive = platform.memory.token(name)[0]
    move(platform, "kill_tokens")
    assert code(platform, path, {}, token=alive, name=name) == wrong


def test_a_token_stays_the_same_until_its_end(platform):
    first, seconds = platform.memory.token("wechat")
    assert platform.memory.token("wechat")[0] == first
    assert 7100 < seconds <= 7200
    platform.memory.tokens["wechat"] = (first, platform.memory.tokens["wechat"][1] - 6901)
    assert platform.memory.token("wechat")[0] != first


@pytest.mark.parametrize(
    ("js_code", "refused"),
    [("li.1", 0), ("expired.1", 40029), ("li", 40029), ("", 40029), ("risky.1", 40226)],
)
def test_a_login_code_opens_once(platform, js_code, refused):
    query = {"appid": account.APPID, "secret": account.SECRETS["wechat_secret"], "js_code": js_code}
    answer = ask(platform, "wechat/sns/jscode2session", **query)
    assert answer.get("errcode", 0) == refused
    if not refused:
        assert ask(platform, "wechat/sns/jscode2session", **query)["errcode"] == 40163


@pytest.mark.parametrize("wrong", [{"appid": "x"}, {"secret": "x"}])
def test_another_account_gets_no_session_and_no_token(platform, wrong):
    given = {"appid": account.APPID, "secret": account.SECRETS["wechat_secret"]} | wrong
    assert ask(platform, "wechat/sns/jscode2session", **given, js_code="li.1")["errcode"] in (40013, 40125)
    assert "access_token" not in ask(platform, "wechat/cgi-bin/stable_token", given)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"agentid": 1}, 40056),
        ({"touser": "|".join(["a"] * 1001)}, 40032),
        ({"text": {"content": "字" * 683}}, 40058),
        ({"text": {"content": ""}}, 40058),
        ({"msgtype": "picture"}, 40008),
        ({"touser": "gone-a|gone-b"}, 81013),
        ({"msgtype": "textcard", "textcard": {"title": "字" * 43, "description": "d", "url": "u"}}, 40058),
        ({"msgtype": "template_card", "template_card": {"task_id": "", "button_list": [{}]}}, 40058),
    ],
)
def test_an_application_message_is_refused_as_wecom_refuses_it(platform, changes, refused):
    assert application(platform, **changes)["errcode"] == refused


def test_a_member_who_left_is_named_under_errcode_0(platform):
    answer = application(platform, touser="wang|gone")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "gone")
    assert set(platform.memory.phones) == {"wecom:wang"}


def test_beyond_thirty_a_minute_wecom_drops_without_a_word(platform):
    answers = [application(platform, text={"content": str(n)})["errcode"] for n in range(32)]
    assert answers == [0] * 32
    assert len(platform.memory.phones["wecom:wang"]) == 30
    assert platform.memory.dropped["wecom:wang"] == 2


def test_the_same_message_within_half_an_hour_is_shown_once_where_that_is_asked_for(platform):
    for _ in range(2):
        application(platform, enable_duplicate_check=1)
    assert len(platform.memory.phones["wecom:wang"]) == 1
    assert platform.memory.dropped == {}
    application(platform)
    assert len(platform.memory.phones["wecom:wang"]) == 2


def test_a_group_takes_twenty_a_minute(platform):
    body = {"msgtype": "text", "text": {"content": "工单"}}
    key = account.SECRETS["wecom_robot_key"]
    codes = [ask(platform, "wecom/cgi-bin/webhook/send", body, key=key)["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    assert len(platform.memory.phones[GROUP]) == 20
    assert ask(platform, "wecom/cgi-bin/webhook/send", body, key="x")["errcode"] == 93000


@pytest.mark.parametrize("mode", sorted(set(MODES) - {"ok", "errcode"}))
def test_it_can_be_told_to_behave_badly_for_a_while(platform, mode):
    move(platform, "mode", platform="wecom", mode=mode, times=1, seconds=0.01)
    try:
        behaved = application(platform)["errcode"] == 0
    except (OSError, ValueError):
        behaved = False
    assert behaved is (mode == "slow")
    assert application(platform, text={"content": "again"})["errcode"] == 0


def test_a_code_that_it_is_told_is_answered_and_nothing_is_shown(platform):
    move(platform, "mode", platform="wecom", mode="errcode", errcode=60020)
    assert application(platform)["errcode"] == 60020
    assert platform.memory.phones == {}


@pytest.mark.parametrize(
    "mood", [{"mode": "angry"}, {"platform": "qq"}, {"mode": "errcode"}, {"mode": "ok", "till": 1}]
)
def test_a_mood_that_it_does_not_know_is_refused(platform, mood):
    with pytest.raises(urllib.error.HTTPError, match="422"):
        move(platform, "mode", **mood)


def test_messages_and_consents_outlive_a_kill_even_in_the_middle_of_a_line(tmp_path):
    file = tmp_path / "phones.jsonl"
    with StandIn(file=file) as before:
        before.memory.allow("o-li", PROGRESS, 2)
        assert subscribe(before) == 0
    with file.open("a") as torn:
        torn.write('{"phone": "wec')
    with StandIn(file=file) as after:
        assert [subscribe(after) for _ in range(2)] == [0, 43101]
    with StandIn(file=file) as once_more:
        assert len(once_more.memory.phones["wechat:o-li"]) == 2


def test_a_message_that_could_not_be_delivered_leaves_the_phone_for_good(tmp_path):
    file = tmp_path / "phones.jsonl"
    with StandIn(file=file) as platform:
        platform.memory.allow("o-li", PROGRESS, 2)
        subscribe(platform)
        subscribe(platform)
        first, second = (message["msgid"] for message in platform.memory.phones["wechat:o-li"])
        assert first != second
        assert move(platform, "undelivered", openid="o-li", msgid=first)["status"] == 0  # nobody to tell
        with pytest.raises(urllib.error.HTTPError, match="422"):
            move(platform, "undelivered", openid="o-li", msgid=first)
    with StandIn(file=file) as after:
        assert [message["msgid"] for message in after.memory.phones["wechat:o-li"]] == [second]


def test_what_was_dropped_outlives_a_kill(tmp_path):
    with StandIn(file=tmp_path / "phones.jsonl") as platform:
        platform.memory.drop("wecom:wang")
    with StandIn(file=tmp_path / "phones.jsonl") as after:
        assert after.memory.dropped == {"wecom:wang": 1}


def test_every_phone_is_on_one_page_and_no_message_is_markup(platform):
    application(platform, text={"content": "<script>alert(1)</script>"})
    platform.memory.allow("o-li", PROGRESS, 1)
    subscribe(platform)
    drawn = page.draw(platform.memory)
    assert "盛华景苑4号楼" in drawn
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    shown = ask(platform, "phones.json")["phones"]
    assert set(shown) == {"wecom:wang", "wechat:o-li"}


def test_without_a_callback_url_a_tap_says_so():
    assert pushes.tap(Memory(), "wang", "take@1", "take")["status"] == 0


def test_an_account_has_what_our_templates_use():
    for used in account.USED:
        granted = account.TEMPLATES[used["id"]]
        assert set(used["fields"]) == set(granted["fields"])
        assert granted["kind"] == "one_time"
