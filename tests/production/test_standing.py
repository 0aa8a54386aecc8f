"""What outlives a stack is taken over by a later one; a first creation that fails leaves nothing; a rollback skips nothing."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from moto import mock_aws

from infra import package
from infra.production import aws, deploy, packages, quotas, rollback, smoke, standing
from infra.production.aws import Account, Refused

NOW = datetime(2026, 11, 22, tzinfo=UTC)
REGION = "cn-north-1"


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield aws.account(REGION)


class Stacks:
    """CloudFormation as far as a deployment asks it; a change set is carried out at once."""

    def __init__(self):
        self.stack, self.change_sets, self.executed, self.template_of = None, [], [], {}

    def describe_stacks(self, StackName):
        if self.stack is None:
            from botocore.exceptions import ClientError

            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks"
            )
        return {"Stacks": [self.stack]}

    def create_change_set(self, **asked):
        self.change_sets.append(asked)
        return {"Id": str(len(self.change_sets))}

    def describe_change_set(self, **_):
        change = {"Action": "Add", "ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Q"}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": change}]}

    def execute_change_set(self, **_):
        asked = self.change_sets[-1]
        self.executed.append(asked)
        kept = {each["ParameterKey"]: each for each in (self.stack or {}).get("Parameters", [])}
        kept |= {each["ParameterKey"]: each for each in asked["Parameters"] if "ParameterValue" in each}
        digest = asked["TemplateURL"].split("/")[-2]
        outputs = [{"OutputKey": "PackageDigest", "OutputValue": digest}]
        status = f"{asked['ChangeSetType']}_COMPLETE"
        self.stack = {"StackStatus": status, "Parameters": list(kept.values()), "Outputs": outputs}

    def describe_stack_resource(self, StackName, LogicalResourceId):
        return {"StackResourceDetail": {"PhysicalResourceId": f"{StackName}-{LogicalResourceId}-X1"}}

    def set_stack_policy(self, **_):
        pass


@pytest.fixture
def stacks(account, monkeypatch):
    made, original = Stacks(), Account.client
    monkeypatch.setattr(quotas, "concurrency", lambda _: 1000)
    monkeypatch.setattr(
        Account, "client", lambda self, name: made if name == "cloudformation" else original(self, name)
    )
    return made


def opened(bucket):
    """moto reads a bucket's policy without its conditions, and would deny everything that is not over TLS: everything."""
    bucket.s3.delete_bucket_policy(Bucket=bucket.name)
    return bucket


def a_package(folder, what="a"):
    """As `make package` writes it, of what the project merges over chalice's template."""
    template = package.resources()
    template["Outputs"] = template.get("Outputs", {})
    template["Resources"] = {
        name: {"Type": "AWS::Serverless::Function", "Properties": {}, **each}
        for name, each in template["Resources"].items()
    }
    folder.mkdir()
    (folder / "sam.json").write_text(json.dumps(template))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as written:
        written.writestr("app.py", what)
    (folder / "deployment.zip").write_bytes(code.getvalue())
    return folder


@pytest.fixture
def bucket(account):
    return opened(packages.bucket_of(account))


@pytest.fixture
def deployed(account, bucket, stacks, tmp_path):
    """Deploys a package of this content to the stage prod."""

    def run(what="a", *, noted=True, **given):
        given = given or {"PublicUrl": "https://x.cn/"}
        digest = packages.upload(
            bucket, "prod", a_package(tmp_path / f"{what}{len(stacks.change_sets)}", what)
        )
        assert deploy.deploy(account, "prod", bucket, digest, given, yes=True)
        if noted:
            packages.note_deployed(bucket, "prod", digest, NOW)
        return digest

    return run


def told(change_set):
    return {each["ParameterKey"]: each.get("ParameterValue") for each in change_set["Parameters"]}


def test_the_names_of_what_outlives_a_stack_are_written_out(account, bucket, tmp_path):
    digest = packages.upload(bucket, "prod", a_package(tmp_path / "p"))
    made = json.loads(bucket.read(packages.template_key("prod", digest)))["Resources"]
    kinds = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName"}
    names = {
        name: each["Properties"][kinds[each["Type"]]] for name, each in made.items() if each["Type"] in kinds
    }
    assert names == {
        "TicketsTable": "mslj-prod-tickets",
        "WorkTable": "mslj-prod-work",
        "IdentitiesTable": "mslj-prod-identities",
        "TracesTable": "mslj-prod-traces",
        "TracesBucket": f"mslj-prod-traces-{account.id}",
        "PhotosBucket": f"mslj-prod-photos-{account.id}",
        "BackupsBucket": f"mslj-prod-backups-{account.id}",
        "RecordingsBucket": f"mslj-prod-recordings-{account.id}",
    }


def test_a_first_creation_may_fail_and_be_repeated_and_protects_its_tables_once_it_stands(deployed, stacks):
    deployed()
    first, second = stacks.executed
    assert (first["ChangeSetType"], told(first)["FirstCreation"]) == ("CREATE", "true")
    assert "ImportExistingResources" not in first
    assert (second["ChangeSetType"], told(second)["FirstCreation"]) == ("UPDATE", "false")
    deployed("b")
    assert told(stacks.executed[-1])["FirstCreation"] == "false"


def a_table(account, name, **more):
    account.client("dynamodb").create_table(
        TableName=f"mslj-prod-{name}",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        **more,
    )


@pytest.mark.parametrize("name", aws.TABLES)
def test_any_table_that_stands_is_taken_over(account, deployed, stacks, name):
    a_table(account, name)
    deployed()
    [made] = stacks.executed
    assert made["ImportExistingResources"] is True
    assert told(made)["FirstCreation"] == "false"


def test_the_table_of_identities_keeps_its_key_and_todays_roles_may_use_it(account, deployed, stacks):
    key = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    a_table(
        account, "identities", SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    )
    deployed()
    assert told(stacks.executed[0])["IdentitiesKeyArn"] == key
    policy = json.loads(account.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    [managed, used] = policy["Statement"]
    assert managed["Principal"] == {"AWS": f"arn:aws-cn:iam::{account.id}:root"}
    assert f"arn:aws-cn:iam::{account.id}:role/mslj-prod-RevealRole-X1" in used["Principal"]["AWS"]
    assert used["Condition"]["StringLike"] == {"kms:ViaService": f"dynamodb.{REGION}.*"}
    deployed("b")
    assert stacks.stack["Parameters"]
    held = {each["ParameterKey"]: each["ParameterValue"] for each in stacks.stack["Parameters"]}
    assert held["IdentitiesKeyArn"] == key


@pytest.mark.parametrize("name", ["Stage", "FirstCreation", "IdentitiesKeyArn"])
def test_what_the_command_decides_itself_cannot_be_set(deployed, name):
    with pytest.raises(Refused, match=name):
        deployed(PublicUrl="https://x.cn/", **{name: "x"})


def test_a_rollback_goes_back_from_what_is_live_also_when_the_last_deployment_was_never_noted(
    account, bucket, deployed, stacks
):
    """History [a, b]; c is live, but the terminal died while it was waited for."""
    deployed("a")
    before = deployed("b")
    deployed("c", noted=False)
    assert rollback.rollback(account, "prod", bucket, yes=True)
    assert rollback.live(account, "prod") == before
    assert packages.history(bucket, "prod")[-1]["digest"] == before


def test_a_rollback_after_a_deployment_that_was_noted_goes_one_back_and_then_one_more(
    account, bucket, deployed
):
    first, second = deployed("a"), deployed("b")
    deployed("c")
    for expected in (second, first):
        rollback.rollback(account, "prod", bucket, yes=True)
        assert rollback.live(account, "prod") == expected
    with pytest.raises(Refused, match="没有更早的版本"):
        rollback.rollback(account, "prod", bucket, yes=True)


def failing(fault):
    def fail(*_, **__):
        raise fault

    return fail


def test_a_version_whose_terminal_died_is_not_skipped_later_and_one_that_failed_is_never_gone_back_to(
    account, bucket, deployed, stacks, monkeypatch
):
    """b came alive and nobody noted it; c never did; d is live. Back is b, not a and not c."""
    deployed("a")
    came_alive = deployed("b", noted=False)
    with monkeypatch.context() as patch:
        patch.setattr(stacks, "execute_change_set", failing(Refused("down")))
        with pytest.raises(Refused):
            deployed("c")
    deployed("d")
    assert rollback.rollback(account, "prod", bucket, yes=True)
    assert rollback.live(account, "prod") == came_alive


def test_a_rollback_that_was_interrupted_goes_on_to_where_it_went(account, bucket, deployed, monkeypatch):
    first = deployed("a")
    deployed("b")
    with monkeypatch.context() as patch:
        patch.setattr(packages, "note_rolled_back", failing(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            rollback.rollback(account, "prod", bucket, yes=True)
    assert rollback.live(account, "prod") == first
    with pytest.raises(Refused, match="没有更早的版本"):  # and never forward again to what was left
        rollback.rollback(account, "prod", bucket, yes=True)


def test_what_was_never_deployed_cannot_go_back(account, bucket, stacks):
    with pytest.raises(Refused, match="还没有部署过"):
        rollback.rollback(account, "prod", bucket, yes=True)


class OthersBucket:
    """S3 where the name belongs to another account, whose policy lets us in."""

    def __init__(self):
        self.asked = []

    def get_bucket_location(self, **asked):
        from botocore.exceptions import ClientError

        self.asked.append(asked)
        if asked.get("ExpectedBucketOwner"):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "x"}}, "GetBucketLocation")
        return {"LocationConstraint": REGION}


def test_a_bucket_of_somebody_elses_is_not_used_even_where_its_owner_lets_us_in(account, monkeypatch):
    monkeypatch.setattr(Account, "client", lambda self, name: OthersBucket())
    with pytest.raises(Refused, match="别的账号"):
        packages.bucket_of(account)


def test_every_request_to_the_bucket_states_whose_it_must_be(account, bucket, tmp_path):
    asked = []
    bucket.s3.meta.events.register("provide-client-params.s3", lambda params, **_: asked.append(params))
    packages.upload(bucket, "prod", a_package(tmp_path / "p"))
    packages.history(bucket, "prod")
    assert len(asked) >= 3
    assert {each["ExpectedBucketOwner"] for each in asked} == {account.id}


def test_our_own_bucket_keeps_old_versions_and_speaks_tls_only(account):
    bucket = packages.bucket_of(account)
    assert bucket.s3.get_bucket_versioning(Bucket=bucket.name)["Status"] == "Enabled"
    [only] = json.loads(bucket.s3.get_bucket_policy(Bucket=bucket.name)["Policy"])["Statement"]
    assert (only["Effect"], only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


@pytest.fixture
def given(account):
    """A bucket that somebody made for several purposes, closed as it should be."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_public_access_block(
        Bucket="ours", PublicAccessBlockConfiguration=dict.fromkeys(packages.CLOSED, True)
    )
    s3.put_bucket_versioning(Bucket="ours", VersioningConfiguration={"Status": "Enabled"})
    return s3


def lets(principal, action="s3:PutObject", **more):
    return {
        "Sid": "Lets",
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": "*",
    } | more


OTHER = {"AWS": "arn:aws-cn:iam::999999999999:root"}


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        (lets(OTHER), True),
        (lets("*", "s3:*"), True),
        (lets({"AWS": "*"}, ["s3:GetObject", "s3:Put*"]), True),
        (lets({"AWS": ["999999999999"]}, "*", Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (lets(OTHER, "s3:GetObject"), False),
        (lets(OTHER) | {"Effect": "Deny"}, False),
        (lets({"AWS": "arn:aws-cn:iam::123456789012:role/build"}), False),
        (lets({"Service": "cloudtrail.amazonaws.com"}), False),
    ],
)
def test_a_bucket_that_others_may_write_to_is_refused_and_left_as_it_is(account, given, statement, refused):
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    given.put_bucket_policy(Bucket="ours", Policy=policy)
    if refused:
        with pytest.raises(Refused, match="Lets"):
            packages.bucket_of(account, "ours")
    else:
        packages.bucket_of(account, "ours")
    assert given.get_bucket_policy(Bucket="ours")["Policy"] == policy


@pytest.mark.parametrize("wrong", ["one of four", "no block", "no versions"])
def test_a_bucket_that_is_open_or_forgets_is_refused_and_said_why(account, given, wrong):
    packages.bucket_of(account, "ours")
    if wrong == "no versions":
        given.put_bucket_versioning(Bucket="ours", VersioningConfiguration={"Status": "Suspended"})
    elif wrong == "no block":
        given.delete_public_access_block(Bucket="ours")
    else:
        three = dict.fromkeys(packages.CLOSED, True) | {"BlockPublicPolicy": False}
        given.put_public_access_block(Bucket="ours", PublicAccessBlockConfiguration=three)
    with pytest.raises(Refused, match="版本控制" if wrong == "no versions" else "公开访问"):
        packages.bucket_of(account, "ours")


def test_our_own_bucket_of_an_older_deployment_is_closed_at_the_next_one_and_looking_changes_nothing(account):
    s3, name = account.client("s3"), f"mslj-packages-{account.id}-{REGION}"
    with pytest.raises(Refused, match="自动建"):
        packages.bucket_of(account, only_look=True)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    packages.bucket_of(account, only_look=True)
    assert "Status" not in s3.get_bucket_versioning(Bucket=name)
    packages.bucket_of(account)
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"


class Functions:
    def __init__(self, code):
        self.code = code

    def get_paginator(self, _):
        return self

    def paginate(self):
        names = ("mslj-prod-api", "mslj-prod-send", "mslj-other-api")
        return [{"Functions": [{"FunctionName": name, "CodeSha256": self.code(name)} for name in names]}]


@pytest.mark.parametrize(("swapped", "refused"), [("mslj-prod-send", True), ("mslj-other-api", False)])
def test_code_that_was_swapped_on_its_way_is_found(account, bucket, tmp_path, monkeypatch, swapped, refused):
    digest = packages.upload(bucket, "prod", a_package(tmp_path / "p"))
    wanted = packages.code_digest(bucket, "prod", digest)
    functions = Functions(lambda name: "other" if name == swapped else wanted)
    monkeypatch.setattr(Account, "client", lambda self, name: functions)
    if refused:
        with pytest.raises(Refused, match=swapped):
            smoke.compare_code(account, "prod", wanted)
    else:
        smoke.compare_code(account, "prod", wanted)


def test_what_stands_is_asked_of_the_account_and_nothing_is_guessed(account):
    assert standing.tables(account, "prod") == []
    assert standing.parameters(account, "prod") == {"FirstCreation": "true"}


@pytest.mark.parametrize(("allowed", "fine"), [(10, False), (99, False), (100, True), (1000, True)])
def test_an_account_that_would_refuse_people_is_found_before_anything_is_made(
    account, monkeypatch, capsys, allowed, fine
):
    monkeypatch.setattr(quotas, "concurrency", lambda _: allowed)
    quotas.check(account, practice=True)
    assert ("Service Quotas" in capsys.readouterr().out) is not fine
    if fine:
        quotas.check(account, practice=False)
    else:
        with pytest.raises(Refused, match="Service Quotas"):
            quotas.check(account, practice=False)
