"""志愿者: signing up, leaving, and what the station decides."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.identity.scrub import normal_phone, scrub
from chalicelib.domain.town.vocabulary import PlaceKind, Staff
from chalicelib.domain.visits import volunteers as rules
from chalicelib.domain.visits.volunteers import State, Volunteer
from chalicelib.ids import new_id
from chalicelib.store.identity.identities import Contact
from chalicelib.store.requests import limits
from chalicelib.store.town import directory
from chalicelib.store.visits import volunteers

_SHORTEST_PHONE, _LONGEST_PHONE = 8, 12  # digits: a fixed line of the city, one with its area code
_HOMES = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK})


def sign_up(resident: str, *, place: str, contact: Contact, now: datetime) -> Volunteer:
    """报名, where someone lives or works. Raises AlreadyDone, Invalid for another kind of place or no phone, TooMany."""
    town = directory.town()
    home = town.find_place(place)
    if home is None or home.kind not in _HOMES:
        raise Invalid("请选择您所在的居民区或街区", fields=["place"])
    if not _SHORTEST_PHONE <= len(normal_phone(contact.phone)) <= _LONGEST_PHONE:
        raise Invalid("请填写电话号码，工作站审核时要联系您", fields=["phone"])
    limits.count(limits.COMMENTS_BY_PERSON, resident, now)
    station = town.station_for(home.path)
    asked = rules.sign_up(volunteers.find_of(resident), new_id(), station=station, place=home.code, now=now)
    volunteers.sign_up(asked, resident, contact)
    return asked


def leave(resident: str, *, now: datetime) -> Volunteer:
    """退出: name and phone go at once. Raises NotFound for who never signed up."""
    known = volunteers.find_of(resident)
    if known is None:
        raise NotFound("您还没有报名")
    return _ended(volunteers.change(known.id, lambda each: rules.leave(each, now=now)))


def list_for(
    by: Staff, state: State, after: str | None, station: str = ""
) -> tuple[list[Volunteer], str | None]:
    """Those of the caller's own station, or of one in the area a leader answers for. Raises NotFound for another."""
    town = directory.town()
    code = station or by.unit
    unit = town.find_unit(code)
    if unit is None or (code != by.unit and not town.covers(by, town.path_of(unit.area))):
        raise NotFound("没有这个工作站")
    return volunteers.list_volunteers(code, state, after=after)


def approve(volunteer_id: str, *, by: Staff, now: datetime) -> Volunteer:
    return volunteers.change(volunteer_id, lambda each: rules.approve(each, by=by, now=now))


def refuse(volunteer_id: str, *, by: Staff, reason: str, now: datetime) -> Volunteer:
    return _decided(volunteer_id, rules.refuse, by, reason, now)


def end(volunteer_id: str, *, by: Staff, reason: str, now: datetime) -> Volunteer:
    return _decided(volunteer_id, rules.end, by, reason, now)


def _decided(
    volunteer_id: str, rule: Callable[..., Volunteer], by: Staff, reason: str, now: datetime
) -> Volunteer:
    words = scrub(reason)
    return _ended(volunteers.change(volunteer_id, lambda each: rule(each, by=by, reason=words, now=now)))


def _ended(volunteer: Volunteer) -> Volunteer:
    """Whoever is a volunteer no more is not to be called either."""
    volunteers.erase_contact(volunteer.id)
    return volunteer
