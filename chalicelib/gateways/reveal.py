"""Asks the `reveal` function. The API function itself cannot read identities."""

import json
from typing import Any

from chalicelib import logs
from chalicelib.domain.errors import Refusal, TryAgain
from chalicelib.domain.identity.asked import Asked
from chalicelib.gateways.clients import client
from chalicelib.settings import settings


def ask(what: Asked, token: str, **asked: Any) -> Any:
    """The function's answer. Raises what it refused, as it refused it; TryAgain when it failed or was not reached."""
    from botocore.exceptions import BotoCoreError, ClientError

    given = {"what": what, "token": token, "correlation_id": logs.correlation_id(), **asked}
    payload = json.dumps(given).encode()
    try:
        answer = client("lambda").invoke(FunctionName=settings().reveal_function, Payload=payload)
    except (BotoCoreError, ClientError) as fault:
        raise TryAgain("暂时无法查看，请稍后再试") from fault
    body = json.loads(answer["Payload"].read() or b"{}")
    if answer.get("FunctionError") or not isinstance(body, dict):
        raise TryAgain("暂时无法查看，请稍后再试")
    if "refusal" in body:
        raise _refusal(body["refusal"])
    return body["ok"]


def ask_later(what: Asked) -> None:
    """The function does it by itself, a moment later or, where it cannot be woken, the next time that somebody asks."""
    given = {"what": what, "token": "", "correlation_id": logs.correlation_id()}
    client("lambda").invoke(
        FunctionName=settings().reveal_function, Payload=json.dumps(given).encode(), InvocationType="Event"
    )


def _refusal(told: dict[str, Any]) -> Refusal:
    refusal = Refusal(told["message"], **told["details"])
    refusal.code, refusal.http_status = told["code"], told["status"]
    return refusal
