"""Partners sign what they send: timestamp, nonce and body, five minutes either way."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Asked, Way
from tests.domain.clock_town import at

KEY = b"k" * 40
NOW = at("2026-11-23 10:00")
NONCE = "0123456789abcdef"
BODY = b'{"number": "SH-1"}'
ORDER = Asked(way=Way.TO_TOWN, method="POST", target="/partners/hotline/orders")


def signed(**changes):
    return signatures.sign(KEY, BODY, nonce=NONCE, now=NOW).model_copy(update=changes)


def test_the_signature_is_hmac_sha256_over_timestamp_nonce_and_body_each_on_its_line():
    """The example of docs/partners.md, computed with openssl."""
    assert signed().timestamp == "1795399200"
    assert signed().signature == "f3d1bdd34ddfc09befb9f3908206e67faf5b70789c0d7cb0d60e4a3ca5099702"


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_clocks_may_be_five_minutes_apart_either_way(seconds):
    signatures.check(signed(), KEY, BODY, asked=ORDER, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_second_more_is_refused_and_told_our_time(seconds):
    with pytest.raises(NotSignedIn) as refused:
        signatures.check(signed(), KEY, BODY, asked=ORDER, now=NOW + timedelta(seconds=seconds))
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
        signatures.check(signed(**changes), KEY, BODY, asked=ORDER, now=NOW)


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=40))
def test_another_body_or_another_key_is_refused(body, key):
    given_headers = signatures.sign(KEY, BODY, nonce=NONCE, now=NOW)
    if (body, key) != (BODY, KEY):
        with pytest.raises(NotSignedIn):
            signatures.check(given_headers, key, body, asked=ORDER, now=NOW)


@given(st.binary(max_size=200), st.text("abcXYZ019-_", min_size=16, max_size=64))
def test_what_is_signed_with_the_key_is_accepted(body, nonce):
    given_headers = signatures.sign(KEY, body, nonce=nonce, now=NOW)
    signatures.check(given_headers, KEY, body, asked=ORDER, now=NOW)


# --- the second version


def signed_v2(asked=ORDER, **changes):
    return signatures.sign(KEY, BODY, nonce=NONCE, now=NOW, asked=asked).model_copy(update=changes)


def docs():
    return (Path(__file__).parents[3] / "docs" / "partners.md").read_text()


def test_the_example_of_the_docs_is_what_openssl_computes_of_its_own_words():
    """The lines of docs/partners.md as they stand, fed to openssl as its command says."""
    example = docs().partition("```example\n")[2].partition("\n```")[0]
    said, _, signature = example.rpartition("\n\n")
    key = re.search(r"key\s`(k+)`", docs())[1]
    command = ["openssl", "dgst", "-sha256", "-hmac", key]
    done = subprocess.run(command, input=said.encode(), capture_output=True, check=True)
    assert done.stdout.decode().split()[-1] == signature
    assert key.encode() == KEY
    assert said.split("\n") == [*ORDER.model_dump().values(), "1795399200", NONCE, BODY.decode()]
    assert signed_v2().signature_v2 == signature


def test_a_query_is_signed_as_everybody_can_write_it_again():
    pairs = [("b", "2"), ("after", "a/b=+ 路"), ("b", "1")]
    assert signatures.target("/partners/city/events", pairs) == (
        "/partners/city/events?after=a%2Fb%3D%2B%20%E8%B7%AF&b=1&b=2"
    )
    assert signatures.target("/partners/city/events") == "/partners/city/events"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"method": "GET"},
        {"target": "/partners/hotline/statuses"},
        {"target": "/partners/hotline/orders?a=b"},
        {"way": Way.FROM_TOWN},
    ],
)
def test_what_was_signed_for_one_request_is_none_for_another(elsewhere):
    signatures.check(signed_v2(), KEY, BODY, asked=ORDER, now=NOW)
    with pytest.raises(NotSignedIn):
        signatures.check(signed_v2(), KEY, BODY, asked=ORDER.model_copy(update=elsewhere), now=NOW)


def test_whoever_is_registered_for_the_second_version_is_not_heard_by_the_first():
    signatures.check(signed_v2(), KEY, BODY, asked=ORDER, least="v2", now=NOW)
    with pytest.raises(NotSignedIn, match=signatures.SIGNATURE_V2):
        signatures.check(signed(), KEY, BODY, asked=ORDER, least="v2", now=NOW)


def test_a_right_first_signature_does_not_save_a_wrong_second():
    both = signed().model_copy(update={"signature_v2": "0" * 64})
    with pytest.raises(NotSignedIn):
        signatures.check(both, KEY, BODY, asked=ORDER, now=NOW)


@pytest.mark.parametrize("way", [None, ORDER])
def test_what_we_sent_is_not_taken_back_as_the_partners_own(way):
    """Under the first version the way is not signed; the beginning of the nonce is."""
    ours = signatures.sign(KEY, BODY, nonce=f"{signatures.OURS}{NONCE}", now=NOW, asked=way)
    with pytest.raises(NotSignedIn):
        signatures.check(ours, KEY, BODY, asked=ORDER, now=NOW)
    theirs = ORDER.model_copy(update={"way": Way.FROM_TOWN})
    if way is None:
        signatures.check(ours, KEY, BODY, asked=theirs, now=NOW)
