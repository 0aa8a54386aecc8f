"""Nobody without the right can tell whether a confidential ticket exists: every route answers as if it did not.

Two towns differ by one such ticket alone. Everybody who may not see it asks every route: of what exists in both, of the hidden
ticket by its id, number, photo and phone, and in the ways by which figures, lists and pages could be told apart. The answers
with their headers are the same, and so are the requests to the stores, among them the limits that are counted.
"""

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

import pytest

from tests.populations import (
    ABOUT,
    DAY,
    DESK,
    GATE,
    HANDLER,
    HEAD,
    HEARD,
    HIDDEN_PHONE,
    ITS_COLLEAGUE,
    MARKET,
    PUT_TO_THEM,
    STAIRS,
    TOWN_LEADER,
    WEEK,
    Population,
    Step,
    population,
)

NOBODY = ""
STRANGERS = [
    NOBODY, "resident:stranger", "resident:neighbour", HANDLER, "pm-shjy-head", "gglw-gw1", "of-ys-a", "of-ys-head",
    "of-cy-head", "of-cy-a", ITS_COLLEAGUE, "hjb-fc1", "hjb-head", "hjb-leader", "town-admin",
]  # fmt: skip
# Of a complaint about the station its own desk and head are strangers too.
WHO = {"the station": [*STRANGERS, DESK, HEAD], "the property manager": STRANGERS}
SHORT = {
    "the station": [NOBODY, "resident:stranger", "resident:neighbour", HANDLER, DESK, HEAD, "hjb-leader"]
}
# What `make test` asks; `make nightly` asks everybody of every route, of both complaints, also after a week and a night.
SOME = ["resident:stranger", DESK, ITS_COLLEAGUE]
LONG = 500  # characters
LISTS = ("/desk/figures", "/staff/search", "/staff/live", "/staff/inbox", "/staff/queues/unit")
OPEN_TO_RESIDENTS = ("/api/", "/open311/", "/figures", "/s/", "/partners/")
FIRST_DAY, LAST_DAY = "2026-11-23", "2026-11-30"
# Parts of a path that name nothing of a ticket which one town has and the other has not: refused alike. A new part of a
# path is asked about here, or given values of both towns above.
OF_NO_TICKET = {
    *("computer_id", "swap_id", "outage_id", "answer_id", "draft_id", "job_id", "volunteer_id", "walk_id"),
    *(
        "measure_id",
        "undertaking_id",
        "statement_id",
        "exchange_id",
        "letter_id",
    ),  # random, and told to who may act
}
ENDS_MUCH = ("/api/me/forget",)  # asked last of all


class Question(NamedTuple):
    method: str
    path: str
    body: Any = None


# --- what is asked ------------------------------------------------------------------------------------------------


def questions(town: Population) -> list[Question]:
    """Every route and act, of an ordinary ticket and of the hidden one, and what could tell figures and lists apart."""
    document = town.service.get("/openapi.json").body
    asked = [
        Question(method.upper(), filled, _least(operation, document))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for filled in _filled(path, town)
    ]
    asked += [Question("GET", path) for path in _looks(town.kept)]
    asked += [Question("POST", path, body) for path, body in _searches(town)]
    return sorted(dict.fromkeys(map(_frozen, asked)), key=lambda each: each.path in ENDS_MUCH)


def _frozen(question: Question) -> Question:
    return question._replace(body=json.dumps(question.body, ensure_ascii=False))


def _filled(path: str, town: Population) -> list[str]:
    kept = town.kept
    values = {name: ["x"] for name in OF_NO_TICKET} | {
        "shop": ["WYL-S01"],
        "alert_id": [f"2026-11-24~surge~HJ~{GATE}~C02"],
        "ticket_id": [kept["lamp"], kept["hidden"]],
        "photo_id": [kept["photo"], kept["hidden photo"]],
        "class_id": [kept["market 0"]],
        "staff": [HANDLER],
        "place": [GATE],
        "plan": ["PATROL-G"],
        "name": ["city", "hotline"],
        "document": [kept["hidden number"] + ".json", "requests.json", "page.css"],
        "code": [town.service.point(GATE)],
        "queue": ["mine", "unit", "escalated", "verify", "desk", "calls"],
    }
    found = [path]
    while "{" in found[0]:
        name = found[0].partition("{")[2].partition("}")[0]
        found = [
            each.replace("{" + name + "}", value)
            for each in found
            for value in values.get(name) or OF_NO_TICKET[name]
        ]
    return found


def _least(operation: dict[str, Any], document: dict[str, Any]) -> Any:
    """The least body that is read: so that it is the ticket that decides and not what is missing."""
    content = operation.get("requestBody", {}).get("content", {})
    return _example(content["application/json"]["schema"], document) if "application/json" in content else {}


def _example(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "anyOf" in schema or "oneOf" in schema:
        return _example((schema.get("anyOf") or schema["oneOf"])[0], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        return {name: _example(schema["properties"][name], document) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        return [_example(schema["items"], document)] * schema.get("minItems", 0)
    text = {"date": FIRST_DAY, "date-time": "2026-11-24T10:00:00+08:00"}.get(
        schema.get("format", ""), "已经看过了"
    )
    return {"integer": schema.get("minimum", 1), "boolean": True, "string": text}.get(schema.get("type", ""))


def _looks(kept: dict[str, str]) -> list[str]:
    number, ticket, days = kept["hidden number"], kept["hidden"], f"from={FIRST_DAY}&to={LAST_DAY}"
    axes = ("day", "category", "area", "unit", "channel", "stage")
    return [
        *(f"/desk/figures{kind}?{days}&by={axis}" for axis in axes for kind in ("", "/export", "/workbook")),
        *(f"/desk/figures?{days}&by=category&area={area}" for area in ("GGLW", "HJB")),
        "/api/figures?month=2026-11", "/figures?month=2026-11", "/desk/figures/danger-signs?month=2026-11",
        f"/staff/search?number={number}", f"/staff/search?external={number}",
        *(f"/staff/search?place={place}&since={FIRST_DAY}&until=2026-12-31" for place in (GATE, STAIRS, "SHJY", "HJ")),
        *(f"/desk/looks?unit={unit}&day={FIRST_DAY}" for unit in ("ST-GGLW", "OF-DZB", "PM-SHJY")),
        *(f"/desk/shops?place={place}" for place in ("", "WYL", "SHJY", GATE)), "/desk/shops?trade=停业",
        *(f"/api/places/{place}/done" for place in (STAIRS, "SHJY", "HJ", "WYL-W")), "/api/watches",
        *(f"/desk/visits/PATROL-G?day={day}" for day in (FIRST_DAY, LAST_DAY)), "/staff/watch", "/staff/computers",
        "/desk/classes?area=GGLW&state=open", "/desk/trends?area=GGLW",
        f"/desk/duty?unit=ST-GGLW&{days}", "/desk/classes?state=past", "/desk/exchanges?state=by_hand",
        f"/api/photos/{kept['hidden photo']}?ticket_id={ticket}", f"/api/photos/{kept['photo']}?ticket_id={kept['lamp']}",
        f"/api/photos/{kept['photo']}?ticket_id={ticket}", f"/staff/tickets/{ticket}?keep=1",
        *(f"/open311/v2/{what}?{key}" for key in ("", f"api_key={kept['api key']}") for what in (
            f"requests/{number}.json", f"requests.json?service_request_id={number}".replace("?", "?", 1),
            f"tokens/{ticket}.json", "requests.xml", "servicerequestupdates.json")),
    ]  # fmt: skip


def _searches(town: Population) -> list[tuple[str, Any]]:
    kept, point = town.kept, town.service.point(GATE)
    into = {"into": kept["hidden"], "sure": True}
    return [
        ("/staff/search/phone", {"phone": HIDDEN_PHONE, "reason": "follow_up_call"}),
        ("/api/tickets/similar", {"point": point, "text": kept["words"]}),
        ("/api/tickets/similar", {"point": point, "text": f"南门口流动菜摊{MARKET[0]}，占了人行道"}),
        ("/api/tickets", {"point": point, "text": "门口的灯箱不亮"}),
        (f"/desk/tickets/{kept['lamp']}/merge", into),
        (f"/desk/tickets/{kept['lamp']}/similar", {"other": kept["hidden"], "same": True, "merge": False}),
        (f"/desk/classes/{kept['market 0']}/members", {"ticket_ids": [kept["hidden"]]}),
        ("/desk/classes", {"name": "菜摊", "ticket_ids": [kept["hidden"], kept["market 1"]]}),
        ("/desk/bulk", {"ticket_ids": [kept["hidden"]]}),
        ("/desk/bulk/comment", {"ticket_ids": [kept["hidden"]], "given": {"text": "已看到"}}),
        ("/desk/feeds/city/resend", {"ticket_id": kept["hidden"]}),
        ("/staff/sign-in-codes", {"staff": HANDLER}),
        ("/staff/sign-in-codes", {"staff": "nobody-at-all"}),
        ("/api/slips", {"code": kept["hidden"] + "ABCDEFGHJKMNPQRS", "digits": HIDDEN_PHONE[-4:]}),
    ]


# --- what is answered ---------------------------------------------------------------------------------------------

Chosen = Callable[[str, Question, Population], bool]  # whether somebody asks this of that town
Answers = dict[tuple[str, Question], tuple[int, dict[str, str], str, tuple[str, ...]]]


def answers(town: Population, people: list[str], chosen: Chosen) -> Answers:
    asked = questions(town)
    return {
        (who, question): answered(town, who, question)
        for who in people
        for question in asked
        if chosen(who, question, town)
    }


def answered(
    town: Population, who: str, question: Question
) -> tuple[int, dict[str, str], str, tuple[str, ...]]:
    town.chance.begin(f"{who} {question}")
    token = town.token(who)
    town.asked.clear()
    headers = {"Idempotency-Key": sha256(repr((who, question)).encode()).hexdigest()[:40]}
    answer = town.service._ask(question.method, question.path, token, question.body.encode(), headers)
    raw = answer.raw.decode() if isinstance(answer.raw, bytes) else str(answer.raw)
    body = comparable(raw)
    kept = (
        body if len(body) < LONG else sha256(body.encode()).hexdigest()
    )  # thousands of them are kept at once
    return answer.status, dict(answer.headers), kept, tuple(town.asked)


def comparable(raw: str) -> str:
    """Without what the wall clock has made of it: the signature of a link, the instants inside a workbook."""
    raw = re.sub(r"X-Amz-(Date|Signature)=[0-9A-Za-z]+", "", raw)
    return re.sub(r'"file":"([A-Za-z0-9+/=]+)"', lambda found: _unpacked(found[1]), raw)


def _unpacked(file: str) -> str:
    data = base64.b64decode(file)
    if not data.startswith(b"PK"):
        return file
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(str(packed.read(name)) for name in sorted(packed.namelist()) if "docProps" not in name)


def differences(about: str, steps: list[Step], people: list[str], asked: Chosen) -> tuple[list[str], Answers]:
    """What the two towns answer differently, and all that the town with the hidden ticket answers."""
    kept: dict[str, str] = {}
    with population(about, steps=steps, has_hidden=True, kept=kept) as town:
        with_it = answers(town, people, asked)
    with population(about, steps=steps, has_hidden=False, kept=dict(kept)) as town:
        without = answers(town, people, asked)
    assert with_it.keys() == without.keys()
    told = [
        f"{who or 'nobody'}: {question.method} {question.path} {name}"
        for (who, question), answer in with_it.items()
        for name, one, other in zip(
            ("status", "headers", "body", "requests"), answer, without[who, question], strict=True
        )
        if one != other
    ]
    return told, with_it


def faults(all_answers: Answers) -> list[str]:
    return [f"{who}: {question}" for (who, question), answer in all_answers.items() if answer[0] >= 500]


# --- what must hold -----------------------------------------------------------------------------------------------


def reads_or_names_it(who: str, question: Question, town: Population) -> bool:
    """Everything that only reads, and every act that names the hidden ticket; of a colleague and a leader, what lists it."""
    if who in (ITS_COLLEAGUE, TOWN_LEADER):
        return question.path.partition("?")[0] in LISTS
    if who.startswith("resident:") and not question.path.startswith(OPEN_TO_RESIDENTS):
        return False
    named = (town.kept["hidden"], HIDDEN_PHONE, town.kept["words"])
    return question.method == "GET" or any(each in f"{question.path} {question.body}" for each in named)


def everything(_who: str, _question: Question, _town: Population) -> bool:
    return True


@pytest.fixture(scope="module")
def some_answers():
    return differences("the station", DAY, [*SOME, TOWN_LEADER], reads_or_names_it)


def test_whoever_may_not_see_it_reads_the_same_with_the_same_requests_to_the_stores(some_answers):
    told, _ = some_answers
    assert [line for line in told if not line.startswith(TOWN_LEADER)] == []


def test_nothing_that_was_asked_is_a_fault(some_answers):
    _, all_answers = some_answers
    assert faults(all_answers) == []
    assert len({question for _, question in all_answers}) > 240


def test_whoever_may_see_it_reads_it_so_that_the_walk_can_fail(some_answers):
    told, _ = some_answers
    different = {line.split(" ")[2].partition("?")[0] for line in told}
    assert different == {"/desk/figures", "/staff/search"}


# Where whom it was put to sees that somebody has put something to them.
OF_THE_CONCERNED = {"/staff/statements", "/staff/inbox", "/staff/live"}


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_whom_it_is_put_to_learns_the_leaders_words_and_nothing_of_the_ticket():
    """Rule 101: beside their own list, inbox and mark nothing differs for them, and in these nothing names the ticket."""
    to, kept = "pm-shjy-head", {}
    with population("the property manager", steps=HEARD, has_hidden=True, kept=kept) as town:
        with_it = answers(town, [to], everything_read)
    with population("the property manager", steps=HEARD, has_hidden=False, kept=dict(kept)) as town:
        without = answers(town, [to], everything_read)
    told = {each for each in with_it if with_it[each][:3] != without[each][:3]}
    assert {question.path.partition("?")[0] for _, question in told} <= OF_THE_CONCERNED
    (listed,) = [with_it[each][2] for each in told if each[1].path == "/staff/statements"]
    assert json.loads(listed)["items"][0]["text"] == PUT_TO_THEM
    names = [kept["hidden"], kept["hidden number"], HIDDEN_PHONE, "南门", "reporter-hider", kept["words"][:6]]
    shown = "".join(with_it[each][2] for each in told)
    assert [name for name in names if name in shown] == []


def everything_read(_who: str, question: Question, _town: Population) -> bool:
    return question.method == "GET" and not question.path.startswith("/api/")


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("about", ABOUT)
@pytest.mark.parametrize("steps", [DAY, WEEK], ids=["the same day", "after a week and a night"])
def test_everybody_asks_everything(about, steps):
    told, all_answers = differences(about, steps, WHO[about], everything)
    assert told == []
    assert faults(all_answers) == []
