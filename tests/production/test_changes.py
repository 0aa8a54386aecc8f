"""What a deployment refuses before it changes anything, and what it shows."""

import json

import boto3
import pytest
from moto import mock_aws

from infra.production import aws, changes, deploy, packages
from infra.production.aws import Refused
from tests.production.test_standing import opened

REGION = "cn-north-1"


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield aws.account(REGION)


def change(action="Modify", kind="AWS::DynamoDB::Table", replacement="False", name="TicketsTable"):
    return {"Action": action, "ResourceType": kind, "Replacement": replacement, "LogicalResourceId": name}


@pytest.mark.parametrize("kind", changes.HOLDS_DATA)
@pytest.mark.parametrize("how", [{"action": "Remove"}, {"replacement": "True"}])
def test_nothing_that_holds_data_is_removed_or_replaced(kind, how):
    with pytest.raises(Refused, match="TicketsTable"):
        changes.guard([change(action="Add"), change(kind=kind, **how)])


@pytest.mark.parametrize(
    "harmless",
    [
        change(),
        change(replacement="Conditional"),
        change(action="Add"),
        change(action="Remove", kind="AWS::CloudWatch::Alarm"),
        change(replacement="True", kind="AWS::ApiGateway::Deployment"),
    ],
)
def test_everything_else_may_change(harmless):
    changes.guard([harmless])


def test_what_takes_something_away_is_shown_first():
    shown = changes.shown(
        [change("Add", name="A"), change("Remove", name="Z"), change(replacement="True", name="Y")]
    )
    assert [line.split("（")[0].split()[-1] for line in shown] == ["Y", "Z", "A"]
    assert "重建" in shown[0]


def test_the_stack_itself_refuses_too():
    denied = [each for each in changes.STACK_POLICY["Statement"] if each["Effect"] == "Deny"]
    assert denied[0]["Action"] == ["Update:Replace", "Update:Delete"]
    assert set(denied[0]["Condition"]["StringEquals"]["ResourceType"]) == set(changes.HOLDS_DATA)


TEMPLATE = {
    "Parameters": {"Stage": {"Default": "local"}, "PublicUrl": {"Default": ""}, "New": {"Default": "n"}}
}
STACK = {
    "Parameters": [{"ParameterKey": key, "ParameterValue": "was"} for key in ("Stage", "PublicUrl", "Gone")]
}


def test_what_was_set_once_stays_what_is_given_wins_and_what_is_new_has_its_default():
    said = {each.pop("ParameterKey"): each for each in changes.parameters(TEMPLATE, STACK, {"Stage": "prod"})}
    assert said == {"Stage": {"ParameterValue": "prod"}, "PublicUrl": {"UsePreviousValue": True}}


def test_a_first_deployment_gives_only_what_is_given():
    assert changes.parameters(TEMPLATE, None, {"Stage": "prod"}) == [
        {"ParameterKey": "Stage", "ParameterValue": "prod"}
    ]


def test_a_parameter_that_nobody_knows_is_named_with_those_that_are_known():
    with pytest.raises(Refused, match=r"PublicURL.*PublicUrl"):
        changes.parameters(TEMPLATE, None, {"PublicURL": "x"})


@pytest.mark.parametrize("stage", ["", "Prod", "1st", "prod-2", "a" * 13, "local", "../x"])
def test_a_stage_is_a_short_plain_word_and_not_the_local_clouds(stage):
    with pytest.raises(Refused, match="STAGE=prod"):
        aws.check_stage(stage)


@pytest.mark.parametrize("stage", ["a", "prod", "a" * 12, "t2"])
def test_such_a_stage_is_fine(stage):
    aws.check_stage(stage)


def test_without_a_region_nothing_is_guessed(account):
    with pytest.raises(Refused, match="REGION=cn-north-1"):
        aws.account("")


def test_without_credentials_it_is_said_how_to_give_them(monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Refused, match="没有登录凭证"):
        aws.account(REGION)
    with pytest.raises(Refused, match="nobody"):
        aws.account(REGION, "nobody")


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("ap-southeast-1", "aws")])
def test_china_is_known_by_its_region(account, region, partition):
    found = aws.account(region)
    assert (found.partition, found.is_china) == (partition, partition == "aws-cn")


def test_a_bucket_of_ones_own_is_made_closed_and_found_again(account):
    made = packages.bucket_of(account)
    assert packages.bucket_of(account).name == made.name
    blocked = made.s3.get_public_access_block(Bucket=made.name)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}


def test_a_bucket_of_another_region_is_refused(account):
    where = {"LocationConstraint": "cn-northwest-1"}
    boto3.client("s3", region_name="cn-northwest-1").create_bucket(
        Bucket="far", CreateBucketConfiguration=where
    )
    with pytest.raises(Refused, match=r"cn-northwest-1.*同一个区域"):
        packages.bucket_of(account, "far")


def test_a_bucket_that_is_not_there_is_not_made_under_a_name_one_may_have_misspelt(account):
    with pytest.raises(Refused, match="misspelt"):
        packages.bucket_of(account, "misspelt")


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({}, "PublicUrl"),
        ({"PublicUrl": ""}, "PublicUrl"),
        (
            {"PublicUrl": "https://x.cn/", "CertificateArn": "arn:aws-cn:acm:us-east-1:1:certificate/x"},
            "同一个区域",
        ),
        ({"PublicUrl": "https://x.cn/", "CertificateArn": "x"}, "同一个区域"),
        ({"PublicUrl": "https://x.cn/", "TrustedProxies": "0.0.0.0/0"}, "TrustedProxies"),
        ({"PublicUrl": "https://x.cn/", "TrustedProxies": "proxy.example.cn"}, "TrustedProxies"),
    ],
)
def test_what_can_be_seen_beforehand_is_refused_beforehand(account, values, refused):
    with pytest.raises(Refused, match=refused):
        deploy.check(account, values)


@pytest.mark.parametrize(
    "values",
    [
        {"PublicUrl": "https://x.cn/"},
        {"Practice": "true"},
        {"PublicUrl": "https://x.cn/", "TrustedProxies": "10.1.0.0/16, 2001:db8::/48"},
        {"PublicUrl": "https://x.cn/", "CertificateArn": f"arn:aws-cn:acm:{REGION}:1:certificate/x"},
    ],
)
def test_such_a_deployment_may_go_on(account, values):
    deploy.check(account, values)


def secret(account):
    found = account.client("ssm").get_parameters_by_path(Path="/mslj/prod/secrets", WithDecryption=True)
    return {each["Name"].rpartition("/")[2]: each["Value"] for each in found["Parameters"]}


def test_our_own_keys_are_made_once_apart_and_never_again(account):
    deploy.ensure_secrets(account, "prod")
    made = secret(account)
    assert made.keys() == {"identity_key", "slip_key"}
    assert min(map(len, made.values())) >= deploy.SHORTEST
    assert len(set(made.values())) == len(made)
    deploy.ensure_secrets(account, "prod")
    assert secret(account) == made


@pytest.mark.parametrize(("length", "fine"), [(31, False), (32, True), (33, True)])
def test_a_key_that_is_too_short_is_refused_and_left_alone(account, length, fine):
    name = "/mslj/prod/secrets/identity_key"
    account.client("ssm").put_parameter(Name=name, Value="k" * length, Type="SecureString")
    if fine:
        deploy.ensure_secrets(account, "prod")
    else:
        with pytest.raises(Refused, match="identity_key"):
            deploy.ensure_secrets(account, "prod")
    assert secret(account)["identity_key"] == "k" * length


def test_parameters_come_from_a_file_and_from_the_command_which_wins(tmp_path):
    file = tmp_path / "prod.json"
    file.write_text(json.dumps({"PublicUrl": "https://a.cn/", "WechatTemplates": {"a": 1}}))
    given = deploy.read_given(["PublicUrl=https://b.cn/?x=y"], file)
    assert given == {"PublicUrl": "https://b.cn/?x=y", "WechatTemplates": '{"a": 1}'}


@pytest.mark.parametrize(("pairs", "text"), [(["PublicUrl"], "{}"), ([], "[]"), ([], "{"), ([], None)])
def test_parameters_that_cannot_be_read_are_refused(tmp_path, pairs, text):
    file = tmp_path / "prod.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(Refused):
        deploy.read_given(pairs, file)


def test_the_history_is_a_stack(account):
    from datetime import UTC, datetime

    bucket, now = opened(packages.bucket_of(account)), datetime(2026, 11, 22, tzinfo=UTC)
    for digest in ("a", "b", "b", "c"):
        packages.note_deployed(bucket, "prod", digest, now)
    packages.note_rolled_back(bucket, "prod", packages.before(bucket, "prod", "c"))
    assert [entry["digest"] for entry in packages.history(bucket, "prod")] == ["a", "b"]
    assert packages.history(bucket, "other") == []
