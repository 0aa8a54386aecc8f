"""Partners over real HTTP, in the deployed local cloud: an order pushed, finished, answered, whatever the partner does meanwhile."""

import base64
import json
import urllib.request
import uuid
from datetime import datetime

import pytest

from chalicelib.domain.model import SHANGHAI
from infra.local import deploy, push_order
from infra.local.processes import wait_until
from tests.local.commands import call, run_command, signed_in, wake, wake_schedule

pytestmark = pytest.mark.local_cloud
UNIT, HANDLER = "OF-CY", "of-cy-a"
RUN = uuid.uuid4().hex[:6]
TWICE, FALSE, FAULTS = (f"SH-{RUN}-{name}" for name in ("twice", "false", "faults"))


@pytest.fixture(scope="module")
def partners(town):
    """The sample partners known, as `make run` and every command make them."""
    done = run_command(town, "push_order", "--number", "SH-KNOWN")
    assert done.returncode == 0, done.stderr
    return town


@pytest.fixture(scope="module")
def people(partners):
    return signed_in(partners)


def push(cloud, number, text="反映小区管理问题", key=b""):
    now = datetime.now(SHANGHAI)
    order = push_order.an_order(number, text, now)
    key = key or push_order.key_of(cloud.place, "hotline")
    return push_order.push(cloud.url, key, "hotline", order, now)


def played(cloud):
    with urllib.request.urlopen(f"{cloud.place.phones}/partners.json", timeout=10) as answer:
        return json.load(answer)["hotline"]


def acknowledged(cloud, number):
    return [said["act"] for said in played(cloud)["taken"] if said["number"] == number]


def behave(cloud, mode):
    body = json.dumps({"name": "hotline", "mode": mode}).encode()
    urllib.request.urlopen(f"{cloud.place.phones}/_stand_in/partner", body, timeout=10).close()


def found(cloud, number, desk):
    _, answer = call(cloud, "GET", f"staff/search?external=hotline:{number}", None, desk)
    return answer["items"]


def handled(cloud, ticket_id, people):
    """Dispatched, taken, told, resolved."""
    desk, handler = people["first_contact"], people["handler"]
    steps = [
        (f"desk/tickets/{ticket_id}/dispatch", {"unit_id": UNIT, "handler_id": HANDLER}, desk),
        (f"staff/tickets/{ticket_id}/take", {}, handler),
        (f"staff/tickets/{ticket_id}/contact", {"note": "已电话联系"}, handler),
        (f"staff/tickets/{ticket_id}/unit-feedback", {"text": "已安排，明天办好"}, handler),
        (f"staff/tickets/{ticket_id}/resolve", {"note": "已与物业办妥"}, handler),
    ]
    for path, body, token in steps:
        status, answer = call(cloud, "POST", path, body, token)
        assert status == 200, (path, answer)


def of_ticket(cloud, ticket_id, desk):
    _, answer = call(cloud, "GET", f"desk/tickets/{ticket_id}/exchanges", None, desk)
    return [(each["act"], each["state"]) for each in answer["items"]]


def test_an_order_pushed_by_the_documented_command_is_one_ticket_however_often_it_comes(partners, people):
    first, again = (run_command(partners, "push_order", "--number", TWICE) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "（made）" in first.stdout
    assert f"{TWICE} → 工单" in again.stdout
    assert len(found(partners, TWICE, people["first_contact"])) == 1


def test_a_wrong_key_is_refused_and_nothing_is_made(partners, people):
    status, answer = push(partners, FALSE, key=b"x" * 40)
    assert (status, answer["code"]) == (401, "not_signed_in")
    assert found(partners, FALSE, people["first_contact"]) == []


def test_a_partner_that_fails_in_the_middle_loses_nothing_and_does_nothing_twice(partners, people):
    """Nobody there, then 500, then garbage, then a lost answer: what was finished meanwhile arrives in order, once."""
    desk = people["first_contact"]
    status, made = push(partners, FAULTS)
    assert (status, made["how"]) == (201, "made")
    [ticket] = found(partners, FAULTS, desk)
    behave(partners, "down")
    try:
        handled(partners, ticket["id"], people)
        owed = [("made", "received"), ("taken", "waiting"), ("resolved", "waiting")]
        assert wait_until(lambda: of_ticket(partners, ticket["id"], desk) == owed, seconds=30, step=0.5)
        wake_schedule(partners, "exchange")
        _, listed = call(partners, "GET", f"desk/tickets/{ticket['id']}/exchanges", None, desk)
        first, last = listed["items"][1:]
        assert (first["attempts"] >= 1, first["detail"] != "", last["attempts"]) == (True, True, 0)
        again = f"desk/exchanges/{last['id']}/resend"
        for mode in ("error", "garbage", "silent"):
            behave(partners, mode)
            status, answer = call(partners, "POST", again, {}, desk)
            assert (status, answer["state"], answer["attempts"]) == (200, "waiting", 0)
    finally:
        behave(partners, "ok")
    assert acknowledged(partners, FAULTS) == ["签收"]  # done while it was silent, not known to us
    _, answer = call(partners, "POST", again, {}, desk)
    assert answer["state"] == "acknowledged", answer
    assert {state for _, state in of_ticket(partners, ticket["id"], desk)} == {"received", "acknowledged"}
    assert acknowledged(partners, FAULTS) == ["签收", "办结"]


ROWS = 60  # two chunks; each ticket is watched by a workflow here, so no more than it takes


def taken_in(cloud, mark):
    """The ticket of each order that has one."""
    keys = [{"PK": {"S": f"EXTERNAL#hotline#{mark}-{n}"}, "SK": {"S": "EXTERNAL"}} for n in range(ROWS)]
    table = "mslj-local-tickets"
    asked = {table: {"Keys": keys, "ConsistentRead": True}}
    found = deploy.client("dynamodb", cloud.place).batch_get_item(RequestItems=asked)
    return [item["ticket_id"]["S"] for item in found["Responses"][table]]


def test_a_kill_of_everything_in_the_middle_of_a_file_loses_no_order_and_makes_none_twice(partners, people):
    """The whole engine dies with the queue; what the sweep would wake after ten minutes is woken at once."""
    desk, mark = people["first_contact"], f"F-{RUN}"
    table = "工单编号,诉求内容\n" + "".join(f"{mark}-{n},小区门口路灯坏了{n}\n" for n in range(ROWS))
    body = {"file": base64.b64encode(table.encode()).decode()}
    status, begun = call(partners, "POST", "desk/partners/hotline/orders", body, desk)
    assert (status, begun["rows"]) == (202, ROWS)
    assert wait_until(lambda: bool(taken_in(partners, mark)), seconds=60, step=0.02)
    partners.kill("cloud")
    assert len(taken_in(partners, mark)) < ROWS
    assert wait_until(lambda: partners.wait_ready(1), seconds=120)
    path = f"desk/jobs/{begun['job']}"
    before = call(partners, "GET", path, None, desk)[1]
    assert before["finished_at"] is None
    for chunk in range(before["chunks"]):
        message = {"messageId": str(chunk), "body": json.dumps([begun["job"], chunk])}
        wake(partners, "run_job", {"Records": [message]})
    after = call(partners, "GET", path, None, desk)[1]
    assert after["finished_at"] is not None
    assert sum(after["counts"].values()) == ROWS
    assert len(set(taken_in(partners, mark))) == len(taken_in(partners, mark)) == ROWS
