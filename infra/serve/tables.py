"""The database of a town hall's own machine: dynoxide on this machine alone, its file in the folder.

`python -m infra.serve.tables` becomes the engine, after its file was put in order.
"""

import contextlib
import os
import time
from typing import Any

from infra import package
from infra.local import deploy, engines, pump, stream_index
from infra.local import template as reading
from infra.local.processes import is_taken, wait_until
from infra.serve.home import STAGE, Home, NotReady, from_environment, table

SECONDS = 30
MARKS = table("marks")  # which transactions with the vault were written (infra/serve/vault.py)


def command(home: Home) -> list[str]:
    where = ["--host", "127.0.0.1", "--port", str(home.db_port), "--db-path", str(home.tables)]
    return [str(engines.dynoxide()), *where]


def trim(home: Home) -> None:
    """Forget lines of the streams that everybody has read; while nobody else writes the file."""
    read = home.folder / "read"
    stream_index.trim(home.tables, [read / f"{name}.json" for name in pump.MAPPINGS])


def make(home: Home) -> None:
    """The tables as the template has them, without identities, which lie in the vault; those that stand stay as they are."""
    engine, made = deploy.client("dynamodb", home.place), template()
    there = set(engine.list_tables()["TableNames"])
    for logical in ("TicketsTable", "WorkTable", "TracesTable"):
        if reading.properties(made, logical)["TableName"] not in there:
            make_one(engine, made, logical)
    make_plain(engine, MARKS)
    stream_index.add(home.tables)


def make_one(engine: Any, made: dict[str, Any], logical: str) -> None:
    """A table with the template's own properties."""
    found = reading.properties(made, logical)
    wanted = {key: found[key] for key in deploy.TABLE_PROPERTIES if key in found}
    if "StreamSpecification" in wanted:
        wanted["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
    _create(engine, wanted)


def make_plain(engine: Any, name: str) -> None:
    """A table of the machine's own, with PK and SK and nothing else. One that stands is fine."""
    keys = [("PK", "HASH"), ("SK", "RANGE")]
    wanted = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each, _ in keys],
        "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in keys],
    }
    _create(engine, wanted)


def _create(engine: Any, wanted: dict[str, Any]) -> None:
    """Another process may make it at the same moment."""
    with contextlib.suppress(engine.exceptions.ResourceInUseException):
        engine.create_table(**wanted)


def mark(token: str) -> dict[str, Any]:
    """The operation by which a transaction says that it was written; never together with the vault's word that it was not."""
    item = {"PK": {"S": token}, "SK": {"S": token}, "at": {"N": str(time.time())}, "state": {"S": "written"}}
    return {"Put": {"TableName": MARKS, "Item": item, "ConditionExpression": "attribute_not_exists(PK)"}}


def template() -> dict[str, Any]:
    """The deployment's own resources, of this stage."""
    made = package.resources()
    made["Parameters"]["Stage"]["Default"] = STAGE
    return made


def wait(home: Home) -> None:
    """Until the engine answers and holds the tables. Raises NotReady."""
    if not wait_until(lambda: is_taken(home.db_port), seconds=SECONDS, step=0.1):
        raise NotReady(f"数据库没有起来（端口 {home.db_port}），请看它的日志")
    make(home)


def main() -> int:
    try:
        home = from_environment()
    except NotReady as trouble:
        print(trouble, flush=True)
        return 1
    trim(home)
    home.tables.touch(mode=0o600)
    asked = command(home)
    os.execv(asked[0], asked)


if __name__ == "__main__":
    raise SystemExit(main())
