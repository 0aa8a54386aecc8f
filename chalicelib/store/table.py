"""The four tables, and the few ways of reading and writing that the stores use; their keys are built in store/keys.

Queries it answers, one request each: a ticket with its history; what waits for someone, most urgent first; what is due
now; what is open at a place; what a person reported.
"""

import base64
import json
import time
from collections.abc import Container, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from chalicelib import logs
from chalicelib.domain.errors import BadRequest, TryAgain
from chalicelib.settings import settings
from chalicelib.store import direct
from chalicelib.store.faults import ask_again_after_conflict, code_of, conflict_pause

Item = dict[str, Any]
Key = tuple[str, str]
Operation = dict[str, Any]  # one write of a transaction, made by a store

MOST_IN_A_TRANSACTION = 100
MOST_READ_AT_ONCE = 100
CONFLICT_TRIES = 3
_BUSY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})


class Table(StrEnum):
    TICKETS = "tickets"
    WORK = "work"
    IDENTITIES = "identities"
    TRACES = "traces"

    @property
    def full_name(self) -> str:
        return str(getattr(settings(), f"{self}_table"))


class ConditionFailed(Exception):
    """A conditional write found another state. `which` holds the positions of the operations that failed."""

    def __init__(self, which: tuple[int, ...] = (0,)) -> None:
        super().__init__(f"condition failed: {which}")
        self.which = which


class Page(list[Item]):
    """One page of a query; `next` is the cursor of the following page, or None."""

    next: str | None = None


# --- reading ------------------------------------------------------------------------------------------------------


def get(table: Table, pk: str, sk: str, *, consistent: bool = False) -> Item | None:
    answer = client().get_item(
        TableName=table.full_name, Key=_wire({"PK": pk, "SK": sk}), ConsistentRead=consistent
    )
    return _plain(answer["Item"]) if "Item" in answer else None


def batch_get(table: Table, keys: Iterable[Key], *, consistent: bool = False) -> list[Item]:
    """The items that exist among `keys`, in no order. Asks again for what DynamoDB left unprocessed."""
    return batch_get_of({table: keys}, consistent=[table] if consistent else [])[table]


def batch_get_of(
    wanted: Mapping[Table, Iterable[Key]], *, consistent: Container[Table] = ()
) -> dict[Table, list[Item]]:
    """The same of several tables at once; `consistent` of which of them."""
    left = [
        (table, {"PK": {"S": pk}, "SK": {"S": sk}})
        for table, keys in wanted.items()
        for pk, sk in dict.fromkeys(keys)
    ]
    found: dict[Table, list[Item]] = {table: [] for table in wanted}
    while left:
        batch, left = left[:MOST_READ_AT_ONCE], left[MOST_READ_AT_ONCE:]
        asked = {
            table.full_name: {"Keys": keys, "ConsistentRead": table in consistent}
            for table in wanted
            if (keys := [key for of, key in batch if of is table])
        }
        answer = client().batch_get_item(RequestItems=asked)
        unread = answer.get("UnprocessedKeys", {})
        for table in wanted:
            found[table] += [_plain(item) for item in answer["Responses"].get(table.full_name, [])]
            left += [(table, key) for key in unread.get(table.full_name, {}).get("Keys", [])]
    return found


def query(
    table: Table,
    pk: str,
    *,
    begins: str = "",
    until: str = "",
    after_sk: str = "",
    index: str | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    after: str | None = None,
    consistent: bool = False,
) -> Page:
    """One page of one partition, in key order.

    `begins` is a sort-key prefix, narrowed by `after_sk` (exclusive) where given; `until` is an inclusive upper bound.

    Raises BadRequest for a cursor that is not ours or belongs to another list.
    """
    prefix = index or ""
    names, values = {"#pk": f"{prefix}PK"}, {":pk": pk}
    condition = "#pk = :pk"
    if after_sk:
        # "~" sorts after every character that our keys use
        names["#sk"], values[":low"], values[":high"] = f"{prefix}SK", after_sk + " ", begins + "~"
        condition += " AND #sk BETWEEN :low AND :high"
    elif begins:
        names["#sk"], values[":sk"] = f"{prefix}SK", begins
        condition += " AND begins_with(#sk, :sk)"
    elif until:
        names["#sk"], values[":sk"] = f"{prefix}SK", until
        condition += " AND #sk <= :sk"
    request: dict[str, Any] = {
        "TableName": table.full_name,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": _wire(values),
        "ScanIndexForward": not newest_first,
    }
    if index:
        request["IndexName"] = index
    if limit:
        request["Limit"] = limit
    if consistent:
        request["ConsistentRead"] = True
    if after:
        request["ExclusiveStartKey"] = _from_cursor(after, pk, prefix)
    answer = _queried(request)
    page = Page(_plain(item) for item in answer["Items"])
    page.next = _to_cursor(answer["LastEvaluatedKey"]) if "LastEvaluatedKey" in answer else None
    return page


def query_all(table: Table, pk: str, **how: Any) -> Iterator[Item]:
    """Every item of one partition, page after page."""
    after: str | None = None
    while True:
        page = query(table, pk, after=after, **how)
        yield from page
        after = page.next
        if after is None:
            return


# --- writing ------------------------------------------------------------------------------------------------------


def put(table: Table, item: Item, *, if_absent: bool = False) -> bool:
    """Write an item. With `if_absent`: False, and nothing written, when one of that key stands already."""
    operation = put_op(table, item, if_absent=if_absent)["Put"]
    try:
        client().put_item(**operation)
    except direct.Refused:
        return False
    return True


def put_each(table: Table, items: Iterable[Item]) -> set[Key]:
    """Write each of these unless one of its key stands already; answers the keys of those that did.

    One after another: on AWS a transaction costs twice the units. All at once where it costs nothing (`GoBetween.at_once`), and one by
    one after all where something stood.
    """
    # a transaction may not hold one twice
    left = list({(item["PK"], item["SK"]): item for item in items}.values())
    stood: set[Key] = set()
    together = MOST_IN_A_TRANSACTION if any(each.at_once for each in direct.GO_BETWEENS) else 1
    for first in range(0, len(left), together):
        some = left[first : first + together]
        if len(some) == 1 or not _put_at_once(table, some):
            refused = [item for item in some if not put(table, item, if_absent=True)]
            stood |= {(item["PK"], item["SK"]) for item in refused}
    return stood


def _put_at_once(table: Table, items: list[Item]) -> bool:
    try:
        transact([put_op(table, item, if_absent=True) for item in items])
    except (ConditionFailed, TryAgain):  # then nothing was written
        return False
    return True


def update(table: Table, pk: str, sk: str, expression: str, *, condition: str = "", **values: Any) -> Item:
    """Change one item and answer its new attributes. `values` fill `:name` placeholders. Raises ConditionFailed.

    Attribute names stand in the expression as `#name`.
    """
    request: dict[str, Any] = {
        "TableName": table.full_name,
        "Key": _wire({"PK": pk, "SK": sk}),
        "UpdateExpression": expression,
        "ReturnValues": "ALL_NEW",
    }
    text = f"{expression} {condition}"
    names = {f"#{name}": name for name in _placeholders(text, "#")}
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = _wire({f":{name}": value for name, value in values.items()})
    if condition:
        request["ConditionExpression"] = condition
    try:
        return _plain(client().update_item(**request)["Attributes"])
    except direct.Refused as failed:
        raise ConditionFailed from failed


def delete(table: Table, pk: str, sk: str, *, condition: str = "", **values: Any) -> bool:
    """Remove an item. False, and nothing removed, where it is not as the condition says (see `delete_op`)."""
    operation = delete_op(table, pk, sk, condition=condition, **values)["Delete"]
    try:
        client().delete_item(**operation)
    except direct.Refused:
        return False
    return True


def batch_write(table: Table, puts: Iterable[Item] = (), deletes: Iterable[Key] = ()) -> None:
    """Write many items without conditions, asking again for what DynamoDB left unprocessed."""
    left = [{"PutRequest": {"Item": _wire(item)}} for item in puts]
    left += [{"DeleteRequest": {"Key": _wire({"PK": pk, "SK": sk})}} for pk, sk in deletes]
    for _ in range(len(left) + 50):
        if not left:
            return
        batch, left = left[:25], left[25:]
        answer = client().batch_write_item(RequestItems={table.full_name: batch})
        left += answer.get("UnprocessedItems", {}).get(table.full_name, [])
    raise TryAgain("数据库繁忙，请稍后再试")


def put_op(
    table: Table, item: Item, *, if_absent: bool = False, condition: str = "", **values: Any
) -> Operation:
    """A put for `transact`. `values` fill `:name` placeholders of the condition; attribute names stand as `#name`."""
    operation: Operation = {"TableName": table.full_name, "Item": _wire(item)}
    if if_absent:
        condition = "attribute_not_exists(PK)"
    if condition:
        operation |= _conditioned(condition, values)
    return {"Put": operation}


def delete_op(table: Table, pk: str, sk: str, *, condition: str = "", **values: Any) -> Operation:
    operation: Operation = {"TableName": table.full_name, "Key": _wire({"PK": pk, "SK": sk})}
    if condition:
        operation |= _conditioned(condition, values)
    return {"Delete": operation}


def check_op(table: Table, pk: str, sk: str, condition: str, **values: Any) -> Operation:
    operation = {"TableName": table.full_name, "Key": _wire({"PK": pk, "SK": sk})}
    return {"ConditionCheck": operation | _conditioned(condition, values)}


def transact(operations: list[Operation]) -> None:
    """All of the operations or none. Raises ConditionFailed with the positions that failed; TryAgain when in conflict.

    Who meets another's transaction waits a moment and asks again, as nothing was written: `CONFLICT_TRIES` times.
    """
    for attempt in range(1, CONFLICT_TRIES + 1):
        try:
            client().transact_write_items(TransactItems=operations)
            return
        except direct.Cancelled as cancelled:
            failed = tuple(i for i, code in enumerate(cancelled.reasons) if code == "ConditionalCheckFailed")
            if failed:
                raise ConditionFailed(failed) from cancelled
            if not _BUSY.intersection(cancelled.reasons):
                raise
            if attempt == CONFLICT_TRIES:
                raise TryAgain("多人同时操作，请再试一次") from cancelled
        time.sleep(conflict_pause(attempt))


@cache
def client() -> direct.Client:
    """The DynamoDB client of this process. What its five attempts do not settle is the caller's decision."""
    return direct.Client(_botocores)


def _botocores() -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=direct.CONNECT_SECONDS,
        read_timeout=direct.READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 4},  # after the one by the direct way
        parameter_validation=False,  # dynoxide's ids are shorter than botocore's minimum; and it is not free
    )
    made = boto3.client("dynamodb", config=config)
    made.meta.events.register("needs-retry.dynamodb", ask_again_after_conflict)
    logs.watch_denials(made)
    return made


def _conditioned(condition: str, values: Item) -> Item:
    wired: Item = {"ConditionExpression": condition}
    names = {f"#{name}": name for name in _placeholders(condition, "#")}
    if names:
        wired["ExpressionAttributeNames"] = names
    if values:
        wired["ExpressionAttributeValues"] = _wire({f":{name}": value for name, value in values.items()})
    return wired


@cache  # the expressions are our own few
def _placeholders(text: str, mark: str) -> frozenset[str]:
    words = "".join(c if c.isalnum() or c in f"_{mark}" else " " for c in text).split()
    return frozenset(word[1:] for word in words if word.startswith(mark))


def _wire(item: Item) -> Item:
    """In DynamoDB's own notation. An attribute that is None is left out."""
    return {
        name: {"S": value} if type(value) is str else _typed(value)  # nearly all are: without a call
        for name, value in item.items()
        if value is not None
    }


def _typed(value: Any) -> Item:
    """boto3's own serializer does the same at three times the CPU. Raises TypeError for what has no exact form there."""
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    if isinstance(value, list | tuple):
        return {"L": [_typed(each) for each in value]}
    if isinstance(value, dict):
        return {"M": _wire(value)}
    if isinstance(value, set) and all(isinstance(each, str) for each in value):
        return {"SS": sorted(value)}
    raise TypeError(f"{type(value).__name__} is not stored")


def _plain(item: Item) -> Item:
    return {name: typed["S"] if "S" in typed else _value(typed) for name, typed in item.items()}


def _value(typed: Item) -> Any:
    ((kind, value),) = typed.items()
    if kind == "N":
        return float(value) if "." in value else int(value)
    if kind == "L":
        return [_value(each) for each in value]
    if kind == "M":
        return _plain(value)
    if kind == "SS":
        return set(value)
    if kind == "B":
        return base64.b64decode(value) if isinstance(value, str) else value
    return None if kind == "NULL" else value


from_wire = _plain  # stream records arrive in DynamoDB's own notation
to_wire = _wire


def _to_cursor(key: Item) -> str:
    return base64.urlsafe_b64encode(json.dumps(_plain(key)).encode()).decode()


def _from_cursor(cursor: str, pk: str, prefix: str) -> Item:
    """The key that a cursor names. Raises BadRequest unless it is a whole key of this very list."""
    wanted = {"PK", "SK", f"{prefix}PK", f"{prefix}SK"}
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        ours = key.keys() == wanted and key[f"{prefix}PK"] == pk
        ours = ours and all(part and isinstance(part, str) for part in key.values())
    except (ValueError, TypeError, AttributeError, RecursionError) as broken:
        raise _bad_cursor() from broken
    if not ours:
        raise _bad_cursor()
    return _wire(key)


def _queried(request: Item) -> Item:
    """Raises BadRequest where DynamoDB itself refuses the cursor: a key of this partition that the list never shows."""
    try:
        return client().query(**request)
    except Exception as refused:
        if code_of(refused) == "ValidationException" and "ExclusiveStartKey" in request:
            raise _bad_cursor() from refused
        raise


def _bad_cursor() -> BadRequest:
    return BadRequest("翻页标记无效，请从第一页重新打开")
