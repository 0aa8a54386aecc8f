"""Open311: reports that programs post, their photos, their keys and limits."""

import json
from xml.etree import ElementTree

import pytest

from chalicelib.store.feed import api_keys
from tests.api.open311.open311_client import (
    HERE,
    LAMP,
    a_photo,
    described,
    get,
    multipart,
    post,
    report,
    ticket_id,
)
from tests.service import one_service

service = one_service


@pytest.fixture(scope="module")
def key(service):
    return api_keys.issue("fms", reports_per_hour=1000, by="test", now=service.now)


def test_a_report_becomes_a_ticket_at_the_building_and_its_answer_is_an_array_of_one(service, key):
    body = {"api_key": key, "service_code": "B01", "description": LAMP, "phone": "13800001111", **HERE}
    answer = post(service, "requests.xml", body | {"attribute[fixmystreet_id]": "700"})
    assert answer.status == 200
    (request,) = ElementTree.fromstring(answer.raw)
    ticket = service.ticket(ticket_id(request.findtext("service_request_id")))
    assert (ticket.where.place, ticket.category, ticket.source) == ("SHJY-4", "B01", "open311")
    assert ticket.external_ids[0].partner == "open311-fms"
    assert ticket.reachable == "call"


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
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    service.later(hours=1)
    assert post(service, "requests.json", body).status == 200


def test_a_key_is_shown_once_kept_as_a_hash_and_ends_when_it_is_withdrawn(service):
    admin = service.staff("town-admin")
    made = service.post("/admin/api-keys", {"name": "neighbour-town"}, admin)
    assert made.status == 201
    secret = made.body["api_key"]
    assert secret not in json.dumps(service.items(api_keys.Table.WORK), default=str)
    assert get(service, "servicerequestupdates.json", api_key=secret).status == 200
    assert "neighbour-town" in {each["name"] for each in service.get("/admin/api-keys", admin).body["items"]}
    assert service.delete("/admin/api-keys/neighbour-town", admin).body["withdrawn"] == 1
    assert get(service, "servicerequestupdates.json", api_key=secret).status == 403
    assert service.delete("/admin/api-keys/neighbour-town", admin).status == 404


@pytest.mark.parametrize("name", ["A", "x", "a b", "a#b", "-a", "a" * 41])
def test_a_name_that_cannot_stand_in_an_external_id_is_refused(service, name):
    assert service.post("/admin/api-keys", {"name": name}, service.staff("town-admin")).status == 422
