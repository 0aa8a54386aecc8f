"""Repeats over the routes: who is shown what, and what a person says is kept (rule 66)."""

import pytest

from chalicelib.domain.tickets.ticket import Stage
from chalicelib.store.classes import similar as store
from chalicelib.store.requests import limits
from chalicelib.store.table import Table
from tests.service import Answer

TEXT = "四号楼一单元楼道的灯坏了三天，晚上看不见台阶"
ALIKE = "一单元楼道的灯坏了好几天，晚上看不见台阶，请修"
OTHER = "垃圾房早上没有人开门，很臭"
HEAD, DESK = "gglw-head", "gglw-fc1"


def reported(service, text, *, place="SHJY-4-1", by="resident", **more) -> str:
    answer = service.report(text, token=service.resident(by), place=place, **more)
    assert answer.status == 201, answer.raw
    service.settle()
    return answer.body["id"]


def beside(service, ticket_id, by=DESK) -> list[dict]:
    answer = service.get(f"/desk/tickets/{ticket_id}/similar", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body["items"]


def asked(service, text, place="SHJY-4-1", by="neighbour") -> Answer:
    return service.post(
        "/api/tickets/similar", {"point": service.point(place), "text": text}, service.resident(by)
    )


def judged(service, ticket_id, other, by=DESK, **body) -> Answer:
    return service.post(f"/desk/tickets/{ticket_id}/similar", {"other": other, **body}, service.staff(by))


def test_the_desk_sees_a_repeat_with_its_reason_from_either_side(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, place="SHJY-4-2", by="b")
    reported(service, OTHER, place="SHJY-GATE", by="c")
    for ticket_id, found in ((one, other), (other, one)):
        (shown,) = beside(service, ticket_id)
        assert (shown["id"], shown["shared"], shown["judged"]) == (found, "here", None)
        assert "同一地点" in shown["reason"]
        assert "内容相近" in shown["reason"]


def test_a_neighbour_is_shown_category_stage_day_and_nothing_of_the_words(service):
    ticket_id = reported(service, TEXT)
    answer = asked(service, ALIKE)
    (shown,) = answer.body["items"]
    assert set(shown) == {
        "ticket_id",
        "category",
        "stage",
        "stage_name",
        "received_on",
        "public_text",
        "standing",
        "reports",
        "reason",
    }
    assert (shown["ticket_id"], shown["public_text"]) == (ticket_id, "")
    assert "台阶" not in answer.raw.decode()


PRIVATE = "三楼李某某家半夜打麻将，声音很大"


def test_asking_tells_nothing_of_words_that_nobody_approved(service):
    """The exact words, some of them, and quite others of the same category are answered alike (no oracle)."""
    reported(service, PRIVATE, category="B01")
    answers = [
        asked(service, text, by=f"n{n}").body["items"]
        for n, text in enumerate((PRIVATE, "李某某家半夜打麻将", "楼上王某某家白天唱歌", "三楼李某某"))
    ]
    assert answers == [[], [], [], []]


def test_of_one_category_it_is_shown_without_a_percentage_whatever_the_words(service):
    reported(service, "楼道灯坏了三天，晚上看不见台阶")
    near = asked(service, "楼道灯坏了三天，晚上看不见").body["items"]
    far = asked(service, "楼道灯坏了", by="b").body["items"]
    assert near == far != []
    assert near[0]["reason"] == "同一地点，类别相同"


def test_words_that_the_desk_approved_find_it_again(service):
    ticket_id = reported(service, PRIVATE, category="B01")
    assert service.desk_act(ticket_id, "publish", DESK, text="半夜打麻将声音大").status == 200
    (shown,) = asked(service, "半夜打麻将，声音太大").body["items"]
    assert shown["ticket_id"] == ticket_id


def test_questions_at_one_point_are_limited_whoever_asks(service, monkeypatch):
    monkeypatch.setattr(
        limits, "QUESTIONS_AT_POINT", limits.QUESTIONS_AT_POINT.model_copy(update={"most": 2, "shards": 1})
    )
    assert [asked(service, TEXT, by=f"n{n}").status for n in range(3)] == [200, 200, 429]


def test_whoever_is_shown_it_may_join_it(service):
    ticket_id = reported(service, TEXT)
    token = service.resident("neighbour")
    assert (
        service.post(
            f"/api/tickets/{asked(service, ALIKE).body['items'][0]['ticket_id']}/join", {}, token
        ).status
        == 200
    )
    assert service.get(f"/api/tickets/{ticket_id}", token).status == 200


def test_someone_in_another_neighbourhood_is_shown_nothing(service):
    reported(service, TEXT)
    assert asked(service, TEXT, place="XNGY-1-1").body["items"] == []


def test_what_is_over_is_not_offered_to_residents_and_stays_beside_the_ticket(service):
    ticket_id = reported(service, TEXT)
    service.post(f"/api/tickets/{ticket_id}/withdraw", {}, service.resident())
    assert service.ticket(ticket_id).stage is Stage.WITHDRAWN
    assert asked(service, ALIKE).body["items"] == []
    (shown,) = beside(service, reported(service, ALIKE, by="b"))
    assert shown["stage"] == "withdrawn"


def test_a_confidential_report_is_in_no_index_and_no_answer(service):
    hidden = reported(service, TEXT, confidential=True)
    assert not [item for item in service.items(Table.WORK) if item["PK"].startswith(("ALIKE#", "CLUSTER#"))]
    assert asked(service, TEXT).body["items"] == []
    assert beside(service, reported(service, ALIKE, by="b")) == []
    assert beside(service, hidden) == []


def test_one_that_becomes_confidential_disappears(service):
    ticket_id = reported(service, TEXT)
    category = service.ticket(ticket_id).category or "B01"
    answer = service.desk_act(ticket_id, "classify", DESK, category=category, confidential=True)
    assert answer.status == 200, answer.raw
    service.settle()
    assert asked(service, TEXT).body["items"] == []
    assert beside(service, reported(service, ALIKE, by="b")) == []


def test_not_the_same_is_kept_and_the_pair_is_not_shown_again(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, by="b")
    assert judged(service, one, other, same=False).status == 200
    assert beside(service, one) == beside(service, other) == []
    assert store.list_judged(other)[one].by == DESK


def test_the_same_is_kept_and_shown_with_who_said_so(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, by="b")
    assert judged(service, one, other, same=True).status == 200
    (shown,) = beside(service, other)
    assert (shown["judged"]["same"], shown["judged"]["by"]) == (True, DESK)


def test_the_same_may_merge_and_twice_is_as_once(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, by="b")
    body, key = {"other": one, "same": True, "merge": True}, "merge-them-once"
    for _ in range(2):
        answer = service.post(f"/desk/tickets/{other}/similar", body, service.staff(DESK), key=key)
        assert (answer.status, answer.body["stage"]) == (200, "merged")
    assert service.ticket(other).merged_into == one
    assert store.list_judged(one)[other].same


@pytest.mark.parametrize(
    ("other", "body", "status"),
    [
        ("self", {"same": True}, 422),
        ("other", {"same": False, "merge": True}, 422),
        ("nobody", {"same": True}, 404),
        ("other", {}, 422),
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused(service, other, body, status):
    one, two = reported(service, TEXT), reported(service, ALIKE, by="b")
    other_id = {"self": one, "other": two, "nobody": "01JD0000000000000000000000"}[other]
    assert judged(service, one, other_id, **body).status == status


def test_another_stations_desk_learns_nothing(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, by="b")
    assert service.get(f"/desk/tickets/{one}/similar", service.staff("hjb-fc1")).status == 404
    assert judged(service, one, other, by="hjb-fc1", same=True).status == 404


@pytest.mark.parametrize("text", ["", "灯", "🙂🙂", "the lamp is broken", "楼道lamp灯🙂坏了", "灯" * 2000])
def test_whatever_is_typed_is_answered(service, text):
    reported(service, TEXT)
    assert asked(service, text).status == 200


@pytest.mark.parametrize(
    ("body", "status"), [({"text": TEXT}, 422), ({"point": "ABC2345", "text": TEXT}, 404)]
)
def test_a_point_that_does_not_exist_is_refused(service, body, status):
    assert service.post("/api/tickets/similar", body, service.resident()).status == status


def test_the_stream_twice_changes_nothing(service):
    reported(service, TEXT)
    reported(service, ALIKE, by="b")
    before = service.items(Table.WORK)
    service._consumed.clear()
    service.settle()
    kinds = ("ALIKE#", "CLUSTER#", "CLASS")
    kept = [
        sorted(i["PK"] + i["SK"] for i in items if i["PK"].startswith(kinds))
        for items in (before, service.items(Table.WORK))
    ]
    assert kept[0] == kept[1] != []


def test_beside_the_ticket_stands_why_another_may_be_the_same(service):
    one, other = reported(service, TEXT), reported(service, ALIKE, place="SHJY-4-2", by="b")
    at_place = reported(service, OTHER, by="c")
    shown = service.get(f"/staff/tickets/{one}/beside", service.staff(DESK)).body["similar"]
    assert [(each["id"], "内容相近" in each["reason"]) for each in shown] == [
        (other, True),
        (at_place, False),
    ]
    judged(service, one, at_place, same=False)
    judged(service, one, other, same=False)
    assert service.get(f"/staff/tickets/{one}/beside", service.staff(DESK)).body["similar"] == []


def test_what_lies_a_few_steps_on_is_shown_by_its_category_alone(service):
    """Two points of a street 38 metres apart, and words that share nothing."""
    one = reported(service, "盲道上停满了车", place="YDL-EXIT", category="F03")
    other = reported(service, "推轮椅的老人只好走到快车道去", place="YDL-WALK", by="b", category="F03")
    for ticket_id, found in ((one, other), (other, one)):
        (shown,) = beside(service, ticket_id)
        assert (shown["id"], shown["shared"]) == (found, "beside")
        assert shown["reason"].startswith("相距不到60米，类别相同")
