"""Where data may be sent: a public host by its name, over https, and nothing spelled to mean another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.town.addresses import LONGEST, fault_of, is_loopback, is_public

LAWFUL = [
    "https://city.example.cn/events",
    "https://city.example.cn:8443/events?a=1",
    "https://CITY.example.cn",
    "https://xn--fiqs8s.xn--fiqz9s/",
    "https://a.cn/" + "x" * (LONGEST - 13),
]
REFUSED = [
    "",
    "http://city.example.cn/",
    "ftp://city.example.cn/",
    "https://user:pw@city.example.cn/",
    "https://@city.example.cn/",
    "http://127.0.0.1:x@evil.example/",
    "http://127.0.0.1:80@evil.example/",
    "http://127.0.0.1",
    "http://127.0.0.2:9000/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.5/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://localhost/",
    "https://metadata/",
    "https://city.example.cn./",
    "https://city..example.cn/",
    "https://-city.example.cn/",
    "https:///events",
    "https:city.example.cn",
    "https://city.example.cn:0/",
    "https://city.example.cn:99999/",
    "https://city.example.cn:x/",
    "https://evil.example\\@city.example.cn/",
    "https://city.example.cn\r\nHost: x/",
    "https://city.exa\tmple.cn/",
    "https://city.example.cn/ events",
    "https://city。example.cn/",
    "https://ｃity.example.cn/",
    "https://a.cn/" + "x" * (LONGEST - 12),
]


@pytest.mark.parametrize("address", LAWFUL)
def test_a_public_host_by_its_name_over_https_may_be_sent_to(address):
    assert fault_of(address) == ""


@pytest.mark.parametrize("address", REFUSED)
def test_whatever_else_is_refused_by_its_spelling(address):
    assert fault_of(address)


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.11", "localhost", "127.0.0.1.evil.example"])
def test_only_the_one_address_of_this_machine_is_loopback(host):
    assert not is_loopback(f"http://{host}:9000/x")
    assert is_loopback("http://127.0.0.1:9000/x")


@given(st.text(max_size=60))
def test_no_text_makes_it_fail_and_what_passes_is_https_or_loopback(text):
    for address in (text, f"https://{text}"):
        assert fault_of(address) or is_loopback(address) or address.lower().startswith("https://")


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True),
        ("9.255.255.255", True),
        ("10.0.0.0", False),
        ("11.0.0.0", True),
        ("100.63.255.255", True),
        ("100.64.0.0", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.15.255.255", True),
        ("172.16.0.1", False),
        ("192.0.0.8", False),
        ("192.168.1.1", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("2606:4700::1111", True),
        ("::1", False),
        ("::", False),
        ("::8.8.8.8", False),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(ip, public):
    assert is_public(ip) is public
