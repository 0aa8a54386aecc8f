"""Faults of the parts we need: 503 with a code, nothing changed, and everything works when they have passed."""

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.gateways import reveal, secrets
from chalicelib.store import direct, table
from chalicelib.store.identity import audit
from chalicelib.store.tickets import tickets
from chalicelib.tasks import reveal as reveal_task
from tests.api.unchanged import everything, is_clear

LAMP = "四号楼楼道灯不亮"
PHONE = "13812345678"


def throttled(**request):
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "secret detail"}}, "AnyOperation")


def conflicting(**request):
    raise direct.Cancelled(["TransactionConflict"])


def silent(**request):
    raise ReadTimeoutError(endpoint_url="https://internal.example")


def unreachable(**request):
    raise EndpointConnectionError(endpoint_url="https://internal.example")


def broken(**request):
    raise ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": "secret detail"}}, "AnyOperation"
    )


@pytest.fixture
def lamp(service):
    return service.report(LAMP, contact={"phone": PHONE}).body["id"]


def asked(service, ticket_id):
    return [
        service.report(LAMP),
        service.staff_act(ticket_id, "take", "pm-shjy-a"),
        service.desk_act(ticket_id, "publish", "gglw-fc1", text="正在维修"),
        service.post(f"/api/tickets/{ticket_id}/withdraw", {"reason": "好了"}, service.resident()),
    ]


@pytest.mark.parametrize("fault", [throttled, conflicting, silent, unreachable])
def test_a_write_that_fails_for_the_moment_is_told_so_and_works_afterwards(service, lamp, monkeypatch, fault):
    for code in ("pm-shjy-a", "gglw-fc1"):
        service.staff(code)
    before = everything(service)
    with monkeypatch.context() as patch:
        patch.setattr(table.client(), "transact_write_items", fault)
        patch.setattr(tickets.time, "sleep", lambda seconds: None)
        answers = asked(service, lamp)
    for answer in answers:
        assert (answer.status, answer.code) == (503, "try_again"), answer.raw
        assert is_clear(answer)
        assert "internal.example" not in answer.raw.decode()
    assert everything(service) == before
    assert [answer.status for answer in asked(service, lamp)] == [201, 200, 200, 200]


@pytest.mark.parametrize("operation", ["get_item", "query", "batch_get_item"])
def test_a_read_that_is_throttled_is_told_so(service, lamp, monkeypatch, operation):
    token, resident = service.staff("gglw-fc1"), service.resident()
    service.get(f"/api/tickets/{lamp}", resident)  # the first opening is kept: what was told has arrived
    before = everything(service)
    with monkeypatch.context() as patch:
        patch.setattr(table.client(), operation, throttled)
        answers = [
            service.get("/staff/queues/desk", token),
            service.get(f"/api/tickets/{lamp}", resident),
            service.get("/api/tickets", resident),
            service.get("/staff/search?place=SHJY-4-1&since=2026-11-01", token),
        ]
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    for answer in refused:
        assert (answer.status, answer.code) == (503, "try_again")
        assert b"secret" not in answer.raw
    assert everything(service) == before
    assert service.get(f"/api/tickets/{lamp}", resident).status == 200


def test_a_fault_that_does_not_pass_tells_nothing_of_our_inside(service, lamp, monkeypatch):
    before = everything(service)
    with monkeypatch.context() as patch:
        patch.setattr(table.client(), "transact_write_items", broken)
        answer = service.report(LAMP)
    assert (answer.status, answer.code) == (500, "internal")
    assert is_clear(answer)
    assert b"secret" not in answer.raw
    assert everything(service) == before


def test_a_report_whose_answer_was_lost_is_made_once(service, monkeypatch):
    real = table.client().transact_write_items

    def answered_into_the_void(**request):
        real(**request)
        raise ReadTimeoutError(endpoint_url="x")

    body = {"point": service.point(), "text": LAMP}
    with monkeypatch.context() as patch:
        patch.setattr(table.client(), "transact_write_items", answered_into_the_void)
        assert service.post("/api/tickets", body, service.resident(), key="one-and-the-same").status == 503
    again = service.post("/api/tickets", body, service.resident(), key="one-and-the-same")
    assert again.status == 201
    mine = service.get("/api/tickets", service.resident()).body["items"]
    assert [ticket["id"] for ticket in mine] == [again.body["id"]]


@pytest.mark.parametrize("fault", [throttled, unreachable])
def test_without_the_secrets_no_partner_gets_in_and_nothing_is_written(service, monkeypatch, fault):
    before = everything(service)
    with monkeypatch.context() as patch:
        secrets._held.cache_clear()
        asked = boto3.client("ssm")
        patch.setattr(asked, "get_parameter", fault)
        patch.setattr(secrets, "client", lambda name: asked)
        answer = service.get("/partners/city/events")
        assert (answer.status, answer.code) == (503, "try_again")
    assert everything(service) == before
    assert service.post("/api/sessions", {}).status == 201  # who reports needs none of them


def reveal_phone(service, ticket_id):
    return service.staff_act(ticket_id, "reveal", "gglw-fc1", fields=["phone"], reason="回访时要打电话")


def test_a_reveal_that_fails_answers_nothing_and_works_afterwards(service, lamp, monkeypatch):
    service.reveal_lambda.fails = True
    for answer in (reveal_phone(service, lamp), service.get("/api/me", service.resident())):
        assert (answer.status, answer.code) == (503, "try_again")
        assert is_clear(answer)
        assert PHONE.encode() not in answer.raw
    service.reveal_lambda.fails = False
    assert reveal_phone(service, lamp).body == {"phone": PHONE}


@pytest.mark.parametrize("fault", [throttled, unreachable])
def test_the_reveal_function_cannot_be_reached(service, lamp, monkeypatch, fault):
    with monkeypatch.context() as patch:
        patch.setattr(reveal, "client", lambda name: type("Lambda", (), {"invoke": staticmethod(fault)}))
        answer = reveal_phone(service, lamp)
    assert (answer.status, answer.code) == (503, "try_again")


def test_where_no_trace_can_be_written_nothing_is_read_and_nothing_answered(service, lamp, monkeypatch):
    def unwritable(*args, **how):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    def never(*args):
        pytest.fail("read before its trace was written")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "put", unwritable)
        patch.setattr(reveal_task.revealing.identities, "find_contact", never)
        patch.setattr(reveal_task.revealing.identities, "list_ticket_ids_by_phone", never)
        answers = [
            reveal_phone(service, lamp),
            service.post(
                "/staff/search/phone", {"phone": PHONE, "reason": "居民来电查询"}, service.staff("gglw-fc1")
            ),
            service.get(f"/staff/tickets/{lamp}", service.staff("gglw-fc1")),
        ]
    for answer in answers:
        assert (answer.status, answer.code) == (503, "try_again")
        assert PHONE.encode() not in answer.raw
    assert not [trace for trace in audit.list_traces(lamp) if trace.what == "revealed"]
