"""To residents' phones: each message arrives once, or is listed as what it is, whatever WeChat does."""

import logging
from datetime import timedelta

import pytest

from chalicelib.actions.notices import sending
from chalicelib.domain.errors import Invalid, NotSignedIn, TryAgain
from chalicelib.domain.notices.deliveries import State
from chalicelib.gateways import http, tokens, wechat
from chalicelib.settings import settings
from chalicelib.store.identity import consents
from chalicelib.store.notices import deliveries, platform_tokens
from chalicelib.store.notices.deliveries import LEASE
from infra.local.platform.server import StandIn
from tests.phones_cloud import (
    NOW,
    PROGRESS,
    a_resident,
    attempt,
    connect,
    keep_secrets,
    phones_cloud,
    shown,
    to_resident,
)
from tests.telling_town import PARAMS

LI = "wechat:o-li"


@pytest.fixture
def platform(monkeypatch):
    with phones_cloud(monkeypatch) as running:
        yield running


def mood(platform, mode, **more):
    platform.memory.set_mood("wechat", {"mode": mode, **more})


def left(person):
    return consents.balance(person, PROGRESS)


def test_a_resident_who_accepted_is_told_once(platform):
    person = a_resident(platform)
    key = to_resident(person)
    assert attempt(key).state is State.DELIVERED
    attempt(key)
    [message] = shown(platform, LI)
    assert message["page"] == "pages/ticket/index?id=01KAT0000000000000000000A1"
    assert message["data"]["character_string1"] == {"value": PARAMS["number"]}
    assert message["data"]["phrase3"] == {"value": "已派单"}
    assert left(person) == 0


def test_without_a_consent_nothing_is_asked_of_wechat(platform):
    assert attempt(to_resident(a_resident(platform, accepts=0))).state is State.NO_CONSENT
    assert platform.memory.calls == {}


def test_a_notice_without_a_template_costs_no_consent(platform):
    person = a_resident(platform)
    assert attempt(to_resident(person, template="taken")).state is State.NOT_SET_UP
    assert left(person) == 1


def test_whoever_never_bound_wechat_is_not_told_there(platform):
    assert attempt(to_resident("somebody")).state is State.NO_CONSENT


def test_used_up_at_wechat_means_used_up_here_and_no_retry(platform):
    person = a_resident(platform, accepts=2)
    platform.memory.allow("o-li", PROGRESS, -2)
    assert attempt(to_resident(person)).state is State.NO_CONSENT
    assert left(person) == 0
    assert platform.memory.calls["wechat/cgi-bin/message/subscribe/send"] == 1


def test_wechat_down_for_an_hour_delays_a_message_and_loses_none(monkeypatch, platform):
    person = a_resident(platform)
    key = to_resident(person)
    with StandIn() as gone:
        pass
    connect(monkeypatch, gone.base)  # nobody listens there
    now = NOW
    while now < NOW + timedelta(hours=1):
        assert attempt(key, now).state is State.TEMPORARY_FAILURE
        assert left(person) == 1
        now += timedelta(minutes=31)
    connect(monkeypatch, platform.base)
    assert attempt(key, now).state is State.DELIVERED
    assert len(shown(platform, LI)) == 1


@pytest.mark.parametrize("mode", ["down", "html", "garbage"])
def test_no_token_means_that_the_message_has_not_left(platform, mode):
    person = a_resident(platform)
    key = to_resident(person)
    mood(platform, mode)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED
    assert len(shown(platform, LI)) == 1


@pytest.mark.parametrize(("mode", "arrived"), [("slow", 1), ("garbage", 1), ("html", 0), ("down", 0)])
def test_a_one_time_message_that_may_have_arrived_is_listed_and_never_sent_twice(platform, mode, arrived):
    person = a_resident(platform, accepts=2)
    attempt(to_resident(person, event_key="first"))  # a token is held now
    key = to_resident(person, event_key="second")
    mood(platform, mode, seconds=1)
    assert attempt(key).state is State.PERMANENT_FAILURE
    mood(platform, "ok")
    assert "可能已送达" in attempt(key, NOW + timedelta(hours=1)).detail
    assert len(shown(platform, LI)) == 1 + arrived
    assert left(person) == 0


@pytest.mark.parametrize("left_before_it_died", [True, False])
def test_a_send_that_is_killed_between_request_and_record_never_sends_twice(
    monkeypatch, platform, left_before_it_died
):
    person = a_resident(platform)
    key = to_resident(person)

    def killed(*_args, **_how):
        raise KeyboardInterrupt

    where = (deliveries, "record") if left_before_it_died else (wechat, "send")
    with monkeypatch.context() as patch:
        patch.setattr(*where, killed)
        with pytest.raises(KeyboardInterrupt):
            attempt(key)
    sending.sweep(now=NOW + LEASE + timedelta(seconds=30))
    ended = attempt(key, NOW + timedelta(hours=1))
    assert ended.state is State.PERMANENT_FAILURE
    assert "可能已送达" in ended.detail
    assert len(shown(platform, LI)) == int(left_before_it_died)


def test_a_full_quota_waits_half_an_hour_and_costs_no_consent(platform):
    person = a_resident(platform)
    key = to_resident(person)
    mood(platform, "errcode", errcode=45009)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    assert left(person) == 1
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=29)).state is State.TEMPORARY_FAILURE
    assert attempt(key, NOW + timedelta(minutes=30)).state is State.DELIVERED


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_stays_refused_ends_after_one_refresh(platform, code):
    key = to_resident(a_resident(platform))
    mood(platform, "errcode", errcode=code)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    assert platform.memory.calls["wechat/cgi-bin/stable_token"] == 2
    assert platform.memory.calls["wechat/cgi-bin/message/subscribe/send"] == 2


def test_a_token_that_dies_early_is_renewed_once(platform):
    person = a_resident(platform, accepts=2)
    attempt(to_resident(person, event_key="first"))
    platform.memory.tokens.clear()
    assert attempt(to_resident(person, event_key="second")).state is State.DELIVERED
    assert platform.memory.calls["wechat/cgi-bin/stable_token"] == 2


def test_a_token_that_another_process_renewed_is_taken_from_the_table(platform):
    person = a_resident(platform, accepts=2)
    attempt(to_resident(person, event_key="first"))
    platform.memory.tokens.clear()
    value, _ = platform.memory.token("wechat")
    platform_tokens.put("wechat", value, NOW + timedelta(hours=2))
    assert attempt(to_resident(person, event_key="second")).state is State.DELIVERED
    assert platform.memory.calls["wechat/cgi-bin/stable_token"] == 1


@pytest.mark.parametrize(("seconds_left", "asked"), [(301, 1), (300, 2), (299, 2)])
def test_a_token_is_renewed_in_its_last_five_minutes(platform, seconds_left, asked):
    person = a_resident(platform, accepts=2)
    attempt(to_resident(person, event_key="first"))
    tokens.forget()
    value, _ = platform.memory.token("wechat")
    platform_tokens.put("wechat", value, NOW + timedelta(seconds=seconds_left))
    attempt(to_resident(person, event_key="second"))
    assert platform.memory.calls["wechat/cgi-bin/stable_token"] == asked


@pytest.mark.parametrize("code", [40003, 40037, 41030, 43107, 45168, 47003, 48001])
def test_what_a_person_must_mend_is_not_tried_again(platform, code, caplog):
    key = to_resident(a_resident(platform))
    mood(platform, "errcode", errcode=code)
    with caplog.at_level(logging.ERROR):
        assert attempt(key).state is State.PERMANENT_FAILURE
    assert str(code) in caplog.text
    assert "rid 0a1b2c3d" in caplog.text
    assert "o-li" not in caplog.text


@pytest.mark.parametrize("code", [-1, 41001, 43108, 45011])
def test_what_passes_by_itself_is_tried_again(platform, code):
    person = a_resident(platform)
    key = to_resident(person)
    mood(platform, "errcode", errcode=code, times=2)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED


def test_a_field_without_content_is_found_before_wechat_finds_it(monkeypatch, platform):
    template = f'[{{"id": "{PROGRESS}", "fields": {{"time1": "due"}}}}]'
    connect(monkeypatch, platform.base, WECHAT_TEMPLATES=template)
    person = a_resident(platform)
    ended = attempt(to_resident(person, params=PARAMS | {"due": ""}))
    assert ended.state is State.PERMANENT_FAILURE
    assert "time1" in ended.detail
    assert left(person) == 1
    assert platform.memory.calls == {}


def test_a_long_term_template_needs_no_balance_until_it_is_refused(monkeypatch, platform):
    template = (
        '[{"id": "stand-in-long-term", "kind": "long_term",'
        ' "fields": {"character_string1": "number", "thing2": "place"}}]'
    )
    connect(monkeypatch, platform.base, WECHAT_TEMPLATES=template)
    person = a_resident(platform, accepts=0)
    assert attempt(to_resident(person, event_key="first")).state is State.DELIVERED
    consents.refuse(person, "stand-in-long-term", at=NOW)
    assert attempt(to_resident(person, event_key="second")).state is State.NO_CONSENT


def test_a_platform_that_does_not_answer_holds_up_nobody_else_of_the_batch(platform):
    person = a_resident(platform, accepts=3)
    attempt(to_resident(person, event_key="first"))
    mood(platform, "slow", seconds=1)
    attempt(to_resident(person, event_key="second"))
    third = to_resident(person, event_key="third")
    sending.send(third, now=NOW)  # in the same process, at once
    assert deliveries.find(third).state is State.TEMPORARY_FAILURE
    assert platform.memory.calls["wechat/cgi-bin/message/subscribe/send"] == 2
    mood(platform, "ok")
    assert attempt(third, NOW + timedelta(minutes=1)).state is State.DELIVERED


def test_a_fault_of_our_own_before_the_request_is_tried_again(monkeypatch, platform):
    key = to_resident(a_resident(platform))
    with monkeypatch.context() as patch:
        patch.setattr(consents, "spend", lambda *_: 1 / 0)
        assert attempt(key).state is State.TEMPORARY_FAILURE
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED


@pytest.mark.parametrize("how", ["no platform", "practice", "a ticket of a drill"])
def test_where_nobody_outside_is_told_the_log_says_so(monkeypatch, platform, how):
    if how == "no platform":
        monkeypatch.setenv("WECHAT_BASE_URL", "")
    elif how == "practice":
        monkeypatch.setenv("PRACTICE", "true")
    settings.cache_clear()
    drill = {"params": PARAMS | {"practice": "1"}} if how == "a ticket of a drill" else {}
    assert attempt(to_resident(a_resident(platform), **drill)).state is State.DELIVERED
    assert platform.memory.calls == {}


def test_a_login_code_is_worth_one_openid_once(platform):
    assert wechat.openid_of("li.1") == "o-li"
    for code in ("li.1", "expired.1", "not a code"):
        with pytest.raises(NotSignedIn):
            wechat.openid_of(code)


def test_a_risky_account_is_told_to_call(platform):
    with pytest.raises(wechat.Blocked):
        wechat.openid_of("risky.1")


@pytest.mark.parametrize("mode", ["down", "slow", "html", "garbage"])
def test_when_wechat_does_not_answer_whoever_signs_in_is_told_to_try_again(platform, mode):
    mood(platform, mode, seconds=1)
    with pytest.raises(TryAgain):
        wechat.openid_of("li.1")


def test_a_busy_platform_is_asked_once_more_at_sign_in(platform):
    mood(platform, "errcode", errcode=-1, times=1)
    assert wechat.openid_of("li.1") == "o-li"
    mood(platform, "errcode", errcode=-1, times=2)
    with pytest.raises(TryAgain):
        wechat.openid_of("li.2")


@pytest.mark.parametrize("code", [45011, 40125, 40013])
def test_a_sign_in_that_wechat_refuses_says_when_to_try_again(platform, code):
    mood(platform, "errcode", errcode=code)
    with pytest.raises(TryAgain) as refusal:
        wechat.openid_of("li.1")
    assert refusal.value.details["retry_after_seconds"] > 0


def test_a_wrong_secret_is_not_shown_to_the_resident(platform, caplog):
    keep_secrets(wechat_secret="wrong")
    with pytest.raises(TryAgain), caplog.at_level(logging.ERROR):
        wechat.openid_of("li.1")
    assert "40125" in caplog.text
    assert "wrong" not in caplog.text


def test_a_phone_code_is_worth_one_number_once(platform):
    how = {"kept": platform_tokens, "now": NOW}
    assert wechat.phone_of("13800138000.1", **how) == "13800138000"
    with pytest.raises(Invalid):
        wechat.phone_of("13800138000.1", **how)


def test_a_deployment_without_a_mini_program_says_so(monkeypatch, platform):
    connect(monkeypatch, platform.base, WECHAT_APPID="")
    with pytest.raises(wechat.NotInUse):
        wechat.openid_of("li.1")


def test_the_content_check_only_says_what_a_person_should_look_at(platform):
    how = {"kept": platform_tokens, "now": NOW}
    assert wechat.is_suspect("o-li", "代开发票", **how)
    assert not wechat.is_suspect("o-li", "楼道灯坏了" * 1000, **how)


def test_an_answer_that_is_no_object_is_no_answer(platform, monkeypatch):
    monkeypatch.setattr(http, "_exchange", lambda *_: (b"[1]", 200))
    with pytest.raises(http.NoAnswer):
        http.get(platform.base, "/x")
