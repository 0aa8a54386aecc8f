"""Keys of who somebody is: sessions, codes, consents and traces in the work table, and the table identities, into which the API may only put."""

from datetime import date, datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in


@stands_in("work")
def session(hashed: str) -> Key:
    """A session by the SHA-256 of its token."""
    return Key(f"SESSION#{hashed}", "SESSION")


def sessions_pk(subject: str) -> str:
    return f"SESSIONS#{subject}"


@lists(session)
def session_of(subject: str, hashed: str) -> Key:
    """Everywhere that somebody is signed in."""
    return Key(sessions_pk(subject), session(hashed).pk)


@stands_in("work")
def sign_in_code(staff: str) -> Key:
    """The one-time code that is out for a person, hashed, and its tries."""
    return Key(f"CODE#{staff}", "CODE")


def traces_pk(subject: str) -> str:
    return f"AUDIT#{subject}"


def traced_subject_of(pk: str) -> str:
    return pk.removeprefix("AUDIT#")


@stands_in("work")
def trace(subject: str, at: datetime, viewer: str, ulid: str) -> Key:
    """Who read what of a ticket, or searched by identity; never changed, never deleted."""
    return Key(traces_pk(subject), f"{stamp(at)}#{viewer}#{ulid}")


@stands_in("work")
def looked(subject: str, bucket: datetime, viewer: str, how: str) -> Key:
    """A look of one kind at a ticket, once for each ten minutes; how is <what>, with ~<part> and ~<whose sign-in> where there are."""
    return Key(traces_pk(subject), f"{stamp(bucket)}#{viewer}#{how}")


CONFIRMATIONS = "CONFIRMATIONS"


@stands_in("work")
def confirmation(confirmation_id: str) -> Key:
    """What makes power and waits for a second person's yes."""
    return Key(CONFIRMATIONS, confirmation_id)


def looks_pk(unit: str, day: date) -> str:
    return f"LOOKS#{unit}#{day.isoformat()}"


@lists(trace, looked)
def look(unit: str, day: date, at: datetime, subject: str, trace_sk: str) -> Key:
    """What the people of a unit looked at on a day; opening a ticket alone is not among it."""
    return Key(looks_pk(unit, day), f"{stamp(at)}#{subject}#{trace_sk}")


@stands_in("work")
def case_removed(subject: str) -> Key:
    """The case was removed after its term: the line that is left of it."""
    return Key(traces_pk(subject), "removed")


def consents_pk(person: str) -> str:
    return f"CONSENTS#{person}"


@stands_in("work")
def consent(person: str, template_id: str) -> Key:
    """How many messages of a template are left, and when they were refused; the person is the hash of the openid."""
    return Key(consents_pk(person), f"TEMPLATE#{template_id}")


def contacts_pk(ticket_id: str) -> str:
    return f"TICKET#{ticket_id}"


@stands_in("identities")
def contact(ticket_id: str, reporter_id: str) -> Key:
    """Name, phone, and the text as written."""
    return Key(contacts_pk(ticket_id), f"CONTACT#{reporter_id}")


def phone_pk(hashed: str) -> str:
    return f"PHONE#{hashed}"


@stands_in("identities")
def ticket_of_phone(hashed: str, ticket_id: str) -> Key:
    """The way from the keyed hash of a phone to a ticket."""
    return Key(phone_pk(hashed), f"TICKET#{ticket_id}")


@stands_in("identities")
def person(person_id: str) -> Key:
    """The openid behind a reporter_id, or behind staff:<code>."""
    return Key(f"PERSON#{person_id}", "PERSON")


@stands_in("identities")
def volunteer_contact(volunteer_id: str) -> Key:
    """Name and phone of a volunteer; empty once he or she has left."""
    return Key(f"VOLUNTEER#{volunteer_id}", "CONTACT")
