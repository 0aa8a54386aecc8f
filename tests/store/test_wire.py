"""What is stored comes back the same, in the notation that boto3 itself would write."""

from enum import StrEnum

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.store import table

plain = (
    st.text() | st.booleans() | st.integers(-(10**30), 10**30) | st.binary() | st.sets(st.text(), min_size=1)
)
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


class Colour(StrEnum):
    RED = "red"


@given(st.dictionaries(st.text(min_size=1), values))
def test_an_item_comes_back_as_it_was_written(item):
    assert table.from_wire(table._wire(item)) == item


@given(values)
def test_boto3_reads_what_is_written(value):
    assert TypeDeserializer().deserialize(table._typed(value)) == value


@given(values)
def test_what_boto3_writes_is_read(value):
    assert table.from_wire({"a": TypeSerializer().serialize(value)}) == {"a": value}


@pytest.mark.parametrize(
    ("value", "typed"),
    [(Colour.RED, {"S": "red"}), ((1, "a"), {"L": [{"N": "1"}, {"S": "a"}]}), ({"a": None}, {"M": {}})],
)
def test_what_only_we_write(value, typed):
    written = table._typed(value)
    assert written == typed
    assert type(written.get("S", "")) is str


def test_an_attribute_without_a_value_is_left_out():
    assert table._wire({"a": None, "b": 0, "c": ""}) == {"b": {"N": "0"}, "c": {"S": ""}}


@pytest.mark.parametrize(("typed", "value"), [({"N": "1.5"}, 1.5), ({"NULL": True}, None)])
def test_what_others_wrote_is_read(typed, value):
    assert table.from_wire({"a": typed}) == {"a": value}


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}])
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(TypeError):
        table._typed(value)
