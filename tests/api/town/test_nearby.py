"""办结公示 around a place, 关注, and the one message a day."""

from datetime import timedelta

import pytest

from chalicelib.actions.town import nearby_digests
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store import photos
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.notices import deliveries, inbox
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets
from chalicelib.store.town import place_watches
from tests.service import running_service

DESK, HANDLER = "gglw-fc1", "pm-shjy-a"
BUILDING, AROUND, ELSEWHERE = "SHJY-4", "SHJY", "WYL"
STAIRS, GATE = "SHJY-4-1", "SHJY-GATE"


@pytest.fixture
def service(monkeypatch):
    with running_service(monkeypatch) as running:
        yield running


def a_photo(service, owner):
    photo = photos.grant(owner, "image/jpeg", service.now)
    photos.mark(photo.id, photos.PhotoState.READY)
    return photo.id


def done(service, text="四号楼楼道灯不亮", place=STAIRS, **report):
    """Reported, repaired with a photo, and the resident says that it is solved."""
    who = service.resident()
    ticket_id = service.report(text, place=place, **report).body["id"]
    service.settle()
    if service.ticket(ticket_id).lead_unit_id is None:
        assert service.desk_act(ticket_id, "dispatch", DESK, unit_id="PM-SHJY").status == 200
        service.settle()
    handler = service.ticket(ticket_id).handler_id or HANDLER
    for act in ("take", "arrived"):
        assert service.staff_act(ticket_id, act, handler).status == 200
    photo = a_photo(service, handler)
    answer = service.staff_act(
        ticket_id, "resolve", handler, note="换好了", photos=[photo], feedback="今天来修"
    )
    assert answer.status == 200, answer.raw
    service.settle()
    rated = service.post(f"/api/tickets/{ticket_id}/rating", {"solved": True, "satisfied": True}, who)
    assert rated.body["stage"] == "closed", rated.raw
    service.settle()
    return ticket_id


def publish(service, ticket_id, text="四号楼楼道灯换好了", **more):
    answer = service.desk_act(ticket_id, "publish", DESK, text=text, **more)
    assert answer.status == 200, answer.raw
    service.settle()


def shown(service, place=STAIRS):
    return service.get(f"/api/places/{place}/done").body


def night(service):
    return sum(step.done for step in nearby_digests.steps(now=service.now))


def told(person):
    lines, _ = inbox.list_inbox(f"reporter:{person}")
    return [line.params for line, _ in lines if line.template == nearby_digests.TEMPLATE]


def a_person(service, name="neighbour", channel="browser"):
    return sessions.start(Kind.RESIDENT, name, channel=channel, now=service.now)


def test_what_was_done_is_read_by_everybody_once_the_desk_published_it(service):
    ticket_id = done(service)
    assert shown(service)["items"] == []
    publish(service, ticket_id, with_photos=True)
    page = shown(service)
    [thing] = page["items"]
    assert (thing["text"], thing["place"], thing["confirmed"]) == (
        "四号楼楼道灯换好了",
        "盛华景苑 4号楼",
        True,
    )
    assert [len(thing["before"]), len(thing["after"])] == [0, 1]
    assert page["name"] == "盛华景苑"
    assert shown(service, GATE)["items"] == page["items"]
    assert shown(service, ELSEWHERE)["items"] == []


def test_it_says_neither_which_ticket_it_was_nor_who_and_in_which_stairwell(service):
    ticket_id = done(service, contact={"name": "周阿姨", "phone": "13800001111"})
    publish(service, ticket_id)
    raw = service.get(f"/api/places/{STAIRS}/done").raw
    raw = raw.decode() if isinstance(raw, bytes) else raw
    for hidden in (ticket_id, service.ticket(ticket_id).number, "13800001111", "单元"):
        assert hidden not in raw


def test_a_small_number_is_not_told(service):
    counted = []
    for n in range(6):
        done(service, f"楼道灯不亮，第{n}次报", GATE)
        counted.append(shown(service)["done"])
        service.later(hours=1)
    assert counted == [None, None, None, None, 5, 6]


def test_after_a_month_it_is_gone(service):
    publish(service, done(service))
    service.later(days=29, hours=23)
    assert len(shown(service)["items"]) == 1
    service.later(hours=2)
    assert shown(service)["items"] == []


def test_what_the_desk_takes_back_is_gone(service):
    ticket_id = done(service)
    publish(service, ticket_id)
    publish(service, ticket_id, "")
    assert shown(service)["items"] == []


def test_a_covered_photo_is_shown_covered(service):
    ticket_id = done(service)
    publish(service, ticket_id, with_photos=True)
    [photo] = service.ticket(ticket_id).resolution.photos
    photos.cover(photos.get(photo), "01COVERED", by=DESK)
    [thing] = shown(service)["items"]
    assert all("01COVERED" in link and photo not in link for link in thing["after"][0].values())


def test_an_unknown_place_is_not_found(service):
    assert service.get("/api/places/NOWHERE/done").status == 404


def test_watching_is_by_place_and_once_and_ends(service):
    token = a_person(service)
    assert service.post("/api/watches", {"place": BUILDING}, token).status == 201
    assert service.post("/api/watches", {"place": BUILDING}, token).status == 201
    assert service.get("/api/watches", token).body["items"] == [{"place": BUILDING, "name": "盛华景苑 4号楼"}]
    assert service.get("/api/me", token).body["watches"] == [{"place": BUILDING, "name": "盛华景苑 4号楼"}]
    assert service.delete(f"/api/watches/{BUILDING}", token).status == 200
    assert service.get("/api/watches", token).body["items"] == []


@pytest.mark.parametrize(("place", "status"), [("HJ", 422), ("GGLW", 422), (STAIRS, 404), ("NOWHERE", 404)])
def test_nothing_wider_than_a_neighbourhood_and_no_single_point_is_watched(service, place, status):
    assert service.post("/api/watches", {"place": place}, a_person(service)).status == status


def test_the_eleventh_place_is_refused(service):
    token = a_person(service)
    codes = ["SHJY", "LWY", "WYL", "YDL", *(f"SHJY-{n}" for n in range(1, 7))]
    assert [service.post("/api/watches", {"place": each}, token).status for each in codes] == [201] * 10
    assert service.post("/api/watches", {"place": "LWY-1"}, token).status == 422
    assert service.post("/api/watches", {"place": "SHJY"}, token).status == 201


def test_one_message_a_day_for_all_places_of_a_person_says_how_many_and_no_words(service):
    token = a_person(service)
    for place in (BUILDING, AROUND, "LWY"):
        service.post("/api/watches", {"place": place}, token)
    publish(service, done(service))
    publish(service, service.report("小区门口乱糟糟", place=GATE).body["id"], "门口有杂物，正在清")
    service.later(days=1)
    assert night(service) == 1
    assert night(service) == 1  # a night that runs twice
    [params] = told("neighbour")
    said = {"place": "盛华景苑、盛华景苑 4号楼", "note": "2件事，其中1件已办结"}
    assert params == said | {"phone": "021-00000001"}
    service.later(days=1)
    night(service)
    assert len(told("neighbour")) == 1


def test_who_watches_elsewhere_or_nothing_any_more_hears_nothing(service):
    service.post("/api/watches", {"place": ELSEWHERE}, a_person(service, "far"))
    token = a_person(service, "gone")
    service.post("/api/watches", {"place": BUILDING}, token)
    service.delete(f"/api/watches/{BUILDING}", token)
    publish(service, done(service))
    service.later(days=1)
    night(service)
    assert told("far") == told("gone") == []


def test_what_is_only_done_and_what_became_confidential_is_in_no_message(service):
    service.post("/api/watches", {"place": BUILDING}, a_person(service))
    done(service)
    hidden = service.report("四号楼道闸门口有一摊水", place=STAIRS).body["id"]
    publish(service, hidden, "有积水")
    before = service.ticket(hidden)
    secret = before.model_copy(update={"confidential": True})
    tickets.save(secret, Event(kind="classified", at=service.now, by=DESK), before=before)
    service.later(days=1)
    night(service)
    assert told("neighbour") == []
    assert shown(service)["items"] == []


def test_only_who_came_by_wechat_is_pushed_and_not_before_the_morning(service):
    for name, channel in (("browser", "browser"), ("wechat", "mini_program")):
        service.post("/api/watches", {"place": BUILDING}, a_person(service, name, channel))
    publish(service, done(service))
    service.later(days=1)
    night(service)
    pushed = [
        deliveries.load(item)
        for item in service.items(Table.WORK)
        if "document" in item and nearby_digests.TEMPLATE in item["document"]
    ]
    outward = [each for each in pushed if each.way is Channel.WECHAT]
    assert [each.recipient for each in outward] == ["reporter:wechat"]
    assert f"{outward[0].not_before:%H:%M}" == "08:30"


def test_whoever_is_forgotten_hears_of_no_place(service):
    token = service.resident()
    service.post("/api/watches", {"place": BUILDING}, token)
    [watch] = place_watches.list_at(BUILDING)
    assert service.post("/api/me/forget", {}, token).status == 200
    assert place_watches.list_at(BUILDING) == place_watches.list_of(watch.person) == []


def test_nothing_published_yesterday_is_missed_between_two_nights(service):
    """The last instant of a day belongs to it, the first to the next."""
    service.post("/api/watches", {"place": BUILDING}, a_person(service))
    midnight = service.now.replace(hour=0, minute=0) + timedelta(days=1)
    ticket_id = done(service)
    for at, text in ((midnight - timedelta(milliseconds=1), "一"), (midnight, "二")):
        service.now = at
        publish(
            service,
            ticket_id if text == "一" else service.report("门口乱糟糟", place=STAIRS).body["id"],
            text,
        )
    for hours in (2, 26):
        service.now = midnight + timedelta(hours=hours)
        night(service)
    assert [params["note"] for params in told("neighbour")] == ["1件事", "1件事，其中1件已办结"]
