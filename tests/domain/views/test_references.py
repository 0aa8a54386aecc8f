"""Of a ticket that a viewer may not know, another says nothing: neither its page nor its history (rule 21)."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.ticket import Asks, Event, Joined, Part, PartOf, Stage
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.views import references
from tests.domain.life import NOW, taken

HIDDEN = frozenset({"H"})


def joined(name, via=""):
    return Joined(id=name, number=name, at=NOW, source=Source.QR, asks=Asks(), via=via)


def part(name):
    return Part(id=name, number=name, title=f"事{name}", stage=Stage.RECEIVED)


TICKET = taken().model_copy(
    update={
        "merged_into": "H",
        "merged_from": ("H", "S"),
        "joined": (joined("H"), joined("S"), joined("T", via="H")),
        "parts": (part("H"), part("S")),
        "part_of": PartOf(id="H", number="H"),
        "title": "本事",
    }
)


def line(version, kind, **details):
    return version, Event(kind=kind, at=NOW + timedelta(minutes=version), by="desk-a", details=details)


def versions(*lines):
    return [version for version, _ in references.lines_without(lines, TICKET, HIDDEN)]


def test_every_other_ticket_that_is_named_is_found():
    lines = [line(1, "merged", into="A"), line(2, "commented")]
    assert references.named(TICKET, lines) == {"A", "H", "S", "T"}


def test_a_ticket_stands_as_if_the_hidden_one_had_never_had_to_do_with_it():
    clock = TICKET.clocks[0].model_copy(update={"carried_to": "H", "carried_from": "S"})
    shown = references.without(TICKET.model_copy(update={"clocks": (clock,)}), HIDDEN)
    assert (shown.merged_into, shown.merged_from, shown.part_of) == (None, ("S",), None)
    assert [each.id for each in shown.joined] == ["S"]  # T came along with it
    assert [each.id for each in shown.parts] == ["S"]
    assert (shown.clocks[0].carried_to, shown.clocks[0].carried_from) == ("", "S")


def test_where_nothing_is_hidden_everything_stays():
    lines = [line(1, "merged", into="H")]
    assert references.without(TICKET, frozenset()) == TICKET
    assert references.lines_without(lines, TICKET, frozenset()) == lines


@pytest.mark.parametrize(
    ("kind", "name"),
    [("merged", "into"), ("absorbed", "from"), ("split", "from"), ("parted", "part"), ("part_moved", "part")],
)
def test_what_was_done_with_the_hidden_one_is_in_no_history(kind, name):
    assert versions(line(1, "taken"), line(2, kind, **{name: "H"}), line(3, kind, **{name: "S"})) == [1, 3]


def test_a_split_that_does_not_say_from_where_goes_with_the_merge_before_it():
    assert versions(
        line(1, "merged", into="H"), line(2, "split"), line(3, "merged", into="S"), line(4, "split")
    ) == [3, 4]


def test_a_division_counts_and_names_only_what_may_be_known():
    whole = references.without(TICKET, HIDDEN)
    lines = [line(1, "divided", parts="H S", count="3"), line(2, "divided_off", **{"from": "H"})]
    [(_, divided), (_, off)] = references.lines_without(lines, whole, HIDDEN)
    assert divided.details == {"parts": "S", "count": "2"}
    assert divided.note == "1. 本事；2. 事S"
    assert off.details == {}


def test_a_division_into_what_may_all_be_known_stays_as_it_was():
    lines = [line(1, "divided", parts="S", count="2"), line(2, "divided_off", **{"from": "S"})]
    assert references.lines_without(lines, TICKET, HIDDEN) == lines
