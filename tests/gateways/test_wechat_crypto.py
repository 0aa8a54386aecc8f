"""The callbacks' envelope, against WeChat's own example and against wechatpy (a development dependency)."""

import base64
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways.wechat_crypto import Envelope, Forged, check, seal, signature, unseal

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
KEY, OTHER = (base64.b64encode(bytes([n]) * 32).decode().rstrip("=") for n in (7, 9))
OURS = Envelope(token="AAAAA", keys=(KEY,), receiver="wx0123456789abcdef")
THEIRS = WeChatCrypto(OURS.token, KEY, OURS.receiver)


def stamp(**ago):
    return str(int((NOW - timedelta(**ago)).timestamp()))


def signed(timestamp, envelope=OURS):
    return signature(envelope.token, timestamp, "n", "sealed")


def test_the_signature_of_wechats_own_example():
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


@pytest.mark.parametrize(
    ("ago", "passes"),
    [
        ({"seconds": 299}, True),
        ({"seconds": 300}, True),
        ({"seconds": 301}, False),
        ({"seconds": -300}, True),
        ({"seconds": -301}, False),
    ],
)
def test_a_callback_older_than_five_minutes_is_refused(ago, passes):
    timestamp = stamp(**ago)
    if passes:
        check(signed(timestamp), OURS, timestamp, "n", "sealed", now=NOW)
        return
    with pytest.raises(Forged):
        check(signed(timestamp), OURS, timestamp, "n", "sealed", now=NOW)


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e9", "１７９５３９９２００", "9" * 13])
def test_a_timestamp_that_is_no_number_is_refused_even_when_signed(timestamp):
    with pytest.raises(Forged):
        check(signed(timestamp), OURS, timestamp, "n", "sealed", now=NOW)


@pytest.mark.parametrize("given", ["", "f" * 40, "签名"])
def test_a_forged_signature_is_refused(given):
    with pytest.raises(Forged):
        check(given, OURS, stamp(), "n", "sealed", now=NOW)


def test_a_deployment_without_a_token_accepts_nothing():
    nobody = OURS.model_copy(update={"token": ""})
    with pytest.raises(Forged):
        check(signed(stamp(), nobody), nobody, stamp(), "n", "sealed", now=NOW)


@given(st.binary(max_size=300))
def test_what_we_seal_we_can_open(message):
    assert unseal(OURS, seal(OURS, message)) == message


@given(st.text(min_size=1, max_size=80))
def test_what_wechatpy_seals_we_can_open(text):
    sealed = THEIRS.encrypt_message(text, "n", "1").partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert unseal(OURS, sealed) == text.encode()


@given(st.text(min_size=1, max_size=80))
def test_what_we_seal_wechatpy_can_open(text):
    sealed = seal(OURS, text.encode())
    assert (
        THEIRS.decrypt_message({"Encrypt": sealed}, signature(OURS.token, "1", "n", sealed), "1", "n") == text
    )


def test_a_message_under_the_previous_key_is_still_opened():
    rotated = OURS.model_copy(update={"keys": (OTHER, KEY)})
    assert unseal(rotated, seal(OURS, b"before")) == b"before"
    assert unseal(rotated, seal(rotated, b"after")) == b"after"


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "no base64!",
        base64.b64encode(b"short").decode(),
        base64.b64encode(bytes(32)).decode(),
        seal(OURS.model_copy(update={"receiver": "wxsomeoneelse00000"}), b"x"),
        seal(OURS.model_copy(update={"keys": (OTHER,)}), b"x"),
    ],
    ids=["empty", "not base64", "too short", "zeros", "for another receiver", "by another key"],
)
def test_what_is_not_for_us_is_refused(sealed):
    with pytest.raises(Forged):
        unseal(OURS, sealed)


@given(st.binary(max_size=200))
def test_no_garbage_makes_it_fail_otherwise(garbage):
    with pytest.raises(Forged):
        unseal(OURS, base64.b64encode(garbage).decode())
