"""Whoever said something reads it wherever they read the ticket: joined, merged, parted again or kept apart (rules 21, 38)."""

from typing import Any

from tests.apart import HEAD, ORDINARY, PLACE
from tests.service import one_service

service = one_service


def a_ticket(service: Any, who: str) -> str:
    answer = service.report(f"{ORDINARY}，{who}", token=service.resident(who), place=PLACE)
    assert answer.status == 201, answer.raw
    ticket_id: str = answer.body["id"]
    return ticket_id


def says(service: Any, ticket_id: str, who: str, text: str) -> None:
    service.later(seconds=20)
    done = service.post(f"/api/tickets/{ticket_id}/comments", {"text": text}, service.resident(who))
    assert done.status == 201, done.raw


def notes(service: Any, ticket_id: str, who: str) -> list[str]:
    page = service.get(f"/api/tickets/{ticket_id}", service.resident(who))
    assert page.status == 200, page.raw
    return [line["note"] for line in page.body["timeline"] if line["note"]]


def test_who_joined_reads_their_own_words_and_nobody_elses(service):
    ticket_id = a_ticket(service, "reporter")
    for who in ("first", "second"):
        assert service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(who)).status == 200
        says(service, ticket_id, who, f"{who}也看不见路")
    assert notes(service, ticket_id, "first") == ["first也看不见路"]
    assert notes(service, ticket_id, "second") == ["second也看不见路"]
    assert notes(service, ticket_id, "reporter") == ["first也看不见路", "second也看不见路"]


def test_whose_report_was_merged_reads_what_they_say_since_on_either_page_and_takes_it_along(service):
    parent, child = a_ticket(service, "parent"), a_ticket(service, "child")
    assert service.desk_act(child, "merge", HEAD, into=parent, sure=True).status == 200
    says(service, child, "child", "三楼的灯也不亮")
    says(service, parent, "parent", "我说的是一楼")
    for page in (child, parent):
        assert notes(service, page, "child") == ["三楼的灯也不亮"]
    split = service.post(f"/api/tickets/{child}/split", {"reason": "不是一层楼"}, service.resident("child"))
    assert split.status == 200, split.raw
    assert "三楼的灯也不亮" in notes(service, child, "child")
    staff = service.get(f"/staff/tickets/{child}", service.staff(HEAD)).body["history"]
    assert "三楼的灯也不亮" in [line["note"] for line in staff]
    assert "我说的是一楼" not in [line["note"] for line in staff]
    assert service.desk_act(child, "merge", HEAD, into=parent, sure=True).status == 200
    assert notes(service, child, "child").count("三楼的灯也不亮") == 1


def test_when_a_ticket_turns_each_ones_words_go_with_them_to_be_read_by_each_alone(service):
    ticket_id, child = a_ticket(service, "turning"), a_ticket(service, "merged")
    for who in ("one", "two"):
        assert service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(who)).status == 200
        says(service, ticket_id, who, f"{who}每天从这里过")
    assert service.desk_act(child, "merge", HEAD, into=ticket_id, sure=True).status == 200
    says(service, child, "merged", "我家门口最暗")
    turned = service.post(
        f"/api/tickets/{ticket_id}/avoid", {"avoid": ["property"]}, service.resident("turning")
    )
    assert turned.status == 200, turned.raw
    for who in ("one", "two"):
        (own,) = service.get("/api/tickets", service.resident(who)).body["items"]
        assert own["id"] != ticket_id
        assert notes(service, own["id"], who) == [f"{who}每天从这里过"]
    assert "我家门口最暗" in notes(service, child, "merged")
