"""Backup and restore of a town hall's own machine, by the very commands of a deployment in AWS, so that either reads the other's.

python -m infra.serve.keeping backup FOLDER TO      while the town works; TO/<day and time>, photos linked to the one before
python -m infra.serve.keeping first-town FOLDER TOWN --admin CODE --confirmer CODE
python -m infra.serve.keeping restore FOLDER FROM   into a new folder, while nothing runs
"""

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local import deploy
from infra.production import backup as backups
from infra.production import restore as restores
from infra.production.aws import Deployment, Refused
from infra.serve import functions, secrets
from infra.serve.apart import VAULT
from infra.serve.files import Files
from infra.serve.home import PORTS, STAGE, Home, NotReady, bucket, open_home, table
from infra.serve.lock import only_one
from infra.serve.services import Invoking, Parameters

KEPT = timedelta(days=30)
NAMED = re.compile(r"\d{8}T\d{6}Z")
LOCAL = {"tables", "door", "vault"}  # what must run for either


class Tables:
    """DynamoDB as backup and restore ask it: identities of the vault, everything else of the town's tables."""

    def __init__(self, home: Home) -> None:
        self._town = deploy.client("dynamodb", home.place)
        self.exceptions = self._town.exceptions

    def get_paginator(self, operation: str) -> Any:
        return _Pages(self, operation)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(**request: Any) -> Any:
            if table("identities") not in (request.get("TableName"), *request.get("RequestItems", ())):
                return getattr(self._town, name)(**request)
            return self._of_the_vault(name.title().replace("_", ""), request)

        return ask

    def _of_the_vault(self, operation: str, request: Any) -> Any:
        from botocore.exceptions import ClientError

        try:
            return VAULT.ask("table", operation=operation, request=request)
        except ClientError as error:
            kind = self.exceptions.from_code(error.response["Error"]["Code"])
            raise kind(error.response, operation) from None


class _Pages:
    def __init__(self, tables: Tables, operation: str) -> None:
        self._tables, self._operation = tables, operation

    def paginate(self, **request: Any) -> Iterator[Any]:
        while True:
            page = getattr(self._tables, self._operation)(**request)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


class Held(Invoking):
    """Lambda while nothing runs: there is nobody to hold still."""

    class exceptions:  # as botocore names it
        class ResourceNotFoundException(Exception):
            """A function that is not there."""

    def get_function_configuration(self, FunctionName: str) -> Any:
        raise self.exceptions.ResourceNotFoundException(FunctionName)


class OwnMachine(Deployment):
    """Its tables are read page after page."""

    @property
    def backups(self) -> str:
        return ""  # nothing exports them


def deployment(home: Home) -> Deployment:
    services: dict[str, Any] = {"dynamodb": Tables, "s3": Files, "ssm": Parameters, "lambda": Held}
    made: dict[str, Any] = {}

    def client(name: str) -> Any:
        if name not in made:
            made[name] = services[name](home)
        return made[name]

    return OwnMachine(STAGE, bucket("photos"), client)


def backup(home: Home, to: Path, now: datetime) -> Path:
    """A new folder in `to`. Those older than thirty days go, but never the last whole one. Raises Refused."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = wholes(to)
    made = to / now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    backups.backup(deployment(home), made, now=now, before=whole[-1] if whole else None)
    for old in whole:
        if now - taken_at(old) > KEPT:
            shutil.rmtree(old)
    return made


def wholes(to: Path) -> list[Path]:
    """The whole backups in a folder, oldest first."""
    found = sorted(to.iterdir()) if to.is_dir() else []
    return [each for each in found if NAMED.fullmatch(each.name) and (each / "manifest.json").is_file()]


def taken_at(folder: Path) -> datetime:
    return datetime.strptime(folder.name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def restore(home: Home, source: Path) -> None:
    """Into a machine that holds nothing; what must run for it is started and stopped here. Raises Refused, NotReady."""
    from infra.serve.run import Machine

    with only_one(home, "serve"):
        secrets.check(home)
        machine = Machine(home)
        machine.keep_only(LOCAL)
        machine.start()
        try:
            functions.be("keeper")
            found = deployment(home)
            lacking = restores.restore(found, source)
            functions.be("clock")  # whose function erases again
            restores.erase_again(found)
        finally:
            machine.stop()
    if lacking:
        print(f"备份里没有这些密钥的值，请补进 {home.secrets}：{'、'.join(lacking)}")


def first_town(town: Path, admin: str, confirmer: str) -> dict[str, str]:
    """The first import into a running machine, and a sign-in code for each of the two who begin. Raises Refused."""
    from chalicelib.domain.errors import Refusal
    from infra.local.town import files_of, told
    from infra.production import first_town as first

    if not town.exists() or not files_of(town):
        raise Refused(f"{town} 里没有表格文件，请检查文件夹路径")
    try:
        return first.begin(town, admin, confirmer)
    except Refusal as refusal:
        rows = [row for each in refusal.details.values() if isinstance(each, list | tuple) for row in each]
        raise Refused("\n  ".join([refusal.message, *map(told, rows)])) from None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("backup", "restore", "first-town"))
    parser.add_argument("--admin", default="")
    parser.add_argument("--confirmer", default="")
    parser.add_argument("folder", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--port", type=int, default=PORTS["PORT"])
    parser.add_argument("--db-port", type=int, default=PORTS["DB_PORT"])
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    try:
        if chosen.what == "backup":
            home = _entered(open_home(folder))
            made = backup(home, chosen.other, datetime.now(UTC))
            print(f"备份好了：{made}。里面有姓名和电话，请另存一份到别的机器上，加密保管")
        elif chosen.what == "first-town":
            _entered(open_home(folder))
            for code, signs_in in first_town(chosen.other, chosen.admin, chosen.confirmer).items():
                print(f"{code} 的登录码：{signs_in}（15 分钟内用一次）")
        else:
            is_new = not folder.exists() or not any(folder.iterdir())
            made_home = (
                secrets.make(folder, port=chosen.port, db_port=chosen.db_port)
                if is_new
                else open_home(folder)
            )
            restore(_entered(made_home), chosen.other)
            print(f"恢复好了。启动：make serve FOLDER={folder}")
    except (NotReady, Refused) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _entered(home: Home) -> Home:
    import os

    os.environ.update(home.environment)
    os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")  # a command, no function
    return home


if __name__ == "__main__":
    sys.exit(main())
