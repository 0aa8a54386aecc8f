"""Every reading leaves a trace, once per viewer and ten minutes, and none is ever changed (rule 8)."""

from datetime import timedelta

import pytest

from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.store import keys
from chalicelib.store.identity import audit, identities
from chalicelib.store.identity.audit import Trace
from chalicelib.store.table import Table, put, query_all
from tests.domain.clock_town import at

START = at("2026-11-23 10:00")


def who(code, signed_in_by=""):
    return Staff(
        code=code, name=code, unit="ST", roles=(Role.GRID_WORKER,), places=(), signed_in_by=signed_in_by
    )


def opened(viewer="gw1", minutes=0.0, ticket_id="T1"):
    audit.opened(ticket_id, who(viewer), START + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "traces"),
    [([0, 0], 1), ([0, 9.99], 1), ([0, 10], 2), ([0, 5, 10, 15, 25], 3), ([0, 1440], 2)],
)
def test_opening_again_within_ten_minutes_is_the_same_look(town_table, minutes, traces):
    for minute in minutes:
        opened(minutes=minute)
    assert len(audit.list_traces("T1")) == traces


def test_each_viewer_and_each_ticket_has_a_trace_of_its_own(town_table):
    opened()
    opened("gw2")
    opened(ticket_id="T2")
    assert [trace.viewer for trace in audit.list_traces("T1")] == ["gw1", "gw2"]


def test_the_first_look_is_what_stays(town_table):
    opened(minutes=1)
    opened(minutes=2)
    assert audit.list_traces("T1")[0].at == START + timedelta(minutes=1)


def test_a_look_by_another_s_sign_in_is_a_look_of_its_own_and_says_whose(town_table):
    opened()
    audit.opened("T1", who("gw1", signed_in_by="fc1"), START)
    assert [(trace.viewer, trace.through) for trace in audit.list_traces("T1")] == [
        ("gw1", ""),
        ("gw1", "fc1"),
    ]


def test_every_reveal_is_a_trace_with_its_fields_and_reason_even_twice_in_an_instant(town_table):
    trace = Trace(
        at=START,
        viewer="fc1",
        role="first_contact",
        unit="ST",
        what="revealed",
        fields=("phone",),
        why="回访",
    )
    for _ in range(2):
        audit.write("T1", trace)
    assert audit.list_traces("T1") == [trace, trace]


def test_words_lie_in_the_vault_and_go_with_what_is_known_of_the_ticket(town_table):
    said = Trace(at=START, viewer="fc1", role="first_contact", unit="ST", what="revealed", why="王阿姨来电")
    audit.write("T1", said)
    [line] = query_all(Table.TRACES, keys.traces_pk("T1"))
    assert "王阿姨" not in str(line)
    assert audit.list_traces("T1") == [said]
    identities.forget_ticket("T1")
    [left] = audit.list_traces("T1")
    assert (left.why, len(left.said), left.viewer) == ("", 64, "fc1")


def test_words_that_are_not_those_of_the_trace_are_not_shown(town_table):
    audit.write("T1", Trace(at=START, viewer="a", role="", unit="", what="revealed", why="回访核实"))
    [said] = query_all(Table.IDENTITIES, keys.words_pk("T1"))
    put(Table.IDENTITIES, said | {"words": "别的理由"})
    assert audit.list_traces("T1")[0].why == ""


def test_traces_are_listed_in_the_order_in_which_people_looked(town_table):
    for minute in (30, 0, 15):
        opened(minutes=minute)
    assert [trace.at for trace in audit.list_traces("T1")] == sorted(
        trace.at for trace in audit.list_traces("T1")
    )
