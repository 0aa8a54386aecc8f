"""Walks over HTTP: begun by scanning, what is found there, settled on the spot, and how far the plans are covered."""

import itertools

import pytest

from chalicelib.store import photos
from chalicelib.store.table import Table
from chalicelib.store.town import directory, points
from tests.api.unchanged import everything, is_clear
from tests.service import one_service

service = one_service
_N = itertools.count(1)
GW, OTHER, HEAD = "gglw-gw1", "gglw-gw2", "gglw-head"


def new_id():
    return f"walk-of-the-test-{next(_N):04d}"


def a_photo(service, owner=GW):
    photo = photos.grant(owner, "image/jpeg", service.now)
    photos.mark(photo.id, photos.PhotoState.READY)
    return photo.id


@pytest.fixture
def walk(service):
    """A walk of its own, ended afterwards: nobody is on two."""
    id_ = begin(service, place="SHJY-4-1", plan="PATROL-G").body["id"]
    yield id_
    service.post(f"/api/walks/{id_}/end", {}, service.staff(GW))


def begin(service, *, place="SHJY-4-1", by=GW, id_="", **more):
    body = {"id": id_ or new_id(), "point": service.point(place), **more}
    return service.post("/api/walks", body, service.staff(by))


def find(service, walk, *, place="SHJY-4-1", by=GW, key="", **found):
    body = {"point": service.point(place), **found}
    return service.post(f"/api/walks/{walk}/findings", body, service.staff(by), key=key)


def ash(service, **more):
    return {"hazard": "ash", "photos": [a_photo(service)], **more}


def test_whoever_goes_out_sees_the_own_plans_and_the_checklist(service):
    page = service.get("/api/walks", service.staff(GW)).body
    assert {plan["code"] for plan in page["plans"]} == {"SIBAI-G", "PATROL-G"}
    assert page["open"] is None
    [row] = [hazard for hazard in page["hazards"] if hazard["code"] == "exit"]
    assert (row["urgent"], row["category_name"], bool(row["photograph"])) == (
        True,
        "商铺易燃物与通道堵塞",
        True,
    )


def test_a_walk_begins_where_a_point_is_scanned_and_is_sent_twice_as_once(service):
    id_ = new_id()
    first = begin(service, id_=id_, plan="PATROL-G")
    again = begin(service, id_=id_, plan="PATROL-G")
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert (first.body["source"], first.body["place"], first.body["open"]) == ("patrol", "SHJY-4-1", True)
    ended = service.post(f"/api/walks/{id_}/end", {}, service.staff(GW))
    assert ended.body["open"] is False
    assert service.post(f"/api/walks/{id_}/end", {}, service.staff(GW)).body == ended.body


def test_two_walks_at_once_are_refused_and_name_the_first(service, walk):
    refused = begin(service)
    assert (refused.status, refused.body["code"], refused.body["walk_id"]) == (409, "still_open", walk)


def test_a_walk_that_nobody_ended_gives_way_after_twelve_hours(service, walk):
    service.later(hours=12)
    assert begin(service).status == 409
    service.later(milliseconds=1)
    late = find(service, walk, in_order=True)
    assert (late.status, late.body["code"]) == (409, "too_late")
    next_one = begin(service)
    assert next_one.status == 201
    assert service.post(f"/api/walks/{walk}/end", {}, service.staff(GW)).status == 200
    assert service.get("/api/walks", service.staff(GW)).body["open"]["id"] == next_one.body["id"]
    service.post(f"/api/walks/{next_one.body['id']}/end", {}, service.staff(GW))


def test_a_finding_is_a_found_ticket_of_the_plans_source(service, walk):
    answer = find(service, walk, **ash(service, text="三楼转角"))
    assert (answer.status, answer.body["in_order"]) == (201, False)
    ticket = service.ticket(answer.body["ticket"]["id"])
    assert (ticket.source, ticket.found_by, ticket.category, ticket.urgent) == ("patrol", GW, "C02", False)
    assert ticket.text == "楼道里烧过的锡箔灰：三楼转角"
    assert ticket.where.place == "SHJY-4-1"
    [listed] = service.get(f"/api/walks/{walk}", service.staff(GW)).body["findings"]
    assert (listed["ticket"]["id"], listed["hazard_name"], listed["settled"]) == (
        ticket.id, "楼道里烧过的锡箔灰", False,
    )  # fmt: skip


def test_what_the_checklist_calls_urgent_is_urgent_whatever_its_category(service, walk):
    answer = find(service, walk, hazard="ebike", photos=[a_photo(service)])
    ticket = service.ticket(answer.body["ticket"]["id"])
    assert (ticket.category, ticket.urgent) == ("C05", True)


def test_a_finding_sent_twice_is_one_ticket(service, walk):
    found = ash(service)
    first, again = (find(service, walk, key="a-finding-once", **found) for _ in range(2))
    assert first.body == again.body
    other = find(service, walk, key="a-finding-once", **(found | {"text": "另一处"}))
    assert (other.status, other.body["fields"]) == (422, ["Idempotency-Key"])
    assert len(service.get(f"/api/walks/{walk}", service.staff(GW)).body["findings"]) == 1


def test_a_place_is_in_order_once_a_walk(service, walk):
    first = find(service, walk, key="in-order-once", in_order=True)
    again = find(service, walk, key="in-order-once", in_order=True)
    assert first.body == again.body == {"in_order": True, "ticket": None}
    twice = find(service, walk, in_order=True)
    assert (twice.status, twice.body["code"]) == (409, "already_done")
    assert find(service, walk, place="SHJY-4-2", in_order=True).status == 201


def test_what_was_put_right_on_the_spot_is_closed_with_both_photos(service, walk):
    after = a_photo(service)
    answer = find(service, walk, **ash(service, after=[after], how="已用水浇灭并清扫"))
    assert answer.body["ticket"]["stage"] == "closed"
    ticket = service.ticket(answer.body["ticket"]["id"])
    assert (ticket.outcome, ticket.resolution.photos, ticket.lead_unit_id) == ("settled", (after,), "ST-GGLW")
    service.settle()
    seen = service.get(f"/staff/tickets/{ticket.id}", service.staff(HEAD)).body
    assert [line["kind"] for line in seen["history"]] == ["settled"]
    assert seen["history"][0]["what"] == "关港蓝湾片区民情快办工作站发现并当场处置"


REFUSED = {
    "no photo": ({"hazard": "ash"}, 422, ["photos"]),
    "an unknown hazard": ({"hazard": "nothing", "photos": "own"}, 422, ["hazard"]),
    "no words": ({"photos": "own"}, 422, ["text"]),
    "an unknown category": ({"text": "灯坏了", "category": "ZZ", "photos": "own"}, 422, ["category"]),
    "settled without a photo after": ({"hazard": "ash", "photos": "own", "how": "已清扫"}, 422, ["after"]),
    "a confidential matter settled": (
        {"text": "物业的保安刚才动手打了我们楼的住户", "photos": "own", "after": "own", "how": "已谈过"}, 422, ["after"],
    ),
    "somebody else's photo": ({"hazard": "ash", "photos": "other"}, 403, ["photos"]),
    "in order and a hazard": ({"hazard": "ash", "in_order": True}, 422, ["in_order"]),
    "a mistyped code": ({"point": "ABCDEFG", "in_order": True}, 422, ["point"]),
    "a field that nobody knows": ({"in_order": True, "where": "HJ"}, 422, ["where"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_finding_that_is_not_whole_is_refused_and_changes_nothing(service, walk, case):
    found, status, fields = REFUSED[case]
    owners = {"own": GW, "other": OTHER}
    given = {
        name: [a_photo(service, owners[value])] if value in owners else value for name, value in found.items()
    }
    before = everything(service)
    answer = find(service, walk, **given)
    assert (answer.status, answer.body["fields"]) == (status, fields)
    assert is_clear(answer)
    assert everything(service) == before


def test_a_finding_needs_a_key(service, walk):
    answer = find(service, walk, key=None, in_order=True)
    assert (answer.status, answer.body["fields"]) == (422, ["Idempotency-Key"])


def test_at_a_retired_code_no_walk_begins_and_nothing_is_found(service, walk):
    torn = service.point("SHJY-6-1")
    points.retire(torn, "town-admin", service.now)
    service.staff(OTHER)
    before = everything(service)
    found = service.post(f"/api/walks/{walk}/findings", {"point": torn, "in_order": True}, service.staff(GW))
    begun = service.post("/api/walks", {"id": new_id(), "point": torn}, service.staff(OTHER))
    assert (found.status, begun.status) == (404, 404)
    assert is_clear(found)
    assert everything(service) == before


@pytest.mark.parametrize(
    ("by", "given", "status"),
    [
        (OTHER, {"plan": "NOSUCHPLAN"}, 404),
        (OTHER, {"plan": "PATROL-H"}, 422),  # another area
        ("pm-shjy-a", {"plan": "PATROL-G"}, 403),  # another role's
        (OTHER, {"id": "short"}, 422),
        ("town-admin", {}, 403),
    ],
)
def test_a_walk_that_may_not_begin_is_refused_and_changes_nothing(service, by, given, status):
    service.staff(by)
    before = everything(service)
    answer = service.post(
        "/api/walks", {"id": new_id(), "point": service.point("SHJY-4-1")} | given, service.staff(by)
    )
    assert (answer.status, everything(service)) == (status, before)
    assert is_clear(answer)


def test_nobody_takes_up_somebody_elses_walk(service, walk):
    token = service.staff(OTHER)
    answers = [
        service.get(f"/api/walks/{walk}", token),
        find(service, walk, by=OTHER, in_order=True),
        service.post(f"/api/walks/{walk}/end", {}, token),
    ]
    assert [answer.status for answer in answers] == [404, 404, 404]
    same = begin(service, by=OTHER, id_=walk, plan="PATROL-G")
    assert (same.status, same.body["fields"]) == (422, ["id"])


def covered(service, plan, by=HEAD, query=""):
    return service.get(f"/desk/visits/{plan}{query}", service.staff(by)).body


def test_coverage_counts_a_place_once_a_walk_and_shows_first_who_is_still_to_be_seen(service):
    service.later(days=7)  # a week in which nobody has gone yet
    before = covered(service, "PATROL-G")
    assert (before["done"], before["places"]) == (0, len(directory.list_points_under("GGLW")))
    id_ = begin(service, place="LWY-1-1", plan="PATROL-G").body["id"]
    find(service, id_, place="LWY-1-1", in_order=True)
    find(service, id_, place="LWY-1-1", **ash(service))
    after = covered(service, "PATROL-G")
    assert after["done"] == 1
    last = after["items"][-1]
    assert (last["place"], last["times"], last["left"]) == ("LWY-1-1", 1, 0)
    assert [week["times"] for week in last["weeks"]] == [1]
    assert all(row["left"] == 1 for row in after["items"][:-1])
    service.post(f"/api/walks/{id_}/end", {}, service.staff(GW))


def test_a_plan_of_buildings_is_covered_by_any_of_their_points_for_its_four_weeks(service):
    id_ = begin(service, place="SHJY-5-2", plan="SIBAI-G").body["id"]
    find(service, id_, place="SHJY-5-2", in_order=True)
    find(service, id_, place="SHJY-5-3", in_order=True)  # the same building
    find(service, id_, place="SHJY-GATE", in_order=True)  # none
    service.post(f"/api/walks/{id_}/end", {}, service.staff(GW))
    page = covered(service, "SIBAI-G")
    assert (len(page["mondays"]), page["done"]) == (4, 1)
    [row] = [row for row in page["items"] if row["place"] == "SHJY-5"]
    assert (row["times"], row["left"], row["name"]) == (1, 0, "盛华景苑 5号楼")
    assert covered(service, "SIBAI-G", query="?day=2030-01-01")["done"] == 0


def test_leaders_see_the_plans_of_their_own_area(service):
    plans = {row["code"] for row in service.get("/desk/visits", service.staff("hjb-leader")).body["items"]}
    assert plans == {"SIBAI-H", "TOGETHER", "PATROL-H", "VOL-H"}
    assert covered(service, "PATROL-G", by="hjb-leader")["places"] == 0
    assert covered(service, "TOGETHER", by="town-leader")["places"] == len(
        covered(service, "TOGETHER", by="hjb-leader")["items"]
    ) + len(covered(service, "TOGETHER")["items"])


@pytest.mark.parametrize("path", ["/desk/visits/NONE", "/desk/visits/PATROL-G?day=never"])
def test_a_plan_or_a_day_that_does_not_exist_is_refused(service, path):
    answer = service.get(path, service.staff(HEAD))
    assert answer.status in (404, 422)
    assert is_clear(answer)


def test_the_walks_of_a_person_are_listed_newest_first(service):
    page = service.get("/api/walks", service.staff(GW)).body
    begun = [walk["started_at"] for walk in page["items"]]
    assert begun == sorted(begun, reverse=True)
    assert all("expires" in item for item in service.items(Table.WORK) if item["PK"].startswith("WALK"))
