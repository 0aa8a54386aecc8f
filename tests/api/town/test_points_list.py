"""The desk's list of codes, and what became of each."""

from datetime import timedelta

from chalicelib.actions.town import points as actions
from chalicelib.store.town import directory, points


def test_the_codes_under_a_place_are_those_of_its_subtree(service):
    desk = service.staff("gglw-fc1")
    items = service.get("/desk/points?place=SHJY-4", desk).body["items"]
    assert [item["place"] for item in items] == [p.code for p in directory.list_points_under("SHJY-4")]
    assert all(item["code"] and item["issued_at"].endswith("+08:00") for item in items)
    assert service.get("/desk/points?place=NO-SUCH", desk).status == 404


def test_without_a_place_the_whole_town_is_listed_page_by_page(service, monkeypatch):
    monkeypatch.setattr(actions, "MOST_LISTED", 7)
    desk, seen, after = service.staff("gglw-fc1"), [], ""
    while after is not None:
        page = service.get(f"/desk/points?after={after}", desk).body
        seen += [item["place"] for item in page["items"]]
        after = page["next"]
    assert seen == [point.code for point in directory.list_points()]


def test_a_place_whose_code_was_taken_down_is_listed_without_one(service):
    points.retire(service.point(), "admin", service.now)
    items = service.get("/desk/points?place=SHJY-4", service.staff("gglw-fc1")).body["items"]
    assert {item["place"]: item["code"] for item in items}["SHJY-4-1"] is None


def test_a_torn_code_shows_what_became_of_it_and_how_often_it_was_scanned(service):
    torn, desk = service.point(), service.staff("gglw-fc1")
    for _ in range(3):
        assert service.get(f"/api/points/{torn}").status == 200
    service.later(minutes=1)
    new = points.replace(torn, "gglw-head", service.now).code
    shown = service.get(f"/desk/points/{torn}", desk).body
    assert (shown["state"], shown["replaced_by"]) == ("replaced", new)
    assert [line["kind"] for line in shown["history"]] == ["issued", "replaced"]
    assert shown["history"][1]["by_name"] == "关港蓝湾站长"
    assert shown["scans"] == [{"day": service.now.date().isoformat(), "count": 3}]
    assert [other["code"] for other in shown["codes"]] == [torn, new]
    assert service.get("/desk/points/ABCDEFG", desk).status == 404


def test_scans_are_shown_for_ninety_days(service):
    code, today = service.point(), service.now.date()
    for days in (89, 90, 91):
        points.count_scan(code, today - timedelta(days=days))
    shown = service.get(f"/desk/points/{code}", service.staff("gglw-fc1")).body["scans"]
    assert [row["day"] for row in shown] == [(today - timedelta(days=days)).isoformat() for days in (90, 89)]
