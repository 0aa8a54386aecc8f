"""删除个人信息: what a person is known by leaves the ticket, its history and its messages (rule 45); the case stays.

The person's own words go whole; in everybody else's words the known name and phone are taken out.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.identity.scrub import without_person
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket

APPROVED_WITHIN = timedelta(days=15)  # a summary; then what is left says no more than the kind of matter
TAKEN_OUT = "（已按本人要求删除）"
BY_THEMSELVES = frozenset({Actor.REPORTER})  # who wrote a line
# Where words stand, in the ticket and in a line of history; everything else is codes, instants and figures.
_WORDS = frozenset(
    {"text", "note", "words", "reason", "question", "feedback", "instead", "rule", "ground", "elsewhere"}
    | {"exemption", "name", "said", "title", "public_text", "answer", "detail"}
)
_FREE = frozenset({"details", "params"})  # whose values may be words under any name


class Checked(StrEnum):
    """How it was made sure that the person is who asks: without it nothing is erased and no copy given."""

    IN_PERSON = "in_person"
    CALLED_BACK = "called_back"
    BY_PARTNER = "by_partner"
    SIGNED_IN = "signed_in"  # the person's own session


CHECKED_NAMES = {
    Checked.IN_PERSON: "本人到场，看过证件",
    Checked.CALLED_BACK: "回拨登记的电话核对过",
    Checked.BY_PARTNER: "转来的单位核实过",
    Checked.SIGNED_IN: "本人在手机上提出",
}


class Person(NamedTuple):
    """What is known of somebody, to be taken out wherever it stands."""

    name: str = ""
    phone: str = ""

    def out_of(self, text: str) -> str:
        return without_person(text, name=self.name, phone=self.phone)


def ticket_without(ticket: Ticket, person: Person) -> Ticket:
    """The case without who it was: nobody's words about that, no room, nothing that the person said after the report."""
    kept = _without(ticket.model_dump(mode="json", exclude={"follow_ups"}), person)
    told = tuple(
        each.model_copy(update={"words": TAKEN_OUT}) if each.words else each for each in ticket.follow_ups
    )
    cleaned = Ticket.model_validate(kept | {"follow_ups": [each.model_dump(mode="json") for each in told]})
    return cleaned.model_copy(update={"room": ""})


def event_without(event: Event, person: Person) -> Event:
    """A line of history: of the person's own nothing is left but that it was said, and when."""
    kept = Event.model_validate(_without(event.model_dump(mode="json"), person))
    if event.by not in BY_THEMSELVES and event.kind is not EventKind.RECEIVED:
        return kept
    notices = tuple(
        each.model_copy(update={"params": each.params | {"note": TAKEN_OUT}})
        if each.params.get("note")
        else each
        for each in kept.notices
    )
    note = TAKEN_OUT if kept.note else ""
    details = {name: TAKEN_OUT if name in _WORDS and value else value for name, value in kept.details.items()}
    return kept.model_copy(update={"note": note, "reading": None, "notices": notices, "details": details})


def params_without(params: dict[str, str], person: Person) -> dict[str, str]:
    """What a message said: its words go, whoever wrote them; number, place and due time stay."""
    cleaned = {name: person.out_of(value) for name, value in params.items()}
    return cleaned | ({"note": TAKEN_OUT} if params.get("note") else {})


def _without(value: Any, person: Person, *, in_words: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            name: _without(each, person, in_words=in_words or name in _WORDS or name in _FREE)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_without(each, person, in_words=in_words) for each in value]
    return person.out_of(value) if in_words and isinstance(value, str) else value
