"""Open311: what a client asks and what it posts, on the town's own tickets."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice

from chalicelib.actions.tickets import reporting
from chalicelib.domain.errors import BadRequest, NotAllowed
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.identity.scrub import normal_phone, scrub
from chalicelib.domain.model import SHANGHAI, View
from chalicelib.domain.open311 import public, services
from chalicelib.domain.open311.nearest import nearest
from chalicelib.domain.open311.posted import Posted, picture_type
from chalicelib.domain.open311.public import PARTNER, Entry
from chalicelib.domain.open311.window import DEEPEST, Window, whole_days
from chalicelib.domain.tables.phones import is_callable
from chalicelib.domain.tickets.ticket import ExternalId, Ticket, Where
from chalicelib.domain.tickets.where import at_place, typed
from chalicelib.domain.town import codes
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, ResidentChannel, Source
from chalicelib.gateways import photos as gateway
from chalicelib.gateways import reveal
from chalicelib.store import photos
from chalicelib.store.feed import api_keys
from chalicelib.store.feed.api_keys import ApiKey
from chalicelib.store.identity import identities
from chalicelib.store.identity.identities import Contact
from chalicelib.store.requests import idempotency, limits
from chalicelib.store.requests.limits import Limit
from chalicelib.store.tickets import lists, public_list, tickets
from chalicelib.store.town import directory

_HOUR = limits.REPORTS_BY_PERSON.window


def key_of(secret: str, *, required: bool = False) -> ApiKey | None:
    """Whose key it is; None where none was sent and none is required. Raises NotAllowed (403) for a wrong one."""
    found = api_keys.find(secret) if secret else None
    if found is None and (secret or required):
        raise NotAllowed("缺少 api_key，或 api_key 不对；请向镇平台管理员申请")
    return found


def count(key: ApiKey, now: datetime) -> None:
    """One more of what the key may post in an hour. Raises TooMany."""
    limits.count(Limit(kind="open311", most=key.reports_per_hour, window=_HOUR), key.name, now)


def list_requests(
    window: Window,
    span: tuple[int, int],
    *,
    services: frozenset[str],
    statuses: frozenset[str],
    key: ApiKey | None,
) -> list[View]:
    """Service requests received in a window, newest first, those of a page. Empty sets ask for all."""
    town = directory.town()
    entries = public_list.list_requests(window if key else whole_days(window))
    wanted = (
        entry
        for entry in islice(entries, DEEPEST)
        if public.is_public(entry, town)
        and (not services or entry.category in services)
        and (not statuses or ("closed" if entry.closed else "open") in statuses)
    )
    return _views(list(islice(wanted, *span)), town, key)


def get_requests(numbers: list[str], *, key: ApiKey | None) -> list[View]:
    """The service requests there are among these, in the order asked for."""
    town, found = directory.town(), find_entries(numbers)
    return _views([found[each] for each in dict.fromkeys(numbers) if each in found], town, key)


def find_entries(numbers: list[str]) -> dict[str, Entry]:
    """What may be seen of the tickets with these numbers, by number."""
    parsed = {number: codes.parse_ticket_number(number) for number in dict.fromkeys(numbers)}
    ids = public_list.find_ids([each for each in parsed.values() if each])
    entries, town = public_list.get_entries(list(ids.values()) or [lists.NOBODY]), directory.town()
    found = {sent: entries.get(ids.get(number or "", "")) for sent, number in parsed.items()}
    return {sent: entry for sent, entry in found.items() if entry and public.is_public(entry, town)}


def post(
    posted: Posted, files: Sequence[bytes], *, key: ApiKey, secret: str, body: bytes, now: datetime
) -> Ticket:
    """A client's report as a ticket. The same one again answers the ticket that it became (its own id, else its content).

    Raises NotFound for an unknown service, BadRequest for a place outside the town, TooMany.
    """
    town = directory.town()
    category = services.service(town, posted.service_code)
    external = ExternalId(partner=PARTNER + key.name, number=_own_number(posted, body, now))
    known = lists.find_id_by_external(external.partner, external.number)
    if known is not None:
        return tickets.get(known)
    where = _where(posted, town)
    count(key, now)
    contact = Contact(name=posted.name, phone=posted.phone)
    reporter = _reporter(posted, secret)
    sent = reporting.Sent(
        text=posted.text,
        category=category.code,
        photos=_taken(files, reporter, now),
        contact=contact,
        external=external,
    )
    return reporting.make_ticket(
        sent,
        reporting.Came(
            where=where,
            source=Source.OPEN311,
            reporter_id=reporter,
            reachable=ResidentChannel.CALL if is_callable(posted.phone) else ResidentChannel.NONE,
        ),
        sent.photos,
        replay=idempotency.replay(external.partner, external.number, external.number.encode(), now),
        now=now,
    )


def _views(entries: list[Entry], town: Town, key: ApiKey | None) -> list[View]:
    name = key.name if key else ""
    own = [entry.ticket_id for entry in entries if name and entry.owner == name]
    texts = {ticket.id: ticket.text for ticket in lists.get_many(own)}
    return [public.request(each, town, key=name, text=texts.get(each.ticket_id, "")) for each in entries]


def _own_number(posted: Posted, body: bytes, now: datetime) -> str:
    """The client's own id; without one, the very same content counts as the same report for the day."""
    if posted.own_id:
        return posted.own_id
    day = now.astimezone(SHANGHAI).date()
    return f"{day:%y%m%d}-{sha256(body).hexdigest()[:32]}"


def _where(posted: Posted, town: Town) -> Where:
    if posted.address_id:
        place = town.find_place(posted.address_id)
        if place is None:
            raise BadRequest("没有这个 address_id；请用地点编号，或改用 lat 和 long")
        return _at(place, posted.address)
    if posted.lat is not None and posted.lon is not None:
        place = nearest(town, posted.lat, posted.lon)
        return _at(place, posted.address or f"{posted.lat:.5f}，{posted.lon:.5f}")
    return typed(posted.address, town, name=scrub(posted.address))


def _at(place: Place, words: str) -> Where:
    name = place.full_name or place.name
    return at_place(place, f"{name}（{scrub(words)}）" if words else name)


def _reporter(posted: Posted, secret: str) -> str:
    """The same person each time: by phone as at the desk, else as the client knows them; else nobody's."""
    if not normal_phone(posted.phone) and not posted.person:
        return identities.new_person()
    asked = {"key": secret, "phone": posted.phone, "known_as": posted.person}
    return str(reveal.ask(Asked.PERSON_OF_CLIENT, "", **asked))


def _taken(files: Sequence[bytes], owner: str, now: datetime) -> tuple[str, ...]:
    """Photos that came with the form, on the way every upload takes: looked at, freed of metadata, then shown."""
    if len(files) > photos.MOST_PHOTOS:
        raise BadRequest(f"最多附 {photos.MOST_PHOTOS} 张照片")
    granted = [
        (photos.grant(owner, kind, now), data)
        for kind, data in zip(map(picture_type, files), files, strict=True)
    ]
    for photo, data in granted:
        gateway.put_incoming(photo.id, photo.content_type, data)
    return tuple(photo.id for photo, _ in granted)
