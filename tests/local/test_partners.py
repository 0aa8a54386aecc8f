"""Partners over real HTTP, in the deployed local cloud: an order pushed, finished, answered, whatever the partner does meanwhile."""

import json
import urllib.request
import uuid
from datetime import datetime

import pytest

from chalicelib.domain.model import SHANGHAI
from infra.local import push_order
from infra.local.processes import wait_until
from tests.local.commands import call, run_command, signed_in, wake_schedule

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


def push(cloud, number, text="反映小区管理问题", key=b"", **more):
    now = datetime.now(SHANGHAI)
    order = push_order.an_order(number, text, now) | {"category": ""} | more
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
    """500, then garbage, then a lost answer, then nobody there: what was finished meanwhile arrives in order, once."""
    desk = people["first_contact"]
    status, made = push(partners, FAULTS)
    assert (status, made["how"]) == (201, "made")
    [ticket] = found(partners, FAULTS, desk)
    behave(partners, "error")
    try:
        handled(partners, ticket["id"], people)
        owed = [("made", "received"), ("taken", "waiting"), ("resolved", "waiting")]
        assert wait_until(lambda: of_ticket(partners, ticket["id"], desk) == owed, seconds=30, step=0.5)
        wake_schedule(partners, "exchange")
        assert acknowledged(partners, FAULTS) == []
        _, listed = call(partners, "GET", f"desk/tickets/{ticket['id']}/exchanges", None, desk)
        first, last = listed["items"][1:]
        assert (first["attempts"] >= 1, "500" in first["detail"], last["attempts"]) == (True, True, 0)
        for mode in ("garbage", "silent", "down"):
            behave(partners, mode)
            status, answer = call(partners, "POST", f"desk/exchanges/{last['id']}/resend", {}, desk)
            assert (status, answer["state"], answer["attempts"]) == (200, "waiting", 0)
    finally:
        behave(partners, "ok")
    assert acknowledged(partners, FAULTS) == ["签收"]  # done while it was silent, not known to us

    def all_done():
        call(partners, "POST", f"desk/exchanges/{last['id']}/resend", {}, desk)
        return {state for _, state in of_ticket(partners, ticket["id"], desk)} == {"received", "acknowledged"}

    assert wait_until(all_done, seconds=60, step=2)  # a host that hung up is left alone for 20 s
    assert acknowledged(partners, FAULTS) == ["签收", "办结"]
