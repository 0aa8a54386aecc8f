"""Open311 over HTTP against the deployed local cloud, by clients nobody here wrote, and in the shapes of FixMyStreet."""

import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
import urllib3
from PIL import Image

from infra.local.processes import wait_until
from tests.local.commands import call, run_command
from tests.local.python2 import translated

pytestmark = pytest.mark.local_cloud
BUILDING = {"lat": "31.1116", "long": "121.4571"}


@pytest.fixture(scope="module")
def key(town):
    """As an IT person makes it."""
    done = run_command(town, "api_key", "client", "--per-hour", 500)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def base(town):
    return town.url + "open311/v2/"


@pytest.fixture(scope="module")
def three(base, key, tmp_path_factory):
    translated("relaxml", tmp_path_factory.mktemp("relaxml"))
    module = translated("three", tmp_path_factory.mktemp("three"))
    return lambda format_: module.Three(endpoint=base, api_key=key, format=format_)


@pytest.fixture(scope="module")
def open311(base, key, tmp_path_factory):
    return translated("open311", tmp_path_factory.mktemp("open311")).Open311(
        endpoint=base.rstrip("/"), api_key=key
    )


def a_photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (30, 90, 200)).save(out, "JPEG")
    return out.getvalue()


def test_three_finds_reports_and_reads_back(three):
    client = three("json")
    assert client.discovery()["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    lamp = next(each for each in client.services() if each["service_name"] == "楼道照明")
    assert client.services(lamp["service_code"])["attributes"][0]["code"] == "fixmystreet_id"
    made = client.post(
        lamp["service_code"], name="王 阿姨", phone="13800001111", description="楼道灯不亮", **BUILDING
    )
    number = made[0]["service_request_id"]
    assert client.token(number)[0]["service_request_id"] == number
    (found,) = client.request(number, api_key=client.api_key)
    assert (found["service_code"], found["status"], found["description"]) == ("B01", "open", "楼道灯不亮")
    assert number in {each["service_request_id"] for each in client.requests(count=50, status="open")}
    today = datetime.now(UTC).date()
    around = [(today + timedelta(days=shift)).strftime("%m-%d-%Y") for shift in (-7, 2)]
    assert number in {each["service_request_id"] for each in client.requests("B01", between=around)}
    assert client.requests("B01", start="01-01-2020", end="01-31-2020") == []


def test_three_is_told_what_is_wrong_in_json_that_it_can_read(three):
    client = three("json")
    (missing,) = client.post("B01", description="没有地点")
    assert missing["code"] == 400
    (unknown,) = client.request("MS261122-7K3QX9-4")
    assert unknown["code"] == 404
    client.api_key = "wrong"
    (refused,) = client.post("B01", description="灯", **BUILDING)
    assert refused["code"] == 403


def test_three_reads_the_same_in_xml(three):
    assert len(three("xml").services()["service"]) == len(three("json").services())


def test_three_sends_a_photo_and_staff_see_it_without_metadata(town, three, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(a_photo())
    with photo.open("rb") as media:
        made = three("json").post("B01", description="灯罩碎了", media=media, **BUILDING)
    assert "service_request_id" in made[0], made
    number = made[0]["service_request_id"]
    desk = next(
        line.split()[0]
        for line in run_command(town, "sign_ins").stdout.splitlines()
        if " station_head " in line
    )
    found = call(town, "GET", f"staff/search?number={number}", None, desk)[1]["items"]
    ticket = call(town, "GET", f"staff/tickets/{found[0]['id']}", None, desk)[1]
    path = f"api/photos/{ticket['photos'][0]}?ticket_id={ticket['id']}"
    assert wait_until(lambda: call(town, "GET", path, None, desk)[0] == 200, seconds=40, step=1)
    shown = urllib3.request("GET", call(town, "GET", path, None, desk)[1]["url"]).data
    assert Image.open(io.BytesIO(shown)).size == (640, 480)


def test_the_open311_client_lists_and_reports_in_xml(open311):
    services = open311.service_list()
    assert {"service_code", "service_name", "metadata"} <= set(services[0])
    made = open311.post_service_request(service_code="E04", description="垃圾没有清运", **BUILDING)
    number = made["service_requests"]["request"]["service_request_id"]
    found = open311.get_service_request(number)["service_requests"]["request"]
    assert found["service_name"] == "垃圾与保洁"
    assert open311.request_id_from_token(number)["service_request_id"] == number
    assert number in str(open311.service_requests())


def fixmystreet(base, path, fields):
    """As FixMyStreet's Open311.pm sends: urlencoded, XML alone, `deviceid` so spelt, names that may be empty."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = urllib3.request("POST", base + path, body=urlencode(fields), headers=headers)
    return answer.status, ElementTree.fromstring(answer.data)


def test_fixmystreet_sends_twice_after_a_timeout_and_follows_the_report(base, key):
    fields = {
        "api_key": key,
        "jurisdiction_id": "",
        "service_code": "B06",
        "description": "title: 路灯坏了\n\ndetail: 望月路路灯不亮\n\nurl: http://www.example.org/report/1\n",
        "first_name": "",
        "last_name": "",
        "email": "resident@example.org",
        "deviceid": "abc",
        "attribute[fixmystreet_id]": "90001",
        "attribute[easting]": "1",
        "media_url": "https://www.example.org/photo/1.jpeg",
        **BUILDING,
    }
    answers = [fixmystreet(base, "requests.xml", fields) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    (number,) = {root[0].findtext("service_request_id") for _, root in answers}
    listed = urllib3.request(
        "GET", base + "requests.xml", fields={"service_request_id": number, "api_key": key}
    )
    request = ElementTree.fromstring(listed.data)[0]
    assert request.findtext("status") == "open"
    assert request.findtext("status_notes")
    update = {"api_key": key, "service_request_id": number, "update_id": "77", "status": "OPEN"}
    update |= {
        "updated_datetime": "2026-11-23T10:00:00+08:00",
        "description": "还是不亮",
        "first_name": "-",
        "last_name": "-",
    }
    for _ in range(2):
        status, root = fixmystreet(base, "servicerequestupdates.xml", update)
        assert (status, root[0].findtext("update_id")) == (200, "77")
    since = urllib3.request("GET", base + "servicerequestupdates.xml", fields={"api_key": key})
    assert ElementTree.fromstring(since.data).tag == "service_request_updates"
