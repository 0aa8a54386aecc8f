"""Who people are. The API function may only put here; reading is for `reveal`, `send` and retention (design §7)."""

import hashlib
import hmac
from datetime import datetime

from chalicelib.domain.identity.scrub import normal_phone
from chalicelib.domain.model import Frozen, stamp
from chalicelib.store import keys
from chalicelib.store.table import Item, Key, Table, batch_write, get, put, put_op, query_all, transact


class Contact(Frozen):
    """What a ticket's reporter said of himself or herself, and the text as written, before scrubbing."""

    name: str = ""
    phone: str = ""
    text: str = ""


FIELDS = tuple(Contact.model_fields)


def reporter_id_of(secret: bytes, subject: str) -> str:
    """The opaque id of a person: a keyed hash, the same for the same person, useless without the key."""
    return hmac.new(secret, f"person:{subject}".encode(), hashlib.sha256).hexdigest()[:32]


def phone_hash(secret: bytes, phone: str) -> str:
    return hmac.new(secret, f"phone:{normal_phone(phone)}".encode(), hashlib.sha256).hexdigest()


def contact_ops(
    ticket_id: str, reporter_id: str, contact: Contact, secret: bytes, now: datetime
) -> list[Item]:
    """Puts for the report's own transaction: the contact, and the way from the phone's hash to the ticket."""
    at = {"at": stamp(now)}
    item = keys.attributes(keys.contact(ticket_id, reporter_id)) | at | contact.model_dump()
    operations = [put_op(Table.IDENTITIES, item)]
    if contact.phone:
        way = keys.ticket_of_phone(phone_hash(secret, contact.phone), ticket_id)
        operations.append(put_op(Table.IDENTITIES, keys.attributes(way) | at))
    return operations


def replace_contact(ticket_id: str, reporter_id: str, contact: Contact, secret: bytes, now: datetime) -> None:
    """What a partner says now of whoever it spoke for. The way from the old phone to the ticket stays: it was a word of theirs too."""
    transact(contact_ops(ticket_id, reporter_id, contact, secret, now))


def put_person(reporter_id: str, openid: str, now: datetime) -> None:
    put(Table.IDENTITIES, keys.attributes(keys.person(reporter_id)) | {"openid": openid, "at": stamp(now)})


def find_openid(person_id: str) -> str:
    """The openid behind a reporter_id, or behind staff:<code> who bound WeChat; "" where there is none. For `send`."""
    item = get(Table.IDENTITIES, *keys.person(person_id))
    return str(item["openid"]) if item else ""


def find_contact(ticket_id: str, reporter_id: str) -> Contact | None:
    item = get(Table.IDENTITIES, *keys.contact(ticket_id, reporter_id), consistent=True)
    return Contact.model_validate({name: item[name] for name in FIELDS}) if item else None


def list_ticket_ids_by_phone(hashed: str) -> list[str]:
    return [keys.ticket_id_of(item["SK"]) for item in query_all(Table.IDENTITIES, keys.phone_pk(hashed))]


def forget_ticket(ticket_id: str, secret: bytes) -> None:
    """Remove whatever is known of the people of a ticket; the de-identified case stays.

    The way from the phone goes first: it is found through the contact, and a deletion may die in between.
    """
    contacts = list(query_all(Table.IDENTITIES, keys.contacts_pk(ticket_id)))
    phones: list[Key] = [
        keys.ticket_of_phone(phone_hash(secret, item["phone"]), ticket_id)
        for item in contacts
        if item.get("phone")
    ]
    batch_write(Table.IDENTITIES, deletes=dict.fromkeys(phones))
    batch_write(Table.IDENTITIES, deletes=[(item["PK"], item["SK"]) for item in contacts])


def forget_person(person_id: str) -> None:
    """Nobody knows any more who is behind a reporter_id, or behind staff:<code>."""
    batch_write(Table.IDENTITIES, deletes=[keys.person(person_id)])
