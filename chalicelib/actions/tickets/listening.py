"""The one way by which words come in: whatever anybody writes about a ticket is read before anything is decided (rule 80)."""

from datetime import datetime

from chalicelib.actions.tickets import joining
from chalicelib.domain.acts.classifying import kept_apart
from chalicelib.domain.acts.endangered import heard
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import Ticket, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.reading import Trained, understand
from chalicelib.gateways import triage_model
from chalicelib.store.tickets import tickets


def read(text: str, where: Where, town: Town) -> Reading:
    """What a text says, by the town's signs and the trained model. Numbers and plates in it are not kept (rule 41)."""
    return understand(
        scrub(text),
        town=town,
        place=where,
        model=Trained(triage_model.current(), triage_model.danger(), triage_model.misconduct()),
    )


def decided(ticket: Ticket, reading: Reading, *, by: str, town: Town, now: datetime) -> Changed | None:
    """What follows from a later word, before anything is kept; None where nothing does."""
    return heard(ticket, reading, by=by, town=town, now=now)


def hear(ticket: Ticket, text: str, *, by: str, town: Town, now: datetime) -> Reading:
    """A later word of a ticket. Danger is on record, and rings, before the word itself is kept; a merged one's where it goes on.

    Misconduct first, so that a danger does not ring at whoever the same words are about.

    `ticket` as it was loaded; it is loaded again where something follows. Sent again it rings no second time.
    """
    reading = read(text, ticket.where, town)
    follows = reading.danger is not Danger.NONE or reading.concerned.grievance is Grievance.MISCONDUCT
    where = joining.standing(ticket).id if follows else ticket.id
    if reading.concerned.grievance is Grievance.MISCONDUCT:
        tickets.change(
            where,
            lambda latest: kept_apart(latest, reading, by=by, town=town, now=now),
            patient=True,
            town=town,
        )
    if reading.danger is not Danger.NONE:
        tickets.change(
            where,
            lambda latest: decided(latest, reading, by=by, town=town, now=now),
            patient=True,
            town=town,
        )
    return reading
