"""What goes to a typed address goes to a public host: whatever DNS answers, and however often it changes its mind."""

import socket
from types import SimpleNamespace

import pytest

from chalicelib.gateways import http, public_hosts

ADDRESS = "https://city.example.cn/events"


@pytest.fixture(autouse=True)
def _fresh():
    http.forget()
    public_hosts.pool.cache_clear()
    yield
    http.forget()
    public_hosts.pool.cache_clear()


@pytest.fixture
def dns(monkeypatch):
    """What the name answers, each time it is asked; and every address that a socket was opened to."""
    answers, connected = [], []

    def lookup(host, port, *_, **__):
        if host[0].isdigit() or ":" in host:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    class Socket:
        def __init__(self, *_):
            pass

        def connect(self, where):
            connected.append(where[0])
            raise ConnectionRefusedError

        def __getattr__(self, _):
            return lambda *_: None

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "socket", Socket)
    return answers, connected


@pytest.mark.parametrize(
    ("found", "is_refused"),
    [
        (["93.184.216.34"], False),
        (["93.184.216.34", "2606:4700::1111"], False),
        (["10.0.0.5"], True),
        (["93.184.216.34", "10.0.0.5"], True),
        (["93.184.216.34", "::1"], True),
        (["::ffff:127.0.0.1"], True),
        (["169.254.169.254"], True),
        ([], False),  # says nothing today; nothing can be sent there either
    ],
)
def test_an_address_is_refused_where_any_answer_is_not_public(dns, found, is_refused):
    dns[0].append(found)
    assert bool(public_hosts.fault_now(ADDRESS)) is is_refused


@pytest.mark.parametrize(
    "found", [["10.0.0.5"], ["93.184.216.34", "10.0.0.5"], ["::1"], ["::ffff:10.0.0.5"], []]
)
def test_no_socket_is_opened_to_a_host_that_is_not_public(dns, found):
    dns[0].append(found)
    with pytest.raises(http.NotSent):
        http.post_bytes(ADDRESS, b"{}", {})
    assert dns[1] == []


def test_a_name_that_changes_its_mind_is_connected_to_where_it_was_looked_at(dns):
    dns[0].extend([["93.184.216.34"], ["127.0.0.1"]])
    with pytest.raises(http.NotSent):
        http.post_bytes(ADDRESS, b"{}", {})
    assert set(dns[1]) == {"93.184.216.34"}


def test_the_next_address_is_tried_where_the_first_has_no_way(dns):
    dns[0].append(["2606:4700::1111", "93.184.216.34"])
    with pytest.raises(http.NotSent):
        http.post_bytes(ADDRESS, b"{}", {})
    assert dns[1][:2] == ["2606:4700::1111", "93.184.216.34"]


@pytest.mark.parametrize("stage", ["production", "prod", "local"])
def test_this_machine_is_sent_to_in_the_local_stage_alone(monkeypatch, stage):
    monkeypatch.setattr(public_hosts, "settings", lambda: SimpleNamespace(stage=stage))
    assert (public_hosts.spelling_fault("http://127.0.0.1:9/") == "") is (stage == "local")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 500])
def test_a_redirect_is_no_answer_whatever_it_says(status):
    with pytest.raises(http.NoAnswer):
        http._understood(b'{"received": "E1"}', status)
    assert http._understood(b'{"received": "E1"}', 200) == {"received": "E1"}
