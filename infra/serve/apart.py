"""Between the stores and the tables (chalicelib/store/direct.py): what concerns identities goes to the vault, all else on.

A transaction over both files is set down in the vault, written into the tables with a mark, and then put in force.
"""

import threading
import uuid
from typing import Any

from chalicelib.store import direct
from infra.serve import functions, secrets, tables
from infra.serve.door import socket_file, to_file
from infra.serve.home import from_environment, table
from infra.serve.one_sync import OneSync
from infra.serve.talk import BadMessage, hear, say

Request = dict[str, Any]
SECONDS = 30.0


class Vault:
    """The vault as another process sees it. One connection for each thread."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def ask(self, what: str, **said: Any) -> Any:
        """Raises what AWS's client would, also where nobody answers: then it may be tried again."""
        from botocore.exceptions import ClientError, EndpointConnectionError

        process = functions.process()
        message = {"what": what, "process": process, **said}
        try:
            answer = _at_home(message) if process == "vault" else self._exchange(message)
        except (OSError, BadMessage) as gone:
            self._of_thread.__dict__.clear()
            raise EndpointConnectionError(endpoint_url="vault", error=gone) from gone
        if "fault" not in answer:
            return answer["ok"]
        fault = answer["fault"]
        response: Any = {
            "Error": {"Code": fault["code"], "Message": fault["message"]},
            "ResponseMetadata": {"HTTPStatusCode": fault["status"]},
            "CancellationReasons": fault.get("reasons", []),
        }
        raise ClientError(response, said.get("operation", what))

    def _exchange(self, message: Request) -> Any:
        """Over a connection that the vault has closed meanwhile, as when it was started anew, it is said once more.

        Whatever is said may be said twice: puts, and transactions with a token of their own.
        """
        home = from_environment()
        message = message | {"key": secrets.read(home.keys).get(f"vault_{message['process']}", "")}
        for is_last in (False, True):
            kept = self._of_thread.__dict__.get("connection")
            if kept is None:
                kept = self._of_thread.connection = to_file(socket_file(home, "vault"))
                kept.settimeout(SECONDS)
                is_last = True
            try:
                say(kept, message)
                if (answer := hear(kept)) is not None:
                    return answer
            except OSError:
                if is_last:
                    raise
            self._of_thread.__dict__.clear()
            kept.close()
            if is_last:
                raise BadMessage("no answer")
        raise AssertionError


def _at_home(message: Request) -> Any:
    from infra.serve.vault import inside

    return inside().answer(message, is_ours=True)


VAULT = Vault()


class Apart(direct.GoBetween):
    """A go-between."""

    def ask(self, call: Any, operation: str, request: Request) -> Any:
        named = _tables_of(operation, request)
        if table("identities") not in named:
            return call(operation, request)
        if named == {table("identities")}:
            return _alone(operation, request)
        return _both(call, request)


GO_BETWEENS: list[Any] = [OneSync(), Apart()]  # the last is asked first


def _alone(operation: str, request: Request) -> Any:
    from botocore.exceptions import ClientError

    from chalicelib.store import direct

    try:
        return VAULT.ask("table", operation=operation, request=request)
    except ClientError as error:
        direct._raise_refusal(error.response["Error"]["Code"], dict(error.response))
        raise


def _both(call: Any, request: Request) -> Any:
    """Raises as one transaction would: Cancelled with a reason for each of its operations."""
    from chalicelib.store import direct

    operations, token = request["TransactItems"], str(uuid.uuid4())
    ours = [each for each in operations if _table_of(each) == table("identities")]
    others = [each for each in operations if _table_of(each) != table("identities")]
    VAULT.ask("set_down", token=token, operation="TransactWriteItems", request={"TransactItems": ours})
    try:
        answer = call("TransactWriteItems", request | {"TransactItems": [*others, tables.mark(token)]})
    except direct.Cancelled as cancelled:
        _drop(token, ours)
        raise direct.Cancelled(_as_asked(operations, cancelled.reasons)) from None
    _put_in_force(token, ours)
    return answer


def _as_asked(operations: list[Any], reasons: list[str]) -> list[str]:
    """The reasons for the operations as they stood. Where the mark alone refused, the act is to be tried again."""
    of_others = iter(reasons[:-1])
    told = [
        "None" if _table_of(each) == table("identities") else next(of_others, "None") for each in operations
    ]
    return told if any(reason != "None" for reason in told) else ["TransactionConflict"] * len(told)


def _put_in_force(token: str, ours: list[Any]) -> None:
    """A failure is no failure of the act: the mark stands, and the vault looks after it by itself."""
    _quietly("put_in_force", token, ours)


def _drop(token: str, ours: list[Any]) -> None:
    _quietly("drop", token, ours)


def _quietly(what: str, token: str, ours: list[Any]) -> None:
    import logging

    try:
        VAULT.ask(what, token=token, operation="TransactWriteItems", request={"TransactItems": ours})
    except Exception as fault:
        logging.getLogger("mslj").warning("left to the vault: %s %s", what, type(fault).__name__)


def _tables_of(operation: str, request: Request) -> set[str]:
    if operation == "TransactWriteItems":
        return {_table_of(each) for each in request["TransactItems"]}
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return set(request["RequestItems"])
    return {str(request["TableName"])}


def _table_of(operation: Request) -> str:
    ((_, said),) = operation.items()
    return str(said["TableName"])
