"""Whom a complaint reaches: every labelled sentence as a report, who of its party could list it, open it or be told of it."""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.vocabulary import Role, Staff, UnitKind
from chalicelib.domain.understanding.blame import Party
from chalicelib.domain.understanding.concerned import codes_of, named
from chalicelib.domain.views.access import may_list, may_see
from chalicelib.gateways.triage_model import FILE
from training.judge import place

Row = Mapping[str, str]
MODEL = FILE.with_name("misconduct.model")
COLUMNS = ("text", "label", "about")
_LEADERS = frozenset({Role.AREA_LEADER, Role.TOWN_LEADER})
_AGENCIES = (UnitKind.TOWN_OFFICE, UnitKind.DISTRICT_AGENCY)
_LISTS = {"desk": {Role.FIRST_CONTACT, Role.STATION_HEAD}, "calls": {Role.FIRST_CONTACT, Role.STATION_HEAD}}


def figures(rows: Sequence[Row]) -> tuple[dict[str, object], list[str]]:
    """The counts of the last line, and the rows that it gets wrong, each with the words that decided."""
    names = (
        *("kept", "misconduct", "reached", "no_unit", "desk_first", "service"),
        *("wrongly_confidential", "none"),
    )
    counts, wrong = dict.fromkeys(names, 0), []
    for row in rows:
        ticket, event = place.reported(row["text"])
        for name in (found := _counted(row, ticket, event)):
            counts[name] += 1
        if _is_wrong(row["label"], found):
            words = event.reading.concerned.words if event.reading else ()
            wrong.append(f"{row['label']} {row['about']}｜{row['text']}｜{'、'.join(words) or '—'}")
    return {"what": "concerned", **counts}, wrong


def _counted(row: Row, ticket: Ticket, event: Event) -> set[str]:
    """The counts to which one row adds."""
    label = row["label"]
    if label == "none":
        return {"none"} | ({"wrongly_confidential"} if ticket.confidential else set())
    party = party_of(row["about"], row["text"], ticket)
    if not party:
        return {"no_unit"}
    if label == "service":
        is_first = ticket.lead_unit_id not in {person.unit for person in party}
        return {"service"} | ({"desk_first"} if is_first else set())
    reached = {person.code for person in party} & set(_reached(ticket, event, party))
    if reached:
        return {"misconduct", "reached"}
    shown = event.reading is not None and event.reading.concerned.grievance is not Grievance.NONE
    is_outside = row["about"] == "town" and ticket.stage is Stage.RECEIVED and shown
    return {"misconduct"} | ({"kept"} if is_outside or (ticket.confidential and ticket.concerns) else set())


def _is_wrong(label: str, found: set[str]) -> bool:
    good = {"misconduct": "kept", "service": "desk_first"}.get(label)
    return bool(found & {"reached", "wrongly_confidential"}) or bool(
        good and label in found and good not in found
    )


def party_of(about: str, text: str, ticket: Ticket) -> tuple[Staff, ...]:
    """Who is the party of a row. The desk's own clerk on duty is one only of a complaint about the station."""
    town = place.town()
    if about == "town":
        units = {unit.code for unit in town.units if unit.kind in _AGENCIES}
        said = set(named(text, place.where(), town=town)) & units
        codes = tuple(said) or codes_of(Party.OFFICE, ticket.where.path, town)
    else:
        codes = codes_of(Party(about), ticket.where.path, town)
    people = [p for p in town.staff if p.code in codes or p.unit in codes]
    clerk = town.on_duty(ticket.station_id, Role.FIRST_CONTACT, place.NOW, ticket.where.path)
    is_desk = about != "station" and clerk is not None
    return tuple(
        p for p in people if _LEADERS.isdisjoint(p.roles) and not (is_desk and clerk and p.code == clerk.code)
    )


def _reached(ticket: Ticket, event: Event, party: Sequence[Staff]) -> Iterator[str]:
    """Who of the party could open it, finds it in a list, or is told anything at all."""
    town = place.town()
    told = {notice.to.removeprefix("staff:") for notice in event.notices}
    for person in party:
        is_told = person.code in told and not is_concerned(person, ticket.kept_from)
        if may_see(ticket, person, town) or is_told or any(_lists(ticket, person)):
            yield person.code


def _lists(ticket: Ticket, person: Staff) -> Iterator[bool]:
    for waiting in waits_for(ticket):
        kind, _, whose = waiting.who.partition(":")
        has_list = whose == person.code or (
            whose == person.unit and (kind not in _LISTS or bool(_LISTS[kind] & set(person.roles)))
        )
        entry = {
            "concerns": list(ticket.kept_from),
            "confidential": ticket.confidential,
            "who": waiting.who,
        }
        yield has_list and may_list(entry, person)
