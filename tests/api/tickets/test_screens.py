"""What screens are answered (docs/architecture.md, "What screens are answered")."""

import json
import re

import pytest

from chalicelib.domain.views.ticket_view import iso
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from tests.asked import operations_asked


def a_report(service, text="四号楼一单元楼道灯不亮，请来修", **more):
    """A report as it stands after its consequences; with its id."""
    answer = service.report(text, **more)
    assert answer.status == 201, answer.raw
    service.settle()
    return answer.body["id"]


def desk_of(service, ticket_id):
    """Someone at the desk of the ticket's own station."""
    station = service.ticket(ticket_id).station_id
    return next(p.code for p in directory.town().staff if p.unit == station and "first_contact" in p.roles)


def seen(service, ticket_id, by):
    answer = service.get(f"/staff/tickets/{ticket_id}", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body


def beside(service, ticket_id, by):
    answer = service.get(f"/staff/tickets/{ticket_id}/beside", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body


def test_a_ticket_on_a_staff_screen_names_every_code(service):
    ticket_id = a_report(service)
    ticket = service.ticket(ticket_id)
    shown = seen(service, ticket_id, ticket.handler_id)
    assert [place["kind"] for place in shown["place_path"]][:2] == ["town", "area"]
    assert all(place["name"] for place in shown["place_path"])
    assert shown["station"]["phone"]
    assert shown["lead_unit"]["code"] == ticket.lead_unit_id
    assert shown["handler"]["name"]
    assert shown["suggestion"]["category_name"] == shown["category_name"] == "楼道照明"
    assert shown["suggestion"]["reason"]
    assert shown["running"] == sorted(shown["running"], key=lambda clock: clock["due_at"])
    assert {clock["kind"] for clock in shown["running"]} >= {"take", "response", "resolution"}
    assert not any(clock["overdue"] or clock["paused"] for clock in shown["running"])


def test_every_instant_of_a_ticket_is_shanghai_time(service):
    ticket_id = a_report(service)
    shown = json.dumps(seen(service, ticket_id, service.ticket(ticket_id).handler_id))
    assert "+08:00" in shown
    assert not re.search(r':\d\d(\.\d+)?Z"', shown)  # not of a number that ends in Z


def test_what_a_handler_may_do_is_on_the_ticket_and_is_done(service):
    ticket_id = a_report(service)
    handler = service.ticket(ticket_id).handler_id
    offered = seen(service, ticket_id, handler)["acts"]
    assert "take" in offered
    assert "resolve" not in offered
    assert service.staff_act(ticket_id, "resolve", handler, note="换好了").status == 409
    assert service.staff_act(ticket_id, "take", handler).status == 200
    assert "take" not in seen(service, ticket_id, handler)["acts"]


def test_an_act_travels_with_the_ticket_as_a_phone_draws_and_sends_it(service):
    """What the answer declares is enough: filled as it asks, to the address that it gives, the work is taken and done."""
    ticket_id = a_report(service)
    handler = service.ticket(ticket_id).handler_id
    shown = seen(service, ticket_id, handler)
    offers = {offer["name"]: offer for offer in shown["offers"]}
    assert [name for name, offer in offers.items() if offer["now"]] == shown["acts"]
    assert (offers["take"]["path"], offers["take"]["fields"], offers["take"]["next"]) == (
        "staff",
        [],
        "arrived",
    )
    assert "resolve" in offers["take"]["then"]
    needed = {need["field"] for need in offers["resolve"]["needs"]}
    assert needed == {
        "photos",
        "feedback",
    }  # 楼道照明 is a facility, and nobody has told the resident anything
    assert service.staff_act(ticket_id, "take", handler).status == 200
    assert service.staff_act(ticket_id, "resolve", handler, note="换好了").status == 422


def test_a_resident_is_told_what_he_or_she_may_do(service):
    ticket_id = a_report(service)
    shown = service.get(f"/api/tickets/{ticket_id}", service.resident()).body
    assert shown["acts"] == ["comment", "withdraw", "avoid"]
    assert shown["may"] == {
        "comment": True,
        "withdraw": True,
        "rate": False,
        "reopen": False,
        "split": False,
        "avoid": True,
    }


def test_similar_tickets_are_those_alike_and_at_the_same_place_that_the_caller_may_see(service):
    first, second = a_report(service), a_report(service, "四号楼一单元楼道灯又不亮了")
    elsewhere = a_report(service, "垃圾房早上没人开门，很臭", place="SHJY-5-1")
    secret = a_report(service, "投诉物业态度恶劣", confidential=True)
    by_desk = beside(service, second, desk_of(service, second))["similar"]
    assert {first, secret} <= {other["id"] for other in by_desk}
    assert not {second, elsewhere} & {other["id"] for other in by_desk}
    by_handler = beside(service, second, service.ticket(second).handler_id)["similar"]
    assert secret not in {other["id"] for other in by_handler}
    assert {"number", "category_name", "stage_name", "received_at", "reason"} <= set(by_handler[0])


def test_whoever_handles_a_ticket_reads_what_was_merged_into_it_with_its_photos(service):
    child = a_report(service, "四号楼一单元楼道里堆满了杂物")
    parent = a_report(service, "四号楼一单元楼道灯不亮")
    merged = service.desk_act(child, "merge", desk_of(service, child), into=parent, sure=True)
    assert merged.status == 200, merged.raw
    handler = service.ticket(parent).handler_id or desk_of(service, parent)
    (read,) = seen(service, parent, handler)["merged"]
    assert (read["id"], read["text"]) == (child, "四号楼一单元楼道里堆满了杂物")


def test_a_row_of_a_queue_is_enough_for_a_board(service):
    ticket_id = a_report(service, "楼道灯坏了，我叫王小明，电话13812345678")
    handler = service.ticket(ticket_id).handler_id
    row = service.get("/staff/queues/mine", service.staff(handler)).body["items"][0]
    wanted = {
        *("ticket_id", "number", "stage", "stage_name", "category", "category_name", "place", "source", "urgent"),
        *("track", "round", "unit_id", "unit_name", "handler_id", "handler_name", "confidential", "practice"),
        *("extension_asked", "paused", "unread", "phone_left", "clock", "clock_name", "due_at", "received_at"),
        "rings_at",
    }  # fmt: skip
    assert set(row) == wanted
    assert (row["clock"], row["clock_name"]) == ("take", "签收")
    assert row["handler_id"] == handler
    assert row["due_at"].endswith("+08:00")
    rungs = next(clock for clock in service.ticket(ticket_id).clocks if clock.kind == "take").rungs
    assert row["rings_at"] == [iso(rung.at) for rung in rungs] != []
    assert "13812345678" not in json.dumps(row)


def test_a_paused_ticket_says_so_in_its_row_and_names_its_review(service):
    ticket_id = a_report(service)
    handler = service.ticket(ticket_id).handler_id
    service.staff_act(ticket_id, "take", handler)
    asked = service.staff_act(ticket_id, "wait", handler, question="是几号楼？")
    assert asked.status == 200, asked.raw
    desk = service.staff(desk_of(service, ticket_id))
    row = next(
        r for r in service.get("/staff/queues/desk", desk).body["items"] if r["ticket_id"] == ticket_id
    )
    assert (row["paused"], row["clock"], row["clock_name"]) == ("waiting", "review", "复核")


def test_a_queue_entry_holds_no_words_of_the_report(service):
    a_report(service, "楼道灯坏了，门口有小广告")
    entries = [item for item in service.items(Table.TICKETS) if item["SK"].startswith("QUEUE#")]
    assert entries
    assert all("小广告" not in json.dumps(entry, default=str) for entry in entries)


# --- what opening costs ---


MOST_TO_OPEN = 5
# The session, all that lies under it, the trace, its like
THE_PAGE = ["GetItem", "Query", "PutItem", "Query"]


@pytest.mark.parametrize("who", ["handler", "gglw-fc1"])
def test_opening_a_ticket_asks_the_tables_as_often_however_much_has_happened(service, who):
    ticket_id = service.report("四号楼楼道灯不亮").body["id"]
    service.settle()
    viewer = service.ticket(ticket_id).handler_id if who == "handler" else who
    asked, beside_it = [opened(service, ticket_id, viewer)], [opened(service, ticket_id, viewer, "/beside")]
    for n in range(3):
        service.report(f"四号楼楼道的灯坏了{n}天", token=service.resident(f"other-{n}"))
        service.staff_act(ticket_id, "comment", "gglw-fc1", text=f"已联系物业{n}", public=True)
    service.settle()
    asked.append(opened(service, ticket_id, viewer))
    beside_it.append(opened(service, ticket_id, viewer, "/beside"))
    assert asked == [THE_PAGE, THE_PAGE]
    assert beside_it == [["GetItem", "GetItem", "Query", "Query", "BatchGetItem", "BatchGetItem"]] * 2


def test_no_ticket_costs_more_to_open_than_one_that_others_went_into(service):
    """Merged, divided, in danger, in a class, with a hundred lines: what it had to do with is one request more."""
    child = a_report(service, "四号楼一单元楼道里堆满了杂物")
    parent = a_report(service, "四号楼一单元楼道里冒浓烟，下不去了")
    desk = desk_of(service, parent)
    merged = service.desk_act(child, "merge", desk, into=parent, sure=True)
    assert merged.status == 200, merged.raw
    for n in range(3):
        a_report(service, f"四号楼楼道冒烟{n}")
    for ticket_id in (parent, child):
        assert len(opened(service, ticket_id, desk)) <= MOST_TO_OPEN
    assert opened(service, parent, desk) == [*THE_PAGE[:3], "BatchGetItem", THE_PAGE[3]]


def opened(service, ticket_id, viewer, what=""):
    token = service.staff(viewer)
    with pytest.MonkeyPatch.context() as patch:
        asked = operations_asked(patch)
        answer = service.get(f"/staff/tickets/{ticket_id}{what}", token)
    assert answer.status == 200
    return asked
