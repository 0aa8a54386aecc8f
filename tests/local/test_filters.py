"""The event filter of the local cloud lets through what Lambda's own would."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.filters import UnknownFilter, matches
from tests.local.templates import RESOURCES


def a_record(name="INSERT", sk="EVENT#000001"):
    return {"eventName": name, "dynamodb": {"Keys": {"PK": {"S": "TICKET#1"}, "SK": {"S": sk}}}}


def template_patterns():
    said = RESOURCES["Resources"]["TicketEvents"]["Properties"]["FilterCriteria"]["Filters"]
    return [json.loads(each["Pattern"]) for each in said]


@pytest.mark.parametrize(
    ("record", "passes"),
    [
        (a_record(), True),
        (a_record(sk="EVENT#"), True),
        (a_record(sk="EVENT"), False),
        (a_record(sk="TICKET"), False),
        (a_record(sk="MEMBER#EVENT#1"), False),
        (a_record(name="MODIFY"), False),
        (a_record(name="REMOVE"), False),
        ({"eventName": "INSERT"}, False),
    ],
)
def test_only_new_lines_of_history_reach_the_consumer(record, passes):
    assert matches(record, template_patterns()) is passes


@settings(deadline=None)
@given(st.text())
def test_a_key_that_does_not_begin_with_event_never_passes(sk):
    assert matches(a_record(sk=sk), template_patterns()) is sk.startswith("EVENT#")


def test_without_a_filter_everything_passes():
    assert matches(a_record(name="REMOVE"), [])


@pytest.mark.parametrize(
    ("there", "wanted", "passes"), [("x", True, True), (None, True, False), (None, False, True)]
)
def test_a_rule_may_ask_whether_a_field_is_there(there, wanted, passes):
    record = {"field": there} if there else {}
    assert matches(record, [{"field": [{"exists": wanted}]}]) is passes


def test_a_rule_that_this_stand_in_does_not_know_is_refused():
    with pytest.raises(UnknownFilter):
        matches(a_record(), [{"eventName": [{"anything-but": "REMOVE"}]}])
