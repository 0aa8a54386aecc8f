"""Open311 as its clients speak it: GeoReport v2 and service request updates, in both formats, in this process."""

import io
import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from PIL import Image

from chalicelib.store import api_keys
from tests.service import Answer, running_service

BASE = "/open311/v2/"
LAMP = "四号楼楼道灯不亮"
HERE = {"lat": "31.1116", "long": "121.4571"}  # 盛华景苑 4号楼
DESK, HANDLER = "gglw-fc1", "pm-shjy-a"


@pytest.fixture(scope="module")
def service():
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        yield running


@pytest.fixture(scope="module")
def key(service):
    return api_keys.issue("fms", reports_per_hour=1000, by="test", now=service.now)


def get(service, document, **asked):
    return Answer(service.client.http.request("GET", f"{BASE}{document}?{urlencode(asked)}"))


def post(service, document, body, content_type="application/x-www-form-urlencoded"):
    raw = body if isinstance(body, bytes) else urlencode(body, doseq=True).encode()
    return Answer(
        service.client.http.request("POST", BASE + document, headers={"Content-Type": content_type}, body=raw)
    )


def report(service, key, **more):
    body = {"api_key": key, "service_code": "B01", "description": LAMP, **HERE, **more}
    answer = post(service, "requests.json", body)
    assert answer.status == 200, answer.raw
    return answer.body[0]["service_request_id"]


def one(service, number, **asked):
    answer = get(service, f"requests/{number}.json", **asked)
    return answer.body[0] if answer.status == 200 else None


def ticket_id(number):
    from chalicelib.store import lists

    return lists.find_id_by_number(number)


def described(answer):
    return [(error["code"], error["description"]) for error in answer.body]


# --- what is asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["discovery", "services", "requests", "services/B01"])
def test_every_document_comes_in_both_formats_with_the_specs_types(service, document):
    xml, plain = get(service, f"{document}.xml"), get(service, f"{document}.json")
    assert (xml.status, plain.status) == (200, 200)
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert plain.headers["Content-Type"] == "application/json; charset=utf-8"
    assert xml.raw.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    ElementTree.fromstring(xml.raw)


def test_discovery_names_the_specification_and_both_formats(service):
    (endpoint,) = get(service, "discovery.json").body["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["url"].endswith("/open311/v2")


def test_services_are_the_categories_that_hold_no_others_without_the_sensitive_ones(service):
    found = {each["service_code"]: each for each in get(service, "services.json").body}
    assert found["B01"]["group"] == "公共设施" and found["B01"]["service_name"] == "楼道照明"
    assert not {"A", "B", "A04"} & set(found)
    listed = ElementTree.fromstring(get(service, "services.xml").raw)
    assert listed.tag == "services" and {each.tag for each in listed} == {"service"}
    assert {each.findtext("metadata") for each in listed} == {"true"}


def test_a_definition_lists_the_id_by_which_a_repeat_is_known(service):
    attributes = get(service, "services/B01.json").body["attributes"]
    assert attributes[0]["code"] == "fixmystreet_id" and attributes[0]["automated"] == "server_set"
    assert [each["order"] for each in attributes] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ("services/NO.json", 404),
        ("services/A04.json", 404),
        ("requests/MS261123-7K3QX9-4.json", 404),
        ("tokens/none.json", 404),
        ("requests.txt", 404),
        ("requests", 404),
        ("nothing.json", 404),
    ],
)
def test_what_there_is_not_is_an_array_of_errors(service, document, status):
    answer = get(service, document)
    assert answer.status == status
    ((code, words),) = described(answer)
    assert code == status and words


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"start_date": "2026-08-01T00:00:00Z", "end_date": "2026-10-30T00:00:00Z"}, 200),  # 90 days
        ({"start_date": "2026-08-01T00:00:00Z", "end_date": "2026-10-30T00:00:01Z"}, 400),
        ({"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "2026-11-01"}, 400),  # no zone
        ({"start_date": "yesterday"}, 400),
        ({"status": "open,closed"}, 200),
        ({"status": "fixed"}, 400),
        ({"page": "1", "page_size": "1000"}, 200),
        ({"page": "0"}, 400),
        ({"page": "11", "page_size": "1000"}, 400),
        ({"page_size": "x"}, 400),
        ({"jurisdiction_id": "HJ"}, 200),
        ({"jurisdiction_id": ""}, 200),
        ({"jurisdiction_id": "chicago"}, 404),
        ({"api_key": "wrong"}, 403),
        ({"service_request_id": ",".join(["x"] * 100)}, 200),
        ({"service_request_id": ",".join(["x"] * 101)}, 400),
    ],
)
def test_arguments_are_checked_as_the_specification_says(service, asked, status):
    for suffix in ("json", "xml"):
        answer = get(service, f"requests.{suffix}", **asked)
        assert answer.status == status, answer.raw
    if status != 200:
        root = ElementTree.fromstring(answer.raw)
        assert (root.tag, root[0].tag, root[0].findtext("code")) == ("errors", "error", str(status))


# --- what is posted -----------------------------------------------------------------------------------------------


def test_a_report_becomes_a_ticket_at_the_building_and_its_answer_is_an_array_of_one(service, key):
    body = {"api_key": key, "service_code": "B01", "description": LAMP, "phone": "13800001111", **HERE}
    answer = post(service, "requests.xml", body | {"attribute[fixmystreet_id]": "700"})
    assert answer.status == 200
    (request,) = ElementTree.fromstring(answer.raw)
    ticket = service.ticket(ticket_id(request.findtext("service_request_id")))
    assert (ticket.where.place, ticket.category, ticket.source) == ("SHJY-4", "B01", "open311")
    assert ticket.external_ids[0].partner == "open311-fms" and ticket.reachable == "call"


def test_the_same_report_again_is_the_same_request_for_ever(service, key):
    first = report(service, key, **{"attribute[fixmystreet_id]": "800"})
    service.later(days=8)  # longer than an idempotency key is kept
    assert report(service, key, description="又写了一遍", **{"attribute[fixmystreet_id]": "800"}) == first
    assert report(service, key, **{"attribute[fixmystreet_id]": "801"}) != first


def test_without_an_id_the_same_body_counts_once_a_day(service, key):
    first = report(service, key, description="同样的一句话")
    assert report(service, key, description="同样的一句话") == first
    service.later(days=1)
    assert report(service, key, description="同样的一句话") != first


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_code": ""}, 400),
        ({"service_code": "ZZ"}, 404),
        ({"service_code": "A04"}, 404),  # sensitive
        ({"lat": "", "long": ""}, 400),
        ({"lat": "31.1"}, 400),  # far away with this longitude
        ({"lat": "x"}, 400),
        ({"lat": "91"}, 400),
        ({"lat": "nan"}, 400),
        ({"lat": ""}, 400),
        ({"address_id": "nowhere"}, 400),
        ({"phone": "call me"}, 400),
        ({"description": "长" * 4001}, 400),
        ({"description": "a\x00b"}, 400),
        ({"jurisdiction_id": "chicago"}, 404),
    ],
)
def test_a_report_that_cannot_be_taken_is_refused_and_makes_no_ticket(service, key, change, status):
    before = len(get(service, "requests.json").body)
    given = {"api_key": key, "service_code": "B01", "description": "灯", **HERE} | change
    if "lat" in change and change["lat"] == "31.1":
        given["long"] = "120.0"
    answer = post(service, "requests.json", given)
    assert (answer.status, described(answer)[0][0]) == (status, status), answer.raw
    assert len(get(service, "requests.json").body) == before


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]
)
def test_what_is_no_form_is_refused_as_an_array(service, content_type):
    answer = post(service, "requests.json", b'{"a": 1}', content_type)
    assert (answer.status, described(answer)[0][0]) == (400, 400)


def a_photo():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def multipart(fields, files):
    lines = b""
    for name, value in fields.items():
        lines += f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, data in files:
        head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="图.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        lines += head.encode() + data + b"\r\n"
    return lines + b"--B--\r\n"


def test_a_photo_in_the_form_reaches_the_ticket_byte_for_byte(service, key):
    from chalicelib.gateways import photos

    data = a_photo() + bytes(range(256)) + b"\r\n\n\r--B not a boundary\x00"
    body = multipart(
        {"api_key": key, "service_code": "B01", "description": "有照片", **HERE}, [("media", data)]
    )
    answer = post(service, "requests.json", body, "multipart/form-data; boundary=B")
    assert answer.status == 200, answer.raw
    (photo,) = service.ticket(ticket_id(answer.body[0]["service_request_id"])).photos
    assert photos.incoming(photo) == data


@pytest.mark.parametrize("data", [b"x", b"<html>", b"GIF89a", b"RIFF----WAVE"])
def test_a_file_that_is_no_photo_is_refused(service, key, data):
    body = multipart({"api_key": key, "service_code": "B01", **HERE}, [("media", data)])
    assert post(service, "requests.json", body, "multipart/form-data; boundary=B").status == 400


def test_a_key_has_its_own_limit_by_the_hour(service):
    small = api_keys.issue("small", reports_per_hour=2, by="test", now=service.now)
    for n in range(2):
        report(service, small, description=f"第{n}件")
    body = {"api_key": small, "service_code": "B01", "description": "第三件", **HERE}
    answer = post(service, "requests.json", body)
    assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0
    service.later(hours=1)
    assert post(service, "requests.json", body).status == 200


# --- who sees what ------------------------------------------------------------------------------------------------


def test_others_see_what_a_neighbour_may_and_the_program_its_own_words(service, key):
    number = report(service, key, description="楼道灯坏了，我住402，电话13912345678")
    public, own = one(service, number), one(service, number, api_key=key)
    assert (
        public["description"] == ""
        and "402" in own["description"]
        and "13912345678" not in own["description"]
    )
    assert public["requested_datetime"].endswith("T00:00:00+08:00")
    assert not own["requested_datetime"].endswith("T00:00:00+08:00")
    other = api_keys.issue("other", reports_per_hour=10, by="test", now=service.now)
    assert one(service, number, api_key=other)["description"] == ""
    service.desk_act(ticket_id(number), "publish", DESK, text="4号楼楼道照明报修")
    assert one(service, number)["description"] == "4号楼楼道照明报修"
    assert (public["lat"], public["long"]) == (31.1116, 121.4571)


def test_a_resident_s_report_is_listed_too_unless_it_is_confidential(service, key):
    shown = service.report(LAMP).body["number"]
    hidden = service.report("小区里有人乱收费", token=service.resident("b"), confidential=True).body["number"]
    listed = {each["service_request_id"] for each in get(service, "requests.json", api_key=key).body}
    assert shown in listed and hidden not in listed
    for document in (f"requests/{hidden}.json", f"tokens/{hidden}.json"):
        assert get(service, document, api_key=key).status == 404
    assert (
        get(service, "requests.json", service_request_id=f"{hidden},{shown}").body[0]["service_request_id"]
        == shown
    )


def test_what_becomes_confidential_is_listed_no_more(service, key):
    number = report(service, key, description="要保密的事")
    assert one(service, number)
    done = service.desk_act(
        ticket_id(number), "classify", DESK, category="B01", confidential=True, concerns=[]
    )
    assert done.status == 200, done.raw
    assert one(service, number, api_key=key) is None
    window = {"start_date": service.now.isoformat()[:10] + "T00:00:00Z", "end_date": "2026-12-30T00:00:00Z"}
    found = get(service, "servicerequestupdates.json", api_key=key, **window).body
    assert number not in {each["service_request_id"] for each in found}


def test_status_and_service_code_filter_and_pages_follow_each_other(service, key):
    for n in range(3):
        report(service, key, service_code="E06", description=f"树枝{n}")
    found = get(service, "requests.json", service_code="E06,NO", status="open").body
    assert len(found) == 3 and {each["service_code"] for each in found} == {"E06"}
    pages = [get(service, "requests.json", service_code="E06", page=n, page_size=2).body for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert pages[0] + pages[1] == found
    assert get(service, "requests.json", service_code="E06", status="closed").body == []


# --- updates, both ways -------------------------------------------------------------------------------------------


def updates(service, key, **asked):
    answer = get(service, "servicerequestupdates.json", api_key=key, **asked)
    assert answer.status == 200, answer.raw
    return answer.body


def update(service, key, number, **more):
    body = {
        "api_key": key,
        "service_request_id": number,
        "update_id": "u1",
        "status": "OPEN",
        "updated_datetime": "2026-11-23T10:00:00+08:00",
        "description": "还是不亮",
        **more,
    }
    return post(service, "servicerequestupdates.xml", body)


def resolved(service, key, text):
    number = report(service, key, description=text, service_code="E04")
    id_ = ticket_id(number)
    if service.ticket(id_).stage == "received":
        assert service.desk_act(id_, "dispatch", DESK, unit_id="PM-SHJY", handler_id=HANDLER).status == 200
    assert service.staff_act(id_, "take", HANDLER).status == 200
    done = service.staff_act(id_, "resolve", HANDLER, note="已清运", feedback="今天清运")
    assert done.status == 200, done.raw
    return number, id_


def test_what_happens_is_an_update_with_staff_s_words_for_the_program_alone(service, key):
    number, _ = resolved(service, key, "垃圾没有清运")
    other = api_keys.issue("onlooker", reports_per_hour=10, by="test", now=service.now)
    own = [each for each in updates(service, key) if each["service_request_id"] == number]
    seen = [each for each in updates(service, other) if each["service_request_id"] == number]
    assert [each["update_id"] for each in own] == [each["update_id"] for each in seen]
    assert own[-1]["description"] == "已清运" and own[-1]["status"] == "in_progress"
    assert "已清运" not in {each["description"] for each in seen}
    assert one(service, number)["status"] == "open"  # not before it is closed


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"start_date": "2026-11-01T00:00:00Z"}, 400),
        ({"end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-02T00:00:00Z"}, 200),
    ],
)
def test_updates_take_both_dates_or_none(service, key, asked, status):
    assert get(service, "servicerequestupdates.xml", api_key=key, **asked).status == status
    assert get(service, "servicerequestupdates.xml", **asked).status == 403


def test_an_update_counts_once_and_is_the_resident_s_comment(service, key):
    number = report(service, key, description="请尽快")
    for _ in range(2):
        answer = update(service, key, number, update_id="once")
        assert answer.status == 200
        assert ElementTree.fromstring(answer.raw)[0].findtext("update_id") == "once"
    from chalicelib.store import tickets

    lines = [event for _, event in tickets.list_events(ticket_id(number)) if event.kind == "commented"]
    assert [line.note for line in lines] == ["还是不亮"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_request_id": "MS261123-7K3QX9-4"}, 404),
        ({"update_id": ""}, 400),
        ({"status": "DONE"}, 400),
        ({"updated_datetime": "x"}, 400),
        ({"description": ""}, 400),
        ({"api_key": "wrong"}, 403),
    ],
)
def test_an_update_that_cannot_be_taken_is_refused(service, key, change, status):
    number = report(service, key, description="别的事")
    assert update(service, key, number, **change).status == status


def test_an_update_of_another_program_s_report_is_refused(service, key):
    other = api_keys.issue("stranger", reports_per_hour=10, by="test", now=service.now)
    assert update(service, other, report(service, key, description="不是你的")).status == 404


def test_solved_says_the_program_closes_and_not_solved_reopens(service, key):
    number, id_ = resolved(service, key, "垃圾又没有清运")
    assert update(service, key, number, status="FIXED", update_id="f1", description="已干净").status == 200
    assert service.ticket(id_).stage == "closed"
    assert (one(service, number)["status"], updates(service, key)[-1]["status"]) == ("closed", "fixed")
    assert update(service, key, number, status="REOPEN", update_id="f2", description="又脏了").status == 200
    assert (service.ticket(id_).stage, one(service, number)["status"]) == ("handling", "open")
    assert updates(service, key)[-1]["status"] == "reopen"


def test_not_solved_asks_the_desk_to_call(service, key):
    number, id_ = resolved(service, key, "垃圾还是没有清运")
    assert update(service, key, number, status="OPEN", update_id="n1").status == 200
    assert service.ticket(id_).on_call_list and service.ticket(id_).stage == "resolved"


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_kept_as_a_hash_and_ends_when_it_is_revoked(service):
    admin = service.staff("town-admin")
    made = service.post("/admin/api-keys", {"name": "neighbour-town"}, admin)
    assert made.status == 201
    secret = made.body["api_key"]
    assert secret not in json.dumps(service.items(api_keys.Table.WORK), default=str)
    assert get(service, "servicerequestupdates.json", api_key=secret).status == 200
    assert "neighbour-town" in {each["name"] for each in service.get("/admin/api-keys", admin).body["items"]}
    assert service.delete("/admin/api-keys/neighbour-town", admin).body["revoked"] == 1
    assert get(service, "servicerequestupdates.json", api_key=secret).status == 403
    assert service.delete("/admin/api-keys/neighbour-town", admin).status == 404


@pytest.mark.parametrize("name", ["A", "x", "a b", "a#b", "-a", "a" * 41])
def test_a_name_that_cannot_stand_in_an_external_id_is_refused(service, name):
    assert service.post("/admin/api-keys", {"name": name}, service.staff("town-admin")).status == 422
