"""Puts the deployment into the two engines: tables, bucket, secrets, stack. Every step may run again."""

import json
import secrets
import time
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.gateways.secrets import OWN
from infra.local import partners
from infra.local import template as reading
from infra.local.place import API_ID, STAGE, Place
from infra.local.platform import account

TABLES = ("TicketsTable", "WorkTable", "IdentitiesTable", "TracesTable")
TABLE_PROPERTIES = (
    "TableName",
    "BillingMode",
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "StreamSpecification",
)
ARTIFACTS = "mslj-local-artifacts"
STACK = f"mslj-{STAGE}"
DEPLOY_SECONDS = 120
Template = dict[str, Any]


class DeployFailed(Exception):
    """The stack did not come up; carries the engine's own reasons."""


@cache
def client(service: str, place: Place) -> Any:
    """A client of one engine. dynoxide's shard ids are shorter than botocore's own checks allow, so those are off."""
    endpoints = place.endpoints
    endpoint = endpoints.get(f"AWS_ENDPOINT_URL_{service.upper()}", endpoints["AWS_ENDPOINT_URL"])
    if service == "dynamodbstreams":
        endpoint = place.db
    config = Config(
        parameter_validation=service != "dynamodbstreams",
        read_timeout=60,
        connect_timeout=2,
        retries={"total_max_attempts": 1},
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=endpoints["AWS_REGION"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )


def make_tables(template: Template, place: Place) -> None:
    """The four tables in dynoxide, from the template's own properties; those that stand are left as they are."""
    tables = client("dynamodb", place)
    there = set(tables.list_tables()["TableNames"])
    for name in TABLES:
        found = reading.properties(template, name)
        if found["TableName"] in there:
            continue
        wanted = {key: found[key] for key in TABLE_PROPERTIES if key in found}
        if "StreamSpecification" in wanted:
            wanted["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
        tables.create_table(**wanted)


def put_secrets(place: Place) -> dict[str, str]:
    """The deployment's secrets, made at the first start and put back at every later one. Answers the partners' new keys."""
    file = place.home / "secrets.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    own = {name: secrets.token_urlsafe(48) for name in OWN if name not in before}
    made = {name: key for name, key in partners.keys().items() if name not in before}
    if own or made:
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(before | own | made))
        fresh.replace(file)
    ssm = client("ssm", place)
    for name, held in (before | own | made | (account.SECRETS if place.phones_port else {})).items():
        path = f"/mslj/{STAGE}/secrets/{name}"
        ssm.put_parameter(Name=path, Value=held, Type="SecureString", Overwrite=True)
    return made


def make_bucket(template: Template, place: Place) -> None:
    """The buckets of photos, recordings and traces, made apart from the stack: their files survive a crash of the engine, the stack does not.

    Without its CORS rules: ministack lets every origin in, whatever they say.
    """
    wanted = reading.properties(template, "PhotosBucket")
    s3 = client("s3", place)
    _create_bucket(s3, reading.properties(template, "TracesBucket")["BucketName"])
    _create_bucket(s3, reading.properties(template, "RecordingsBucket")["BucketName"])
    _create_bucket(s3, wanted["BucketName"])
    queues = [
        {
            "QueueArn": each["Queue"],
            "Events": [each["Event"]],
            "Filter": {"Key": {"FilterRules": each["Filter"]["S3Key"]["Rules"]}},
        }
        for each in wanted["NotificationConfiguration"]["QueueConfigurations"]
    ]
    s3.put_bucket_notification_configuration(
        Bucket=wanted["BucketName"], NotificationConfiguration={"QueueConfigurations": queues}
    )


def make_stack(template: Template, code: Path, place: Place) -> None:
    """Upload the code and create the stack, as `aws cloudformation package` and `deploy` do. Raises DeployFailed."""
    s3 = client("s3", place)
    _create_bucket(s3, ARTIFACTS)
    s3.put_object(Bucket=ARTIFACTS, Key="deployment.zip", Body=code.read_bytes())
    body = json.dumps(_with_code(template, f"s3://{ARTIFACTS}/deployment.zip"), ensure_ascii=False)
    s3.put_object(Bucket=ARTIFACTS, Key="template.json", Body=body.encode())
    stacks = client("cloudformation", place)
    stacks.create_stack(
        StackName=STACK,
        TemplateURL=f"{place.aws}/{ARTIFACTS}/template.json",
        Parameters=[
            {"ParameterKey": "Stage", "ParameterValue": STAGE},
            {"ParameterKey": "PublicUrl", "ParameterValue": place.url},
            {"ParameterKey": "S3PublicEndpoint", "ParameterValue": place.aws},
            *_platforms(place),
        ],
        Tags=[
            {"Key": "ms-custom-id", "Value": API_ID}
        ],  # the stack's tags reach the API; ministack takes its id from this one
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    _wait_for(stacks)
    if API_ID not in [api["id"] for api in client("apigateway", place).get_rest_apis()["items"]]:
        raise DeployFailed(f"the API did not get the id {API_ID}")


def _platforms(place: Place) -> list[dict[str, str]]:
    """The parameters by which the deployment finds the stand-in; WECHAT_BASE_URL is the setting of WechatBaseUrl."""
    if not place.phones_port:
        return []
    return [
        {"ParameterKey": name.title().replace("_", ""), "ParameterValue": value}
        for name, value in account.settings(place.phones).items()
    ]


def _wait_for(stacks: Any) -> None:
    end = time.monotonic() + DEPLOY_SECONDS
    status = "CREATE_IN_PROGRESS"
    while status == "CREATE_IN_PROGRESS" and time.monotonic() < end:
        time.sleep(0.2)
        status = stacks.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    if status != "CREATE_COMPLETE":
        events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
        reasons = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in events]
        raise DeployFailed(f"{status}\n" + "\n".join(reason for reason in reasons if "None" not in reason))


def _with_code(template: Template, uri: str) -> Template:
    copied: Template = json.loads(json.dumps(template))
    for resource in copied["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = uri
        if (
            resource["Type"] == "AWS::Serverless::Api"
        ):  # AWS reads it in the API's own definition, ministack only here
            resource["Properties"]["BinaryMediaTypes"] = ["multipart/form-data"]
    return copied


def _create_bucket(s3: Any, name: str) -> None:
    try:
        s3.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
