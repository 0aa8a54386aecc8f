"""The whole service in this process on dynoxide, in town time and under fire: routes, stream, sends, workflows, schedules.

Nothing runs at the same time, so that a seed can be played again; but at any request to a table somebody else's whole
request may come between, which is where two processes hurt each other.
"""

import contextvars
import heapq
import json
import logging
import random
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.machines import Execution
from benchmarks.stand import SAMPLE, Stand, a_stand
from benchmarks.world import MONDAY, all_codes
from campaign import record, signing, streaming
from campaign.faults import Faults, Killed
from campaign.late import Late
from campaign.platforms import ADDRESSES, Platforms
from campaign.record import Record
from campaign.shelf import INCOMING, Shelf
from campaign.versions import Version
from chalicelib.domain.model import stamp
from chalicelib.store import direct
from infra import asl
from infra.asl import Data
from infra.local.platform import account
from infra.local.runtime import between, plays

HELD_RECORDS = timedelta(seconds=40)
TASK_TRIES = 3  # of a workflow's task that dies: as infra's Retry says
QUEUE_TRIES = 30
PARTNER = "partner-"
PATIENCE = 6  # times a person's phone asks again
SECRETS: dict[str, str] = {
    "identity_key": "i" * 48,
    "slip_key": "s" * 48,
    "wecom_secret": "w" * 20,
    "wechat_secret": "w" * 20,
    "wecom_push_token": "",
} | {f"partner_{name}": key for name, key in signing.KEYS.items()}
ENVIRONMENT = {
    "WECOM_BASE_URL": ADDRESSES["wecom"],
    "WECOM_CORP_ID": "corp",
    "WECOM_AGENT_ID": "1",
    "WECHAT_BASE_URL": ADDRESSES["wechat"],
    "WECHAT_APPID": "wx0123456789abcdef",
    "WECHAT_TEMPLATES": json.dumps(account.USED, ensure_ascii=False),
    "CONSOLE_URL": "https://msjl.example.cn/console/#/ticket/",  # a message names its ticket
    "TRUSTED_PROXIES": "127.0.0.1/32",
}
LONGEST_STALL = timedelta(seconds=25)  # of a run: no function outlives its timeout (.chalice/config.json)
SEEN_AGAIN = timedelta(minutes=1)  # what a function of a queue did not take comes again
TOWN_STANDS = 3600.0  # seconds that a process trusts the directory it has read: nobody imports one here, which 5 would look for
ROLLING = timedelta(minutes=12)  # of a deployment: old functions finish, new ones begin
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
# What runs by itself, and how often: each minute on AWS; what no promise of minutes hangs on comes seldom here, for it is
# dear: `count` reads the whole day each time.
WORKERS = {
    "sweep": timedelta(minutes=1),
    "feed": timedelta(minutes=3),
    "exchange": timedelta(minutes=3),
    "count": timedelta(minutes=20),
}
# The same while nothing goes wrong any more, until the last minutes; the sweep also whenever anything is late.
WORKERS_IN_CALM = {
    "sweep": timedelta(hours=1),
    "feed": timedelta(minutes=30),
    "exchange": timedelta(minutes=30),
    "count": timedelta(hours=6),
}
LATE = timedelta(seconds=30)  # from when on the sweep does what its first owner has not (actions/sweeping.py)
EVENT: Data = {
    "version": "0", "account": "", "region": "", "detail": {}, "detail-type": "",
    "source": "", "time": "", "id": "", "resources": [],
}  # fmt: skip


class Answer(NamedTuple):
    """`status` 0: nobody answered, it may have been done."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return 0 < self.status < 300

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Stage:
    """`versions`: the present one last; one before it runs everything until it is replaced, at `rolls_at`."""

    def __init__(
        self, stand: Stand, faults: Faults, kept: Record, seed: int, versions: list[Version]
    ) -> None:
        self.versions, self.rolls_at = versions, MONDAY
        self.stand, self.faults, self.record = stand, faults, kept
        self.chance = random.Random(f"stage-{seed}")
        self.now = MONDAY
        self.platforms = Platforms(faults, lambda: self.now, lambda kind, **said: self._arrived(kind, said))
        self.shelf = Shelf(faults)
        self.executions: dict[str, Execution] = {}
        self.codes = all_codes()
        self._keys, self._names = count(1), count(1)
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._wakes: list[Any] = []
        self._stream = streaming.opened(stand)
        self._held: list[Any] = []
        self._held_until = self.now
        self._is_between = False
        self._last_minute = self.now
        self._last_runs = dict.fromkeys(WORKERS, self.now)
        self.is_calm = False  # nothing goes wrong any more
        self.late = Late(stand)
        self.has_written = True  # to the tickets' table, since its stream was read to the end

    def clock(self) -> datetime:
        """The town's; a function, for a mock would remember each time it was asked."""
        return self.now

    def nanoseconds(self) -> int:
        return int(self.now.timestamp() * 1e9)

    # --- people ---

    def post(self, who: str, path: str, body: Any, token: str = "") -> Answer:
        """One tap: sent again with the same key until somebody answers, or the phone gives up."""
        key = f"campaign-key-{next(self._keys)}"
        return self._ask(who, "POST", path, token, body, key)

    def get(self, who: str, path: str, token: str = "") -> Answer:
        return self._ask(who, "GET", path, token, None, "")

    def signed(self, partner: str, method: str, path: str, body: Any = None) -> Answer:
        """A request of a partner's or subscriber's machine, signed anew each time it is sent."""
        return self._ask(f"partner-{partner}", method, f"/partners/{partner}{path}", "", body, "")

    def upload(self, photo_id: str, data: bytes, *, waits: bool) -> None:
        """A browser puts a picture into the bucket, which tells the queue of it: at least once, and some time later.

        `waits`: whoever took it looks on until it was taken in, if that is at once.
        """
        self.shelf.files[f"{INCOMING}{photo_id}"] = data
        if waits:
            self._take_in(photo_id)
        for _ in range(self.faults.falls("twice") + (not waits)):
            self.later(timedelta(seconds=self.chance.choice((0.2, 2, 40))), lambda: self._take_in(photo_id))

    def _take_in(self, photo_id: str, tries: int = 1) -> None:
        told = {"Records": [{"s3": {"object": {"key": f"{INCOMING}{photo_id}"}}}]}
        event = {"Records": [{"messageId": "1", "body": json.dumps(told)}]}
        answer = self._invoke_or_die("photos", event)
        if (answer is None or answer.get("batchItemFailures")) and tries < QUEUE_TRIES:
            self.later(SEEN_AGAIN, lambda: self._take_in(photo_id, tries + 1))

    def _ask(self, who: str, method: str, path: str, token: str, body: Any, key: str) -> Answer:
        sent, at = self.record.tick(), self.now
        answer, met = Answer(0, None), list[int]()
        while len(met) < PATIENCE and answer.status in (0, 500, 502, 503, 504):
            answer = self._once(who, method, path, token, body, key)
            met.append(answer.status)
        if key and answer.ok and self.faults.falls("again"):  # the finger slips: the same once more
            self._once(who, method, path, token, body, key)
        self.record.note(
            record.HISTORY,
            who=who, method=method, path=path, key=key, body=body, sent=sent, at=stamp(at),
            answered=self.record.tick(), until=stamp(self.now), status=answer.status, answer=self.shown(answer.body),
            met=met,
        )  # fmt: skip
        return answer

    def _once(self, who: str, method: str, path: str, token: str, body: Any, key: str) -> Answer:
        self.now += timedelta(milliseconds=self.chance.randrange(20, 900))
        if self.faults.falls("jump"):
            jumped = timedelta(minutes=self.chance.randrange(1, 20))
            self.now += min(jumped, LONGEST_STALL) if self._is_between else jumped
        headers = {
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.1.{hash(who) % 250}.{len(who) % 250}",
        }
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        raw = b"" if body is None else json.dumps(body).encode()
        if who.startswith(PARTNER):
            nonce = f"campaign-{next(self._keys):016d}"
            headers |= signing.headers(who.removeprefix(PARTNER), method, path, raw, nonce, self.now)
        try:
            said = self._alive(lambda version: version.http.request(method, path, headers=headers, body=raw))
        except Killed:
            return Answer(0, None)
        try:
            return Answer(said.status_code, json.loads(said.body or b"null"))
        except ValueError:
            return Answer(said.status_code, None)

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """For whoever looks from outside: nothing goes wrong meanwhile."""
        paused, self.faults.paused = self.faults.paused, True
        try:
            yield
        finally:
            self.faults.paused = paused

    # --- what runs by itself ---

    def later(self, length: timedelta, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (self.now + length, next(self._names), act))

    def is_idle(self) -> bool:
        return not self._agenda

    def step(self) -> None:
        """Whatever is due next: somebody's act, a workflow's waking, or the minute's schedules."""
        sleeper = self._next_sleeper()
        act_at = self._agenda[0][0] if self._agenda else None
        wakes_at = sleeper.wakes_at if sleeper else None
        if act_at is None and wakes_at is None:
            self.pass_to(self.now + timedelta(minutes=1))
        elif wakes_at is None or (act_at is not None and act_at <= wakes_at):
            self.pass_to(act_at or self.now)
            heapq.heappop(self._agenda)[2]()
        else:
            self.pass_to(wakes_at)
            self._wake(sleeper)
        self.settle()

    def pass_to(self, until: datetime) -> None:
        """The clock goes on. The schedules run once, however many minutes have gone: what they look at stands."""
        self.now = max(self.now, until)
        if self.now - self._last_minute >= timedelta(minutes=1):
            self._last_minute = self.now
            self.minute()

    def minute(self) -> None:
        for each in WORKERS:
            if self._is_due(each):
                self._last_runs[each] = self.now
                self._invoke_or_die(each, EVENT)
        self.settle()

    def _is_due(self, worker: str) -> bool:
        """A sweep that finds nothing makes twenty requests each minute: in calm, a fifth of all that the engine was asked."""
        often = WORKERS_IN_CALM if self.is_calm else WORKERS
        if self.now - self._last_runs[worker] >= often[worker]:
            return True
        return self.is_calm and worker == "sweep" and self.late.is_anything(self.now - LATE)

    def settle(self) -> None:
        """New lines of history reach the consumer, in batches as they come; what it wakes is sent."""
        self._held += self._read()
        if self._held and self.faults.falls("hold"):
            self._held_until = self.now + HELD_RECORDS
        while self._held and self.now >= self._held_until:
            batch = self._held[: self.chance.randrange(1, 26)]
            self._held = self._after_batch(batch) + self._held[len(batch) :] + self._read()
        while self._wakes:
            self._send(self._wakes.pop(0))

    def _read(self) -> list[Any]:
        """As the source of events filters: new lines of history, a line of a gone engine never."""
        from chalicelib.store.tickets.stream import is_line

        if not self.has_written:
            return []
        with self.unharmed():
            records = self._stream.read()
        self.has_written = bool(records)
        return [each for each in records if is_line(each)]

    def _after_batch(self, batch: list[Any]) -> list[Any]:
        """What of it comes again. A batch whose function died comes again in halves, as the template asks for."""
        try:
            answer = self._alive(
                lambda version: version.app.handler_map["on_ticket_event"]({"Records": batch}, None)
            )
        except Killed:
            return batch
        failed = {each["itemIdentifier"] for each in (answer or {}).get("batchItemFailures", [])}
        names = [each["dynamodb"]["SequenceNumber"] for each in batch]
        first = min((names.index(name) for name in failed if name in names), default=len(batch))
        return batch[first:]

    def _send(self, key: Any) -> None:
        self._invoke_or_die("send", {"Records": [{"messageId": "1", "body": json.dumps(key)}]})

    def _invoke_or_die(self, function: str, event: Any) -> Any:
        """Nobody asks again for what died here: the queue's own second try, the next minute and the sweep do."""
        try:
            return self._alive(lambda version: version.app.handler_map[function](event, None))
        except Killed:
            return None
        except Exception as fault:
            self.record.note(record.ARRIVED, kind="failed", function=function, fault=repr(fault)[:300])
            return None

    def _next_sleeper(self) -> Execution | None:
        waiting = [each for each in self.executions.values() if each.wakes_at is not None]
        return min(waiting, key=lambda each: each.wakes_at or self.now, default=None)

    def _wake(self, sleeper: Execution | None) -> None:
        if sleeper is None:
            return
        try:
            sleeper.wake()
        except (Killed, Exception):  # its task failed too often: the execution fails, the sweep must ring
            self.faults.dealt["execution"] += 1
            sleeper.stop()

    def _task(self, name: str, data: Data) -> Any:
        for left in reversed(range(TASK_TRIES)):
            try:
                return self._alive(
                    lambda version: version.app.handler_map[asl.function_name(name)](data, None)
                )
            except (Killed, Exception):
                self.now += timedelta(seconds=2)
                if not left:
                    raise
        raise AssertionError("no try is left")

    # --- a process ---

    def version(self) -> Version:
        """Whose function runs: before a deployment the old one's, after it the new one's, meanwhile either's."""
        if self.now >= self.rolls_at + ROLLING:
            return self.versions[-1]
        return self.versions[0] if self.now < self.rolls_at else self.chance.choice(self.versions)

    def _alive(self, run: Callable[[Version], Any]) -> Any:
        """One run of one process, which may die. What a process remembers is gone with it."""
        version = self.version()
        with version.live():
            life = self.faults.begin()
            try:
                return run(version)
            except Killed:
                self._forget()
                raise
            finally:
                self.faults.end(life)

    def _forget(self) -> None:
        from chalicelib.gateways import http
        from chalicelib.store.town import directory

        directory.forget()
        http.forget()

    def between(self) -> None:
        """Perhaps somebody else's whole request, between two requests of this one."""
        if self._is_between or not self._agenda or not self.faults.falls("interleave"):
            return
        self._is_between = True
        names = ("current_request", "lambda_context")
        apps = [version.app for version in self.versions]
        before = [{name: getattr(each, name, None) for name in names} for each in apps]
        try:
            _, _, act = heapq.heappop(self._agenda)
            with self.versions[-1].live():
                contextvars.Context().run(act)
        finally:
            for each, held in zip(apps, before, strict=True):
                vars(each).update(held)
            self._is_between = False

    def _arrived(self, kind: str, said: dict[str, Any]) -> None:
        self.record.note(record.ARRIVED, kind=kind, order=self.record.tick(), **said)

    # --- in the place of AWS ---

    def start(self, arn: str, name: str, given: Data) -> None:
        def begun() -> None:
            if f"{arn} {name}" not in self.executions:
                self.executions[f"{arn} {name}"] = execution = Execution(arn, given, self._task)
                self.later(timedelta(0), lambda: self._run(execution))

        self.faults.request(begun)

    def _run(self, execution: Execution) -> None:
        try:
            execution.run()
        except (Killed, Exception):
            execution.stop()

    def stop(self, arn: str, name: str) -> None:
        if (running := self.executions.get(f"{arn} {name}")) is not None:
            running.stop()

    def wake(self, keys: list[Any]) -> int:
        def taken() -> int:
            self._wakes += [key for key in keys if not self.faults.falls("lost_wake")]
            return len(keys)

        return int(self.faults.request(taken))

    def invoke(self, *, Payload: bytes, **_: str) -> Data:
        """The API's invocation of the `reveal` function, through JSON as in the cloud."""
        from chalicelib.tasks.reveal import reveal

        body = reveal(json.loads(Payload), None)
        return {"Payload": BytesIO(json.dumps(body).encode())}

    def dump(self) -> None:
        """Every item of every table, read past every API."""
        from chalicelib.store import table

        for which in table.Table:
            pages = table.client().whole.get_paginator("scan").paginate(TableName=which.full_name)
            for page in pages:
                for item in page["Items"]:
                    self.record.note(record.TABLES, table=which.value, **table.from_wire(item))
        self.shelf.dump(lambda **file: self.record.note(record.FILES, **file))

    def log(self, entry: logging.LogRecord) -> None:
        """What the product calls an error, with where it came from."""
        trace = traceback.format_exception(*entry.exc_info) if entry.exc_info else []
        self.record.note(
            record.FAULTS, at=stamp(self.now), said=entry.getMessage(), trace="".join(trace)[-3000:]
        )

    def shown(self, answer: Any) -> Any:
        """An answer as it is kept: without the forms that it offers, which nobody judges."""
        return {k: v for k, v in answer.items() if k != "offers"} if isinstance(answer, dict) else answer


@contextmanager
def a_stage(faults: Faults, kept: Record, seed: int, before: Path | None = None) -> Iterator[Stage]:
    """A stand with the sample town, a partner, a subscriber, WeCom, WeChat, and everything that AWS would call.

    `before`: the folder of another version of the product, which runs until it is replaced.
    """
    faults.paused = True
    with a_stand() as stand, mock.patch.dict("os.environ", ENVIRONMENT), _seeded(seed), ExitStack() as plugs:
        versions = [Version("before", before)] if before else []
        versions.append(Version("present"))
        plugs.enter_context(versions[-1].live())  # whoever looks from outside is of the present
        with versions[0].live(), mock.patch("chalicelib.gateways.secrets._held", SECRETS.get):
            _import(MONDAY)
        stage = Stage(stand, faults, kept, seed, versions)
        plugs.callback(stage.late.close)
        player = faults.player(lambda: stage.now.timestamp())
        plugs.callback(plays.install(player))
        plugs.enter_context(mock.patch.object(time, "sleep"))
        plugs.enter_context(mock.patch.object(time, "time_ns", stage.nanoseconds))  # of a ULID
        for version in versions:
            with version.live():
                plugs.enter_context(_plugged(stage))
                if version is not versions[-1]:
                    plugs.callback(plays.over_stores(player))
                plugs.callback(between.add(_Fire(stage)))
        plugs.enter_context(_heard(stage))
        faults.paused = False
        yield stage


class _Ear(logging.Handler):
    def __init__(self, stage: Stage) -> None:
        super().__init__(logging.ERROR)
        self._stage = stage

    def emit(self, record: logging.LogRecord) -> None:
        self._stage.log(record)


@contextmanager
def _heard(stage: Stage) -> Iterator[None]:
    ear = _Ear(stage)
    kept, logging.root.handlers = logging.root.handlers, [ear]
    try:
        yield
    finally:
        logging.root.handlers = kept


@contextmanager
def _plugged(stage: Stage) -> Iterator[None]:
    """Everything that a version would ask of AWS and of the outside is asked of the stage.

    What a killed process had read it reads again; what it made of the same bytes it need not make again.
    """
    from chalicelib import clock
    from chalicelib.actions import turns
    from chalicelib.actions.feed import sending
    from chalicelib.domain.town.directory import Town
    from chalicelib.gateways import http, photos, queue, recordings, reveal, secrets, workflows
    from chalicelib.store import sigv4, table
    from chalicelib.store.town import directory

    town_time = SimpleNamespace(monotonic=lambda: stage.now.timestamp())
    with (
        mock.patch.object(clock, "now", stage.clock),
        mock.patch.object(sigv4, "signed", streaming.unsigned),
        mock.patch.object(sigv4, "timestamp", streaming.untimed),
        mock.patch.object(workflows, "_start", stage.start),
        mock.patch.object(workflows, "_stop", stage.stop),
        mock.patch.object(queue, "wake", stage.wake),
        mock.patch.object(reveal, "client", return_value=stage),
        mock.patch.object(photos, "client", return_value=stage.shelf),
        mock.patch.object(recordings, "client", return_value=stage.shelf),
        mock.patch.object(secrets, "_held", SECRETS.get),
        mock.patch.object(http, "_exchange", stage.platforms.exchange),
        mock.patch.object(http, "time", town_time),
        mock.patch.object(directory, "time", town_time),
        mock.patch.object(directory, "FRESH_FOR", TOWN_STANDS),
        mock.patch.object(Town, "model_validate_json", cache(Town.model_validate_json)),
        mock.patch.object(sending, "time", town_time),
        mock.patch.object(turns, "clock", town_time.monotonic),  # how fast this machine is changes nothing
        _seeded_names(stage.chance),
    ):
        directory.forget()
        table.client.cache_clear()
        yield
    table.client.cache_clear()


class _Fire(direct.GoBetween):
    def __init__(self, stage: Stage) -> None:
        self._stage, self._tickets = stage, stage.stand.environment["TICKETS_TABLE"]

    def ask(self, call: direct.Call, operation: str, request: direct.Request) -> direct.Answer:
        self._stage.has_written |= operation in WRITES and self._tickets in _tables(request)
        if self._stage.faults.paused:
            return call(operation, request)
        self._stage.between()
        answer: direct.Answer = self._stage.faults.request(lambda: call(operation, request))
        return answer


def _tables(request: direct.Request) -> set[str]:
    """That one request names."""
    if "RequestItems" in request:
        return set(request["RequestItems"])
    parts = [part for each in request.get("TransactItems", ()) for part in each.values()] or [request]
    return {part["TableName"] for part in parts}


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Ids, codes and salts come from the seed, so that the same seed is the same campaign."""
    chance = random.Random(f"ids-{seed}")
    random.seed(f"random-{seed}")
    with mock.patch("os.urandom", chance.randbytes), mock.patch("random._urandom", chance.randbytes):
        yield


@contextmanager
def _seeded_names(chance: random.Random) -> Iterator[None]:
    """The same where a module of a version took `urandom` by its name."""
    with ExitStack() as patches:
        for name in ("members", "tickets", "rewriting"):
            patches.enter_context(mock.patch(f"chalicelib.store.tickets.{name}.urandom", chance.randbytes))
        yield


def _import(now: datetime) -> None:
    """The sample town; its city operations centre is sent the feed, another fetches it; the hotline has an interface."""
    from chalicelib.actions.town.importing import import_town
    from chalicelib.domain.town.partner import read_partner
    from chalicelib.domain.town_import.columns import FILES
    from chalicelib.store.partners import partners

    files = {f"{name}.csv": (SAMPLE / f"{name}.csv").read_bytes() for name in FILES}
    subscribers = f"name,title,address,identity\ncity,城运中心,{ADDRESSES['feed']},\npuller,数据局,,\n"
    files["subscribers.csv"] = subscribers.encode()
    import_town(files, by="campaign", hand_over_to={}, now=now)
    hotline = (SAMPLE / "partners" / "hotline.csv").read_text(encoding="utf-8")
    hotline = hotline.replace("setting,address,", f"setting,address,{ADDRESSES['hotline']}")
    hotline = hotline.replace("setting,signature,v2\n", "")  # a version before knew none
    partners.save(read_partner("hotline", hotline.encode()))
