"""Partners sign what they send: timestamp, nonce and body, five minutes either way."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.partners import signatures
from tests.domain.clock_town import at

KEY = b"k" * 40
NOW = at("2026-11-23 10:00")
NONCE = "0123456789abcdef"
BODY = b'{"number": "SH-1"}'


def signed(**changes):
    return signatures.sign(KEY, BODY, nonce=NONCE, now=NOW).model_copy(update=changes)


def test_the_signature_is_hmac_sha256_over_timestamp_nonce_and_body_each_on_its_line():
    """The example of docs/partners.md, computed with openssl."""
    assert signed().timestamp == "1795399200"
    assert signed().signature == "f3d1bdd34ddfc09befb9f3908206e67faf5b70789c0d7cb0d60e4a3ca5099702"


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_clocks_may_be_five_minutes_apart_either_way(seconds):
    signatures.check(signed(), KEY, BODY, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_second_more_is_refused_and_told_our_time(seconds):
    with pytest.raises(NotSignedIn) as refused:
        signatures.check(signed(), KEY, BODY, now=NOW + timedelta(seconds=seconds))
    assert refused.value.details["now"] == int(NOW.timestamp()) + seconds


@pytest.mark.parametrize(
    "changes",
    [
        {"timestamp": ""},
        {"timestamp": "yesterday"},
        {"timestamp": "1795399201"},
        {"timestamp": "9" * 12},
        {"nonce": ""},
        {"nonce": "0123456789abcde"},
        {"nonce": "0123456789abcdeg"},
        {"nonce": "x" * 65},
        {"nonce": "0123456789#bcdef"},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "签名"},
    ],
)
def test_a_header_that_was_changed_is_refused(changes):
    with pytest.raises(NotSignedIn):
        signatures.check(signed(**changes), KEY, BODY, now=NOW)


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=40))
def test_another_body_or_another_key_is_refused(body, key):
    given_headers = signatures.sign(KEY, BODY, nonce=NONCE, now=NOW)
    if (body, key) != (BODY, KEY):
        with pytest.raises(NotSignedIn):
            signatures.check(given_headers, key, body, now=NOW)


@given(st.binary(max_size=200), st.text("abcXYZ019-_", min_size=16, max_size=64))
def test_what_is_signed_with_the_key_is_accepted(body, nonce):
    signatures.check(signatures.sign(KEY, body, nonce=nonce, now=NOW), KEY, body, now=NOW)
