"""Keys of who somebody is: sessions, codes and consents in the work table, traces in a table of their own, and the table identities."""

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


@stands_in("work")
def spare_code(staff: str) -> Key:
    """The one-time code that lies in a sealed envelope with the head, hashed, for when a person's phone is dead."""
    return Key(f"CODE#{staff}", "SPARE")


PINS = "PIN#"
SEATS = "SEAT#"


def computer_pk(computer_id: str) -> str:
    return f"COMPUTER#{computer_id}"


@stands_in("work")
def computer(computer_id: str) -> Key:
    """A registered computer of a unit, by its id; its secret is kept as a hash."""
    return Key(computer_pk(computer_id), "COMPUTER")


@stands_in("work")
def pin(computer_id: str, staff: str) -> Key:
    """The PIN of a person at a computer, hashed with the computer's secret, and its wrong tries."""
    return Key(computer_pk(computer_id), f"{PINS}{staff}")


@stands_in("work")
def seat(computer_id: str, hashed: str) -> Key:
    """That a session is at a computer, by the SHA-256 of its token, so that it ends with the computer."""
    return Key(computer_pk(computer_id), f"{SEATS}{hashed}")


def session_at(sk: str) -> str:
    """The hash of the session whose seat this is."""
    return sk.removeprefix(SEATS)


def computers_pk(unit: str) -> str:
    return f"COMPUTERS#{unit}"


@lists(computer)
def computer_of(unit: str, computer_id: str) -> Key:
    """The registered computers of a unit, oldest first."""
    return Key(computers_pk(unit), computer_id)


def traces_pk(subject: str) -> str:
    return f"AUDIT#{subject}"


def traced_subject_of(pk: str) -> str:
    return pk.removeprefix("AUDIT#")


@stands_in("traces")
def trace(subject: str, at: datetime, viewer: str, ulid: str) -> Key:
    """Who read what of a ticket, or searched by identity; never changed, never deleted."""
    return Key(traces_pk(subject), f"{stamp(at)}#{viewer}#{ulid}")


@stands_in("traces")
def looked(subject: str, bucket: datetime, viewer: str, how: str) -> Key:
    """A look of one kind at a ticket, once for each ten minutes; how is <what>, with ~<part> and ~<whose sign-in> where there are."""
    return Key(traces_pk(subject), f"{stamp(bucket)}#{viewer}#{how}")


def words_pk(subject: str) -> str:
    return f"WHY#{subject}"


def is_words(pk: str) -> bool:
    """Whether a partition of the vault holds what writers of traces said."""
    return pk.startswith("WHY#")


def worded_subject_of(pk: str) -> str:
    return pk.removeprefix("WHY#")


@stands_in("identities")
def words_of_trace(subject: str, trace_sk: str) -> Key:
    """What the writer of a trace said, and the salt of its digest; both go when the subject is erased."""
    return Key(words_pk(subject), trace_sk)


ROOTS = "ROOTS"
LEDGER = "LEDGER"


@stands_in("traces")
def day_root(day: date) -> Key:
    """The root of a day's digests, as it lies in the locked bucket too."""
    return Key(ROOTS, day.isoformat())


@stands_in("traces")
def ledger_entry(at: datetime, subject: str, ulid: str) -> Key:
    """What was erased, when, by whom: the digests of the lines that it changed, never a word."""
    return Key(LEDGER, f"{stamp(at)}#{subject}#{ulid}")


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


@stands_in("traces")
def case_removed(subject: str) -> Key:
    """The case was removed after its term: the line that is left of it."""
    return Key(traces_pk(subject), "removed")


def consents_pk(person: str) -> str:
    return f"CONSENTS#{person}"


@stands_in("work")
def consent(person: str, template_id: str) -> Key:
    """How many messages of a template are left, and when they were refused; the person is whose openid it is as a resident."""
    return Key(consents_pk(person), f"TEMPLATE#{template_id}")


CONTACTS = "CONTACT#"


def contacts_pk(ticket_id: str) -> str:
    return f"TICKET#{ticket_id}"


@stands_in("identities")
def contact(ticket_id: str, reporter_id: str) -> Key:
    """Name, phone, and the text as written."""
    return Key(contacts_pk(ticket_id), f"{CONTACTS}{reporter_id}")


WAYS = "WAY#"
UNHASHED_PK = "PHONES"


def phone_pk(hashed: str) -> str:
    return f"PHONE#{hashed}"


@stands_in("identities")
def ticket_of_phone(hashed: str, ticket_id: str) -> Key:
    """The way from the keyed hash of a phone to a ticket."""
    return Key(phone_pk(hashed), f"TICKET#{ticket_id}")


@stands_in("identities")
def way_to_ticket(ticket_id: str, hashed: str) -> Key:
    """That there is such a way, so that it goes when the ticket's people do."""
    return Key(contacts_pk(ticket_id), f"{WAYS}{hashed}")


def way_of(sk: str) -> str:
    """The hash in whose way an item says there is one."""
    return sk.removeprefix(WAYS)


@stands_in("identities")
def unhashed(ticket_id: str) -> Key:
    """A ticket whose phones `reveal`, which alone has the key, has not made into ways yet."""
    return Key(UNHASHED_PK, f"TICKET#{ticket_id}")


def person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


@stands_in("identities")
def person(person_id: str) -> Key:
    """The openid behind a reporter_id, or behind staff:<code> with whose it is as a resident."""
    return Key(person_pk(person_id), "PERSON")


@stands_in("identities")
def known_by(hashed: str) -> Key:
    """The way from the keyed hash of a phone, an openid or what a client knows somebody by to the person's random id."""
    return Key(f"KNOWN#{hashed}", "PERSON")


@stands_in("identities")
def known_as(person_id: str, hashed: str) -> Key:
    """That there is such a way to a person, so that it goes when the person is forgotten."""
    return Key(person_pk(person_id), f"{WAYS}{hashed}")


@stands_in("identities")
def volunteer_contact(volunteer_id: str) -> Key:
    """Name and phone of a volunteer; empty once he or she has left."""
    return Key(f"VOLUNTEER#{volunteer_id}", "CONTACT")
