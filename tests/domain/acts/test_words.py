"""留言: whose words reach whom, that they wait for somebody, and a photo that was none (design §13)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import joining, words
from chalicelib.domain.acts.words import Spoken, Written
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.tickets.bounds import MOST_MISSED
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import Audience, Stage, Unread
from tests.domain.life import NOW, TOWN, person, received, taken

LATER = NOW + timedelta(hours=1)


def heard(event):
    return {notice.to for notice in event.notices}


@pytest.mark.parametrize(
    ("how", "reporter", "members"),
    [
        ({}, False, False),
        ({"public": True}, True, False),
        ({"public": True, "audience": Audience.ALL}, True, True),
        ({"audience": Audience.ALL}, False, False),
    ],
)
def test_a_word_of_staff_is_the_reporter_s_only_if_it_is_public_and_everybody_s_only_if_it_is_for_all(
    how, reporter, members
):
    said = Written("明天下午来修", ("P1",), **how)
    event = words.said_by_staff(taken(), said, by=person("desk-a"), town=TOWN, now=LATER)
    assert (event.kind, event.at, event.by, event.note, event.photos) == (
        EventKind.COMMENTED, LATER, "desk-a", "明天下午来修", ("P1",),
    )  # fmt: skip
    assert (event.public, event.audience) == (said.public, said.audience)
    assert ("reporter" in heard(event), "members" in heard(event)) == (reporter, members)


def said(ticket, **how):
    return words.said_by_resident(
        ticket, Spoken("还是不亮", ("P1",), "v1", Reading(**how)), by="reporter", town=TOWN, now=LATER
    )


@pytest.mark.parametrize(
    ("ticket", "to"),
    [
        (received(), {"staff:desk-a"}),
        (taken(), {"staff:handler-a"}),
        (taken().model_copy(update={"stage": Stage.CLOSED}), {"staff:desk-a"}),
    ],
)
def test_a_resident_s_word_goes_to_whoever_holds_it_else_to_the_desk(ticket, to):
    event = said(ticket)
    assert (event.by, event.voice, event.note, event.photos, event.public) == (
        "reporter", "v1", "还是不亮", ("P1",), True,
    )  # fmt: skip
    assert event.at == LATER
    assert heard(event) & {"staff:desk-a", "staff:handler-a"} == to


def test_words_in_doubt_ring_and_others_do_not():
    assert not any(notice.urgent for notice in said(taken()).notices)
    assert all(notice.urgent for notice in said(taken(), doubt=True).notices)
    assert said(taken(), doubt=True).reading.doubt


def test_words_wait_once_and_until_somebody_has_read_them():
    after, event = words.left_unread(taken(), by="reporter", town=TOWN, now=LATER)
    assert after.unread == Unread(since=LATER, by="reporter")
    assert (event.kind, event.at, event.by) == (EventKind.WORDS_WAITING, LATER, "machine")
    assert words.left_unread(after, by="member", town=TOWN, now=LATER + timedelta(hours=1)) is None
    read, line = words.read_words(after, by=person("handler-a"), note="明天去看", town=TOWN, now=LATER)
    assert (read.unread, line.kind, line.at, line.by, line.note) == (
        None, EventKind.WORDS_READ, LATER, "handler-a", "明天去看",
    )  # fmt: skip
    with pytest.raises(AlreadyDone, match="没有等着看的留言"):
        words.read_words(read, by=person("handler-a"), note="", town=TOWN, now=LATER)


def missed(ticket, photo="P2", owner="r1"):
    return words.photo_missed(ticket, photo=photo, owner=owner, reason="不是照片", town=TOWN, now=LATER)


def test_a_photo_that_was_none_leaves_every_list_and_its_sender_hears_why_once():
    ticket = received(photos=("P1", "P2"))
    after, event = missed(ticket)
    assert (after.photos, after.missed_photos) == (("P1",), ("P2",))
    assert (event.kind, event.at, event.by, event.note, event.public) == (
        EventKind.PHOTO_MISSED, LATER, "machine", "不是照片", True,
    )  # fmt: skip
    assert "reporter" in heard(event)
    assert missed(after) is None


@pytest.mark.parametrize(("owner", "to"), [("handler-a", {"staff:handler-a"}), ("a neighbour", set())])
def test_a_photo_of_somebody_else_is_no_news_to_the_reporter(owner, to):
    _, event = missed(taken(), owner=owner)
    assert not event.public
    assert "reporter" not in heard(event)
    assert {"staff:handler-a"} & heard(event) == to


def test_the_last_missed_photos_are_known_and_older_ones_fall_away():
    ticket = received().model_copy(update={"missed_photos": tuple(f"M{n}" for n in range(MOST_MISSED))})
    after, _ = missed(ticket)
    assert after.missed_photos == (*ticket.missed_photos[1:], "P2")


def test_whoever_reported_what_was_merged_into_it_is_a_reporter_of_it():
    other = received(reporter_id="r2", id="01JD0000000000000000000001")
    _, (whole, _line) = joining.merge(other, into=taken(), by=person("desk-a"), town=TOWN, now=LATER)
    assert missed(whole, owner="r2")[1].public
