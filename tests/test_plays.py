"""One report from scan to close while AWS misbehaves as it may: nothing is lost, nothing happens twice, nobody is stuck."""

import json
import random
from collections import Counter
from contextlib import contextmanager, suppress
from functools import cache
from types import SimpleNamespace

import boto3
import botocore.endpoint
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.store.table import Table
from infra.local.runtime import lagging, plays
from infra.local.runtime.plays import MOST_BYTES, BadPlay, Play, Player, read
from tests.service import running_service
from tests.telling_cloud import woken

ALONE = [("throttle=0.4", "throttle"), ("conflict=0.4", "conflict"), ("lag=2", ""), ("twice=1", "twice")]
MINUTE = dict.fromkeys(("version", "id", "account", "region", "time", "source", "detail-type"), "x") | {
    "detail": {},
    "resources": [],
}
PATIENCE = 12  # times that a phone sends what was answered "try again", by the same key


@contextmanager
def playing(text, seed=1):
    """The service of tests/service.py behind a play; AWS behaves until `begin`."""
    player = Player(read(text), chance=random.Random(seed).random)
    player.paused = True
    take_out = plays.install(player)
    try:
        with pytest.MonkeyPatch.context() as patch, running_service(patch) as service:
            patch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))
            player.now = lambda: service.now.timestamp()
            yield Town(service, player)
    finally:
        take_out()


class Town:
    """People and machines of one town. People move by seconds, machines follow at once."""

    def __init__(self, service, player):
        self.service, self.player, self._heard = service, player, set()
        self.people = {}
        self.refused = Counter()
        self.hears = True

    @contextmanager
    def played(self):
        self.player.paused = False
        try:
            yield
        finally:
            self.player.paused = True

    def ask(self, method, path, who="", body=None):
        """As the pages do it: what may pass is sent again, by the same key."""
        self.service.later(seconds=3)
        token = self.people.get(who, "") or (who and self.service.staff(who))
        key = f"play-{path}-{len(self._heard)}-{self.service.now.timestamp():.0f}"
        for _ in range(PATIENCE):
            with self.played():
                more = {"key": key} if method == "post" else {}
                args = (path, body) if method == "post" else (path,)
                answer = getattr(self.service, method)(*args, token=token, **more)
            if answer.status < 500:
                assert answer.status < 300, answer.raw
                return answer.body
            self.refused[answer.status] += 1
        raise AssertionError(f"{path} never came through: {answer.raw}")

    def settle(self):
        """The stream until it is heard, then the queue of messages, then the sweep."""
        if not self.hears:
            return
        for record in self._new_lines():
            self._until_done("on_ticket_event", [record])
        for _ in range(3):
            for message in woken():
                self._until_done("send", [message])
        self._sweep()

    def _sweep(self):
        """The minute after is another; one sweep may fail."""
        for _ in range(10):
            with self.played(), suppress(ClientError):
                return self.service.app.handler_map["sweep"](MINUTE, None)
            self.refused["sweep"] += 1
        raise AssertionError("no sweep came to its end")

    def _until_done(self, function, records):
        import app

        handler = app.app.handler_map[function]
        for _ in range(40):
            with self.played():
                answer = handler({"Records": records}, None)
            if not answer["batchItemFailures"]:
                return
        raise AssertionError(f"{function} never took {records}")

    def _new_lines(self):
        items = boto3.client("dynamodb").scan(TableName=Table.TICKETS.full_name)["Items"]
        lines = sorted(
            ((i["PK"]["S"], i["SK"]["S"], i) for i in items if i["SK"]["S"].startswith("EVENT#")),
            key=lambda e: e[:2],
        )
        for at, (pk, sk, item) in enumerate(lines):
            if (pk, sk) not in self._heard:
                self._heard.add((pk, sk))
                change = {
                    "Keys": {"PK": item["PK"], "SK": item["SK"]},
                    "NewImage": item,
                    "SequenceNumber": str(at),
                }
                yield {"eventName": "INSERT", "eventID": pk + sk, "dynamodb": change}


def a_life(town, heard=True):
    """A lamp, from scan to close; answers what became of it, in what everyone sees and hears."""
    service, town.hears = town.service, heard
    town.people["resident"] = town.ask("post", "/api/sessions", body={})["token"]
    town.ask("get", f"/api/points/{service.point()}")
    body = {"point": service.point(), "text": "四号楼楼道灯不亮", "contact": {"phone": "13812345678"}}
    ticket_id = town.ask("post", "/api/tickets", "resident", body)["id"]
    town.settle()
    handler = service.ticket(ticket_id).handler_id
    assert ticket_id in [row["ticket_id"] for row in town.ask("get", "/staff/queues/mine", handler)["items"]]
    for act, said in (
        ("take", {}),
        ("arrived", {}),
        ("unit-feedback", {"text": "已到现场，下午四点前换好"}),
        ("progress", {"text": "灯泡已买到"}),
    ):
        town.ask("post", f"/staff/tickets/{ticket_id}/{act}", handler, said)
        town.settle()
    photo = a_photo(town, handler)
    town.ask("post", f"/staff/tickets/{ticket_id}/resolve", handler, {"note": "换好了", "photos": [photo]})
    town.settle()
    rating = {"solved": True, "satisfied": True, "words": "很快"}
    town.ask("post", f"/api/tickets/{ticket_id}/rating", "resident", rating)
    town.hears = True
    town.service.later(hours=0 if heard else 5)
    town.settle()
    return what_became(service)


def a_photo(town, by):
    from chalicelib.store.photos import PhotoState, mark

    photo = town.ask("post", "/api/uploads", by, {"content_type": "image/jpeg", "size": 1000})["photo_id"]
    mark(photo, PhotoState.READY)
    return photo


def what_became(service):
    """Histories, messages, feed, figures, workflows: without ids and instants, which differ from run to run."""
    tickets, work = service.items(Table.TICKETS), service.items(Table.WORK)
    lines = sorted(
        (i["SK"], json.loads(i["document"])["kind"]) for i in tickets if i["SK"].startswith("EVENT#")
    )
    told = Counter(
        (
            i["PK"].partition(":")[0] if "reporter" in i["PK"] else i["PK"],
            i["SK"].partition("#")[0],
            json.loads(i["document"])["template"],
        )
        for i in work
        if i["PK"].startswith("TO#") and "document" in i and "template" in i["document"]
    )
    kinds = Counter(i["PK"].partition("#")[0] for i in work)
    return {
        "tickets": [json.loads(i["document"]).get("outcome") for i in tickets if i["SK"] == "TICKET"],
        "queues": sorted(
            i["SK"] for i in tickets if i["SK"].startswith("QUEUE#") and "verify" not in i["SK"]
        ),  # the lot's
        "lines": lines,
        "told": told,
        "identities": len(service.items(Table.IDENTITIES)),
        "kept": {kind: kinds[kind] for kind in ("FEED", "DEADLETTERS", "DAY", "HANDLED", "PHOTO")},
        "workflows": sorted({(kind, name[26:]) for kind, name in service.executions}),
    }


@cache
def undisturbed():
    with playing("") as town:
        return a_life(town)


def test_an_undisturbed_life_ends_solved_and_told():
    became = undisturbed()
    assert became["tickets"] == ["solved"]
    assert became["told"]
    assert became["kept"]["DAY"]
    assert not became["kept"]["DEADLETTERS"]


@pytest.mark.parametrize(
    ("text", "dealt"),
    [
        ("throttle=0.1 conflict=0.2 lag=2 twice=0.5", "conflict"),
        *(pytest.param(*one, marks=pytest.mark.nightly) for one in ALONE),
    ],
)
def test_a_life_behind_a_play_becomes_what_it_becomes_without(text, dealt):
    with playing(text) as town:
        became = a_life(town)
        assert not dealt or town.player.dealt[dealt] >= 3
    assert became == undisturbed()


@pytest.mark.nightly
def test_a_stream_that_is_heard_five_hours_late_still_tells_everyone_once():
    with playing("twice=1") as town:
        became = a_life(town, heard=False)
    for what in ("tickets", "lines", "identities", "kept", "queues"):
        assert became[what] == undisturbed()[what], what
    inbox = {key: count for key, count in undisturbed()["told"].items() if key[1] == "inbox"}
    assert {key: count for key, count in became["told"].items() if key[1] == "inbox"} == inbox


# --- the plays themselves ---


@pytest.mark.parametrize(
    "text", ["throttel=0.1", "throttle", "throttle=2", "lag=-1", "lag=soon", "lambdas=1.5", "twice=nan"]
)
def test_a_play_that_nobody_knows_or_that_cannot_be_is_refused(text):
    with pytest.raises(BadPlay):
        read(text)


def test_a_play_says_only_what_it_says():
    assert read("") == Play()
    assert read("throttle=1 lag=0") == Play(throttle=1.0)


EMPTY = len(json.dumps({"x": ""}))


@pytest.mark.parametrize(
    ("given", "answered", "seconds", "status"),
    [
        (MOST_BYTES, 10, 0, 200),
        (MOST_BYTES + 1, 10, 0, 413),
        (10, MOST_BYTES, 0, 200),
        (10, MOST_BYTES + 1, 0, 502),
        (10, 10, 29, 200),
        (10, 10, 29.1, 504),
    ],
)
def test_a_person_waits_29_seconds_and_sends_and_gets_six_megabytes(given, answered, seconds, status):
    ticks = iter([0.0, seconds])
    player = Player(read("limits=1"), now=lambda: next(ticks))
    answer = player.serve(lambda event: {"x": "a" * (answered - EMPTY)}, {"x": "a" * (given - EMPTY)})
    assert answer.get("statusCode", 200) == status


@pytest.mark.parametrize("region", ["eu-west-1", "ap-east-1", "cn-north-1"])
def test_a_new_bucket_answers_at_its_regions_own_host_and_nowhere_else(region):
    player = Player(read("new_bucket=1"))

    def put(config=None):
        client = boto3.Session("k", "s", region_name=region).client("s3", config=config)
        return client.generate_presigned_post("mslj-x-photos-1", "incoming/1")["url"]

    def answered(url):
        said = player.answer(SimpleNamespace(url=url), "before-send.s3.PutObject")
        return said and said.status_code

    assert answered("https://mslj-x-photos-1.s3.amazonaws.com/") == 307
    ours = Config(s3={"addressing_style": "virtual"}, signature_version="s3v4")  # gateways/clients.py
    assert answered(put(ours)) is None


class Engine:
    """One table with an index, as an engine keeps it."""

    def __init__(self):
        self.items = {}

    def __call__(self, operation, said):
        if operation == "PutItem":
            self.items[said["Item"]["SK"]["S"]] = said["Item"]
            return {}
        if operation == "GetItem":
            found = self.items.get(said["Key"]["SK"]["S"])
            return {"Item": found} if found else {}
        pk = said["ExpressionAttributeValues"][":pk"]
        found = [item for item in self.items.values() if item["GSI1PK"] == pk]
        return {"Items": sorted(found, key=lambda item: item["GSI1SK"]["S"])}


def test_an_index_shows_what_was_there_two_seconds_ago_and_that_instant_counts():
    now, engine = [100.0], Engine()
    index = lagging.Index(":memory:", 2.0, lambda: now[0])

    def put(sk, who, due):
        item = {"PK": {"S": "T"}, "SK": {"S": sk}, "GSI1PK": {"S": who}, "GSI1SK": {"S": due}}
        index.ask(engine, "PutItem", {"TableName": "t", "Item": item})

    def listed(who):
        values = {":pk": {"S": who}}
        asked = {"TableName": "t", "IndexName": "GSI1", "KeyConditionExpression": "#pk = :pk"}
        asked["ExpressionAttributeValues"] = values
        return [item["SK"]["S"] for item in index.ask(engine, "Query", asked)["Items"]]

    put("a", "desk", "2")
    assert listed("desk") == []
    now[0] = 102.0
    assert listed("desk") == ["a"]
    put("a", "unit", "2")
    put("b", "desk", "1")
    assert (listed("desk"), listed("unit")) == (["a"], [])
    now[0] = 104.0
    assert (listed("desk"), listed("unit")) == (["b"], ["a"])
