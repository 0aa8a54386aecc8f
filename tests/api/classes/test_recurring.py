"""A measure that recurs over HTTP: announced by its weekdays, a day called off, and what its unit hears (rule 67)."""

import pytest

from chalicelib.actions.classes import recurring
from chalicelib.store.town import directory
from tests.api.classes.test_classes import HEAD, MEASURE, TEXTS, act, confirmed, listed, run_jobs
from tests.api.classes.test_similar import reported
from tests.service import one_service

service = one_service
WEEKLY = {name: value for name, value in MEASURE.items() if name != "schedule"} | {
    "weekdays": [4],
    "hours": "7:00–10:00",
}


@pytest.fixture(scope="module")
def measured(service):
    """A class with a measure that is held every Thursday from 2026-11-26."""
    for n, text in enumerate(TEXTS):
        reported(service, text, place="SHJY-GATE", by=f"r{n}")
    (row,) = listed(service)
    confirmed(service, row["id"])
    refused = act(service, row["id"], "announce", **{**WEEKLY, "weekdays": []})
    assert (refused.status, refused.body["fields"]) == (422, ["schedule"])
    answer = act(service, row["id"], "announce", **WEEKLY)
    assert answer.status == 200, answer.raw
    return row["id"], answer.body["measures"][-1]


def change(service, measured, what, by=HEAD, **body):
    class_id, measure = measured
    path = f"/desk/classes/{class_id}/measures/{measure['id']}/{what}"
    return service.post(path, body, service.staff(by))


def heard(service, who):
    lines = service.get("/staff/inbox", service.staff(who)).body["items"]
    return [line["text"] for line in lines if line["template"] == recurring.TEMPLATE]


def heads():
    return [person.code for person in directory.town().unit_heads(MEASURE["unit"])]


def test_its_days_stand_on_the_class_and_its_schedule_follows_from_them(service, measured):
    _, measure = measured
    assert (measure["schedule"], measure["recurring"]) == ("每周四 7:00–10:00，节假日停",) * 2
    assert [(day["day"], day["off"]) for day in measure["days"][:2]] == [
        ("2026-11-26", ""),
        ("2026-12-03", ""),
    ]
    assert measure["days"][0]["name"] == "11月26日（周四）"


def test_the_unit_hears_the_day_before_and_at_once_of_what_is_called_off(service, measured):
    [head, *_] = heads()
    assert recurring.remind(now=service.now) == 0  # a Monday: nothing is held tomorrow
    service.later(days=2)
    assert recurring.remind(now=service.now) == recurring.remind(now=service.now) == len(heads())
    said = "11月26日（周四）每周四在南门设便民菜场（盛华景苑南门）照常，7:00–10:00"
    assert len(heard(service, head)) == 1
    assert said in heard(service, head)[0]

    off = change(service, measured, "call-off", day="2026-12-03", reason="台风")
    [day] = [day for day in off.body["measures"][-1]["days"] if day["off"]]
    assert (day["day"], day["off"], day["called_off"]) == ("2026-12-03", "台风", True)
    assert "停一次：台风" in heard(service, head)[0]
    again = change(service, measured, "call-off", day="2026-12-03", reason="台风")
    assert (again.status, again.body["code"]) == (409, "already_done")
    service.later(minutes=1)
    held = change(service, measured, "hold", day="2026-12-03")
    assert not [day for day in held.body["measures"][-1]["days"] if day["off"]]
    assert held.body["history"][-1]["what"] == "hold"


def banners(service, place="SHJY-4-1"):
    page = service.get(f"/api/points/{service.point(place)}").body
    return [each["text"] for each in page["outages"]]


def announced(service, n):
    """What the ticket of one of them says of the measure, on the own page."""
    token = service.resident(f"r{n}")
    (mine,) = service.get("/api/tickets", token).body["items"]
    lines = service.get(f"/api/tickets/{mine['id']}", token).body["timeline"]
    (note,) = [line["note"] for line in lines if "便民菜场" in line["note"]]
    return note


def test_residents_read_of_a_day_called_off_at_the_code_and_beside_the_announcement(service, measured):
    run_jobs(service)
    day, other = "12月10日（周四）", "WYL-W"
    pushed = [len(service.get("/api/inbox", service.resident(f"r{n}")).body["items"]) for n in (0, 1)]
    change(service, measured, "call-off", day="2026-12-10", reason="台风")
    assert banners(service) == [f"{day}每周四在南门设便民菜场（盛华景苑南门）停一次：台风"]
    assert banners(service, other) == []  # it is of this neighbourhood alone
    assert (
        announced(service, 0)
        == f"每周四在南门设便民菜场（盛华景苑南门，每周四 7:00–10:00，节假日停）。{day}停一次：台风"
    )
    assert pushed == [len(service.get("/api/inbox", service.resident(f"r{n}")).body["items"]) for n in (0, 1)]
    late = reported(service, "菜场太远了，老人买菜走半小时", place="SHJY-GATE", by="late")
    act(service, measured[0], "members", ticket_ids=[late])
    run_jobs(service)
    service.settle()
    (told,) = [
        line["text"]
        for line in service.get("/api/inbox", service.resident("late")).body["items"]
        if line["template"] == "measure_announced"
    ]
    assert f"{day}停一次：台风" in told

    change(service, measured, "hold", day="2026-12-10")
    assert banners(service) == []
    assert "停一次" not in announced(service, 0)
    change(service, measured, "call-off", day="2026-12-10", reason="下雪")
    assert [text.rpartition("：")[2] for text in banners(service)] == ["下雪"]
    was = service.now
    service.now = was.replace(month=12, day=10, hour=23, minute=59)
    assert len(banners(service)) == 1  # until the day is over
    service.later(minutes=1)
    assert banners(service) == []
    service.now = was


@pytest.mark.parametrize("day", ["2026-11-20", "2026-12-04"])
def test_no_other_day_is_called_off(service, measured, day):
    refused = change(service, measured, "call-off", day=day, reason="台风")
    assert (refused.status, refused.body["fields"]) == (422, ["day"])


def test_who_answers_for_nothing_calls_nothing_off(service, measured):
    assert change(service, measured, "call-off", by="gglw-gw1", day="2026-12-10", reason="台风").status == 403
