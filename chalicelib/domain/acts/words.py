"""留言: what is said beside the ticket's state reaches somebody who has to act on it (design §13).

While somebody holds it that is the holder, else the desk; after the end the station, whose row shows that words wait.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.parties.asking import as_urgent
from chalicelib.domain.parties.telling import told
from chalicelib.domain.tickets.actors import Actor, By
from chalicelib.domain.tickets.bounds import MOST_MISSED
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import NOT_READ, Reading
from chalicelib.domain.tickets.ticket import ENDED, Audience, Event, Ticket, Unread
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


class Written(NamedTuple):
    """What staff write on a ticket; `public` says whether the reporter reads it, `audience` who else."""

    text: str
    photos: tuple[str, ...] = ()
    public: bool = False
    audience: Audience = Audience.REPORTER


class Spoken(NamedTuple):
    """What a resident writes; `voice` says whose it is without naming anybody, `reading` what it says."""

    text: str
    photos: tuple[str, ...] = ()
    voice: str = ""
    reading: Reading = NOT_READ


def said_by_staff(ticket: Ticket, said: Written, *, by: Staff, town: Town, now: datetime) -> Event:
    """A line by staff. A `public` one its reporter sees and is told of; everyone who joined only if it is for all."""
    line = Event(
        kind=EventKind.COMMENTED,
        at=now,
        by=by.code,
        note=said.text,
        public=said.public,
        audience=said.audience,
        photos=said.photos,
    )
    to_all = "commented/to_all" if said.audience is Audience.ALL else "commented/public"
    row = to_all if said.public else "commented"
    return line.model_copy(update={"notices": told(line, before=ticket, after=ticket, town=town, row=row)})


def said_by_resident(ticket: Ticket, said: Spoken, *, by: By, town: Town, now: datetime) -> Event:
    """A line by the reporter or a member (`by`): to the holder on duty, else to the desk; after the end to the station.

    Words whose reading is in doubt ring there, at night too: they are looked at, whatever they turn out to be (rule 81).
    """
    line = Event(
        kind=EventKind.COMMENTED,
        at=now,
        by=by,
        voice=said.voice,
        note=said.text,
        public=True,
        photos=said.photos,
        reading=said.reading,
    )
    row = "commented/resident" if ticket.lead_unit_id else "commented/resident_desk"
    if ticket.withheld:
        row = "commented/withheld"
    if ticket.stage in ENDED:
        row = "commented/resident_ended"
    notices = told(line, before=ticket, after=ticket, town=town, row=row)
    return line.model_copy(update={"notices": as_urgent(notices) if said.reading.doubt else notices})


def left_unread(ticket: Ticket, *, by: str, town: Town, now: datetime) -> Changed | None:
    """The ticket shows that words wait for whoever must act. None where it shows so already."""
    if ticket.unread is not None:
        return None
    after = ticket.model_copy(update={"unread": Unread(since=now, by=by)})
    return changed(
        after, Event(kind=EventKind.WORDS_WAITING, at=now, by=Actor.MACHINE), before=ticket, town=town
    )


def photo_missed(
    ticket: Ticket, *, photo: str, owner: str, reason: str, town: Town, now: datetime
) -> Changed | None:
    """A photo that was announced turned out to be none: its sender hears why, and no list shows it. None the second time.

    `owner`: whose it is, a person of the ticket's or a member of staff. The work and the clocks stay as they are.
    """
    if photo in ticket.missed_photos:
        return None
    missed = (*ticket.missed_photos, photo)[-MOST_MISSED:]
    left = tuple(each for each in ticket.photos if each != photo)
    after = ticket.model_copy(update={"photos": left, "missed_photos": missed})
    sender = town.find_staff(owner)
    reporters = {ticket.reporter_id, *(each.reporter_id for each in ticket.joined)}
    row = "photo_missed" if owner in reporters else "photo_missed/of_another"
    event = Event(
        kind=EventKind.PHOTO_MISSED, at=now, by=Actor.MACHINE, note=reason, public=owner in reporters
    )
    return changed(after, event, before=ticket, town=town, row=row, named=[sender])


def read_words(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """已阅: whoever must act has read what was said, and says what comes of it; an act of theirs says so too."""
    if ticket.unread is None:
        raise AlreadyDone("没有等着看的留言")
    after = ticket.model_copy(update={"unread": None})
    return changed(
        after, Event(kind=EventKind.WORDS_READ, at=now, by=by.code, note=note), before=ticket, town=town
    )
