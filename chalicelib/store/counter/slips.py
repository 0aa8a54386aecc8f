"""Slips in the work table, for a little longer than they may be claimed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.counter.slips import MAY_BE_CLAIMED_FOR, MOST_TRIES, Holder, Slip, hashed, last_digits
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Operation, Table, get, put_op, update

KEPT = timedelta(days=14)


def _op(slip: Slip) -> Operation:
    """Written with the ticket itself: only then is it known which phone was left."""
    item = slip.model_dump(mode="json") | {"until": stamp(slip.until)}
    item |= {"expires": int((slip.until + KEPT).timestamp())}
    return put_op(Table.WORK, keys.attributes(keys.slip(slip.ticket_id, slip.holder)) | item, if_absent=True)


def slip_ops(ticket: Ticket, phones: Sequence[str], key: bytes, now: datetime) -> list[Operation]:
    """A slip for whose matter it is, and one for who reported it for them; `phones` in this order, "" for none."""
    return [
        _op(
            Slip(
                ticket_id=ticket.id,
                holder=holder,
                digits=hashed(key, "digits", ticket.id, last_digits(phone)),
                until=now + MAY_BE_CLAIMED_FOR,
            )
        )
        for holder, phone in zip(Holder, phones, strict=False)
    ]


def find(ticket_id: str, holder: Holder) -> Slip | None:
    item = get(Table.WORK, *keys.slip(ticket_id, holder), consistent=True)
    if item is None:
        return None
    return documents.built(Slip, {name: item[name] for name in Slip.model_fields if name in item})


def printed(slip: Slip, secret: str) -> None:
    """A fresh print: earlier ones are worth nothing from now on."""
    update(
        Table.WORK,
        *keys.slip(slip.ticket_id, slip.holder),
        "SET #secret = :secret, #tries = :none",
        condition="attribute_exists(PK)",
        secret=secret,
        none=0,
    )


def try_once(slip: Slip) -> bool:
    """Counts a try before its digits are looked at, so that many at once are not more than there are. False for one too many."""
    try:
        update(
            Table.WORK,
            *keys.slip(slip.ticket_id, slip.holder),
            "ADD #tries :one",
            condition="#tries < :most AND #secret = :secret",
            one=1,
            most=MOST_TRIES,
            secret=slip.secret,
        )
    except ConditionFailed:
        return False
    return True


def claimed_by(slip: Slip, person: str) -> bool:
    """Once, by one person. False where somebody else was faster."""
    try:
        update(
            Table.WORK,
            *keys.slip(slip.ticket_id, slip.holder),
            "SET #claimed_by = :person",
            condition="#claimed_by = :nobody OR #claimed_by = :person",
            person=person,
            nobody="",
        )
    except ConditionFailed:
        return False
    return True
