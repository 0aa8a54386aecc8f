"""An alarm of the deployment reaches the group, in words that say what to do."""

import json

import pytest

from chalicelib.actions.notices import operators
from chalicelib.tasks.alarms import tell_alarm
from infra.local.platform import wecom as theirs
from tests.phones_cloud import keep_secrets, phones_cloud

ABOUT = "有消息等了十分钟还没发出。请查看 send 函数的日志。"


@pytest.fixture
def platform(monkeypatch):
    with phones_cloud(monkeypatch) as running:
        yield running


def an_alarm(state="ALARM", **more):
    return json.dumps(
        {"AlarmName": "mslj-prod-send-late", "NewStateValue": state, "AlarmDescription": ABOUT} | more
    )


def woken_by(*messages):
    tell_alarm({"Records": [{"Sns": {"Message": message}} for message in messages]}, None)


def said(platform):
    return [each["text"]["content"] for each in platform.memory.phones[theirs.GROUP]]


def test_an_alarm_is_told_to_the_group_with_what_to_do(platform):
    woken_by(an_alarm())
    assert said(platform) == [f"【系统告警】mslj-prod-send-late\n{ABOUT}"]


def test_that_it_is_over_is_told_too(platform):
    woken_by(an_alarm("OK"))
    assert said(platform) == ["【恢复正常】mslj-prod-send-late"]


def test_an_alarm_that_the_robot_did_not_take_comes_again(platform, monkeypatch):
    monkeypatch.setattr(theirs, "ROBOT_A_MINUTE", 0)
    with pytest.raises(operators.NotTold):
        woken_by(an_alarm())


def test_a_town_without_a_robot_finds_its_alarm_in_the_log(platform, caplog):
    keep_secrets(wecom_robot_key="")
    woken_by(an_alarm())
    assert said(platform) == []
    assert "mslj-prod-send-late" in caplog.text


@pytest.mark.parametrize("message", ["no JSON", "[]", "{}", '"x"', "1" * 5000])
def test_whatever_else_the_topic_carries_is_passed_on_short_enough_for_the_robot(message):
    words = operators.words_of(message)
    assert words.startswith("【系统告警】")
    assert len(words.encode()) <= 2048


def test_the_longest_words_of_an_alarm_fit_into_one_message():
    assert len(operators.words_of(an_alarm(AlarmDescription="请" * 5000)).encode()) <= 2048
