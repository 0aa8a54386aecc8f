"""避开: whom a ticket is about does not see it, and a complaint about a unit is about everyone in it but its leaders."""

import pytest

from chalicelib.domain.identity.confidential import is_concerned
from tests.domain.life import person


@pytest.mark.parametrize(
    ("code", "concerns", "concerned"),
    [
        ("pm", ("PM",), True),
        ("pm", ("pm",), True),
        ("pm", ("pm-head",), False),
        ("pm", (), False),
        ("desk-a", ("ST",), True),
        ("area", ("ST",), False),  # it goes to the leader who sits there
        ("area", ("area",), True),  # but not where it is about the leader
    ],
)
def test_it_is_about_the_person_or_the_unit_and_not_about_the_leader_who_sits_there(
    code, concerns, concerned
):
    assert is_concerned(person(code), concerns) is concerned
