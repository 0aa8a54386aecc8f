"""Silent places: where walks find things and nobody reports, with what chance allows; and never where a whole town differs."""

import random

import pytest

from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.figures.silent import CHANCE, LEAST, Seen, looked_at, seen_by_place, silent
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW

OTHERS = {f"N{n}": Seen(found=10, reported=30) for n in range(6)}


def came(source, place="SH", n=1):
    parts = {"version": 1, "received_at": NOW, "stage": Stage.RECEIVED, "source": source, "place": place}
    return [Fact(ticket_id=f"{place}{source}{each}", **parts) for each in range(n)]


def test_what_walks_find_and_what_people_report_is_counted_by_place_and_a_sensor_does_neither():
    facts = [*came(Source.PATROL, n=3), *came(Source.VISIT), *came(Source.QR, n=2), *came(Source.SENSOR, n=9)]
    seen = seen_by_place(count_day([*facts, *came(Source.QR, place="")], []))
    assert seen == {"SH": Seen(found=4, reported=2)}


def test_a_place_where_twelve_things_are_found_and_nobody_says_a_word_is_on_the_list():
    (found,) = silent({**OTHERS, "SH": Seen(found=12, reported=0)})
    assert (found.place, found.found, found.reported, found.expected) == ("SH", 12, 0, 9.0)
    assert found.chance < CHANCE


@pytest.mark.parametrize(("found", "is_on"), [(LEAST - 1, False), (12, True)])
def test_few_findings_say_nothing(found, is_on):
    assert bool(silent({**OTHERS, "SH": Seen(found=found, reported=0)})) is is_on


def test_a_place_that_reports_as_others_do_is_not():
    assert silent({**OTHERS, "SH": Seen(found=12, reported=36)}) == []


@pytest.mark.parametrize("others", [0, 1, 2])
def test_a_place_is_not_compared_with_one_or_two(others):
    seen = {**dict(list(OTHERS.items())[:others]), "SH": Seen(found=12, reported=0)}
    assert silent(seen) == []
    assert looked_at(seen) == 0


@pytest.mark.parametrize("differs", [0.0, 0.05, 0.15])
def test_where_places_only_differ_as_places_do_no_more_are_listed_than_twice_the_chance(differs):
    draw, listed, looks = random.Random(3), 0, 0
    for _ in range(150):
        seen = {}
        for place in range(12):
            n = draw.choice([8, 12, 20, 40, 80])
            k = 1 / differs - 1 if differs else 0
            share = draw.betavariate(0.7 * k, 0.3 * k) if differs else 0.7
            reported = sum(draw.random() < share for _ in range(n))
            seen[f"N{place}"] = Seen(found=n - reported, reported=reported)
        listed, looks = listed + len(silent(seen)), looks + looked_at(seen)
    assert listed <= 2 * CHANCE * looks
