"""An act that brings photos succeeds only with photos that have been received and drawn anew."""

from datetime import datetime

import pytest

from chalicelib.actions.tickets import evidence
from chalicelib.domain.errors import Invalid, NotYours
from chalicelib.domain.model import SHANGHAI
from chalicelib.store import photos
from chalicelib.store.photos import PhotoState
from tests.moto_cloud import moto_cloud

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    monkeypatch.setattr(evidence.time, "sleep", lambda _seconds: None)
    with moto_cloud(monkeypatch):
        yield


def granted(state=None, reason=""):
    photo_id = photos.grant("pm", "image/jpeg", NOW).id
    if state is not None:
        photos.mark(photo_id, state, reason)
    return photo_id


def test_a_photo_that_is_there_is_believed_once():
    photo_id = granted(PhotoState.READY)
    assert evidence.received([photo_id, photo_id], "pm") == (photo_id,)


def test_a_photo_that_was_only_announced_is_no_evidence():
    with pytest.raises(Invalid, match="还没有传到") as refused:
        evidence.received([granted(PhotoState.READY), granted()], "pm")
    assert refused.value.details["retry_after_seconds"] == 5


def test_a_photo_that_arrives_while_one_waits_is_believed(monkeypatch):
    photo_id = granted()
    monkeypatch.setattr(
        evidence.time, "sleep", lambda seconds: seconds and photos.mark(photo_id, PhotoState.READY)
    )
    assert evidence.received([photo_id], "pm") == (photo_id,)


def test_a_refused_photo_says_why_and_anothers_is_nobodys_evidence():
    with pytest.raises(Invalid, match="打不开"):
        evidence.received([granted(PhotoState.REFUSED, "照片打不开")], "pm")
    with pytest.raises(NotYours):
        evidence.received([granted(PhotoState.READY)], "somebody")
