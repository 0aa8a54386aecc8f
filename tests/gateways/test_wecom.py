"""To staff's phones: at least once, at WeCom's pace, and in the group where the application cannot reach someone."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notices.deliveries import State
from chalicelib.domain.notices.words import Words
from chalicelib.gateways import wecom
from chalicelib.store.notices import deliveries
from chalicelib.store.notices.deliveries import LEASE
from chalicelib.store.requests import pacing
from infra.local.platform import wecom as theirs
from tests.phones_cloud import NOW, attempt, connect, keep_secrets, phones_cloud, shown, to_staff
from tests.telling_town import PARAMS

HEAD = "wecom:head"
TICKET = "01KAT0000000000000000000A1"


@pytest.fixture
def platform(monkeypatch):
    with phones_cloud(monkeypatch) as running:
        yield running


def mood(platform, mode, **more):
    platform.memory.set_mood("wecom", {"mode": mode, **more})


def texts(platform, phone=HEAD):
    return [message["text"]["content"] for message in shown(platform, phone)]


def test_staff_are_told_what_when_and_which_ticket(platform):
    assert attempt(to_staff()).state is State.DELIVERED
    [text] = texts(platform)
    assert PARAMS["number"] in text
    assert text.startswith("【催办】")
    assert "11月22日 10:00" in text


def test_an_assigned_ticket_comes_with_a_button_to_take_it(platform):
    attempt(to_staff(template="assigned"))
    [message] = shown(platform, HEAD)
    card = message["template_card"]
    assert [button["key"] for button in card["button_list"]] == ["take"]
    assert wecom.ticket_of(card["task_id"]) == TICKET


def test_without_a_callback_there_is_no_button(platform):
    keep_secrets(wecom_push_token="")
    attempt(to_staff(template="assigned"))
    assert shown(platform, HEAD)[0]["msgtype"] == "text"


def test_with_a_console_the_message_opens_the_ticket(monkeypatch, platform):
    connect(monkeypatch, platform.base, CONSOLE_URL="https://mslj.example.cn/desk#")
    attempt(to_staff())
    attempt(to_staff(template="assigned", event_key="another"))
    text_card, card = shown(platform, HEAD)
    assert text_card["textcard"]["url"] == f"https://mslj.example.cn/desk#{TICKET}"
    assert card["template_card"]["card_action"]["url"].endswith(TICKET)


def test_long_words_are_cut_to_what_wecom_takes(monkeypatch, platform):
    connect(monkeypatch, platform.base, CONSOLE_URL="https://mslj.example.cn/desk#")
    long = PARAMS | {"note": "很长的说明" * 400}
    for i, template in enumerate(("reminded", "assigned")):
        assert attempt(to_staff(template=template, params=long, event_key=f"e{i}")).state is State.DELIVERED
    connect(monkeypatch, platform.base)
    assert attempt(to_staff(params=long, event_key="e2")).state is State.DELIVERED


@given(st.text(max_size=200), st.integers(min_value=3, max_value=300))
def test_no_text_is_longer_than_its_bytes(text, most):
    cut = wecom.cut_bytes(text, most)
    assert len(cut.encode()) <= most
    assert cut == text or cut.endswith("…")


@pytest.mark.parametrize("mode", ["down", "slow", "html", "garbage"])
def test_staff_are_told_at_least_once_and_see_it_once(platform, mode):
    attempt(to_staff("leader"))  # a token is held now
    key = to_staff()
    mood(platform, mode, seconds=1)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED
    assert len(texts(platform)) == 1


def test_a_send_that_is_killed_between_request_and_record_is_sent_again_and_seen_once(monkeypatch, platform):
    key = to_staff()

    def killed(*_args, **_how):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "record", killed)
        with pytest.raises(KeyboardInterrupt):
            attempt(key)
    assert attempt(key, NOW + LEASE).state is State.DELIVERED
    assert platform.memory.calls["wecom/cgi-bin/message/send"] == 2
    assert len(texts(platform)) == 1


def test_the_same_words_at_another_time_are_another_message(platform):
    attempt(to_staff())
    attempt(to_staff(event_key="another", at=NOW + timedelta(minutes=1)))
    assert len(texts(platform)) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_stays_refused_ends_after_one_refresh(platform, code):
    mood(platform, "errcode", errcode=code)
    assert attempt(to_staff()).state is State.TEMPORARY_FAILURE
    assert platform.memory.calls["wecom/cgi-bin/gettoken"] == 2
    assert platform.memory.calls["wecom/cgi-bin/message/send"] == 2


def test_a_token_that_dies_early_is_renewed_once(platform):
    attempt(to_staff())
    platform.memory.tokens.clear()
    assert attempt(to_staff("leader")).state is State.DELIVERED
    assert platform.memory.calls["wecom/cgi-bin/gettoken"] == 2


def test_a_wrong_secret_is_no_token_and_nothing_is_lost(platform):
    keep_secrets(wecom_secret="wrong")
    key = to_staff()
    assert attempt(key).state is State.TEMPORARY_FAILURE
    keep_secrets()
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED


def test_an_address_that_wecom_does_not_trust_is_tried_again_in_ten_minutes(platform):
    key = to_staff()
    mood(platform, "errcode", errcode=60020)
    assert "可信 IP" in attempt(key).detail
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=9)).state is State.TEMPORARY_FAILURE
    assert attempt(key, NOW + timedelta(minutes=10)).state is State.DELIVERED


def test_a_member_whom_wecom_no_longer_knows_is_named_in_the_group(platform):
    ended = attempt(to_staff("gone"))
    assert ended.state is State.DELIVERED
    assert "群机器人" in ended.detail
    assert "没有这个人" in ended.detail
    [said] = shown(platform, theirs.GROUP)
    assert said["text"]["mentioned_list"] == ["gone"]
    assert PARAMS["number"] in said["text"]["content"]
    assert PARAMS["place"] not in said["text"]["content"]
    assert PARAMS["note"] not in said["text"]["content"]


def test_errcode_0_with_an_invaliduser_is_a_failure(platform):
    keep_secrets(wecom_robot_key="")
    assert attempt(to_staff("gone")).state is State.PERMANENT_FAILURE


def test_a_sign_in_code_never_goes_to_the_group(platform):
    code = {"who": "站长", "note": "12345678", "number": ""}
    ended = attempt(to_staff("gone", template="sign_in_code", params=PARAMS | code, ticket_id=""))
    assert ended.state is State.PERMANENT_FAILURE
    assert shown(platform, theirs.GROUP) == []


@pytest.mark.parametrize("code", [81013, 40056, 48002])
def test_what_the_application_may_not_send_goes_to_the_group(platform, code):
    key = to_staff()
    attempt(to_staff("leader"))
    mood(platform, "errcode", errcode=code, times=1)
    assert attempt(key).state is State.DELIVERED
    assert len(shown(platform, theirs.GROUP)) == 1


def test_a_group_that_is_too_full_is_tried_again(platform, monkeypatch):
    monkeypatch.setattr(theirs, "ROBOT_A_MINUTE", 0)
    assert attempt(to_staff("gone")).state is State.TEMPORARY_FAILURE


def test_whoever_has_no_account_is_listed_as_not_reached(platform):
    ended = attempt(to_staff("nobody"))
    assert ended.state is State.PERMANENT_FAILURE
    assert platform.memory.calls == {}


def test_a_frequency_limit_passes_by_itself(platform):
    key = to_staff()
    mood(platform, "errcode", errcode=45009)
    assert attempt(key).state is State.TEMPORARY_FAILURE
    mood(platform, "ok")
    assert attempt(key, NOW + timedelta(minutes=1)).state is State.DELIVERED


def test_a_storm_to_one_member_is_spread_so_that_wecom_drops_nothing(platform):
    """25 at 10:00:59 and on: by the clock of the town a minute holds 10, and WeCom sees never more than 30 in 60 s."""
    keys = [to_staff(event_key=f"e{i}", at=NOW + timedelta(minutes=i)) for i in range(25)]
    now, delivered = NOW + timedelta(minutes=30, seconds=59), []
    for _ in range(3):
        before = len(texts(platform))
        states = [attempt(key, now).state for key in keys]
        delivered.append(len(texts(platform)) - before)
        assert set(states) <= {State.DELIVERED, State.TEMPORARY_FAILURE, State.CREATED}
        now += timedelta(minutes=1)
    assert delivered == [10, 10, 5]
    assert platform.memory.dropped == {}


def test_what_is_urgent_has_places_of_its_own(platform):
    for i in range(10):
        attempt(to_staff(event_key=f"e{i}", at=NOW + timedelta(minutes=i)), NOW + timedelta(minutes=30))
    late = NOW + timedelta(minutes=30)
    assert attempt(to_staff(event_key="plain"), late).state is State.TEMPORARY_FAILURE
    assert attempt(to_staff(event_key="urgent", urgent=True), late).state is State.DELIVERED


def test_a_sign_in_code_is_made_when_it_is_sent_and_lies_in_no_delivery(platform):
    from chalicelib.store.identity import sign_in_codes

    key = to_staff(template="sign_in_code", params=PARAMS | {"note": ""}, ticket_id="", urgent=True)
    assert attempt(key).state is State.DELIVERED
    [text] = texts(platform)
    code = re.search(r"head-\d{8}", text)[0]
    assert code not in str(deliveries.find(key))
    assert sign_in_codes.redeem(code, NOW) == "head"


def test_sign_in_codes_take_no_place_of_an_assignment(platform):
    late = NOW + timedelta(minutes=30)
    for i in range(40):
        attempt(to_staff(template="sign_in_code", event_key=f"c{i}", at=NOW, ticket_id="", urgent=True), late)
    assert len(texts(platform)) == wecom.MOST_CODES
    for i in range(wecom.MOST_A_MINUTE):
        assert attempt(to_staff(event_key=f"u{i}", urgent=True), late).state is State.DELIVERED


def test_a_minute_has_so_many_places_and_the_next_has_as_many_again(platform):
    taken = [pacing.take("x", 2, NOW + timedelta(seconds=s)) for s in (0, 30, 59)]
    assert taken == [True, True, False]
    assert pacing.take("x", 2, NOW + timedelta(seconds=60))
    assert pacing.take("another", 2, NOW)
    assert pacing.until_next(NOW) == timedelta(minutes=1)
    assert pacing.until_next(NOW + timedelta(seconds=59)) == timedelta(seconds=1)


def test_any_sixty_seconds_hold_no_more_than_wecom_shows():
    assert 2 * wecom.MOST_A_MINUTE <= theirs.MOST_A_MINUTE
    assert wecom.MOST_ORDINARY < wecom.MOST_A_MINUTE


@pytest.mark.parametrize("task_id", ["", "take@", f"take@{TICKET}", f"take@{TICKET}@x", "x" * 200])
def test_a_task_that_is_not_ours_names_no_ticket(task_id):
    assert wecom.ticket_of(task_id) is None


def test_a_task_id_is_short_and_of_wecoms_characters():
    task_id = wecom.task_id_of(TICKET, "staff:关港|01KAT-000001.01K")
    assert len(task_id.encode()) <= 128
    assert task_id.replace("@", "").isalnum()


def test_a_message_of_no_ticket_has_neither_button_nor_link(monkeypatch, platform):
    connect(monkeypatch, platform.base, CONSOLE_URL="https://mslj.example.cn/desk#")
    message = wecom.Message(words=Words(title="登录码", text="12345678"), at="10:00", takes=True)
    assert wecom._content(message)["msgtype"] == "text"
