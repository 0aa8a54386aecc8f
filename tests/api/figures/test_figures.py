"""Figures over the routes: what came in a moment ago, within whose area, with denominators; and what everyone may see."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.actions.figures import counting, figures
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.town import directory
from tests.asked import operations_asked
from tests.service import MONDAY

TODAY = MONDAY.date().isoformat()
NORTH = "HJB"


def someone(role, area=""):
    """A member of staff of that role, who answers for the area."""
    town = directory.town()
    for person in town.staff:
        path = town.place(area).path if area else ()
        if role in person.roles and (not area or town.covers(person, path)):
            return person.code
    raise AssertionError(f"nobody is {role} in {area}")


@pytest.fixture
def counted(service):
    """Reports, one of them answered and rated, and a minute's count."""

    def count():
        service.settle()
        counting.count_marked(now=service.now)

    service.count = count
    figures.forget()
    yield service
    figures.forget()


def asked(service, who, query=""):
    return service.get(f"/desk/figures{query}", service.staff(who))


def answer(service, ticket_id):
    desk = someone(Role.FIRST_CONTACT, "GGLW")
    assert service.desk_act(ticket_id, "answer", desk, text="可以到一楼窗口办理").status == 200


def test_what_came_in_is_on_the_first_dashboard_a_minute_later(counted):
    ticket_id = counted.report("请问居住证在哪里办").body["id"]
    who = someone(Role.AREA_LEADER, "GGLW")
    before = asked(counted, who, "/today").body
    assert (before["total"]["received"], before["counted_at"]) == (0, None)
    counted.settle()
    assert asked(counted, who, "/today").body["waiting"]
    counted.later(minutes=4)
    answer(counted, ticket_id)
    counted.count()
    body = asked(counted, who, "/today").body
    assert (body["day"], body["waiting"], body["open"]) == (TODAY, False, 0)
    assert (body["total"]["received"], body["total"]["closed"]) == (1, 1)
    feedback = body["total"]["indicators"]["feedback"]
    assert (feedback["numerator"], feedback["denominator"], feedback["by_person"]) == (1, 1, 1)
    assert [row["name"] for row in body["by"]["channel"]] == ["扫码"]
    assert [row["key"] for row in body["by"]["area"] if row["received"]] == ["GGLW"]


def test_silence_is_not_satisfaction(counted):
    resident = counted.resident()
    said = counted.report("请问居住证在哪里办", token=resident).body["id"]
    silent = counted.report("请问医保在哪里办", token=resident).body["id"]
    for ticket_id in (said, silent):
        answer(counted, ticket_id)
    rated = counted.post(
        f"/api/tickets/{said}/rating", {"solved": True, "satisfied": True, "words": ""}, resident
    )
    assert rated.status == 200, rated.raw
    counted.count()
    satisfied = asked(counted, someone(Role.TOWN_LEADER), "/today").body["total"]["indicators"]["satisfied"]
    assert (satisfied["numerator"], satisfied["denominator"]) == (1, 1)
    assert (satisfied["asked"], satisfied["answered"], satisfied["enough"]) == (2, 1, False)


def test_what_is_late_shows_by_the_rung_it_has_climbed_to(counted):
    from chalicelib.actions import sweeping

    counted.report("请问居住证在哪里办")
    counted.later(minutes=11)
    sweeping.ring_late(now=counted.now)
    counted.count()
    counted.later(days=1)  # still so tomorrow
    body = asked(counted, someone(Role.AREA_LEADER, "GGLW"), "/today").body
    assert [(late["to"], late["tickets"]) for late in body["late"]] == [("area_leader", 1)]
    assert (body["open"], body["total"]["received"]) == (1, 0)


@pytest.mark.parametrize(
    ("by", "keys"),
    [("area", ["GGLW"]), ("channel", ["qr"]), ("origin", ["reported"]), ("unit", None), ("category", None), ("track", None)],
)  # fmt: skip
def test_days_are_split_by(counted, by, keys):
    counted.report("请问居住证在哪里办")
    counted.count()
    body = asked(counted, someone(Role.AREA_LEADER, "GGLW"), f"?from={TODAY}&to={TODAY}&by={by}").body
    received = [row["key"] for row in body["rows"] if row["received"]]
    assert len(received) == 1
    assert keys in (None, received)
    assert body["minimum"] == 30
    assert body["total"]["received"] == 1
    assert body["days"] == [{"day": TODAY, "received": 1, "closed": 0}]


def test_an_area_can_be_asked_for_alone_by_whoever_answers_for_it(counted):
    counted.report("请问居住证在哪里办")
    counted.count()
    town = someone(Role.TOWN_LEADER)
    assert asked(counted, town, "?area=GGLW&by=channel").body["total"]["received"] == 1
    assert asked(counted, town, f"?area={NORTH}").body["total"]["received"] == 0
    refused = asked(counted, someone_of(NORTH), "?area=GGLW")
    assert (refused.status, refused.code) == (404, "not_found")
    assert asked(counted, someone(Role.UNIT_HEAD), "?by=unit&area=GGLW").status == 404


def test_the_funnel_tells_how_far_what_came_in_has_come(counted):
    ticket_ids = [counted.report(f"请问居住证在哪里办{n}").body["id"] for n in range(2)]
    answer(counted, ticket_ids[0])
    counted.count()
    lines = asked(counted, someone(Role.AREA_LEADER, "GGLW"), "").body["funnel"]
    assert [(line["step"], line["tickets"]) for line in lines][:2] == [("received", 2), ("fed_back", 1)]
    assert lines[1]["lost"] == [{"why": "open", "why_name": "还在办", "tickets": 1}]
    assert asked(counted, someone(Role.UNIT_HEAD), "").body["funnel"] == []


def test_a_leader_sees_the_own_area_only(counted):
    counted.report("请问居住证在哪里办")
    counted.count()
    north = asked(counted, someone_of(NORTH), "").body
    assert [area["code"] for area in north["areas"]] == [NORTH]
    assert north["total"]["received"] == 0
    assert asked(counted, someone(Role.TOWN_LEADER), "").body["total"]["received"] == 1


def someone_of(area):
    town = directory.town()
    leaders = [p for p in town.staff if Role.AREA_LEADER in p.roles and town.area_of(p) == (area,)]
    return leaders[0].code


def test_a_unit_head_sees_the_own_unit_and_nothing_else(counted):
    head = someone(Role.UNIT_HEAD)
    counted.report("四号楼一单元楼道灯不亮，请来修")
    counted.count()
    body = asked(counted, head, "?by=unit").body
    unit = directory.town().staff_member(head).unit
    assert {row["key"] for row in body["rows"]} <= {unit}
    assert (body["total"], body["days"], body["areas"]) == (None, [], [])
    assert asked(counted, head, "?by=area").status == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?from=2026-11-01&to=2027-01-31", 200),  # 92 days
        ("?from=2026-11-01&to=2027-02-01", 422),
        ("?from=2026-11-02&to=2026-11-01", 422),
        ("?from=gestern", 422),
        ("?by=person", 422),
        ("?from=" + "9" * 300, 422),
    ],
)
def test_what_cannot_be_asked_is_said(counted, query, status):
    assert asked(counted, someone(Role.TOWN_LEADER), query).status == status


def test_the_first_dashboard_costs_the_same_however_many_tickets_there_are(counted, monkeypatch):
    monkeypatch.setattr(directory, "FRESH_FOR", 3600.0)  # a slow machine looks at the town anew in between
    who, costs = someone(Role.TOWN_LEADER), []
    for reports in (1, 8):
        for n in range(reports):
            counted.report(f"请问居住证在哪里办{n}", token=counted.resident(f"resident-{n}"))
        counted.count()
        costs.append(requests(counted, who))
    assert costs[0] == costs[1]
    assert sum(costs[0].values()) <= 9


def requests(service, who):
    service.staff(who)
    with pytest.MonkeyPatch.context() as patch:
        made = operations_asked(patch)
        assert asked(service, who, "/today").status == 200
    return Counter(made)


# --- what everyone may see ----------------------------------------------------------------------------------------


def in_december(service):
    service.now = MONDAY + timedelta(days=14)
    return service.get("/api/figures?month=2026-11")


def test_everyone_sees_a_whole_month_without_small_numbers(counted):
    for n in range(6):
        counted.report(f"请问居住证在哪里办{n}", token=counted.resident(f"resident-{n}"))
    counted.report("门口乱糟糟", token=counted.resident("one"), place=a_place(NORTH))
    counted.count()
    answer = in_december(counted)
    assert answer.status == 200, answer.raw
    body = answer.body
    assert (body["month"], body["received"], body["closed"]) == ("2026-11", 7, 0)
    assert {row["received"] for row in body["area"]} == {
        None
    }  # one of 1, and with it the other: 7 - 6 would tell
    assert body["channel"] == [{"name": "扫码", "received": 7, "closed": 0}]
    assert "ticket" not in answer.raw.decode()


def a_place(area):
    return next(
        point.code for point in directory.list_points() if area in point.path and counted_code(point.code)
    )


def counted_code(place):
    from chalicelib.store.town import points

    return place in points.active_codes([place])


@pytest.mark.parametrize("month", ["2026-11", "2026-12", "2026-13", "11", "2026-11-01"])
def test_no_other_window_is_shown_to_everyone(counted, month):
    assert counted.get(f"/api/figures?month={month}").status == 422


def test_without_a_month_the_last_whole_one_is_shown(counted):
    assert counted.get("/api/figures").body["month"] == "2026-10"


def test_the_figures_are_a_file_for_spreadsheets_with_the_same_rows_and_doors(counted):
    counted.report("请问居住证在哪里办")
    counted.count()
    who = someone(Role.AREA_LEADER, "GGLW")
    answer = asked(counted, who, "/export?by=channel")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = (answer.raw.decode() if isinstance(answer.raw, bytes) else answer.raw).splitlines()
    assert lines[1].startswith("qr,扫码,1,0,")
    assert asked(counted, who, "/export?by=person").status == 422


def test_everyone_may_open_last_months_page_and_small_numbers_are_not_on_it(counted):
    for _ in range(3):
        counted.report("请问居住证在哪里办")
    counted.count()
    counted.later(days=31)
    figures.forget()
    answer = counted.get("/figures")
    text = answer.raw.decode() if isinstance(answer.raw, bytes) else answer.raw
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "2026年11月" in text
    assert "受理—件" in text
    assert "?month=2026-10" in text
    assert counted.get("/figures?month=2027-01").status == 422


def test_silent_places_are_the_stations_alone_with_what_was_looked_at(counted):
    counted.count()
    found = asked(counted, someone(Role.AREA_LEADER, "GGLW"), "/silent")
    assert (found.status, found.body["items"], found.body["looked_at"]) == (200, [], 0)
    assert asked(counted, someone(Role.HANDLER), "/silent").status == 403
    assert "silent" not in counted.get("/api/figures").body


def test_how_often_each_sign_of_danger_was_right_is_shown_by_the_month(counted):
    ticket_id = counted.report("楼道里冒浓烟，呛得很").body["id"]
    desk, who = someone(Role.FIRST_CONTACT, "GGLW"), someone(Role.AREA_LEADER, "GGLW")
    denied = counted.desk_act(ticket_id, "deny-danger", desk, why="演习", note="")
    assert denied.status == 200, denied.raw
    counted.count()
    lines = asked(counted, who, "/danger-signs").body["items"]
    assert lines
    assert {(line["said"], line["right"], line["wrong"]) for line in lines} == {(1, 0, 1)}
    assert {line["code"] for line in lines} == set(counted.ticket(ticket_id).danger.signs)
    assert asked(counted, who, "/danger-signs?month=2026-10").body["items"] == []
    for month in ("2026-12", "next"):
        assert asked(counted, who, f"/danger-signs?month={month}").status == 422
    assert asked(counted, someone(Role.HANDLER), "/danger-signs").status == 403
