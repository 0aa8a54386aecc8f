"""`python -m infra.serve.vault`: names, phones and words as written, in a database file of their own that no other process opens.

The vault lives in a network of its own, where its engine listens; others reach it by one socket file, each with a key of
its own, and are weighed by the very policies that AWS would weigh them by. `reveal` runs in here.

What a report writes here and what it writes into the tables is one act over two files: it is set down here first, then
written there with a mark, then put in force here; a kill in between is put right by the mark (decision 0129).
"""

import ctypes
import fcntl
import hmac
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from infra.local import deploy, engines, policies
from infra.local.place import Place
from infra.local.processes import wait_until
from infra.local.runtime import asked, judge
from infra.serve import door, functions, secrets, tables
from infra.serve.home import STAGE, Home, NotReady, from_environment, table
from infra.serve.lock import only_one
from infra.serve.talk import BadMessage, hear, say

log = logging.getLogger("mslj")
ENGINE_PORT = 8000  # in the vault's own network
NEW_USER, NEW_NET = 0x10000000, 0x40000000
UP = 0x1 | 0x40
GRACE = 30.0  # seconds after which nobody is still writing what was set down
LOOK_EVERY = 5.0
PENDING = table("pending")
# Which functions a process runs: it may what they may.
RUNS = {
    "web": {"api"},
    "consumer": {"on_ticket_event", "send", "run_job", "photos", "keep_traces"},
    "clock": {
        *("sweep", "count", "nightly", "exchange", "feed"),
        *("look_at_ticket", "remind_handler", "escalate_one_rung", "issue_supervision_order"),
        *("ask_resident", "look_for_answer", "put_on_call_list", "look_at_calls"),
    },
    "keeper": set[str](),
}
KEEPS = {"Scan", "Query", "GetItem", "PutItem", "BatchGetItem", "BatchWriteItem"}  # of backup and restore
Message = dict[str, Any]


# --- a network of its own -------------------------------------------------------------------------------------------


def go_apart() -> None:
    """From here on this process and its children share a network with nobody. Raises NotReady."""
    if [name for _, name in socket.if_nameindex()] == ["lo"]:
        return  # systemd did it (PrivateNetwork)
    libc, user, group = ctypes.CDLL(None, use_errno=True), os.geteuid(), os.getegid()
    if libc.unshare(NEW_NET if user == 0 else NEW_USER | NEW_NET):
        raise NotReady(
            f"保险箱不能与别的程序隔开（{os.strerror(ctypes.get_errno())}），没有启动。请用 systemd 的单元启动，"
            "或允许普通用户建立命名空间：sysctl kernel.unprivileged_userns_clone=1"
        )
    if user:  # who we were, we are in there
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket() as asking:  # loopback is down in a new one
        fcntl.ioctl(asking, 0x8914, struct.pack("16sh", b"lo", UP))


def _engine(file: Path) -> subprocess.Popen[bytes]:
    file.parent.mkdir(exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    where = ["--host", "127.0.0.1", "--port", str(ENGINE_PORT), "--db-path", str(file)]
    return subprocess.Popen([str(engines.dynoxide()), *where], preexec_fn=_die_with_me)


def _die_with_me() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no engine outlives its vault


# --- who may do what ------------------------------------------------------------------------------------------------


class Door:
    """Weighs what is asked. Raises judge.Denied."""

    def __init__(self, home: Home) -> None:
        self._keys = secrets.read(home.folder / "vault" / "keys.json")
        self._rules = policies.rules(policies.Where(stage=STAGE))

    def check(self, message: Message) -> None:
        process = str(message.get("process"))
        wanted = self._keys.get(process, "")
        if not wanted or not hmac.compare_digest(wanted.encode(), str(message.get("key")).encode()):
            raise judge.Denied("UnrecognizedClientException", "no key of this machine's processes")
        if process == "keeper":
            if message.get("operation") not in KEEPS:
                raise judge.Denied("AccessDeniedException", "a keeper copies, and nothing else")
            return
        for call in self._asked(message):
            self._weigh(process, call)

    def _weigh(self, process: str, call: asked.Asked) -> None:
        """What one of its functions may, the process may: it names none, for it could name any of them."""
        arn = asked.arn_of(call, "aws", self._rules.region, self._rules.account)
        denied = judge.Denied("AccessDeniedException", f"{process} runs no function that may")
        for function in sorted(RUNS[process]):
            try:
                return judge.check(self._rules, self._rules.caller(function), call.action, arn, call.keys)
            except judge.Denied as why:
                denied = why
        raise denied

    def _asked(self, message: Message) -> list[asked.Asked]:
        if message.get("what") == "reveal":
            return asked.asked("lambda", "Invoke", {"FunctionName": f"mslj-{STAGE}-reveal"})
        found = asked.asked("dynamodb", str(message.get("operation")), message["request"])
        if any(call.resource.split("/")[0] != table("identities") for call in found) or not found:
            raise judge.Denied("AccessDeniedException", "only identities lie here")
        return found


# --- one act over two files -----------------------------------------------------------------------------------------


class Pending:
    """What was set down and is not in force yet. `kept`: the vault's own tables; `marks`: the town's."""

    def __init__(self, kept: Any, marks: Any) -> None:
        self._kept, self._marks = kept, marks

    def set_down(self, token: str, operations: list[Any]) -> None:
        item = {"PK": {"S": token}, "SK": {"S": token}, "at": {"N": str(time.time())}}
        self._kept.put_item(TableName=PENDING, Item=item | {"operations": {"S": json.dumps(operations)}})

    def put_in_force(self, token: str) -> None:
        """Again is as once: what was put in force is not pending any more."""
        key = {"PK": {"S": token}, "SK": {"S": token}}
        found = self._kept.get_item(TableName=PENDING, Key=key, ConsistentRead=True).get("Item")
        if found is None:
            return
        gone = {"Delete": {"TableName": PENDING, "Key": key}}
        operations = json.loads(found["operations"]["S"])
        self._kept.transact_write_items(TransactItems=[*operations, gone])

    def drop(self, token: str) -> None:
        self._kept.delete_item(TableName=PENDING, Key={"PK": {"S": token}, "SK": {"S": token}})

    def look(self, now: float) -> int:
        """Decide what a kill left open: by the mark it was written, or it never will be. Answers how many."""
        decided = 0
        for page in self._kept.get_paginator("scan").paginate(TableName=PENDING, ConsistentRead=True):
            for item in page["Items"]:
                if now - float(item["at"]["N"]) >= GRACE:
                    self._decide(item["PK"]["S"])
                    decided += 1
        self._forget_marks(now)
        return decided

    def _decide(self, token: str) -> None:
        """A mark of ours excludes that of the writer, should it still come."""
        mark = {
            "PK": {"S": token},
            "SK": {"S": token},
            "at": {"N": str(time.time())},
            "state": {"S": "never"},
        }
        try:
            self._marks.put_item(
                TableName=tables.MARKS, Item=mark, ConditionExpression="attribute_not_exists(PK)"
            )
        except self._marks.exceptions.ConditionalCheckFailedException:
            key = {"PK": {"S": token}, "SK": {"S": token}}
            found = self._marks.get_item(TableName=tables.MARKS, Key=key, ConsistentRead=True)["Item"]
            if found["state"]["S"] == "written":
                self.put_in_force(token)
                return
        self.drop(token)

    def _forget_marks(self, now: float) -> None:
        """An old mark whose act is no longer pending says nothing any more."""
        for page in self._marks.get_paginator("scan").paginate(TableName=tables.MARKS):
            for item in page["Items"]:
                key = {"PK": item["PK"], "SK": item["SK"]}
                if now - float(item["at"]["N"]) < 10 * GRACE:
                    continue
                if "Item" not in self._kept.get_item(TableName=PENDING, Key=key, ConsistentRead=True):
                    self._marks.delete_item(TableName=tables.MARKS, Key=key)


# --- the vault itself -----------------------------------------------------------------------------------------------


class Vault:
    def __init__(self, home: Home) -> None:
        self._home, self._door = home, Door(home)
        own = Place(home=home.folder / "vault", db_port=ENGINE_PORT)
        self.tables = deploy.client("dynamodb", own)
        self.pending = Pending(self.tables, deploy.client("dynamodb", home.place))

    def make_tables(self) -> None:
        made = tables.template()
        there = set(self.tables.list_tables()["TableNames"])
        if table("identities") not in there:
            tables.make_one(self.tables, made, "IdentitiesTable")
        tables.make_plain(self.tables, PENDING)

    def answer(self, message: Message, *, is_ours: bool = False) -> Message:
        """Never raises: what is refused or fails is told in AWS's words. `is_ours`: `reveal` asks, in this process."""
        try:
            if not is_ours:
                self._door.check(message)
            return {"ok": self._done(message)}
        except judge.Denied as denied:
            log.error("denied", extra={"about": {"process": message.get("process"), "why": denied.code}})
            return {"fault": {"code": denied.code, "message": "not authorized", "status": 400}}
        except Exception as fault:
            response = getattr(fault, "response", None)
            if response is None:
                log.exception("the vault failed: %s", type(fault).__name__)
                return {"fault": {"code": "InternalServerError", "message": "", "status": 500}}
            said = {"code": response["Error"]["Code"], "message": response["Error"].get("Message", "")}
            said |= {"status": response["ResponseMetadata"]["HTTPStatusCode"]}
            return {"fault": said | {"reasons": response.get("CancellationReasons", [])}}

    def _done(self, message: Message) -> Any:
        what = message["what"]
        if what == "reveal":
            return functions.answered("reveal", message["event"])
        if what == "set_down":
            self.pending.set_down(message["token"], message["request"]["TransactItems"])
            return {}
        if what == "put_in_force":
            self.pending.put_in_force(message["token"])
            return {}
        if what == "drop":
            self.pending.drop(message["token"])
            return {}
        answer = self.tables._make_api_call(message["operation"], message["request"])
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}

    def serve(self, listening: socket.socket) -> None:
        while True:
            came, _ = listening.accept()
            threading.Thread(target=self._talk, args=(came,), daemon=True).start()

    def _talk(self, came: socket.socket) -> None:
        """One process at the other end, as long as it likes."""
        with came:
            while True:
                try:
                    message = hear(came)
                except (OSError, BadMessage):
                    return
                if message is None:
                    return
                say(came, self.answer(message))


def _look(vault: Vault) -> None:
    while True:
        time.sleep(LOOK_EVERY)
        try:
            vault.pending.look(time.time())
        except Exception as fault:  # the tables are down; it comes round again
            log.warning("not looked at what is pending: %s", type(fault).__name__)


def inside() -> Vault:
    """In the vault's own process: where `reveal` finds identities."""
    return _INSIDE[0]


_INSIDE: list[Vault] = []


def main() -> int:
    try:
        home = from_environment()
        with only_one(home, "vault"):
            secrets.check_vault(home)
            os.environ.update(home.environment)
            go_apart()
            engine = _engine(home.folder / "vault" / "identities.db")
            threading.Thread(target=_end_with, args=(engine,), daemon=True).start()
            inner = door.open_port(home.db_port)
            reach = door.socket_file(home, "tables")
            threading.Thread(
                target=door.pass_on, args=(inner, lambda: door.to_file(reach)), daemon=True
            ).start()
            functions.prepare("vault")
            vault = Vault(home)
            if not wait_until(lambda: _is_up(vault), seconds=30, step=0.1):
                raise NotReady("保险箱的数据库没有起来，请看它的日志")
            vault.make_tables()
            _INSIDE.append(vault)
            threading.Thread(target=_look, args=(vault,), daemon=True).start()
            vault.serve(door.open_file(door.socket_file(home, "vault")))
    except NotReady as trouble:
        print(trouble, flush=True)
        return 1
    return 0


def _end_with(engine: subprocess.Popen[bytes]) -> None:
    engine.wait()
    os._exit(1)  # whoever started the vault starts both anew


def _is_up(vault: Vault) -> bool:
    try:
        vault.tables.list_tables()
    except Exception:
        return False
    return True


if __name__ == "__main__":
    from infra.serve import vault as named  # one module, also for whoever asks it by name

    raise SystemExit(named.main())
