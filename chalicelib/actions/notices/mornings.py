"""What the night has to say to somebody is said in the morning, once a day: in the inbox at once, on the phone from 08:30."""

from collections.abc import Mapping
from datetime import datetime, time

from chalicelib.domain.notices.deliveries import Delivery, staff_channel
from chalicelib.domain.town.vocabulary import Channel, Staff
from chalicelib.gateways import deployment
from chalicelib.store.notices import deliveries, inbox

MORNING = time(8, 30)  # nobody is woken for what has waited all night


def morning_of(at: datetime) -> datetime:
    return datetime.combine(at.date(), MORNING, at.tzinfo)


def tell_today(person: Staff, template: str, note: str, *, about: str, now: datetime) -> None:
    """Once a day, however often the night runs; `about` names what is told beside the day."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    key = f"{about}-{day:%Y%m%d}"
    tell(person, template, {"note": note}, event_key=key, at=day, not_before=morning_of(day))


def tell(
    person: Staff,
    template: str,
    params: Mapping[str, str],
    *,
    event_key: str,
    at: datetime,
    not_before: datetime,
) -> tuple[str, str] | None:
    """Into the inbox, and outward where the person has a way that a machine goes; answers the key of what is to be sent.

    None where it was told before or goes nowhere. `not_before` holds for the way outward; who cannot wait for the sweep
    wakes the queue with the key.
    """
    one = Delivery(
        recipient=f"staff:{person.code}",
        way=Channel.INBOX,
        at=at,
        event_key=event_key,
        ticket_id="",
        template=template,
        params={**params, **deployment.practice()},
        not_before=not_before,
    )
    inbox.write([one])
    way = staff_channel(person, template)
    if way is None or way is Channel.CALL:
        return None
    outward = one.model_copy(update={"way": way})
    return deliveries.key_of(outward) if deliveries.create(outward) else None
