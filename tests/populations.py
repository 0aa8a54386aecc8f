"""Two populations that differ by one confidential ticket alone, with the same ids, salts and instants, to be asked the same.

Chance begins anew at every step from the step's own name: what is drawn does not depend on what went before it.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import ulid
from botocore.client import BaseClient

from chalicelib.actions import nightly, sweeping
from chalicelib.actions.figures import counting, figures, trends
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.store import photos
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.town import directory
from tests.moto_cloud import keep_secrets
from tests.service import Service, running_service

SIGNED_WITH = "k" * 40
DESK, HANDLER, HEAD = "gglw-fc1", "pm-shjy-a", "gglw-head"
TOWN_LEADER, EXAMINER, ITS_COLLEAGUE = "town-leader", "of-pa-head", "of-pa-b"
GATE, STAIRS = "SHJY-GATE", "SHJY-4-1"
HIDDEN_PHONE = "13800009999"
# What is hidden: the words, and whom they are about.
ABOUT = {
    "the station": "你们工作站接电话的人骂我神经病，还把南门口流动菜摊的事压下来不办",
    "the property manager": "物业经理甲收了南门口流动菜摊的钱，占了人行道没人管，还威胁我",
}
PUT_TO_THEM = "请说明对不配合的住户有没有说过不妥当的话"
MARKET = ("很多", "又来了", "没人管", "越来越多", "太吵")


class Population:
    """A town some days old. `kept`: what its steps have made, by name. `asked`: every request to the stores since `forget`."""

    def __init__(self, service: Service, kept: dict[str, str]) -> None:
        self.service, self.kept = service, kept
        self.asked: list[str] = []
        self.chance = Chance()

    def token(self, who: str) -> str:
        """A session of somebody; `resident:` begins a resident's name, "" is nobody."""
        if not who:
            return ""
        kind, _, name = who.rpartition(":")
        subject = f"reporter-{name}" if kind else name
        return sessions.start(
            Kind.RESIDENT if kind else Kind.STAFF, subject, channel="browser", now=self.service.now
        )

    def post(self, path: str, body: Any, who: str, status: int = 200, key: str = "") -> Any:
        answer = self.service.post(
            path, body, self.token(who), key=key or f"key-{path}-{json.dumps(body)}"[:60]
        )
        assert answer.status == status, (path, answer.raw)
        return answer.body

    def reported(self, name: str, text: str, who: str, place: str = STAIRS, **more: Any) -> str:
        body = {"point": self.service.point(place), "text": text, **more}
        self.kept[name] = self.post("/api/tickets", body, f"resident:{who}", 201, key=f"report-{name}")["id"]
        self.kept[f"{name} number"] = self.service.ticket(self.kept[name]).number
        return self.kept[name]

    def act(self, name: str, act: str, by: str, door: str = "staff", **given: Any) -> None:
        self.post(f"/{door}/tickets/{self.kept[name]}/{act}", given, by)

    def photo(self, name: str, who: str) -> str:
        """A photo that somebody has uploaded, cleaned and ready."""
        photo = photos.grant(f"reporter-{who}", "image/jpeg", self.service.now)
        photos.mark(photo.id, photos.PhotoState.READY)
        self.kept[name] = photo.id
        return photo.id


# --- what happens -------------------------------------------------------------------------------------------------


def _ordinary(town: Population) -> None:
    """What everybody may know of: dispatched, answered, joined, published, a market that five people report."""
    photo = town.photo("photo", "neighbour")
    contact = {"name": "周阿姨", "phone": "13800001111"}
    town.reported("lamp", "四号楼楼道灯不亮", "neighbour", photos=[photo], contact=contact)
    town.act("lamp", "take", HANDLER)
    town.reported("mess", "小区门口乱糟糟", "neighbour", GATE)
    town.reported("question", "请问居住证在哪里办", "other")
    town.act("question", "answer", DESK, "desk", text="可以到一楼窗口办理")
    town.act("mess", "publish", DESK, "desk", text="门口有杂物")
    town.post("/api/watches", {"place": "SHJY"}, "resident:neighbour", 201)
    for n, word in enumerate(MARKET):
        town.reported(f"market {n}", f"南门口流动菜摊{word}，占了人行道，早上走不过去", f"m{n}", GATE)


def _of_the_same_person(town: Population) -> None:
    contact = {"name": "钱先生", "phone": HIDDEN_PHONE}
    town.reported("same person", "楼下路灯一闪一闪", "hider", contact=contact)


def _hidden(town: Population) -> None:
    contact = {"name": "钱先生", "phone": HIDDEN_PHONE}
    photo = town.photo("hidden photo", "hider")
    text = town.kept["words"]
    town.reported("hidden", text, "hider", GATE, contact=contact, photos=[photo], confidential=True)


def _hidden_is_worked_on(town: Population) -> None:
    town.act("hidden", "dispatch", TOWN_LEADER, "desk", unit_id="OF-PA")
    town.act("hidden", "take", EXAMINER)
    town.act("hidden", "progress", EXAMINER, text="正在核实")
    town.post(
        f"/api/tickets/{town.kept['hidden']}/comments", {"text": "昨天又来了一次"}, "resident:hider", 201
    )


def _hidden_is_put_to_the_concerned(town: Population) -> None:
    """转告事由 (rule 101): the one thing that whom it is kept from may see, under no name of the ticket."""
    hidden, resident = town.kept["hidden"], "resident:hider"
    to = town.service.ticket(hidden).concerns[0]
    town.act("hidden", "confront", TOWN_LEADER, "desk", to=to, matter=PUT_TO_THEM)
    asked = town.service.ticket(hidden).confrontations[0].id
    town.post(f"/api/tickets/{hidden}/confront", {"id": asked, "agreed": True}, resident)


def _after(town: Population) -> None:
    """Another report at the very place, and words on an ordinary ticket."""
    town.reported("after", "南门口流动菜摊还在，占了人行道", "late", GATE)
    town.post(
        f"/api/tickets/{town.kept['lamp']}/comments", {"text": "今天还是不亮"}, "resident:neighbour", 201
    )


def _crowd(town: Population) -> None:
    """More than a page of everything."""
    for n in range(60):
        town.reported(f"crowd {n}", f"南门口第{n}盏路灯不亮", f"crowd{n}", GATE)


def _a_minute(town: Population) -> None:
    """What the stream and the clock of the counts do, and nothing rings."""
    now = town.service.now
    town.service.settle()
    trends.watch(counting.count_changed(now=now), now=now)


def _late(town: Population) -> None:
    sweeping.sweep(now=town.service.now)
    _a_minute(town)


def _night(town: Population) -> None:
    nightly.run(now=town.service.now)
    _late(town)


Step = tuple[str, Callable[[Population], None], timedelta]
_SOON, _A_WEEK = (
    timedelta(minutes=3),
    timedelta(days=7, hours=17),
)  # from Monday morning to the next week's night
DAY: list[Step] = [
    ("ordinary", _ordinary, _SOON),
    ("same person", _of_the_same_person, _SOON),
    ("hidden", _hidden, _SOON),
    ("minute 1", _a_minute, _SOON),
    ("hidden is worked on", _hidden_is_worked_on, _SOON),
    ("after", _after, _SOON),
    ("minute 2", _a_minute, timedelta(minutes=50)),
]
HEARD: list[Step] = [
    *DAY[:5],
    ("hidden is put to the concerned", _hidden_is_put_to_the_concerned, _SOON),
    *DAY[5:],
]
WEEK: list[Step] = [
    *DAY,
    ("crowd", _crowd, _SOON),
    ("late", _late, _A_WEEK),
    ("night", _night, timedelta(hours=6)),
]


# --- the same chance ----------------------------------------------------------------------------------------------


class Chance:
    """All chance of the process, begun anew by a name."""

    def __init__(self) -> None:
        self._drawn = random.Random("")

    def begin(self, name: str) -> None:
        self._drawn.seed(name)
        random.seed(name)

    def bytes(self, many: int) -> bytes:
        return self._drawn.randbytes(many)


def _put_in_force(patch: pytest.MonkeyPatch, chance: Chance, service: Service) -> None:
    real = os.urandom
    for module in list(sys.modules.values()):
        if getattr(module, "urandom", None) is real:
            patch.setattr(module, "urandom", chance.bytes)
    patch.setattr(random, "_urandom", chance.bytes)  # of `secrets` and SystemRandom
    ids = ulid.ULIDGenerator(
        clock=lambda: int(service.now.timestamp() * 1000),
        randomness=lambda _: chance.bytes(10),
        policy=ulid.PureRandomPolicy(),
    )
    patch.setattr(ulid, "default_generator", ids)


def _listening(patch: pytest.MonkeyPatch, population: Population) -> None:
    """Every request to AWS: operation, table, index. What is read or written is no part of it: nobody outside sees that."""
    call = BaseClient._make_api_call

    def heard(client: Any, operation: str, given: dict[str, Any]) -> Any:
        table = given.get("TableName") or sorted(given.get("RequestItems", ()))
        population.asked.append(f"{operation} {table} {given.get('IndexName', '')}")
        return call(client, operation, given)

    patch.setattr(BaseClient, "_make_api_call", heard)


@contextmanager
def population(
    about: str, *, steps: list[Step], has_hidden: bool, kept: dict[str, str]
) -> Iterator[Population]:
    """The town after all its steps. Without the hidden ticket, `kept` names the one of the other population."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as service:
        town = Population(service, kept)
        chance = town.chance
        kept["words"] = ABOUT[about]
        _give_keys(patch)
        _put_in_force(patch, chance, service)
        figures.forget()
        for name, happens, length in steps:
            chance.begin(name)
            if has_hidden or not name.startswith("hidden"):
                happens(town)
            service.now += length
        chance.begin("api key")
        kept["api key"] = api_keys.issue("map", reports_per_hour=1000, by="test", now=service.now)
        figures.forget()
        _listening(patch, town)
        yield town
        figures.forget()


def _give_keys(patch: pytest.MonkeyPatch) -> None:
    keep_secrets(partner_city=SIGNED_WITH, partner_hotline=SIGNED_WITH)
    town = directory.town()
    parts = {name: getattr(town, name) for name in type(town).model_fields}
    known = type(town)(**(parts | {"subscribers": (Subscriber(name="city", title="城运中心"),)}))
    patch.setattr(directory, "town", lambda: known)
