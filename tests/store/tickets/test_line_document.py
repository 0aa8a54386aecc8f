"""A line of history comes back as it was written, whoever is told of it, and says the same thing once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.tickets.ticket import Event, Level, Notice
from chalicelib.store.tickets import line_document
from tests.telling_town import at

SAID = {"number": "MS261123-TEWGQH-5", "place": "银都路 隧道出口", "unit": "镇城建中心", "note": ""}
PARAMS = st.dictionaries(
    st.sampled_from(["number", "place", "note", "due"]), st.sampled_from(["", "一", "二"])
)
NOTICES = st.lists(
    st.builds(
        Notice,
        to=st.sampled_from(["reporter", "members", "staff:a"]),
        template=st.sampled_from(["taken", "closed"]),
        params=PARAMS,
        level=st.sampled_from(Level),
    ),
    max_size=4,
)


def line(*notices):
    return Event(kind="taken", at=at("10:00"), by="of-cj-a", notices=notices)


@given(NOTICES)
def test_a_line_comes_back_as_it_was_written(notices):
    written = line(*notices)
    assert line_document.loaded(line_document.dumped(written)) == written


def test_what_several_are_told_is_written_once():
    told = line(*(Notice(to=to, template="taken", params=SAID) for to in ("reporter", "members", "staff:a")))
    assert line_document.dumped(told).count(SAID["number"]) == 1


def test_who_is_told_something_else_has_it_beside_them():
    other = SAID | {"note": "已结案"}
    told = line(
        Notice(to="reporter", template="closed", params=SAID),
        Notice(to="staff:a", template="ended_staff", params=other),
    )
    kept = json.loads(line_document.dumped(told))["notices"]
    assert [each.get("params") for each in kept] == [SAID, {"note": "已结案"}]
    assert [each["to"] for each in kept] == ["reporter", "staff:a"]


@pytest.mark.parametrize("params", [{"number": "MS"}, SAID | {"due": "18:00"}, {}])
def test_who_is_told_of_other_things_has_all_of_them(params):
    told = line(
        Notice(to="reporter", template="closed", params=SAID),
        Notice(to="staff:a", template="x", params=params),
    )
    kept = json.loads(line_document.dumped(told))["notices"][1]
    assert kept.get("params", {}) == params
    assert "as_first" not in kept


def test_a_line_written_before_this_was_is_read_as_it_stands():
    told = line(
        Notice(to="reporter", template="taken", params=SAID),
        Notice(to="members", template="taken", params=SAID),
    )
    assert line_document.loaded(told.model_dump_json(exclude_defaults=True)) == told
