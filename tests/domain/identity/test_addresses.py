"""Behind a town's own proxy people are counted apart, and nobody chooses the address by which they are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.identity.addresses import caller_address, networks

PROXIES = networks("10.1.0.0/16, 203.0.113.7, 2001:db8:aa::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("198.51.100.4", "", "198.51.100.4"),
        (
            "198.51.100.4",
            "192.0.2.1",
            "198.51.100.4",
        ),  # no proxy of ours: what it says of others counts nothing
        ("203.0.113.7", "192.0.2.1", "192.0.2.1"),
        ("203.0.113.7", "192.0.2.1, 203.0.113.7", "192.0.2.1"),  # API Gateway adds whom it heard
        ("203.0.113.8", "192.0.2.1", "203.0.113.8"),  # the one beside it
        (
            "203.0.113.7",
            "1.1.1.1, 192.0.2.1, 10.1.2.3",
            "192.0.2.1",
        ),  # two proxies; what stands before is forged
        ("203.0.113.7", "203.0.113.7, 192.0.2.1", "192.0.2.1"),  # a forged proxy is no proxy's word
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "10.1.0.9", "10.1.0.9"),  # proxies alone: the farthest of them
        ("203.0.113.7", "unknown", "203.0.113.7"),
        ("203.0.113.7", "192.0.2.1, unknown, 10.1.0.9", "10.1.0.9"),
        ("203.0.113.7", "192.0.2.1:4711", "192.0.2.1"),
        ("203.0.113.7", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("203.0.113.7", "::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:aa::1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("", "192.0.2.1", ""),
        ("203.0.113.7", ",".join(["192.0.2.1"] + ["10.1.0.9"] * 8), "10.1.0.9"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours_counts(peer, forwarded, caller):
    assert caller_address(peer, forwarded, PROXIES) == caller


@given(st.text(max_size=60), st.ip_addresses(v=4).map(str))
def test_whoever_writes_the_header_does_not_choose_how_they_are_counted(forged, theirs):
    """The proxy adds who spoke to it at the end, whatever was there."""
    if caller_address(theirs, "", PROXIES) != theirs or any(theirs in str(net) for net in PROXIES):
        return
    counted = caller_address("203.0.113.7", f"{forged}, {theirs}", PROXIES)
    assert counted == theirs or theirs.startswith("10.1.") or theirs == "203.0.113.7"
    assert caller_address(theirs, forged, ()) == theirs


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "10.1.0.0/33", "10.1.0.1/16", "proxy.example.cn", "10.1.0.0/16;10.2.0.0/16"]
)
def test_what_is_no_address_and_what_is_everybody_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        networks(text)


def test_without_proxies_nobody_is_trusted():
    assert networks("") == networks(" , ") == ()
