"""Open311: what is asked, in both formats, and who sees what."""

from xml.etree import ElementTree

import pytest

from chalicelib.store.feed import api_keys
from tests.api.open311.open311_client import DESK, LAMP, described, get, one, report, ticket_id
from tests.service import one_service

service = one_service


@pytest.fixture(scope="module")
def key(service):
    return api_keys.issue("fms", reports_per_hour=1000, by="test", now=service.now)


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
    assert found["B01"]["group"] == "公共设施"
    assert found["B01"]["service_name"] == "楼道照明"
    assert not {"A", "B", "A04"} & set(found)
    listed = ElementTree.fromstring(get(service, "services.xml").raw)
    assert listed.tag == "services"
    assert {each.tag for each in listed} == {"service"}
    assert {each.findtext("metadata") for each in listed} == {"true"}


def test_a_definition_lists_the_id_by_which_a_repeat_is_known(service):
    attributes = get(service, "services/B01.json").body["attributes"]
    assert attributes[0]["code"] == "fixmystreet_id"
    assert attributes[0]["automated"] == "server_set"
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
    assert code == status
    assert words


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


def test_others_see_what_a_neighbour_may_and_the_program_its_own_words(service, key):
    number = report(service, key, description="楼道灯坏了，我住402，电话13912345678")
    public, own = one(service, number), one(service, number, api_key=key)
    assert public["description"] == ""
    assert "楼道灯坏了，我住" in own["description"]
    assert "402" not in own["description"]
    assert "13912345678" not in own["description"]
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
    assert shown in listed
    assert hidden not in listed
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
    assert len(found) == 3
    assert {each["service_code"] for each in found} == {"E06"}
    pages = [get(service, "requests.json", service_code="E06", page=n, page_size=2).body for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert pages[0] + pages[1] == found
    assert get(service, "requests.json", service_code="E06", status="closed").body == []
