"""换班: swap → on duty → backup → duty leader (rule 61)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid, NotFound, NotYours, Overlap
from chalicelib.domain.town import swaps as swapping
from chalicelib.domain.town.vocabulary import Duty, Role, Staff, Swap
from tests.domain.clock_town import STAFF, at
from tests.domain.life import life_town, person

NOW = at("2026-11-23 10:00")
DUTY = (
    Duty(unit="ST", role=Role.FIRST_CONTACT, person="desk-a", start="08:00", until="20:00", backup="desk-b"),
    Duty(unit="ST", role=Role.FIRST_CONTACT, person="desk-b", start="20:00", until="08:00", backup="desk-a"),
)
DESK_C = Staff(code="desk-c", name="首问接待丙", unit="ST", roles=(Role.FIRST_CONTACT,), places=())
TOWN = life_town(duty=DUTY, staff=(*STAFF, DESK_C, person("pm")))


def a_swap(start="2026-11-23 12:00", until="2026-11-23 16:00", **changes):
    parts = {
        "id": "S1", "unit": "ST", "role": Role.FIRST_CONTACT, "person": "desk-c", "from_at": at(start), "until_at": at(until),
        "instead_of": "desk-a", "reason": "看病", "by": "st-head", "at": NOW,
    }  # fmt: skip
    return Swap(**(parts | changes))


def with_swaps(*swaps, town=TOWN):
    return town.model_copy(update={"swaps": swaps})


def on_duty(town, when, role=Role.FIRST_CONTACT):
    return town.on_duty("ST", role, at(f"2026-11-{when}")).code


@pytest.mark.parametrize(
    ("when", "who"),
    [
        ("23 11:59", "desk-a"),
        ("23 12:00", "desk-c"),
        ("23 15:59", "desk-c"),
        ("23 16:00", "desk-a"),
        ("23 21:00", "desk-b"),
    ],
)
def test_whoever_swapped_is_on_duty_from_the_first_instant_to_before_the_last(when, who):
    assert on_duty(with_swaps(a_swap()), when) == who


def test_a_swap_for_one_person_leaves_the_others_shifts_alone():
    town = with_swaps(a_swap(until="2026-11-24 08:00"))
    assert on_duty(town, "23 19:00") == "desk-c"
    assert on_duty(town, "23 20:00") == "desk-b"


@pytest.mark.parametrize("duty", [DUTY, DUTY[:1]])
def test_a_swap_for_the_whole_role_holds_whether_anyone_is_rostered_or_not(duty):
    swap = a_swap(instead_of=None, until="2026-11-24 08:00")
    assert on_duty(with_swaps(swap, town=life_town(duty=duty, staff=TOWN.staff)), "23 23:00") == "desk-c"


def test_whoever_is_swapped_out_is_not_on_duty_and_whoever_swapped_in_is():
    town, when = with_swaps(a_swap()), at("2026-11-23 12:00")
    assert town.is_on_duty("desk-c", when)
    assert not town.is_on_duty("desk-a", when)
    assert not town.is_on_duty("desk-c", at("2026-11-23 16:00"))
    assert town.is_on_duty("desk-a", at("2026-11-23 16:00"))


def test_a_swap_outside_the_shifts_it_is_for_puts_nobody_on_duty():
    town = with_swaps(a_swap(start="2026-11-23 21:00", until="2026-11-23 23:00"))
    assert not town.is_on_duty("desk-c", at("2026-11-23 22:00"))
    assert on_duty(town, "23 22:00") == "desk-b"


def test_who_has_left_does_not_serve_a_swap():
    assert on_duty(with_swaps(a_swap(person="gone")), "23 13:00") == "desk-a"
    assert on_duty(with_swaps(a_swap(person="gone", instead_of=None)), "23 13:00") == "desk-a"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"person": "st-head"}, Invalid),  # no such role
        ({"person": "pm"}, Invalid),  # another unit
        ({"person": "nobody"}, Invalid),
        ({"instead_of": "desk-c"}, Invalid),  # not on the roster, and itself
        ({"until_at": at("2026-11-23 12:00")}, Invalid),  # empty
        ({"from_at": NOW, "until_at": NOW + timedelta(days=31, minutes=1)}, Invalid),
        ({"from_at": NOW - timedelta(hours=3), "until_at": NOW}, Invalid),  # over
    ],
)
def test_a_swap_that_cannot_be_served_is_refused(changes, refusal):
    with pytest.raises(refusal):
        swapping.add(TOWN, a_swap(**changes), by=person("st-head"), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"from_at": NOW, "until_at": NOW + timedelta(days=31)},
        {"from_at": NOW - timedelta(hours=3), "until_at": NOW + timedelta(milliseconds=1)},
        {"instead_of": None},
    ],
)
def test_a_swap_of_up_to_31_days_is_taken(changes):
    swap = a_swap(**changes)
    assert swapping.add(TOWN, swap, by=person("st-head"), now=NOW) == (swap,)


@pytest.mark.parametrize("by", ["off-head", "pm-head", "desk-2"])
def test_only_the_own_units_duty_is_changed(by):
    with pytest.raises(NotYours):
        swapping.add(TOWN, a_swap(), by=person(by), now=NOW)
    with pytest.raises(NotYours):
        swapping.remove(with_swaps(a_swap()), "S1", by=person(by))


def test_who_looks_after_the_system_may_change_every_units_duty():
    assert swapping.add(TOWN, a_swap(), by=person("admin"), now=NOW)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({"from_at": at("2026-11-23 16:00"), "until_at": at("2026-11-23 18:00")}, False),
        ({"from_at": at("2026-11-23 15:59"), "until_at": at("2026-11-23 18:00")}, True),
        ({"from_at": at("2026-11-23 11:00"), "until_at": at("2026-11-23 12:00")}, False),
        ({"from_at": at("2026-11-23 11:00"), "until_at": at("2026-11-23 12:01")}, True),
        ({"instead_of": "desk-b"}, False),
        ({"instead_of": None}, True),
    ],
)
def test_two_swaps_for_the_same_shifts_do_not_overlap(other, overlaps):
    town, more = with_swaps(a_swap()), a_swap(id="S2", **other)
    if overlaps:
        with pytest.raises(Overlap):
            swapping.add(town, more, by=person("st-head"), now=NOW)
    else:
        assert {swap.id for swap in swapping.add(town, more, by=person("st-head"), now=NOW)} == {"S1", "S2"}


def test_a_swap_that_is_over_falls_away_with_the_next():
    old = a_swap(id="S0", from_at=NOW - timedelta(hours=2), until_at=NOW)
    assert [s.id for s in swapping.add(with_swaps(old), a_swap(), by=person("st-head"), now=NOW)] == ["S1"]


def test_a_swap_is_taken_back_once():
    town = with_swaps(a_swap())
    assert swapping.remove(town, "S1", by=person("st-head")) == ((), a_swap())
    with pytest.raises(NotFound):
        swapping.remove(with_swaps(), "S1", by=person("st-head"))


def test_the_roster_of_a_day_shows_the_shift_cut_where_somebody_else_serves():
    found = swapping.shifts(with_swaps(a_swap()), "ST", date(2026, 11, 23), date(2026, 11, 23))
    shown = [(s.person, f"{s.start:%d %H:%M}", f"{s.until:%d %H:%M}", s.instead_of) for s in found]
    assert shown == [
        ("desk-b", "22 20:00", "23 08:00", None),
        ("desk-a", "23 08:00", "23 12:00", None),
        ("desk-c", "23 12:00", "23 16:00", "desk-a"),
        ("desk-a", "23 16:00", "23 20:00", None),
        ("desk-b", "23 20:00", "24 08:00", None),
    ]


def test_a_swap_of_the_whole_role_is_one_line_of_the_roster():
    swap = a_swap(instead_of=None, start="2026-11-23 07:00", until="2026-11-23 21:00")
    found = swapping.shifts(with_swaps(swap), "ST", date(2026, 11, 23), date(2026, 11, 23))
    assert [(s.person, f"{s.start:%H:%M}") for s in found] == [
        ("desk-b", "20:00"),
        ("desk-c", "07:00"),
        ("desk-b", "21:00"),
    ]


starts = st.integers(-600, 2400)


@given(
    swaps=st.lists(
        st.tuples(starts, st.integers(1, 1500), st.sampled_from([None, "desk-a", "desk-b"])), max_size=4
    ),
    minute=st.integers(0, 24 * 60 - 1),
)
def test_what_the_roster_shows_is_who_is_on_duty(swaps, minute):
    """For any swaps that do not overlap, at any minute of the day: one line of the roster, and it is who would be called."""
    midnight, town = at("2026-11-23 00:00"), TOWN
    for n, (start, length, instead_of) in enumerate(swaps):
        swap = a_swap(
            id=f"S{n}",
            instead_of=instead_of,
            from_at=midnight + timedelta(minutes=start),
            until_at=midnight + timedelta(minutes=start + length),
        )
        try:
            town = with_swaps(*swapping.add(town, swap, by=person("st-head"), now=at("2026-11-20 00:00")))
        except Overlap:
            continue
    when = midnight + timedelta(minutes=minute)
    lines = swapping.shifts(town, "ST", date(2026, 11, 23), date(2026, 11, 23))
    serving = [shift.person for shift in lines if shift.start <= when < shift.until]
    assert serving == [town.on_duty("ST", Role.FIRST_CONTACT, when).code]
    assert town.is_on_duty(serving[0], when)
