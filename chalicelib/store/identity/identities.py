"""Who people are. The API function may only put contacts here; reading is for `reveal`, `send` and retention (design §7).

Only `reveal` has the key of the hashes: whoever writes a contact notes that its phone is to be made a way to the ticket.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.identity.scrub import normal_phone
from chalicelib.domain.model import Frozen, stamp
from chalicelib.store import documents, keys
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Operation,
    Table,
    batch_write,
    delete_op,
    get,
    put,
    put_op,
    query_all,
    transact,
)

MOST_AT_ONCE = 300  # tickets whose phones become ways in one go: some seconds


class Contact(Frozen):
    """What a ticket's reporter said of himself or herself, and the text as written, before scrubbing."""

    name: str = ""
    phone: str = ""
    text: str = ""


FIELDS = tuple(Contact.model_fields)


class OnWechat(NamedTuple):
    """`person`: whose openid it is as a resident, by whom consents are counted."""

    openid: str = ""
    person: str = ""


# --- people ---------------------------------------------------------------------------------------------------------


def new_person() -> str:
    """The id of somebody who is not known: random, and so says nothing to anybody."""
    return secrets.token_hex(16)


def find_person_known_by(secret: bytes, subject: str) -> str | None:
    """The id of whoever this phone, openid or client's word stands for; None where it stands for nobody yet."""
    way = keys.known_by(_hashed(secret, f"person:{subject}"))
    found = get(Table.IDENTITIES, *way, consistent=True)
    return str(found["person"]) if found else None


def person_known_by(secret: bytes, subject: str, now: datetime) -> str:
    """The same each time, made at the first."""
    if (found := find_person_known_by(secret, subject)) is not None:
        return found
    person_id, hashed, at = new_person(), _hashed(secret, f"person:{subject}"), {"at": stamp(now)}
    there = keys.attributes(keys.known_by(hashed)) | at | {"person": person_id}
    back = keys.attributes(keys.known_as(person_id, hashed)) | at
    try:
        transact([put_op(Table.IDENTITIES, there, if_absent=True), put_op(Table.IDENTITIES, back)])
    except ConditionFailed:  # at this very moment somebody else asked for the first time
        return find_person_known_by(secret, subject) or person_id
    return person_id


def put_openid(person_id: str, openid: str, person: str, now: datetime) -> None:
    """`person_id`: a resident's, which is `person` itself, or staff:<code>."""
    item = {"openid": openid, "person": person, "at": stamp(now)}
    put(Table.IDENTITIES, keys.attributes(keys.person(person_id)) | item)


def find_on_wechat(person_id: str) -> OnWechat:
    """Of a reporter_id, or of staff:<code> who bound WeChat; empty where there is none. For `send`."""
    item = get(Table.IDENTITIES, *keys.person(person_id))
    return OnWechat(str(item["openid"]), str(item["person"])) if item else OnWechat()


def forget_person(person_id: str) -> None:
    """Nobody knows any more who is behind a reporter_id, or behind staff:<code>."""
    found = [(item["PK"], item["SK"]) for item in query_all(Table.IDENTITIES, keys.person_pk(person_id))]
    ways = [keys.known_by(keys.way_of(sk)) for _, sk in found if sk.startswith(keys.WAYS)]
    batch_write(Table.IDENTITIES, deletes=ways)  # first: they are found through what is left
    batch_write(Table.IDENTITIES, deletes=found)


# --- contacts -------------------------------------------------------------------------------------------------------


def contact_ops(ticket_id: str, contacts: Sequence[tuple[str, Contact]], now: datetime) -> list[Operation]:
    """Puts for the report's own transaction: each person's contact, and that their phones are to become ways."""
    operations = [_contact_op(ticket_id, person, contact, now) for person, contact in contacts]
    if any(contact.phone for _, contact in contacts):
        left = keys.attributes(keys.unhashed(ticket_id)) | {"at": stamp(now), "left": secrets.token_hex(8)}
        operations.append(put_op(Table.IDENTITIES, left))
    return operations


def replace_contact(ticket_id: str, reporter_id: str, contact: Contact, now: datetime) -> None:
    """What a partner says now of whoever it spoke for. The way from the old phone to the ticket stays: it was a word of theirs too."""
    transact(contact_ops(ticket_id, [(reporter_id, contact)], now))


def correct_contact(
    ticket_id: str, reporter_id: str, old: Contact, new: Contact, secret: bytes, now: datetime
) -> None:
    """The right contact instead of a wrong one, whose number is somebody else's and must not find the ticket any more."""
    make_ways_of(ticket_id, secret, now)
    operations = [_contact_op(ticket_id, reporter_id, new, now)]
    operations += _way_ops(ticket_id, phone_hash(secret, new.phone), now) if new.phone else []
    if old.phone and phone_hash(secret, old.phone) != phone_hash(secret, new.phone):
        wrong = phone_hash(secret, old.phone)
        gone = keys.ticket_of_phone(wrong, ticket_id), keys.way_to_ticket(ticket_id, wrong)
        operations += [delete_op(Table.IDENTITIES, *key) for key in gone]
    transact(operations)


def find_contact(ticket_id: str, reporter_id: str) -> Contact | None:
    item = get(Table.IDENTITIES, *keys.contact(ticket_id, reporter_id), consistent=True)
    return documents.built(Contact, {name: item[name] for name in FIELDS}) if item else None


def forget_ticket(ticket_id: str) -> None:
    """Remove whatever is known of the people of a ticket; the de-identified case stays.

    First that its phones are to become ways, so that none is made meanwhile; the ways before that by which they are found.
    """
    batch_write(Table.IDENTITIES, deletes=[keys.unhashed(ticket_id)])
    found = [(each["PK"], each["SK"]) for each in _of_ticket(ticket_id)]
    ways = [keys.ticket_of_phone(keys.way_of(sk), ticket_id) for _, sk in found if sk.startswith(keys.WAYS)]
    batch_write(Table.IDENTITIES, deletes=ways)
    said = query_all(Table.IDENTITIES, keys.words_pk(ticket_id))
    batch_write(Table.IDENTITIES, deletes=[(item["PK"], item["SK"]) for item in said])
    batch_write(Table.IDENTITIES, deletes=found)


# --- from a phone to its tickets ------------------------------------------------------------------------------------


def phone_hash(secret: bytes, phone: str) -> str:
    return _hashed(secret, f"phone:{normal_phone(phone)}")


def list_ticket_ids_by_phone(hashed: str) -> list[str]:
    return [keys.ticket_id_of(item["SK"]) for item in query_all(Table.IDENTITIES, keys.phone_pk(hashed))]


def make_ways(secret: bytes, now: datetime) -> int:
    """Every phone that was left since the last time leads to its ticket from now on. Answers of how many tickets."""
    left = query_all(Table.IDENTITIES, keys.UNHASHED_PK, limit=100, consistent=True)
    made = 0
    for item in left:
        make_ways_of(keys.ticket_id_of(item["SK"]), secret, now)
        made += 1
        if made == MOST_AT_ONCE:
            break
    return made


def make_ways_of(ticket_id: str, secret: bytes, now: datetime) -> None:
    """The same of one ticket. What was written or forgotten meanwhile wins: its turn comes again, or never."""
    left = get(Table.IDENTITIES, *keys.unhashed(ticket_id), consistent=True)
    if left is None:
        return
    contacts = (item for item in _of_ticket(ticket_id) if item["SK"].startswith(keys.CONTACTS))
    hashes = sorted({phone_hash(secret, item["phone"]) for item in contacts if item["phone"]})
    done = delete_op(
        Table.IDENTITIES, *keys.unhashed(ticket_id), condition="#left = :left", left=left["left"]
    )
    try:
        transact([done, *(op for hashed in hashes for op in _way_ops(ticket_id, hashed, now))])
    except ConditionFailed:
        return


def _of_ticket(ticket_id: str) -> list[Item]:
    return list(query_all(Table.IDENTITIES, keys.contacts_pk(ticket_id), consistent=True))


def _contact_op(ticket_id: str, person: str, contact: Contact, now: datetime) -> Operation:
    at = {"at": stamp(now)}
    return put_op(
        Table.IDENTITIES, keys.attributes(keys.contact(ticket_id, person)) | at | contact.model_dump()
    )


def _way_ops(ticket_id: str, hashed: str, now: datetime) -> list[Operation]:
    ways = (keys.ticket_of_phone(hashed, ticket_id), keys.way_to_ticket(ticket_id, hashed))
    return [put_op(Table.IDENTITIES, keys.attributes(way) | {"at": stamp(now)}) for way in ways]


def _hashed(secret: bytes, what: str) -> str:
    return hmac.new(secret, what.encode(), hashlib.sha256).hexdigest()
