"""Every AWS call that the functions make in a whole walk is allowed by the deployment's policies, as the judge weighs them."""

import base64
import json
import re
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import urllib3

from chalicelib.store.keys.identity import UNHASHED_PK
from infra.local.policies import rules
from infra.local.processes import wait_until
from infra.local.runtime import judge
from infra.local.runtime.asked import Asked, arn_of, asked
from infra.local.town import SAMPLE, files_of
from tests import weighed
from tests.local.commands import call, report, run_command, signed_in, wake, wake_schedule

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OURS = rules()


def is_allowed(function, action, resource, kind):
    key = kind if kind == UNHASHED_PK else f"{kind}#1"  # the one partition that is a name alone
    call = Asked(action, resource, (key,) if kind else ())
    try:
        judge.check(
            OURS, OURS.caller(function), action, arn_of(call, "aws", OURS.region, OURS.account), call.keys
        )
    except judge.Denied:
        return False
    return True


@pytest.mark.parametrize(
    ("function", "action", "resource", "kind", "allowed"),
    [
        ("api", "dynamodb:PutItem", "mslj-local-identities", "TICKET", True),
        ("api", "dynamodb:GetItem", "mslj-local-identities", "TICKET", False),
        ("reveal", "dynamodb:GetItem", "mslj-local-identities", "TICKET", True),
        ("api", "dynamodb:Query", "mslj-local-identities", "WHY", True),
        ("api", "dynamodb:Query", "mslj-local-identities", "PHONE", False),
        ("api", "dynamodb:PutItem", "mslj-local-traces", "AUDIT", True),
        ("api", "dynamodb:DeleteItem", "mslj-local-traces", "AUDIT", False),
        ("nightly", "dynamodb:UpdateItem", "mslj-local-traces", "AUDIT", False),
        ("run_job", "dynamodb:PutItem", "mslj-local-traces", "AUDIT", False),
        ("reveal", "dynamodb:PutItem", "mslj-local-identities", "WHY", True),
        ("reveal", "dynamodb:PutItem", "mslj-local-identities", "TICKET", True),
        ("reveal", "dynamodb:PutItem", "mslj-local-identities", "PERSON", True),
        ("reveal", "dynamodb:PutItem", "mslj-local-identities", "KNOWN", True),
        (
            "reveal",
            "dynamodb:DeleteItem",
            "mslj-local-work",
            "DRAFTS",
            True,
        ),  # an erasure takes the keepers' question
        ("api", "dynamodb:PutItem", "mslj-local-identities", UNHASHED_PK, True),
        *(
            (function, "dynamodb:PutItem", "mslj-local-identities", kind, False)
            for function in ("api", "run_job")
            for kind in ("PHONE", "KNOWN", "PERSON")
        ),
        ("api", "lambda:InvokeFunction", "mslj-local-reveal", "", True),
        ("api", "lambda:InvokeFunction", "mslj-local-run_job", "", True),
        ("on_ticket_event", "lambda:InvokeFunction", "mslj-local-run_job", "", False),
        ("run_job", "lambda:InvokeFunction", "mslj-local-reveal", "", True),
        ("on_ticket_event", "lambda:InvokeFunction", "mslj-local-reveal", "", True),
        ("send", "lambda:InvokeFunction", "mslj-local-reveal", "", False),
        ("api", "dynamodb:DeleteItem", "mslj-local-work", "SESSION", True),
        ("api", "dynamodb:DeleteItem", "mslj-prod-work", "SESSION", False),
        ("send", "dynamodb:PutItem", "mslj-local-tickets", "TICKET", True),
        ("send", "dynamodb:DeleteItem", "mslj-local-tickets", "TICKET", False),
        ("send", "dynamodb:PutItem", "mslj-local-identities", "PERSON", False),
        ("send", "dynamodb:GetItem", "mslj-local-identities", "PERSON", True),
        ("send", "dynamodb:GetItem", "mslj-local-identities", "TICKET", False),
        ("api", "dynamodb:Query", "mslj-local-tickets/index/GSI1", "", True),
        ("api", "s3:GetObject", "mslj-local-photos-000000000000/incoming/x", "", False),
        ("photos", "s3:GetObject", "mslj-local-photos-000000000000/incoming/x", "", True),
        ("on_ticket_event", "states:StopExecution", "mslj-local-escalation:01KAT-1", "", True),
        ("on_ticket_event", "states:StopExecution", "mslj-prod-escalation:01KAT-1", "", False),
        ("api", "states:StopExecution", "mslj-local-escalation:01KAT-1", "", False),
        ("feed", "dynamodb:GetItem", "mslj-local-identities", "TICKET", True),
        ("feed", "dynamodb:GetItem", "mslj-local-identities", "PERSON", False),
        ("feed", "dynamodb:PutItem", "mslj-local-identities", "TICKET", False),
        ("feed", "dynamodb:PutItem", "mslj-local-traces", "AUDIT", True),
        ("feed", "dynamodb:UpdateItem", "mslj-local-traces", "AUDIT", False),
        ("feed", "dynamodb:PutItem", "mslj-local-tickets", "TICKET", False),
        ("exchange", "dynamodb:GetItem", "mslj-local-identities", "TICKET", False),
    ],
)
def test_the_policies_draw_these_lines(function, action, resource, kind, allowed):
    assert is_allowed(function, action, resource, kind) is allowed


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("identity_key", {"reveal"}),
        ("slip_key", {"api"}),
        ("partner_hotline", {"api", "exchange", "feed"}),
        ("wechat_secret", {"api", "send"}),
        ("wechat_push_token", {"api"}),
        ("wechat_aes_keys", {"api"}),
        ("wecom_secret", {"send"}),
        ("wecom_push_token", {"api", "send"}),  # without it no card has a button
        ("wecom_aes_keys", {"api", "send"}),
        ("wecom_robot_key", {"send", "tell_alarm"}),
        ("another", set()),
    ],
)
def test_a_secret_is_read_by_those_who_need_it_and_by_nobody_else(name, readers):
    path, stranger = f"/mslj/local/secrets/{name}", f"/mslj/prod/secrets/{name}"
    functions = OURS.functions
    assert {each for each in functions if is_allowed(each, "ssm:GetParameter", path, "")} == readers
    assert not any(is_allowed(each, "ssm:GetParameter", stranger, "") for each in functions)


@pytest.mark.parametrize("action", ["UpdateItem", "DeleteItem", "BatchWriteItem"])
def test_the_traces_refuse_to_be_changed_by_a_role_that_may_do_anything(action):
    everything = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    open_to_all = replace(OURS, functions={"api": [everything]})
    table = f"arn:aws:dynamodb:{OURS.region}:{OURS.account}:table/mslj-local-traces"
    judge.check(open_to_all, OURS.caller("api"), "dynamodb:PutItem", table, ("AUDIT#1",))
    with pytest.raises(judge.Denied, match="resource-based"):
        judge.check(open_to_all, OURS.caller("api"), f"dynamodb:{action}", table, ("AUDIT#1",))


def test_a_transaction_counts_as_each_of_its_parts():
    said = {
        "TransactItems": [
            {"Put": {"TableName": "t", "Item": {"PK": {"S": "TICKET#1"}}}},
            {"ConditionCheck": {"TableName": "w", "Key": {"PK": {"S": "TOWN"}}}},
        ]
    }
    expected = [("dynamodb:PutItem", "t", ("TICKET#1",)), ("dynamodb:ConditionCheckItem", "w", ("TOWN",))]
    assert asked("dynamodb", "TransactWriteItems", said) == expected


def test_a_stopped_execution_is_named_after_its_state_machine():
    said = {"executionArn": "arn:aws:states:us-east-1:0:execution:mslj-local-escalation:01KAT-1"}
    expected = [("states:StopExecution", "mslj-local-escalation:01KAT-1", ())]
    assert asked("stepfunctions", "StopExecution", said) == expected


RINGING = {
    "remind_handler": "remind",
    "escalate_one_rung": "escalate",
    "issue_supervision_order": "supervise",
}


def recorded(town):
    """Every different (function, action, resource, kind of key) so far, the names of photos left out."""
    lines = (town.place.home / "calls.jsonl").read_text().splitlines()
    return {
        (function, action, re.sub(r"/(incoming|photos|thumbs|jobs)/.+", r"/\1/x", resource), kind)
        for function, action, resource, kind in map(json.loads, lines)
    }


def walk_through_every_function(town):
    """The smoke walk, someone's identity revealed, and every task woken once for a ticket."""
    walk = run_command(town, "smoke")
    assert walk.returncode == 0, walk.stdout + walk.stderr
    _, session = call(town, "POST", "api/sessions", {})
    ticket_id = report(town, session["token"], contact={"name": "王阿姨", "phone": "13800001111"})
    people = signed_in(town)
    desk = people["first_contact"]
    body = {"fields": ["phone"], "reason": "回访核实维修情况"}
    status, shown = call(town, "POST", f"staff/tickets/{ticket_id}/reveal", body, desk)
    assert (status, shown.get("phone")) == (200, "13800001111"), shown
    alarm = {"clock_id": "none", "rung": 0, "at": "2026-11-22T00:00:00.000Z", "act": "remind", "to": "desk"}
    watched = {"ticket_id": ticket_id, "generation": 1, "round": 1, "alarm": alarm}
    for task in (
        "look_at_ticket",
        "ask_resident",
        "look_for_answer",
        "put_on_call_list",
        "look_at_calls",
    ):
        wake(town, task, watched)
    for task, act in RINGING.items():
        wake(town, task, watched | {"alarm": alarm | {"act": act}})
    wake(town, "tell_alarm", {"Records": [{"Sns": {"Message": "{}"}}]})
    exchange_with_partners(town, desk)
    report_by_open311(town)
    import_over_http(town, people["admin"])
    for schedule in ("sweep", "count", "nightly", "feed"):
        wake_schedule(town, schedule)


def exchange_with_partners(town, desk):
    """An order pushed and forwarded, its answer sent; a file of orders as a job; every list that the desk reads of it."""
    done = run_command(town, "push_order", "--number", "SH-POLICY", "--text", "反映小区管理问题")
    assert done.returncode == 0, done.stderr
    [order] = call(town, "GET", "staff/search?external=hotline:SH-POLICY", None, desk)[1]["items"]
    assert_done(
        town, f"desk/tickets/{order['id']}/forward", {"to": "12345", "text": "属地不符，属邻镇"}, desk
    )
    exchanges = f"desk/tickets/{order['id']}/exchanges"
    assert wait_until(lambda: len(call(town, "GET", exchanges, None, desk)[1]["items"]) == 2, seconds=30)
    wake_schedule(town, "exchange")
    sent = call(town, "GET", exchanges, None, desk)[1]["items"][1]
    assert sent["state"] == "acknowledged", sent
    table = "工单编号,诉求内容\nSH-P1,盛华景苑4号楼门口路灯坏了\n".encode()
    job = assert_done(town, "desk/partners/hotline/orders", {"file": base64.b64encode(table).decode()}, desk)
    path = f"desk/jobs/{job['job']}"
    assert wait_until(lambda: call(town, "GET", path, None, desk)[1]["finished_at"], seconds=60, step=0.5)
    for listed in ("desk/jobs", "desk/partners", "desk/partners/hotline/orders", "desk/exchanges"):
        assert call(town, "GET", listed, None, desk)[0] == 200


def report_by_open311(town):
    key = run_command(town, "api_key", "policies").stdout.strip()
    form = {
        "api_key": key,
        "service_code": "B01",
        "description": "楼道灯不亮",
        "lat": "31.1116",
        "long": "121.4571",
    }
    answer = urllib3.request(
        "POST", f"{town.url}open311/v2/requests.json", body=urlencode(form), headers=FORM
    )
    assert answer.status in (200, 201), answer.data
    for document in ("requests.json", "services.xml", f"servicerequestupdates.json?api_key={key}"):
        assert urllib3.request("GET", f"{town.url}open311/v2/{document}").status == 200


def import_over_http(town, admin):
    """The town with one person's name changed, and then as it was."""
    files = files_of(SAMPLE)
    changed = files | {"staff.csv": files["staff.csv"].replace("网格员甲".encode(), "网格员某".encode(), 1)}
    assert changed != files
    for each in (changed, files):
        sent = {name: base64.b64encode(content).decode() for name, content in each.items()}
        plan = assert_done(town, "admin/town/plan", {"files": sent}, admin)["id"]
        report = assert_done(town, "admin/town", {"files": sent, "plan": plan}, admin)
        assert not report["unchanged"]


def assert_done(town, path, body, token):
    status, answer = call(town, "POST", path, body, token)
    assert status < 300, (path, answer)
    return answer


@pytest.mark.local_cloud
def test_no_function_calls_what_its_policy_does_not_allow(town):
    walk_through_every_function(town)
    woken = {
        "api",
        "on_ticket_event",
        "send",
        "photos",
        "reveal",
        "look_at_ticket",
        "sweep",
        "count",
        "nightly",
    }
    woken |= {*RINGING, "tell_alarm", "exchange", "run_job", "feed"}
    assert wait_until(lambda: woken <= {call[0] for call in recorded(town)}, seconds=60, step=1)
    assert not sorted(call for call in recorded(town) if not is_allowed(*call))


def test_a_secret_is_read_one_by_one_and_the_vaults_key_is_opened_by_whom_its_table_names():
    """No way round the table above: no list of secrets, no right to the key but through the table of identities."""
    some = "/mslj/local/secrets/identity_key"
    for action in ("GetParameters", "GetParametersByPath", "GetParameterHistory", "DescribeParameters"):
        for path in (some, some.rpartition("/")[0]):
            assert not [each for each in OURS.functions if is_allowed(each, f"ssm:{action}", path, "")]
    assert not [each for each, own in OURS.functions.items() if "kms:" in json.dumps(own)]
    [(table, policy)] = OURS.keys.items()
    assert table.endswith("mslj-local-identities")
    named = {role for each in policy for role in each["Principal"]["AWS"] if role in OURS.roles.values()}
    users = {
        OURS.roles[each] for each, own in OURS.functions.items() if "mslj-local-identities" in json.dumps(own)
    }
    assert named == users


def test_the_service_of_the_tests_refuses_a_function_what_its_policy_does_not_allow(service, monkeypatch):
    """What tests/conftest.py names is weighed: where `reveal` loses a right, what needs it fails and is named."""
    own = service.report("楼道灯坏了，晚上看不见", contact={"name": "王阿姨", "phone": "13800001111"})
    less = weighed.our_rules()
    kept = [each for each in less.functions["reveal"] if "dynamodb:DeleteItem" not in each["Action"]]
    assert len(kept) < len(less.functions["reveal"])
    monkeypatch.setattr(
        weighed, "our_rules", lambda: replace(less, functions=less.functions | {"reveal": kept})
    )
    body = {"text": "楼道灯", "checked": "in_person"}
    path = f"/desk/tickets/{own.body['id']}/erase"
    with (
        pytest.raises(AssertionError, match="not authorized to perform: dynamodb"),
        weighed.weighed(monkeypatch),
    ):
        assert service.post(path, body, service.staff("gglw-fc1")).status == 503
