"""What neighbours may read of a ticket: the desk's own words and the photos it approved, and that it is done."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.nearby import around, is_public, nearby_of, shelf_of, shelves_of, watchable
from chalicelib.domain.tickets.ticket import Outcome, Stage
from chalicelib.domain.town.vocabulary import PlaceKind
from tests.domain.life import NOW, TOWN, life_town, person, received, resolved

PHOTOS = ("B1", "B2")


def published(ticket, text="楼道灯换好了", **how):
    return answering.publish(ticket, by=person("desk-a"), text=text, town=TOWN, now=NOW, **how)[0]


def closed(ticket, outcome=Outcome.SOLVED):
    return ticket.model_copy(update={"stage": Stage.CLOSED, "outcome": outcome, "closed_at": NOW})


def test_what_nobody_published_says_only_that_it_is_done():
    entry = nearby_of(closed(resolved(photos=PHOTOS)))
    assert (entry.text, entry.before, entry.after, entry.done_at) == ("", (), (), NOW)


@pytest.mark.parametrize(
    ("outcome", "is_done", "confirmed"),
    [
        (Outcome.SOLVED, True, True),
        (Outcome.UNREACHED, True, False),
        (Outcome.EXEMPT, True, False),
        (Outcome.SETTLED, True, False),
        (Outcome.ANSWERED, False, False),
        (Outcome.NOT_SOLVED, False, False),
        (Outcome.EXPLAINED, False, False),
    ],
)
def test_only_what_was_dealt_with_is_done_and_confirmed_by_the_resident_alone(outcome, is_done, confirmed):
    entry = nearby_of(closed(resolved(), outcome))
    assert (entry is not None) == is_done
    assert bool(entry and entry.confirmed) == confirmed


def test_an_open_ticket_is_there_once_the_desk_published_it_and_gone_when_it_takes_that_back():
    assert nearby_of(received()) is None
    shown = published(received())
    assert (nearby_of(shown).text, nearby_of(shown).done_at) == ("楼道灯换好了", None)
    assert nearby_of(published(shown, "")) is None


def test_photos_are_shown_only_once_the_desk_said_so():
    ticket = resolved(photos=PHOTOS)
    assert nearby_of(published(ticket)).before == ()
    entry = nearby_of(published(ticket, with_photos=True))
    assert (entry.before, entry.after) == (PHOTOS, ("P1",))


def test_a_photo_that_came_after_the_approval_is_not_shown():
    ticket = published(received(photos=PHOTOS), with_photos=True)
    later = ticket.model_copy(update={"photos": (*PHOTOS, "B3"), "resolution": resolved().resolution})
    entry = nearby_of(later)
    assert (entry.before, entry.after) == (PHOTOS, ())


def test_photos_go_with_the_words():
    taken_back = published(published(resolved(photos=PHOTOS), with_photos=True), "")
    assert taken_back.public_photos == ()


@pytest.mark.parametrize(
    "given", [{"text": ""}, {"text": "换好了", "ticket": {"photos": (), "resolution": None}}]
)
def test_photos_without_words_and_where_there_are_none_are_refused(given):
    ticket = resolved(photos=PHOTOS).model_copy(update=given.get("ticket", {}))
    with pytest.raises(Invalid):
        published(ticket, given["text"], with_photos=True)


def test_photos_of_a_sealed_reporter_are_never_approved():
    ticket = resolved(photos=PHOTOS).model_copy(update={"sealed": True})
    assert published(ticket, with_photos=True).public_photos == ("P1",)
    with pytest.raises(Invalid):
        published(ticket.model_copy(update={"resolution": None}), with_photos=True)


def test_a_ticket_that_is_sealed_after_its_photos_were_approved_shows_them_no_more():
    ticket = published(resolved(photos=PHOTOS), with_photos=True)
    assert nearby_of(ticket.model_copy(update={"sealed": True})).before == ()


@pytest.mark.parametrize("asked", [{"erased": True}, {"erasure_asked_at": NOW}, {"identity_removed": True}])
def test_whoever_is_forgotten_takes_the_own_photos_along(asked):
    ticket = published(resolved(photos=PHOTOS), with_photos=True).model_copy(update=asked)
    entry = nearby_of(ticket)
    assert (entry.before, entry.after) == ((), ("P1",))


@pytest.mark.parametrize("hidden", [{"confidential": True}, {"practice": True}])
def test_what_neighbours_may_not_see_has_no_entry_however_far_it_is(hidden):
    ticket = published(closed(resolved()), "换好了").model_copy(update=hidden)
    assert nearby_of(ticket) is None


def test_what_nobody_placed_is_near_nothing():
    ticket = closed(resolved())
    where = ticket.where.model_copy(update={"place": None})
    assert nearby_of(ticket.model_copy(update={"where": where})) is None


def test_a_category_that_became_sensitive_is_read_by_nobody():
    entry = nearby_of(closed(resolved()).model_copy(update={"category": "LAMP"}))
    sensitive = tuple(each.model_copy(update={"sensitive": each.code == "LAMP"}) for each in TOWN.categories)
    assert is_public(entry, TOWN)
    assert not is_public(entry, life_town(categories=sensitive))


def test_a_place_reads_every_shelf_on_which_something_below_it_may_stand():
    for place in TOWN.places:
        below = [each for each in TOWN.places if place.code in each.path]
        assert {shelf_of(each.path) for each in below} <= set(shelves_of(place, TOWN))


def test_a_building_and_what_lies_around_it_may_be_watched_and_nothing_wider():
    kinds = {place.kind for each in TOWN.places for place in watchable(each.path, TOWN)}
    assert kinds <= {PlaceKind.BUILDING, PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK}
    deepest = max(TOWN.places, key=lambda place: len(place.path))
    assert around(deepest.path, TOWN) in watchable(deepest.path, TOWN)
    area = next(place for place in TOWN.places if place.kind is PlaceKind.AREA)
    assert around(area.path, TOWN) is None
    assert watchable(area.path, TOWN) == ()


def test_it_is_news_when_it_was_published_and_when_it_was_done_and_never_again():
    shown = published(received())
    later = NOW + timedelta(days=1)
    done = closed(shown).model_copy(update={"closed_at": later})
    assert (nearby_of(shown).at, nearby_of(done).at) == (NOW, later)
    changed = done.model_copy(update={"category": "LAMP", "identity_removed": True})
    assert nearby_of(changed).at == later
