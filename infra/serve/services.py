"""What stands where AWS's services would on a town hall's own machine (chalicelib/gateways/clients.py asks here).

Each answers the few methods that our gateways call, and refuses every other by not having it.
"""

import json
import time
from io import BytesIO
from typing import Any

from infra import asl
from infra.serve import functions, secrets
from infra.serve.files import Files
from infra.serve.home import Home, from_environment
from infra.serve.waiting import Executions, Messages

Answer = dict[str, Any]


class _Exceptions:
    class ExecutionAlreadyExists(Exception):
        """The name was used, whatever became of it."""

    class ParameterNotFound(Exception):
        """No such parameter."""


class Parameters:
    """SSM: the deployment's secrets."""

    exceptions = _Exceptions

    def __init__(self, home: Home) -> None:
        self._home = home

    def get_parameter(self, *, Name: str, **_: Any) -> Answer:
        try:
            return {"Parameter": {"Value": secrets.parameter(self._home, Name)}}
        except KeyError:
            raise _Exceptions.ParameterNotFound(Name) from None

    def get_paginator(self, operation: str) -> "Parameters":
        assert operation == "get_parameters_by_path", operation
        return self

    def paginate(self, **_: Any) -> list[Answer]:
        """Names alone: whoever wants a value asks for it."""
        return [{"Parameters": [{"Name": name} for name in secrets.names(self._home)]}]

    def put_parameter(self, *, Name: str, Value: str, **_: Any) -> Answer:
        """For `restore`, which brings the identity key of the backup."""
        secrets.set_parameter(self._home, Name, Value)
        return {}


class Queues:
    """SQS: a message wakes the consumer."""

    def __init__(self, home: Home) -> None:
        self._messages = Messages(home.folder)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Answer]) -> Answer:
        self._messages.put(QueueUrl, [each["MessageBody"] for each in Entries])
        return {"Successful": [{"Id": each["Id"]} for each in Entries]}


class Machines:
    """Step Functions: an execution is begun once a name, and the clock runs it."""

    exceptions = _Exceptions

    def __init__(self, home: Home) -> None:
        self._executions = Executions(home.folder)

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> Answer:
        definition, data = asl.definition(stateMachineArn), json.loads(input)
        begins = definition.start
        waits = definition.kind(begins) == "Wait"
        at = definition.wakes_at(begins, data).timestamp() if waits else time.time()
        if not self._executions.start(stateMachineArn, name, begins, data, at):
            raise _Exceptions.ExecutionAlreadyExists(name)
        return {"executionArn": f"{stateMachineArn}:{name}"}

    def stop_execution(self, *, executionArn: str, error: str, **_said: Any) -> Answer:
        workflow, _, name = executionArn.partition(":")
        self._executions.stop(workflow, name, error, time.time())
        return {}


class Invoking:
    """Lambda: another function is asked and answers."""

    def __init__(self, _home: Home) -> None:
        """Whom it asks is no file of the folder."""

    def invoke(self, *, FunctionName: str, Payload: bytes | str, **_: Any) -> Answer:
        answer, fault = functions.asked(FunctionName, json.loads(Payload))
        failed: Answer = {"FunctionError": "Unhandled"} if fault else {}
        return {"Payload": BytesIO(json.dumps(answer).encode()), **failed}


_SERVICES = {"ssm": Parameters, "sqs": Queues, "stepfunctions": Machines, "lambda": Invoking, "s3": Files}


def client(service: str) -> Any:
    """Raises KeyError for a service that no gateway asks."""
    return _SERVICES[service](from_environment())
