"""Volunteers over HTTP: signing up with consent, what the station decides, and how little they see."""

import itertools

import pytest

from chalicelib.store import photos
from chalicelib.store.identity import audit, sessions
from chalicelib.store.table import Table
from tests.access_table import rows
from tests.api.unchanged import everything, is_clear
from tests.service import one_service

service = one_service
_N = itertools.count(1)
DESK, HEAD, ELSEWHERE = "gglw-fc1", "gglw-head", "hjb-fc1"
WHO = {"place": "SHJY", "name": "王阿姨", "phone": "13900001111", "consent": True}


class Person:
    """A resident with a session of his or her own."""

    def __init__(self, service):
        self.service, self.token = service, service.resident(f"volunteer {next(_N)}")

    @property
    def subject(self):
        return sessions.find(self.token, self.service.now).subject

    def sign_up(self, **more):
        return self.service.post("/api/volunteer", WHO | more, self.token)

    def state(self):
        return self.service.get("/api/volunteer", self.token).body["volunteer"]

    def walk(self, place="SHJY-4-1", **more):
        body = {"id": f"walk-of-a-volunteer-{next(_N):04d}", "point": self.service.point(place), **more}
        return self.service.post("/api/walks", body, self.token)

    def find(self, walk, place="SHJY-4-1", **found):
        body = {"point": self.service.point(place), **found}
        return self.service.post(f"/api/walks/{walk}/findings", body, self.token)

    def photo(self):
        photo = photos.grant(self.subject, "image/jpeg", self.service.now)
        photos.mark(photo.id, photos.PhotoState.READY)
        return photo.id


def waiting(service, person, station=DESK):
    """The volunteer's id, as the desk lists those who wait: the last who asked."""
    return service.get("/desk/volunteers", service.staff(station)).body["items"][-1]["id"]


def decide(service, id_, act, by=DESK, **body):
    return service.post(f"/desk/volunteers/{id_}/{act}", body, service.staff(by))


@pytest.fixture
def person(service):
    return Person(service)


@pytest.fixture
def approved(service, person):
    person.sign_up()
    person.id = waiting(service, person)
    decide(service, person.id, "approve")
    return person


def test_who_signs_up_waits_and_goes_nowhere_yet(service, person):
    assert person.state() is None
    answer = person.sign_up()
    assert (answer.status, answer.body["state"], answer.body["place_name"]) == (201, "applied", "盛华景苑")
    assert answer.body["station_name"] == "关港蓝湾片区民情快办工作站"
    refused = person.walk()
    assert (refused.status, refused.body["code"]) == (403, "not_allowed")
    assert service.get("/api/walks", person.token).status == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"consent": False}, "consent"),
        ({"place": "SHJY-4"}, "place"),
        ({"place": "NOWHERE"}, "place"),
        ({"name": ""}, "name"),
        ({"phone": "1234567"}, "phone"),
        ({"phone": "1390000111122"}, "phone"),
        ({"phone": "请打电话"}, "phone"),
    ],
)
def test_a_sign_up_that_is_not_whole_keeps_nothing(service, person, given, field):
    before = everything(service)
    answer = person.sign_up(**given)
    assert (answer.status, answer.body["fields"], everything(service)) == (422, [field], before)


@pytest.mark.parametrize("phone", ["54101234", "021-54101234", "+86 139 0000 1111"])
def test_a_phone_of_the_city_or_a_mobile_one_will_do(service, person, phone):
    assert person.sign_up(phone=phone).status == 201


def test_without_the_word_consent_nothing_is_kept(service, person):
    before = everything(service)
    body = {name: value for name, value in WHO.items() if name != "consent"}
    assert service.post("/api/volunteer", body, person.token).status == 422
    assert everything(service) == before


def test_nobody_signs_up_twice(service, person):
    person.sign_up()
    before = everything(service)
    again = person.sign_up(phone="13900002222")
    assert (again.status, again.body["code"], everything(service)) == (409, "already_done", before)


def test_the_station_sees_the_call_sign_and_the_place_but_no_name_and_no_phone(service, person):
    person.sign_up()
    [listed] = [
        row
        for row in service.get("/desk/volunteers", service.staff(DESK)).body["items"]
        if row["id"] == waiting(service, person)
    ]
    assert listed["name"].startswith("志愿者 ")
    assert WHO["phone"] not in str(listed)
    assert WHO["name"] not in str(listed)
    assert person.subject not in str(listed)
    told = [
        item for item in service.items(Table.WORK) if WHO["phone"] in str(item) or WHO["name"] in str(item)
    ]
    assert told == []


def test_name_and_phone_are_read_for_a_reason_and_with_a_trace(service, person):
    person.sign_up()
    id_ = waiting(service, person)
    assert decide(service, id_, "reveal", reason="好").status == 422
    assert decide(service, id_, "reveal", reason="审核前电话核实", by=ELSEWHERE).status == 403
    assert audit.list_traces(id_) == []
    answer = decide(service, id_, "reveal", reason="审核前电话核实")
    assert answer.body == {"name": "王阿姨", "phone": "13900001111"}
    [trace] = audit.list_traces(id_)
    assert (trace.viewer, trace.what, trace.fields) == (DESK, "revealed", ("name", "phone"))


def test_an_approved_volunteer_goes_out_and_reports_under_the_call_sign(service, approved):
    page = service.get("/api/walks", approved.token).body
    assert {plan["code"] for plan in page["plans"]} == {"VOL-G"}
    walk = approved.walk(plan="VOL-G").body
    assert walk["source"] == "volunteer"
    answer = approved.find(walk["id"], hazard="ash", photos=[approved.photo()])
    ticket = service.ticket(answer.body["ticket"]["id"])
    assert (ticket.source, ticket.found_by, ticket.reporter_id) == ("volunteer", approved.id, None)
    seen = service.get(f"/staff/tickets/{ticket.id}", service.staff(HEAD)).raw
    assert approved.subject not in str(seen)


def test_what_a_volunteer_puts_right_is_checked_by_others_and_falls_back_to_the_station(service, approved):
    walk = approved.walk().body["id"]
    found = {
        "hazard": "cardboard",
        "photos": [approved.photo()],
        "after": [approved.photo()],
        "how": "店主已搬走",
    }
    ticket = service.ticket(approved.find(walk, **found).body["ticket"]["id"])
    assert (ticket.stage, ticket.outcome, ticket.lead_unit_id) == ("closed", "settled", "ST-GGLW")


def test_a_volunteer_stays_in_the_area_of_the_own_station(service, approved):
    refused = approved.walk(place="XNGY-1-1")
    assert (refused.status, refused.body["fields"]) == (422, ["point"])
    walk = approved.walk().body["id"]
    away = approved.find(walk, place="XNGY-1-1", in_order=True)
    assert (away.status, away.body["fields"]) == (422, ["point"])


def test_a_volunteer_sees_own_findings_and_nothing_else_of_any_ticket(service, approved):
    walk = approved.walk().body["id"]
    own = approved.find(walk, hazard="ash", photos=[approved.photo()]).body["ticket"]
    [listed] = service.get(f"/api/walks/{walk}", approved.token).body["findings"]
    assert set(listed["ticket"]) == {"id", "number", "stage", "stage_name"}
    neighbours = service.report("我家门口的灯坏了，我住302，电话13911112222").body["id"]
    for ticket_id in (own["id"], neighbours):
        assert service.get(f"/api/tickets/{ticket_id}", approved.token).status == 404
    other = Person(service)
    other.sign_up()
    decide(service, waiting(service, other), "approve")
    assert service.get(f"/api/walks/{walk}", other.token).status == 404


def test_to_every_other_route_a_volunteer_is_a_resident_like_any_other(service, approved):
    """docs/access.md §3: what refuses a resident refuses a volunteer, but for the walks."""
    closed = [
        row for row in rows() if row.path.startswith(("/staff/", "/desk/", "/admin/")) and row.method == "GET"
    ]
    assert len(closed) > 20
    for row in closed:
        if not row.marks["resident"]:
            path = row.path.replace("{", "").replace("}", "")
            assert service.get(path, approved.token).status in (401, 403), path


def test_who_was_refused_learns_why_and_may_ask_again(service, person):
    person.sign_up()
    id_ = waiting(service, person)
    assert decide(service, id_, "refuse", reason="请先到工作站登记").body["state"] == "refused"
    assert (person.state()["state"], person.state()["note"]) == ("refused", "请先到工作站登记")
    assert decide(service, id_, "reveal", reason="想再看看电话").body == {"name": "", "phone": ""}
    assert person.sign_up().body["state"] == "applied"
    assert decide(service, id_, "approve").body["state"] == "approved"


@pytest.mark.parametrize(
    ("act", "body"), [("approve", {}), ("refuse", {"reason": "不合适"}), ("end", {"reason": "已搬走"})]
)
def test_another_station_decides_nothing(service, person, act, body):
    person.sign_up()
    id_, _ = waiting(service, person), service.staff(ELSEWHERE)
    before = everything(service)
    answer = decide(service, id_, act, by=ELSEWHERE, **body)
    assert (answer.status, answer.body["code"], everything(service)) == (403, "not_yours", before)
    assert is_clear(answer)


def test_what_was_decided_is_not_decided_twice(service, approved):
    before = everything(service)
    for act, body in (("approve", {}), ("refuse", {"reason": "不合适"})):
        assert decide(service, approved.id, act, **body).body["code"] == "wrong_stage"
    assert decide(service, "volunteer.none", "approve").status == 404
    assert everything(service) == before


@pytest.mark.parametrize("how", ["leaves", "ended"])
def test_whoever_left_goes_out_no_more_and_is_not_to_be_called(service, approved, how):
    walk = approved.walk().body["id"]
    if how == "leaves":
        assert service.post("/api/volunteer/leave", {}, approved.token).body["state"] == "left"
    else:
        assert decide(service, approved.id, "end", reason="已搬离本片区").body["state"] == "left"
    late = approved.find(walk, in_order=True)
    assert (late.status, late.body["code"]) == (403, "not_allowed")
    assert decide(service, approved.id, "reveal", reason="想再看看电话").body == {"name": "", "phone": ""}
    assert service.post("/api/volunteer/leave", {}, approved.token).body["code"] == "wrong_stage"


def test_who_never_signed_up_cannot_leave(service, person):
    assert service.post("/api/volunteer/leave", {}, person.token).status == 404


def test_leaders_look_on_at_the_stations_of_their_area(service, approved):
    path = "/desk/volunteers?state=approved&station=ST-GGLW"
    ids = [row["id"] for row in service.get(path, service.staff("gglw-leader")).body["items"]]
    assert approved.id in ids
    assert service.get(path, service.staff("hjb-leader")).status == 404
    assert service.get("/desk/volunteers?state=all", service.staff(DESK)).status == 422


def test_the_copy_of_ones_data_holds_the_sign_up(service, approved):
    copy = service.get("/api/me", approved.token).body
    assert (copy["volunteer"]["name"], copy["volunteer"]["phone"]) == ("王阿姨", "13900001111")


def test_a_volunteer_who_is_forgotten_is_nobody_and_the_case_stays(service, approved):
    walk = approved.walk().body["id"]
    ticket_id = approved.find(walk, hazard="ash", photos=[approved.photo()]).body["ticket"]["id"]
    subject = approved.subject
    assert service.post("/api/me/forget", {}, approved.token).status == 200
    for which in (Table.WORK, Table.IDENTITIES):
        kept = [i for i in service.items(which) if subject in str(i) and not i["PK"].startswith(("LIMIT#",))]
        assert kept == []
    assert service.ticket(ticket_id).found_by == approved.id
    assert not [
        i for i in service.items(Table.IDENTITIES) if WHO["phone"] in str(i) and approved.id in str(i)
    ]
