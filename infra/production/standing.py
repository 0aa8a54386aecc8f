"""What of a stage stands without a stack (after a stack was deleted, or a creation failed), and how a new stack takes it over.

CloudFormation takes over by name, so tables and the bucket come back by themselves. A key has no name: the table's own
key is told to the template, and gets the policy here that the template would have given it.
"""

import json
import re
from typing import Any

from infra.production.aws import TABLES, Account


def tables(account: Account, stage: str) -> list[str]:
    """The names of those that stand."""
    found = account.client("dynamodb")
    names = [f"mslj-{stage}-{name}" for name in TABLES]
    return [name for name in names if _described(found, name) is not None]


def parameters(account: Account, stage: str) -> dict[str, str]:
    """What a creation is told, beside what a person says: new tables may go again with a creation that fails.

    A table that stands keeps the key that it is under: under a new one nobody could read it.
    """
    stand = tables(account, stage)
    told = {"FirstCreation": "false" if stand else "true"}
    table = _described(account.client("dynamodb"), f"mslj-{stage}-identities")
    key = (table or {}).get("SSEDescription", {}).get("KMSMasterKeyArn", "")
    return told | ({"IdentitiesKeyArn": key} if key else {})


def _described(found: Any, name: str) -> dict[str, Any] | None:
    try:
        described: dict[str, Any] = found.describe_table(TableName=name)["Table"]
    except found.exceptions.ResourceNotFoundException:
        return None
    return described


def grant_key(account: Account, stage: str, template: dict[str, Any], key_arn: str) -> None:
    """Give a key that the stack did not make the policy that the template writes for its own, with today's roles."""
    stacks, name = account.client("cloudformation"), f"mslj-{stage}"
    policy = template["Resources"]["IdentitiesKey"]["Properties"]["KeyPolicy"]
    known = {"AWS::Partition": account.partition, "AWS::AccountId": account.id, "AWS::Region": account.region}

    def put_in(value: Any) -> Any:
        if isinstance(value, list):
            return [put_in(each) for each in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Fn::GetAtt"}:
            role = stacks.describe_stack_resource(StackName=name, LogicalResourceId=value["Fn::GetAtt"][0])
            held = role["StackResourceDetail"]["PhysicalResourceId"]
            return f"arn:{account.partition}:iam::{account.id}:role/{held}"
        if set(value) == {"Ref"}:
            return known[value["Ref"]]
        if set(value) == {"Fn::Sub"}:
            return re.sub(r"\$\{([^}]+)}", lambda match: known[match[1]], value["Fn::Sub"])
        return {key: put_in(each) for key, each in value.items()}

    account.client("kms").put_key_policy(
        KeyId=key_arn, PolicyName="default", Policy=json.dumps(put_in(policy))
    )
