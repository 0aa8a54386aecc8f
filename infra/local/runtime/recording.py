"""Notes every AWS call of a Lambda, as (function, action, resource, key): IAM is not enforced locally, so a test compares.

Never what was written: of a DynamoDB key only the kind, the part before its first "#".
"""

import json
import os
from typing import Any

IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
PREFIX = {"stepfunctions": "states"}
Call = tuple[str, str, str]


def install(file: str) -> None:
    from botocore.client import BaseClient

    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def noted(self: Any, operation: str, parameters: dict[str, Any]) -> Any:
        note(file, calls_of(self.meta.service_model.service_name, operation, parameters))
        return original(self, operation, parameters)

    BaseClient._make_api_call = noted  # type: ignore[attr-defined]


def note(file: str, calls: list[Call]) -> None:
    function = os.environ["AWS_LAMBDA_FUNCTION_NAME"].rpartition("-")[2]
    with open(file, "a") as out:  # one short line a call: appended whole, whoever else writes
        out.writelines(json.dumps([function, *call]) + "\n" for call in calls)


def calls_of(service: str, operation: str, said: dict[str, Any]) -> list[Call]:
    """The IAM actions of one request, each with its resource's name and, for a table, the kind of key."""
    if service == "dynamodb":
        return _tables(operation, said)
    resource = {
        "s3": f"{said.get('Bucket')}/{said.get('Key')}",
        "sqs": str(said.get("QueueUrl")).rpartition("/")[2],
        "lambda": str(said.get("FunctionName")),
        "stepfunctions": _of_states(str(said.get("stateMachineArn") or said.get("executionArn"))),
        "ssm": str(said.get("Name")),
    }.get(service, "?")
    action = {"Invoke": "InvokeFunction", "SendMessageBatch": "SendMessage"}.get(operation, operation)
    return [(f"{PREFIX.get(service, service)}:{action}", resource, "")]


def _of_states(arn: str) -> str:
    """A state machine's name; an execution's, after its state machine's."""
    return arn.partition(":execution:")[2] or arn.rpartition(":")[2]


def _tables(operation: str, said: dict[str, Any]) -> list[Call]:
    if operation == "TransactWriteItems":
        parts = [(name, part) for item in said["TransactItems"] for name, part in item.items()]
        return [(f"dynamodb:{IN_TRANSACTION[name]}", part["TableName"], _kind(part)) for name, part in parts]
    if operation == "BatchWriteItem":
        rows = [(table, row) for table, rows in said["RequestItems"].items() for row in rows]
        return [("dynamodb:BatchWriteItem", table, _kind(next(iter(row.values())))) for table, row in rows]
    if operation == "BatchGetItem":
        return [("dynamodb:BatchGetItem", table, "") for table in said["RequestItems"]]
    index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
    return [(f"dynamodb:{operation}", f"{said['TableName']}{index}", _kind(said))]


def _kind(part: dict[str, Any]) -> str:
    key = part.get("Key") or part.get("Item") or {}
    return str(key.get("PK", {}).get("S", "")).partition("#")[0]
