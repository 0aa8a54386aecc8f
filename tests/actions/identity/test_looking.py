"""Every look leaves a trace that whoever was looked at sees, and whoever answers for the viewer reads (rule 91)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.actions.counter import letters
from chalicelib.actions.identity import looking, persons
from chalicelib.domain.errors import Refusal
from chalicelib.domain.town.vocabulary import Source
from chalicelib.gateways import reveal as reveal_gateway
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import audit
from chalicelib.store.requests import limits
from chalicelib.store.requests.limits import Limit
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory
from tests.service import one_service

FC, HEAD, LEADER, ADMIN = "gglw-fc1", "gglw-head", "gglw-leader", "town-admin"
PHONE = "13966660001"

service = one_service


@pytest.fixture(scope="module")
def lamp(service):
    contact = {"name": "李阿姨", "phone": PHONE}
    return service.report("四号楼楼道灯不亮", token=service.resident("looked at"), contact=contact).body["id"]


def reveal(service, ticket_id, by=FC, **asked):
    return service.staff_act(
        ticket_id, "reveal", by, **({"fields": ["phone"], "reason": "ask_details"} | asked)
    )


def seen_by_the_resident(service, ticket_id, who="looked at"):
    viewers = service.get(f"/api/tickets/{ticket_id}", service.resident(who)).body["viewers"]
    return [(viewer["what"], viewer["reason"]) for viewer in viewers]


def lines(service, by, unit="ST-GGLW"):
    return service.get(f"/desk/looks?unit={unit}", service.staff(by))


def test_the_resident_reads_the_reason_of_the_list_and_no_words(service, lamp):
    assert reveal(service, lamp).status == 200
    assert reveal(service, lamp, reason="other", words="邻居托我问一声").status == 200
    seen = seen_by_the_resident(service, lamp)
    assert ("revealed", "问清情况、地点") in seen
    assert ("revealed", "其他") in seen
    assert "邻居托我" not in str(seen)


def test_a_search_by_phone_is_seen_on_every_ticket_that_it_found(service, lamp):
    asked = {"phone": PHONE, "reason": "resident_calls"}
    found = service.post("/staff/search/phone", asked, service.staff(FC)).body["items"]
    assert [ticket["id"] for ticket in found] == [lamp]
    assert ("searched", "居民来电、来访核对") in seen_by_the_resident(service, lamp)
    service.post("/staff/search/phone", asked, service.staff("hjb-fc1"))  # who may not see it finds nothing
    assert sum(what == "searched" for what, _ in seen_by_the_resident(service, lamp)) == 1


def test_an_urgent_ticket_is_its_own_reason_without_a_limit(service):
    ticket_id = service.report("有人被困在电梯里", token=service.resident("urgent")).body["id"]
    before = limits.tally(limits.REVEALS_BY_PERSON, FC, service.now)
    for _ in range(limits.REVEALS_BY_PERSON.most + 2):
        assert reveal(service, ticket_id, reason="urgent").status == 200
    assert limits.tally(limits.REVEALS_BY_PERSON, FC, service.now) == before + 1


def test_over_the_limit_it_is_allowed_and_told_once_to_whoever_answers_for_the_viewer(
    monkeypatch, service, lamp
):
    told = []
    monkeypatch.setattr(
        looking.notifying, "tell_staff", lambda code, template, *_, **__: told.append((code, template)) or []
    )
    service.later(hours=2)
    for _ in range(limits.REVEALS_BY_PERSON.most):
        assert reveal(service, lamp, by="gglw-fc2").status == 200
    assert told == []
    for _ in range(2):
        assert reveal(service, lamp, by="gglw-fc2").status == 200
    assert told == [(HEAD, "many_reveals")]


def test_the_head_and_the_administrator_read_who_looked_at_what_why_and_how_often(service, lamp):
    reveal(service, lamp, reason="other", words="核对门牌号码")
    page = lines(service, HEAD).body
    [last] = [line for line in page["items"] if line["words"] == "核对门牌号码"]
    assert (last["code"], last["what"], last["reason"]) == (FC, "revealed", "其他")
    assert last["ticket_id"] == lamp
    assert next(each["reveals"] for each in page["people"] if each["code"] == FC) >= 1
    assert last["number"] in str(lines(service, ADMIN).body)
    assert PHONE not in str(page)


@pytest.mark.parametrize(("by", "unit", "status"), [(HEAD, "ST-GGLW", 200), (HEAD, "ST-HJB", 403), (LEADER, "ST-GGLW", 200), (LEADER, "ST-HJB", 403),
                                                    ("town-leader", "ST-HJB", 200), (FC, "ST-GGLW", 403), ("of-dzb-head", "OF-DZB", 200), (HEAD, "NOWHERE", 404)])  # fmt: skip
def test_who_reads_the_looks_of_a_unit(service, by, unit, status):
    assert lines(service, by, unit).status == status


def test_the_page_tells_nobody_of_a_ticket_that_they_may_not_know_of(service):
    about_the_head = service.report(
        "站长收了施工队的钱", token=service.resident("about the head"), confidential=True
    ).body["id"]
    audit.write(about_the_head, audit.trace_of(service_staff(LEADER), "revealed", service.now))
    assert about_the_head in str(lines(service, LEADER).body)
    for by in (HEAD, ADMIN):
        page = lines(service, by).body
        assert about_the_head not in str(page)
        assert not [line for line in page["items"] if line["code"] == LEADER]
        assert LEADER not in [each["code"] for each in page["people"]]


def service_staff(code):
    from chalicelib.store.town import directory

    return directory.town().staff_member(code)


@pytest.mark.parametrize("path", ["export", "workbook"])
def test_a_file_of_figures_leaves_a_trace_for_whoever_answers_for_its_reader(service, path):
    asked = f"/desk/figures/{path}?from=2026-11-20&to=2026-11-23&by=category"
    assert service.get(asked, service.staff("hjb-fc1")).status == 200
    line = lines(service, "hjb-head", "ST-HJB").body["items"][-1]
    assert (line["what_name"], line["fields"]) == ("下载了数据表", ["2026-11-20/2026-11-23", "category"])


def test_a_petitions_letter_that_is_asked_for_by_itself_is_a_look(service, lamp, monkeypatch):
    petition = tickets.get(lamp).model_copy(update={"source": Source.PETITION})
    monkeypatch.setattr(
        letters, "tickets", SimpleNamespace(get=lambda _: petition, list_events=tickets.list_events)
    )
    service.later(minutes=30)
    before = seen_by_the_resident(service, lamp)
    assert service.get(f"/desk/tickets/{lamp}/letter", service.staff(FC)).status == 200
    assert len(seen_by_the_resident(service, lamp)) == len(before) + 1


def test_looking_at_figures_on_the_screen_leaves_none(service):
    before = len(lines(service, "hjb-head", "ST-HJB").body["items"])
    assert service.get("/desk/figures?by=category", service.staff("hjb-fc1")).status == 200
    assert len(lines(service, "hjb-head", "ST-HJB").body["items"]) == before


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(
        persons.notifying, "tell_staff", lambda code, template, *_, **__: told.append((code, template)) or []
    )
    return told


def traced(who):
    return [trace.what for trace in audit.list_traces("persons") if trace.viewer == who]


def test_phones_that_staff_ask_by_are_counted_where_they_are_answered_and_over_an_hours_sixty_told_once(
    service, heard
):
    service.later(hours=3)
    most, token = limits.PERSONS_ASKED_BY_STAFF.most, service.staff("gglw-fc2")
    for number in range(0, most, 2):
        phones = [f"1390000{number:04}", f"1391111{number:04}"]
        assert len(reveal_gateway.ask("people_by_phone", token, phones=phones)) == 2
    reveal_gateway.ask("people_by_phone", token, phones=["", ""])  # nobody is looked up
    assert (heard, traced("gglw-fc2")) == ([], [])
    asked = {"phone": PHONE, "reason": "resident_calls"}
    for _ in range(2):
        assert service.post("/staff/search/phone", asked, token).status == 200
    assert (heard, traced("gglw-fc2")) == ([(HEAD, "many_persons")], ["many_persons"])
    with pytest.raises(Refusal):
        reveal_gateway.ask("people_by_phone", token, phones=["13900000001"] * 3)


def test_an_order_is_never_refused_for_its_phone_and_many_are_told_to_the_area_leaders(
    service, heard, monkeypatch
):
    monkeypatch.setattr(persons.partners, "get", lambda name: SimpleNamespace(title="某平台"))
    monkeypatch.setattr(
        limits, "PERSONS_ASKED_BY_PARTNER", Limit(kind="few", most=2, window=timedelta(hours=1))
    )
    asked = [
        reveal_gateway.ask("person_of_order", "", partner="p", phone=f"1390000000{number}")
        for number in range(4)
    ]
    assert len(set(asked)) == 4
    assert traced("partner:p") == ["many_persons"]
    assert set(heard) == {
        (each.code, "many_persons") for each in directory.town().staff if "area_leader" in each.roles
    }


def test_a_client_of_open311_asks_by_no_more_phones_than_it_may_report(service):
    key = api_keys.issue("asks", reports_per_hour=2, by="test", now=service.now)
    for number in range(2):
        reveal_gateway.ask("person_of_client", "", key=key, phone=f"1390000000{number}", known_as="")
    with pytest.raises(Refusal) as refused:
        reveal_gateway.ask("person_of_client", "", key=key, phone="13900000009", known_as="")
    assert refused.value.code == "too_many"
