"""Beside a new report the desk sees what became of closed ones like it, as counts (rule 60)."""

import pytest

from chalicelib.actions.figures import counting
from chalicelib.actions.views import suggesting
from chalicelib.domain.figures.similar_closed import Closed, Group, Handled
from chalicelib.store.figures import similar_closed
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from tests.api.tickets.test_screens import a_report, desk_of, seen

ASKED = "居住证怎么办理"


def answered(service):
    """A report that was answered on the spot."""
    ticket_id = a_report(service, ASKED)
    done = service.desk_act(ticket_id, "answer", desk_of(service, ticket_id), text="带身份证到窗口办理")
    assert done.status == 200, done.raw
    service.settle()
    return ticket_id


def shown(service, **more):
    ticket_id = a_report(service, ASKED, **more)
    return seen(service, ticket_id, desk_of(service, ticket_id))["handled"]


@pytest.fixture
def four(service):
    return [answered(service) for _ in range(4)]


def test_from_twenty_confirmed_on_reporter_and_staff_read_how_long_it_usually_takes(service):
    ticket_id = service.report("三号楼楼道灯不亮，请来修", token=service.resident("asks")).body["id"]
    ticket = service.ticket(ticket_id)
    past = {"closed_at": service.now, "unit": "some", "track": "simple", "days": 4}
    for n in range(20):
        similar_closed.keep(Closed(ticket_id=f"T{n:025d}", **past), ticket.where.path[1], ticket.category)
        read = service.get(f"/api/tickets/{ticket_id}", service.resident("asks")).body["usual"]
        assert ("一半在 4 天内" in read) is (n == 19)
    assert seen(service, ticket_id, ticket.handler_id)["usual"] == read


def test_from_the_fifth_on_the_desk_sees_who_handled_its_like(service, four):
    assert shown(service) is None
    answered(service)
    assert shown(service) == {
        "category": "G01",
        "category_name": "居住证与户籍",
        "place": "SHJY",
        "place_name": "盛华景苑",
        "tickets": 5,
        "units": [
            {
                "unit_id": "ST-GGLW",
                "unit_name": "关港蓝湾片区民情快办工作站",
                "tickets": 5,
                "share": 1.0,
                "hours": None,
            }
        ],
        "tracks": [{"track": "simple", "tickets": 5, "share": 1.0, "hours": None}],
        "text": "盛华景苑一年内“居住证与户籍”办结 5 件：关港蓝湾片区民情快办工作站办理 5 件",
    }


def test_one_that_was_opened_again_counts_no_more_until_it_is_closed_again(service, four):
    ticket_id = answered(service)
    opened = service.post(f"/api/tickets/{ticket_id}/reopen", {"reason": "还是不明白"}, service.resident())
    assert opened.status == 200, opened.raw
    service.settle()
    assert shown(service) is None


def test_a_line_that_comes_twice_and_late_counts_once(service, four):
    for ticket_id in four * 2:
        suggesting.note(counting.note(ticket_id), "answered")
        suggesting.note(counting.note(ticket_id), "received")
    assert len(list(similar_closed.list_handled("GGLW", "G01"))) == 4


def test_of_a_confidential_report_nothing_is_said(service, four):
    answered(service)
    assert shown(service, confidential=True) is None


def test_what_is_kept_of_a_closed_ticket_holds_no_words_and_nobody(service):
    ticket_id = answered(service)
    (kept,) = [item for item in service.items(Table.WORK) if item["PK"].startswith("HANDLED#")]
    assert kept["expires"] > service.now.timestamp()
    assert ASKED not in str(kept)
    assert service.ticket(ticket_id).reporter_id not in str(kept)


def test_units_that_had_its_like_stand_by_their_names_whoever_had_more(service):
    town = directory.town()
    units = (
        Group(key="OF-PA", tickets=10, share=0.8, hours=3.0),
        Group(key="PM-SHJY", tickets=2, share=0.2, hours=None),
    )
    view = suggesting._view(Handled(tickets=12, units=units, tracks=()), "B01", "GGLW", town)
    assert [unit["unit_name"] for unit in view["units"]] == ["盛华景苑物业服务处", "镇平安办"]
    assert view["text"].endswith("盛华景苑物业服务处办理 2 件，镇平安办办理 10 件（一般用时 3 小时）")
