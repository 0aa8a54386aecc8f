"""Bad input over HTTP: each a clear 4xx with a code, and nothing changed."""

import pytest

from chalicelib.domain.tickets.ticket import Stage
from tests.api.unchanged import (
    DESK,
    HANDLER,
    LAMP,
    everything,
    is_clear,
    nothing_changed,
    two_tickets,
)
from tests.service import one_service

service, lamp, unchanged = one_service, two_tickets, nothing_changed


def body(**changes):
    return {"place_text": "三号楼门口", "text": LAMP} | changes


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b'"text"', b"1", b"\xff\xfe", b'{"text": "\xff"}', b'{"a":' * 5000, b"[" * 200_000, b'{"text": NaN',
     b"\xef\xbb\xbf{}", b'{"text": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(service, unchanged, raw):
    answer = service.post("/api/tickets", raw, service.resident())
    assert answer.status in (400, 422)
    assert is_clear(answer)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"), ({"text": "灯"}, "text"), ({"text": " 灯 "}, "text"), ({"text": "灯" * 2001}, "text"),
        ({"text": "灯" * 1_000_000}, "text"), ({"text": None}, "text"), ({"text": 12345}, "text"), ({"text": ["灯坏了"]}, "text"),
        ({"text": "灯\u0000坏了"}, "text"), ({"text": "灯\u001b[2J坏了"}, "text"), ({"text": "灯\u2028坏了"}, "text"), ({"text": "灯\ud800坏了"}, "text"),
        ({"place_text": "三" * 201}, "place_text"), ({"category": "没有的类别"}, "category"), ({"category": "A" * 65}, "category"),
        ({"category": "NOPE"}, "category"), ({"photos": "P1"}, "photos"), ({"photos": ["x"] * 10}, "photos"), ({"photos": ["../x"]}, "photos.0"),
        ({"photos": ["01JD0000000000000000000000"]}, "photos"), ({"contact": {"phone": "call me"}}, "contact.phone"),
        ({"contact": {"phone": "1" * 31}}, "contact.phone"), ({"contact": {"name": "王" * 101}}, "contact.name"), ({"contact": "王"}, "contact"),
        ({"contact": {"id_card": "310104198001011234"}}, "contact.id_card"), ({"confidential": "perhaps"}, "confidential"),
        ({"urgent": True}, "urgent"), ({"reporter_id": "someone"}, "reporter_id"), ({"stage": "closed"}, "stage"),
        ({"place_text": ""}, "place_text"), ({"point": "1" * 21}, "point"), ({"place": "NOWHERE"}, None), ({"point": "K7M2QX9"}, None),
    ],
)  # fmt: skip
def test_a_report_with_wrong_content_is_refused_and_the_field_is_named(service, unchanged, changes, field):
    answer = service.post("/api/tickets", body(**changes), unchanged)
    assert answer.status in (404, 422), answer.raw
    assert is_clear(answer)
    if field:
        assert answer.body["fields"] == [field]


@pytest.mark.parametrize("text", ["灯坏", "灯" * 2000, "灯坏了😀\n第二行\t。", "<script>alert(1)</script>"])
def test_what_is_just_long_enough_or_merely_unusual_is_taken(service, text):
    assert service.post("/api/tickets", body(text=text), service.resident(text[:9])).status == 201


@pytest.mark.parametrize("key", [None, "short12", "k" * 101, "键键键键键键键键", "with\ttab-in-it"])
def test_a_report_without_a_usable_idempotency_key_is_refused(service, unchanged, key):
    answer = service.post("/api/tickets", body(), service.resident(), key=key)
    assert (answer.status, answer.body["fields"]) == (422, ["Idempotency-Key"])


def test_the_same_report_sent_again_is_the_same_ticket_and_other_content_is_refused(service):
    token = service.resident("replaying")
    first = service.post("/api/tickets", body(), token, key="the-same-key")
    before = everything(service)
    again = service.post("/api/tickets", body(), token, key="the-same-key")
    assert (again.status, again.body["id"]) == (201, first.body["id"])
    other = service.post("/api/tickets", body(text="别的事情"), token, key="the-same-key")
    assert (other.status, other.body["fields"]) == (422, ["Idempotency-Key"])
    assert everything(service) == before
    stranger = service.post("/api/tickets", body(), service.resident("somebody else"), key="the-same-key")
    assert stranger.body["id"] != first.body["id"]


ACTS = [
    ("staff", "resolve", HANDLER, {"note": "换好了", "feedback": "换好了"}, "wrong_stage"),  # not taken yet
    ("desk", "answer", DESK, {"text": "八点"}, "wrong_stage"),
    ("desk", "close", DESK, {}, "wrong_stage"),
    ("desk", "follow-up", DESK, {"outcome": "answered", "solved": True}, "wrong_stage"),
    ("staff", "progress", HANDLER, {"text": "在买灯泡"}, "wrong_stage"),
    ("staff", "resume", DESK, {"note": "恢复"}, "wrong_stage"),
    ("staff", "ask-extension", HANDLER, {"working_days": 11, "reason": "等材料"}, "invalid"),
    ("staff", "return", HANDLER, {"reason": "不想办"}, "invalid"),
    ("staff", "take", HANDLER, {"version": 0}, "invalid"),
    ("staff", "take", HANDLER, {"taken": True}, "invalid"),
    ("staff", "unit-feedback", HANDLER, {}, "invalid"),
    ("staff", "no-such-act", HANDLER, {}, "not_found"),
    ("staff", "take", DESK, {}, "not_yours"),
    ("desk", "decide-extension", DESK, {"approved": True}, "wrong_stage"),
    ("staff", "answer-supervision", HANDLER, {"order_id": "D9", "text": "已办"}, "not_found"),
    ("staff", "suspend", "gglw-head", {"reason": "等规划", "review_at": "2020-01-01T00:00:00+08:00"}, "invalid"),
    ("staff", "suspend", "gglw-head", {"reason": "等规划", "review_at": "2027-01-01T00:00:00"}, "invalid"),  # no zone
    ("staff", "suspend", "gglw-head", {"reason": "等规划", "review_at": "9999-12-31T23:59:59+00:00"}, "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("door", "act", "by", "given", "code"), ACTS)
def test_an_act_that_is_refused_changes_nothing(service, lamp, unchanged, door, act, by, given, code):
    answer = service.post(f"/{door}/tickets/{lamp[0]}/{act}", given, service.staff(by))
    assert (answer.code, answer.status < 500) == (code, True), answer.raw
    assert is_clear(answer)


def test_photos_of_others_are_refused(service, lamp):
    upload = service.post(
        "/api/uploads", {"content_type": "image/jpeg", "size": 1000}, service.resident("other")
    )
    before = everything(service)
    photo = [upload.body["photo_id"]]
    for answer in (
        service.post("/api/tickets", body(photos=photo), service.resident()),
        service.post(
            f"/api/tickets/{lamp[0]}/comments", {"text": "看图", "photos": photo}, service.resident()
        ),
        service.staff_act(lamp[0], "arrived", HANDLER, photos=photo),
    ):
        assert (answer.status, answer.code) == (403, "not_yours")
    assert service.get(f"/api/photos/{photo[0]}?ticket_id={lamp[0]}", service.resident()).status == 404
    assert everything(service) == before


@pytest.mark.parametrize(
    "given",
    [{}, {"content_type": "image/gif", "size": 10}, {"content_type": "image/jpeg", "size": 0}, {"content_type": "image/jpeg", "size": 10485761},
     {"content_type": "image/jpeg", "size": "big"}, {"content_type": "x" * 101, "size": 1}, {"content_type": "image/jpeg", "size": 1, "key": "x"}],
)  # fmt: skip
def test_an_upload_that_is_no_photo_or_too_big_is_refused(service, unchanged, given):
    answer = service.post("/api/uploads", given, service.resident())
    assert (answer.status, answer.code) == (422, "invalid")
    assert is_clear(answer)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ticket_ids": []},
        {"ticket_ids": ["x"] * 101},
        {"ticket_ids": "x"},
        {"ticket_ids": ["x"], "given": {"txt": "八点"}},
    ],
)
def test_a_bulk_act_is_checked_before_any_ticket_is_touched(service, lamp, unchanged, given):
    answer = service.post("/desk/bulk/answer", given, service.staff(DESK))
    assert (answer.status, answer.code) == (422, "invalid")


def test_what_is_offered_for_many_says_for_which_and_does_nothing(service, lamp):
    new = service.report("请问社区食堂在哪").body["id"]
    before = everything(service)
    offered = service.post("/desk/bulk", {"ticket_ids": [lamp[0], new, "x", new]}, service.staff(DESK)).body
    assert everything(service) == before
    possible = {each["name"]: each["ticket_ids"] for each in offered["items"]}
    assert new in possible["answer"]
    assert lamp[0] not in possible["answer"]
    assert possible["comment"] == [lamp[0], new]
    assert "close" not in possible


@pytest.mark.parametrize(
    ("act", "given"), [("comment", {"text": "正在核实", "public": True}), ("answer", {"text": "八点"})]
)
def test_a_bulk_act_sent_again_answers_as_done_and_does_nothing_twice(service, act, given):
    ids = [service.report("请问社区食堂在哪").body["id"] for _ in range(2)]
    sent = {"ticket_ids": ids, "given": given}
    first = service.post(f"/desk/bulk/{act}", sent, service.staff(DESK), key="bulk-once-" + act)
    before = everything(service)
    again = service.post(f"/desk/bulk/{act}", sent, service.staff(DESK), key="bulk-once-" + act)
    assert (again.status, again.body) == (first.status, first.body)
    assert all("error" not in result and "code" not in result for result in again.body["results"])
    assert everything(service) == before


def test_in_a_bulk_act_a_refused_ticket_says_why_and_the_others_are_done(service, lamp):
    ids = [lamp[0], lamp[1], "x"]
    results = service.post(
        "/desk/bulk/answer", {"ticket_ids": ids, "given": {"text": "八点"}}, service.staff(DESK)
    ).body["results"]
    assert [(r["ok"], r.get("code")) for r in results] == [
        (False, "wrong_stage"),
        (True, None),
        (False, "not_found"),
    ]
    assert service.ticket(lamp[1]).stage is Stage.CLOSED
