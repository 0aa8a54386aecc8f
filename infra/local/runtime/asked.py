"""What one AWS call asks for, in IAM's terms: which actions, on which resources, naming which partition keys."""

import re
from typing import Any, NamedTuple

IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
PREFIX = {"stepfunctions": "states"}
# IAM's name where it is not the operation's own.
ACTIONS = {
    "Invoke": "InvokeFunction",
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "DeleteObjects": "DeleteObject",
}
KIND = {
    "dynamodb": "table/{}",
    "sqs": "{}",
    "lambda": "function:{}",
    "states": "stateMachine:{}",
    "ssm": "parameter{}",
    "athena": "workgroup/{}",
}
FIRST_KEY = re.compile(r"(?:PK|GSI\w*PK|#\w+) = (:\w+)")


class Asked(NamedTuple):
    action: str
    resource: str  # a name, "" for an action that knows none
    keys: tuple[str, ...] = ()


def asked(service: str, operation: str, said: dict[str, Any]) -> list[Asked]:
    """The IAM actions of one request, each with its resource's name and, for a table, the partition keys."""
    if service == "dynamodb":
        return _tables(operation, said)
    of_object = f"{said.get('Bucket')}/{said['Key']}" if "Key" in said else str(said.get("Bucket"))
    resource = {
        "s3": of_object,
        "sqs": str(said.get("QueueUrl")).rpartition("/")[2],
        "lambda": str(said.get("FunctionName")),
        "stepfunctions": _of_states(str(said.get("stateMachineArn") or said.get("executionArn"))),
        "ssm": str(said.get("Name")),
        "athena": str(said.get("WorkGroup", "")),
    }.get(service, "?")
    return [Asked(f"{PREFIX.get(service, service)}:{ACTIONS.get(operation, operation)}", resource)]


def arn_of(call: Asked, partition: str, region: str, account: str) -> str:
    service = call.action.partition(":")[0]
    if service == "s3":
        return f"arn:{partition}:s3:::{call.resource}"
    kind = "execution:{}" if call.action == "states:StopExecution" else KIND.get(service, "{}")
    return f"arn:{partition}:{service}:{region}:{account}:{kind.format(call.resource)}"


def _of_states(arn: str) -> str:
    """A state machine's name; an execution's, after its state machine's."""
    return arn.partition(":execution:")[2] or arn.rpartition(":")[2]


def _tables(operation: str, said: dict[str, Any]) -> list[Asked]:
    if operation == "TransactWriteItems":
        parts = [(name, part) for item in said["TransactItems"] for name, part in item.items()]
        return [
            Asked(f"dynamodb:{IN_TRANSACTION[name]}", part["TableName"], _keys(part)) for name, part in parts
        ]
    if operation == "BatchWriteItem":
        rows = [(table, row) for table, rows in said["RequestItems"].items() for row in rows]
        return [
            Asked("dynamodb:BatchWriteItem", table, _keys(next(iter(row.values())))) for table, row in rows
        ]
    if operation == "BatchGetItem":
        return [
            Asked("dynamodb:BatchGetItem", table, tuple(key["PK"]["S"] for key in wanted["Keys"]))
            for table, wanted in said["RequestItems"].items()
        ]
    index = f"/index/{said['IndexName']}" if "IndexName" in said else ""
    return [Asked(f"dynamodb:{operation}", f"{said.get('TableName', '')}{index}", _keys(said))]


def _keys(part: dict[str, Any]) -> tuple[str, ...]:
    key = part.get("Key") or part.get("Item") or {}
    if found := FIRST_KEY.search(part.get("KeyConditionExpression", "")):
        key = {"PK": part["ExpressionAttributeValues"][found[1]]}
    return (str(key["PK"]["S"]),) if "PK" in key else ()
