"""Every line of the doctor says ok or what to do; one that cannot be asked stops no other."""

from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from infra.production import aws, canary, doctor, quotas
from infra.production.aws import TABLES, Account

REGION = "cn-north-1"


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield aws.account(REGION)


def said(check, account, values=None):
    return list(check(account, "prod", values or {}))


def test_before_the_first_deployment_it_says_so_and_goes_on_to_the_end(account, monkeypatch):
    monkeypatch.setattr(quotas, "concurrency", lambda _: 10)
    lines = list(doctor.examine(account, "prod"))
    told = {each.what: each for each in lines}
    assert told["登录凭证"].ok
    assert not told["函数并发配额"].ok
    assert (told["堆栈"].ok, "make deploy STAGE=prod" in told["堆栈"].text) == (False, True)
    assert not told["网址"].ok
    assert told["走一遍"].ok
    assert all(str(each).startswith(("好", "要办")) for each in lines)


def test_a_check_that_cannot_be_made_is_a_line_and_stops_no_other(account, monkeypatch):
    def denied(*_):
        raise PermissionError("AccessDenied")
        yield

    monkeypatch.setattr(doctor, "CHECKS", dict.fromkeys(doctor.CHECKS, denied))
    lines = list(doctor.examine(account, "prod"))
    assert len(lines) == 1 + len(doctor.CHECKS)
    assert {each.ok for each in lines[1:]} == {False}


@pytest.mark.parametrize("held", [None, "wechat_push_token"])
def test_a_secret_that_a_setting_asks_for_is_missed_by_name(account, held):
    for name in ("identity_key", "slip_key", "wechat_secret", "wechat_aes_keys", *([held] if held else [])):
        account.client("ssm").put_parameter(
            Name=f"/mslj/prod/secrets/{name}", Value="x" * 40, Type="SecureString"
        )
    [line] = said(doctor.secrets, account, {"WechatAppid": "wx1"})
    assert line.ok is (held is not None)
    assert ("wechat_push_token" in line.text) is not line.ok
    assert said(doctor.secrets, account)[0].ok


@pytest.mark.parametrize(("protected", "recovers"), [(True, True), (True, False), (False, True)])
def test_a_table_without_its_protection_is_named(account, protected, recovers):
    tables = account.client("dynamodb")
    for name in TABLES:
        tables.create_table(
            TableName=f"mslj-prod-{name}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
            DeletionProtectionEnabled=protected,
        )
        tables.update_continuous_backups(
            TableName=f"mslj-prod-{name}",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovers},
        )
    lines = said(doctor.tables, account)
    assert len(lines) == len(TABLES)
    assert {each.ok for each in lines} == {protected and recovers}


@pytest.mark.parametrize(
    ("state", "fine", "what"),
    [
        ("ALARM", False, "告警 mslj-prod-untold-lines"),
        ("OK", True, "流水都通知到了"),
        (None, False, "流水都通知到了"),
    ],
)
def test_lines_that_nobody_was_told_of_are_said_and_so_is_that_nobody_looks(account, state, fine, what):
    watch = account.client("cloudwatch")
    for name in ("send-late", "untold-lines") if state else ("send-late",):
        watch.put_metric_alarm(
            AlarmName=f"mslj-prod-{name}",
            AlarmDescription="请执行 make retell",
            Namespace="n",
            MetricName="m",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        watch.set_alarm_state(AlarmName=f"mslj-prod-{name}", StateValue="OK", StateReason="x")
    if state:
        watch.set_alarm_state(AlarmName="mslj-prod-untold-lines", StateValue=state, StateReason="x")
    lines = {each.what: each for each in said(doctor.alarms, account)}
    assert lines[what].ok is fine
    assert ("告警" in lines) is (state != "ALARM")
    assert not lines[what].text or fine or "make" in lines[what].text or "部署" in lines[what].text


class Acm:
    def __init__(self, days, status="ISSUED", names=("mslj.example.cn",)):
        self.found = {
            "Status": status,
            "NotAfter": datetime.now(UTC) + timedelta(days=days),
            "SubjectAlternativeNames": list(names),
        }

    def describe_certificate(self, **_):
        return {"Certificate": self.found}


@pytest.mark.parametrize(
    ("acm", "fine"),
    [
        (Acm(90), True),
        (Acm(90, names=("*.example.cn",)), True),
        (Acm(30), False),
        (Acm(90, status="PENDING_VALIDATION"), False),
        (Acm(90, names=("other.cn",)), False),
    ],
)
def test_a_certificate_that_ends_soon_or_is_anothers_is_said(account, monkeypatch, acm, fine):
    monkeypatch.setattr(Account, "client", lambda *_: acm)
    lines = said(
        doctor.certificate, account, {"CertificateArn": "x", "PublicUrl": "https://mslj.example.cn/"}
    )
    assert all(each.ok for each in lines) is fine


@pytest.mark.parametrize(("text", "fine"), [('{"a": {}}', True), ("", False), ("{}", False), ("{", False)])
def test_a_mini_program_without_templates_reaches_nobody(text, fine):
    assert doctor._templates(text).ok is fine


def test_wecom_without_a_fixed_way_out_is_said_before_it_refuses(account, monkeypatch):
    monkeypatch.setattr(doctor.urllib.request, "urlopen", lambda *_, **__: None)
    values = {"WecomBaseUrl": "https://qyapi.weixin.qq.com", "WecomCorpId": "c"}
    assert [each.ok for each in said(doctor.platforms, account, values)] == [True, True, False]
    assert all(each.ok for each in said(doctor.platforms, account, values | {"SendSubnetIds": "a,b"}))


def test_china_is_reminded_of_its_filing(account, monkeypatch):
    monkeypatch.setattr(doctor.urllib.request, "urlopen", lambda *_, **__: None)
    lines = said(doctor.address, account, {"PublicUrl": "https://mslj.example.cn/"})
    assert [each.what for each in lines] == ["网址", "备案"]


@pytest.mark.parametrize("broken", [None, "api/sessions", "api/tickets", "api/inbox"])
def test_the_walk_ends_at_the_first_step_that_fails_and_says_whose_log_to_read(monkeypatch, broken):
    answers = {
        "api/sessions": (201, {"token": "t"}),
        "api/tickets": (201, {"id": "T1"}),
        "api/inbox": (200, {"items": [{"ticket_id": "T1"}]}),
    }

    def ask(_, url, *__):
        path = url.removeprefix("https://x/")
        return (500, {}) if path == broken else answers[path]

    monkeypatch.setattr(canary, "ask", ask)
    monkeypatch.setattr(canary, "STEP_SECONDS", 0)
    lines = list(canary.steps("https://x/", "drill", wait=0.01))
    assert [fine for _, fine, _ in lines][-1] is (broken is None)
    assert all(fine for _, fine, _ in lines[:-1])
    assert broken is None or "mslj-drill-" in lines[-1][2]


def test_a_real_town_is_never_tried_with_a_made_up_report(account, monkeypatch):
    monkeypatch.setattr(canary, "walk", lambda *_: pytest.fail("reported in a real town"))
    [line] = said(doctor.a_report, account, {"Practice": "false"})
    assert "演练" in line.text
