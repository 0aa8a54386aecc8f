"""The one way by which words come in: whatever anybody writes about a ticket is read before anything is decided (rule 80)."""

from datetime import datetime

from chalicelib.actions.tickets import joining
from chalicelib.domain.acts.classifying import kept_apart
from chalicelib.domain.acts.endangered import heard
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.withholding import held_back
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.offers.possible import SAID_BY_A_TAP
from chalicelib.domain.parties.asking import is_attended
from chalicelib.domain.tickets.readings import NOBODY, Grievance, Reading
from chalicelib.domain.tickets.ticket import Ticket, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.reading import Trained, understand
from chalicelib.gateways import triage_model
from chalicelib.store.tickets import consoles, tickets
from chalicelib.store.town import directory

# What these say of somebody changes who reads the ticket, before the word itself is kept.
HELD = frozenset({Grievance.POSSIBLE, Grievance.MISCONDUCT})


def read(text: str, where: Where, town: Town, *, is_measured: bool = False) -> Reading:
    """What a text says, by the town's signs and the trained model. Numbers and plates in it are not kept (rule 41).

    The service's own words, which a tap sends, say nothing; what was made of sensors' values (`is_measured`) complains of nobody.
    """
    reading = understand(
        "" if text in SAID_BY_A_TAP else scrub(text),
        town=town,
        place=where,
        model=Trained(triage_model.current(), triage_model.danger(), triage_model.misconduct()),
    )
    return reading.model_copy(update={"concerned": NOBODY}) if is_measured else reading


def sounds_like_danger(text: str) -> bool:
    """Whether what is being typed says that somebody may be in danger: then that alone is asked before sending (rule 81)."""
    return read(text, Where(name=""), directory.town()).danger is not Danger.NONE


def desk_hears(reading: Reading, station: str, now: datetime, *, is_spoken: bool = False) -> bool:
    """Whether the desk of a station may be waited for; asked for only where somebody may be in danger, as in a recording."""
    is_asked = reading.danger is Danger.POSSIBLE or (is_spoken and reading.danger is Danger.NONE)
    return not is_asked or is_attended(consoles.find_heard_at(station), now)


def decided(
    ticket: Ticket, reading: Reading, *, by: str, town: Town, now: datetime, attended: bool = True
) -> Changed | None:
    """What follows from a later word, before anything is kept; None where nothing does."""
    return heard(ticket, reading, by=by, town=town, now=now, desk_hears=attended)


def hear(ticket: Ticket, text: str, *, by: str, town: Town, now: datetime, teller: str = "") -> Reading:
    """A later word of a ticket. Danger is on record, and rings, before the word itself is kept; a merged one's where it goes on.

    Misconduct first, so that a danger does not ring at whoever the same words are about.

    `ticket` as it was loaded; it is loaded again where something follows. Sent again it rings no second time. `teller`: the
    resident whose words they are, by the own session.
    """
    reading = read(text, ticket.where, town)
    follows = reading.danger is not Danger.NONE or reading.concerned.grievance in HELD
    where = joining.standing(ticket).id if follows else ticket.id
    if reading.concerned.grievance is Grievance.MISCONDUCT:
        tickets.change(
            where,
            lambda latest: kept_apart(latest, reading, by=by, town=town, now=now),
            tickets.Attempt(patient=True, town=town, teller=teller),
        )
    if reading.concerned.grievance is Grievance.POSSIBLE:
        tickets.change(
            where,
            lambda latest: held_back(latest, reading, by=by, town=town, now=now),
            tickets.Attempt(patient=True, town=town),
        )
    if reading.danger is not Danger.NONE:
        attended = desk_hears(reading, ticket.station_id, now)
        tickets.change(
            where,
            lambda latest: decided(latest, reading, by=by, town=town, now=now, attended=attended),
            tickets.Attempt(patient=True, town=town),
        )
    return reading
