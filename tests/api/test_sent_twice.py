"""What is sent twice happens once (rule 47): every route that changes something, and every act with a way of its own.

Those that take an Idempotency-Key are sent twice with one here; the others (tests/api/unkeyed.py) without any.

An act that is done by its rule alone goes one way with all others of its kind, through `acting.act`; two stand for those.
"""

import re
from ast import literal_eval
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import pytest

import app
from chalicelib.actions import retention
from chalicelib.api.http import Key
from chalicelib.api.routes import declared_of
from chalicelib.api.tickets.acts import BULK_ACTS, WAYS
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import public
from chalicelib.store import photos
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import computers, sessions
from chalicelib.store.partners import partners
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets
from tests.actions.partners.test_partners import SAMPLES
from tests.api import unkeyed
from tests.api.unchanged import everything
from tests.lives import DESK, HEAD, HORN, LAMP, LEADER, MANAGER, MESS, POLICE, RUBBISH, Lives
from tests.service import running_service

ADMIN = "town-admin"
COMPLAINT = "物业经理甲收了停车的钱不给收据，还威胁我"
PUBLIC = "已约有关单位，周五一起商量"
_N = count(1)
PLACES = iter(("SHJY-GATE", "SHJY-1-1", "SHJY-2-1", "SHJY-3-1", "SHJY-5-1", "SHJY-6-1", "SHJY-7-1"))


class Sent(NamedTuple):
    path: str
    body: dict[str, Any]
    by: str  # staff by code, else a resident of this life


@pytest.fixture(scope="module")
def service() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        for name in ("huizhili", "hotline"):
            partners.save(read_partner(name, (SAMPLES / f"{name}.csv").read_bytes()))
        patch.setattr(public, "point_url", lambda code: f"https://t.example/s/{code}")
        yield running


def in_days(lives: Lives, days: int) -> str:
    return (lives.service.now + timedelta(days=days)).isoformat()


def of_desk(ticket_id: str, act: str, by: str = DESK, **body: Any) -> Sent:
    return Sent(f"/desk/tickets/{ticket_id}/{act}", body, by)


def own(ticket_id: str, act: str, **body: Any) -> Sent:
    return Sent(f"/api/tickets/{ticket_id}/{act}", body, "walker")


def merged(lives: Lives) -> str:
    ticket_id, other = lives.reports("walker", MESS), lives.reports("other", MESS)
    lives.desk(ticket_id, "merge", into=other)
    return ticket_id


def resolved(lives: Lives) -> str:
    ticket_id = lives.reports("walker", LAMP)
    lives.resolves(ticket_id)
    return ticket_id


def ended(lives: Lives) -> str:
    contact = {"name": "欧阳采薇", "phone": "13812345678"}
    ticket_id = lives.reports("walker", MESS, contact=contact)
    lives.own(ticket_id, "withdraw", "walker", reason="自己弄好了")
    return ticket_id


def confronted(lives: Lives, *, agreed: bool) -> tuple[str, str]:
    """A complaint whose reporter is asked, or whose words are put already; with the id of what is put."""
    ticket_id = lives.reports("walker", COMPLAINT, contact={"name": "王阿姨", "phone": "13800001111"})
    to = lives.ticket(ticket_id).concerns[0]
    lives.desk(ticket_id, "confront", LEADER, to=to, matter="请说明近期收费是否都开了票据")
    (asked,) = lives.ticket(ticket_id).confrontations
    if agreed:
        lives.own(ticket_id, "confront", "walker", id=asked.id, agreed=True)
    return ticket_id, asked.id


def statement(lives: Lives) -> Sent:
    _, one = confronted(lives, agreed=True)
    return Sent(f"/staff/statements/{one}", {"text": "票据都开了，有存根可查"}, "pm-shjy-head")


def meeting(lives: Lives) -> dict[str, Any]:
    return {"at": in_days(lives, 3), "place": "工作站二楼", "question": "怎么解决"}


def joint(lives: Lives) -> str:
    ticket_id = lives.reports("walker", MESS)
    lives.desk(ticket_id, "dispatch", unit_id="OF-CJ", track="joint")
    return ticket_id


def closed(lives: Lives) -> str:
    ticket_id = resolved(lives)
    lives.own(ticket_id, "rating", "walker", solved=True, satisfied=True)
    return ticket_id


def record(lives: Lives) -> Sent:
    ticket_id = joint(lives)
    given = {
        "convened": meeting(lives) | {"unit_ids": ["OF-CJ"]},
        "minutes": "各方说明了情况",
        "public": PUBLIC,
    }
    decided = [{"unit_id": "OF-CJ", "what": "改造路口", "due_at": in_days(lives, 9)}]
    return of_desk(ticket_id, "meetings/record", LEADER, **given, decided=decided)


def disputed(lives: Lives) -> str:
    ticket_id = lives.reports("walker", HORN, "DA-JJ", category="D01")
    lives.staff(ticket_id, "return", POLICE, reason="权属不清", note="出口车道是隧道公司管的")
    return ticket_id


def undertaking(lives: Lives) -> Sent:
    sent = record(lives)
    assert lives.service.post(sent.path, sent.body, lives.token(sent.by)).status == 200
    ticket_id = sent.path.split("/")[3]
    (one,) = lives.ticket(ticket_id).undertakings
    path = f"/staff/tickets/{ticket_id}/undertakings/{one.id}"
    return Sent(path, {"note": "已办好，附上情况"}, "of-cj-a")


def finding(lives: Lives) -> Sent:
    walk, by = f"walk-sent-twice-{next(_N):04d}", "gglw-gw1"
    point = lives.service.point("SHJY-4-1")
    assert lives.service.post("/api/walks", {"id": walk, "point": point}, lives.token(by)).status == 201
    granted = photos.grant(by, "image/jpeg", lives.service.now)
    photos.mark(granted.id, photos.PhotoState.READY)
    found = {"point": point, "hazard": "ash", "photos": [granted.id]}
    return Sent(f"/api/walks/{walk}/findings", found, by)


def unlike_any(lives: Lives, text: str = RUBBISH) -> str:
    """A report that the machine finds in no class: of a place of its own."""
    return lives.reports("walker", text, place=next(PLACES))


def a_class(lives: Lives) -> tuple[str, list[str]]:
    ids = [unlike_any(lives, text) for text in (RUBBISH, "花坛里的树倒了")]
    body = {"name": "门口环境", "ticket_ids": ids}
    begun = lives.service.post("/desk/classes", body, lives.token(DESK))
    assert begun.status == 201, begun.raw
    return begun.body["id"], ids


def split_class(lives: Lives) -> Sent:
    class_id, ids = a_class(lives)
    return Sent(f"/desk/classes/{class_id}/split", {"name": "另一件", "ticket_ids": ids[:1]}, DESK)


MEASURE = {"what": "每周四清扫", "place": "南门", "schedule": "每周四 7:00-10:00", "unit": "OF-PA"}

SWAP = {"unit": "ST-GGLW", "role": "first_contact", "person": "gglw-fc2", "reason": "家里有事"}
ORDERS = "工单编号,诉求内容\nT-1,盛华景苑4号楼门口路灯坏了三天\n"

SENT: dict[str, Callable[[Lives], Sent]] = {
    # acts with a way of their own, by their names
    "split": lambda lives: of_desk(merged(lives), "split", note="不是一件事"),
    "divide": lambda lives: of_desk(
        lives.reports("walker", MESS),
        "divide",
        matters=[{"title": "门口", "text": "门口很乱"}, {"title": "门禁", "text": "门禁坏了"}],
    ),
    "erase": lambda lives: of_desk(ended(lives), "erase", text="反映门口环境", checked="called_back"),
    "correct-contact": lambda lives: of_desk(
        lives.reports("walker", MESS, contact={"phone": "13812345678"}),
        "correct-contact",
        phone="13900001111",
        learned="by_person",
    ),
    # routes by their paths
    "/desk/tickets/{ticket_id}/{act}": lambda lives: of_desk(
        lives.reports("walker", MESS), "publish", text="门口环境"
    ),
    "/staff/tickets/{ticket_id}/{act}": lambda lives: Sent(
        f"/staff/tickets/{lives.reports('walker', LAMP)}/take", {}, MANAGER
    ),
    "/staff/tickets/{ticket_id}/comment": lambda lives: Sent(
        f"/staff/tickets/{lives.reports('walker', LAMP)}/comment", {"text": "明天上午来看"}, MANAGER
    ),
    "/desk/tickets/{ticket_id}/merge": lambda lives: of_desk(
        lives.reports("walker", MESS), "merge", into=lives.reports("other", MESS)
    ),
    "/desk/tickets/{ticket_id}/similar": lambda lives: of_desk(
        lives.reports("walker", MESS), "similar", other=lives.reports("other", MESS), same=True, merge=True
    ),
    "/desk/tickets/{ticket_id}/report-up": lambda lives: of_desk(
        joint(lives), "report-up", note="需要区里协调"
    ),
    "/desk/tickets/{ticket_id}/meetings": lambda lives: of_desk(
        joint(lives), "meetings", LEADER, **meeting(lives), unit_ids=["OF-CJ"], public=PUBLIC
    ),
    "/desk/tickets/{ticket_id}/meetings/record": record,
    "/staff/tickets/{ticket_id}/undertakings/{undertaking_id}": undertaking,
    "/staff/statements/{statement_id}": statement,
    "/staff/tickets/{ticket_id}/dispute": lambda lives: Sent(
        f"/staff/tickets/{disputed(lives)}/dispute", {"text": "鸣笛处罚只有交警有权"}, DESK
    ),
    "/desk/tickets/{ticket_id}/ruling": lambda lives: of_desk(
        disputed(lives), "ruling", LEADER, unit_id="DA-JJ", ground="条例第六十二条"
    ),
    "/staff/tickets": lambda lives: Sent(
        "/staff/tickets", {"source": "patrol", "place": "SHJY-4", "text": MESS}, "gglw-gw1"
    ),
    "/api/tickets": lambda lives: Sent(
        "/api/tickets", {"point": lives.service.point(), "text": MESS}, "walker"
    ),
    "/api/tickets/{ticket_id}/comments": lambda lives: own(
        lives.reports("walker", LAMP), "comments", text="灯还是不亮"
    ),
    "/api/tickets/{ticket_id}/danger": lambda lives: own(
        lives.reports("walker", LAMP), "danger", answer="yes", kind="fire"
    ),
    "/api/tickets/{ticket_id}/avoid": lambda lives: own(
        lives.reports("walker", LAMP), "avoid", avoid=["property"]
    ),
    "/api/tickets/{ticket_id}/confront": lambda lives: (
        lambda asked: own(asked[0], "confront", id=asked[1], agreed=True)
    )(confronted(lives, agreed=False)),
    "/api/tickets/{ticket_id}/withdraw": lambda lives: own(
        lives.reports("walker", LAMP), "withdraw", reason="修好了"
    ),
    "/api/tickets/{ticket_id}/rating": lambda lives: own(
        resolved(lives), "rating", solved=False, satisfied=False, words="还是不亮"
    ),
    "/api/tickets/{ticket_id}/reopen": lambda lives: own(closed(lives), "reopen", reason="又不亮了"),
    "/api/tickets/{ticket_id}/split": lambda lives: own(merged(lives), "split", reason="不是一件事"),
    "/api/walks/{walk_id}/findings": finding,
    "/desk/classes": lambda lives: Sent(
        "/desk/classes", {"name": "门口环境", "ticket_ids": [unlike_any(lives)]}, DESK
    ),
    "/desk/classes/{class_id}/split": split_class,
    "/desk/classes/{class_id}/announce": lambda lives: Sent(
        f"/desk/classes/{a_class(lives)[0]}/announce", MEASURE | {"from": in_days(lives, 3)[:10]}, HEAD
    ),
    # what makes something that is no ticket
    "/desk/outages": lambda lives: Sent("/desk/outages", {"place": "SHJY-4", "text": "停水至18时"}, DESK),
    "/desk/answers": lambda lives: Sent("/desk/answers", {"title": "老年卡", "text": "带身份证来办"}, DESK),
    "/desk/duty/swaps": lambda lives: Sent(
        "/desk/duty/swaps", SWAP | {"from": in_days(lives, 1), "to": in_days(lives, 2)}, HEAD
    ),
    "/desk/knowledge/missing": lambda lives: Sent(
        "/desk/knowledge/missing", {"text": "图书馆几点关门"}, DESK
    ),
    "/desk/partners/{name}/orders": lambda lives: Sent(
        "/desk/partners/hotline/orders", {"file": b64encode(ORDERS.encode()).decode()}, DESK
    ),
    # those that are done to many
    **{
        f"/desk/bulk/{act}": lambda lives, act=act, given=given: Sent(
            f"/desk/bulk/{act}",
            {"ticket_ids": [lives.reports(f"r{n}", MESS, "OF-CJ") for n in range(2)], "given": given(lives)},
            LEADER if act == "remind" else DESK,
        )
        for act, given in {
            "merge": lambda lives: {"into": lives.reports("other", MESS)},
            "comment": lambda lives: {"text": "已看到"},
            "remind": lambda lives: {"note": "请尽快"},
        }.items()
    },
}


# Whose answer shows a secret that is kept as a hash: sent again there is another in its place.
SECRETS: dict[str, Callable[[Lives], Sent]] = {
    "/admin/api-keys": lambda lives: Sent("/admin/api-keys", {"name": f"map-{next(_N)}"}, ADMIN),
    "/staff/computers": lambda lives: Sent("/staff/computers", {"name": "窗口一"}, DESK),
    "/desk/staff/{code}/binding-code": lambda lives: Sent(f"/desk/staff/{MANAGER}/binding-code", {}, DESK),
    "/desk/staff/{code}/spare-code": lambda lives: Sent("/desk/staff/gglw-fc2/spare-code", {}, HEAD),
}


def mutating() -> dict[str, bool]:
    """Every route that may change something, by method and path: whether it takes a key."""
    return {
        f"{method} {path}": path.startswith("/open311/") is False
        and declared_of(entry.view_function).key is not Key.NONE
        for path, methods in app.app.routes.items()
        for method, entry in methods.items()
        if method not in ("GET", "HEAD", "OPTIONS")
    }


def test_every_route_that_changes_something_is_sent_twice():
    """A new one takes a key, or shows in tests/api/unkeyed.py that it is the same when it is sent twice."""
    lists = (unkeyed.SAME, unkeyed.IN_ITS_PLACE, unkeyed.LOOKS, unkeyed.GRANTS, unkeyed.ELSEWHERE)
    listed = [route for each in lists for route in each]
    assert sorted(listed) == sorted(route for route, is_keyed in mutating().items() if not is_keyed)


def sent_twice(service: Any, what: str, case: Callable[[Lives], unkeyed.Unkeyed]) -> tuple[Any, ...]:
    """What is kept, and how many traces there are, after the first and after the second; and the second answer.

    No Idempotency-Key goes along, as where a client that has none sends again what nobody answered.
    """
    lives = Lives(service, f"again {what}")
    sent, method = case(lives), what.partition(" ")[0]
    token = sent.token or (sent.by and lives.token(sent.by))
    kept, answers = [], []
    for _ in range(2):
        asked = {"PUT": service.put, "DELETE": lambda path, _, token: service.delete(path, token)}
        ask = asked.get(method, partial(service.post, key=None))
        answers.append(ask(sent.path, sent.body, token))
        kept.append((everything(service), len(service.items(Table.TRACES))))
        service.later(seconds=5)
    first, again = answers
    assert first.status < 300, first.raw
    assert again.status < 500, again.raw
    return (*kept, again)


INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+08:00)|'N': '\d{10}'")


PASSING = (
    "WHY#",
    "WRITING#",
    "MARK#",
)  # words of a trace, who was writing just now, a board that looks afresh


def timeless(items: list[str]) -> list[str]:
    """Whoever puts a state says when; that it was put a moment later makes it no other."""
    return sorted(INSTANT.sub("", item) for item in items if not lies_under(item).startswith(PASSING))


def lies_under(item: str) -> str:
    return str(literal_eval(item)["Attributes"]["PK"]["S"])


@pytest.mark.parametrize("what", unkeyed.SAME)
def test_what_takes_no_key_is_the_same_when_it_is_sent_twice(service, what):
    (kept, traces), (after, traces_after), _ = sent_twice(service, what, unkeyed.SAME[what])
    assert timeless(after) == timeless(kept)
    assert traces_after == traces


@pytest.mark.parametrize("what", unkeyed.IN_ITS_PLACE)
def test_what_is_drawn_anew_takes_the_place_of_the_one_before(service, what):
    (kept, _), (after, _), _ = sent_twice(service, what, unkeyed.IN_ITS_PLACE[what])
    assert Counter(map(shape, timeless(after))) == Counter(map(shape, timeless(kept)))


@pytest.mark.parametrize("what", unkeyed.LOOKS)
def test_a_look_changes_nothing_but_its_trace(service, what):
    (kept, _), (after, _), again = sent_twice(service, what, unkeyed.LOOKS[what])
    assert again.status == 200
    assert timeless(after) == timeless(kept)


@pytest.mark.parametrize("what", unkeyed.GRANTS)
def test_a_grant_beside_another_changes_nothing_else_and_ends_by_itself(service, what):
    (kept, traces), (after, traces_after), _ = sent_twice(service, what, unkeyed.GRANTS[what])
    added = Counter(after) - Counter(kept)
    assert not Counter(kept) - Counter(after)
    assert added
    assert {lies_under(item).split("#")[0] for item in added} <= {"SESSION", "PHOTO", "RECORDING"}
    assert traces_after == traces


def test_whatever_takes_a_key_is_sent_twice():
    """Nobody can add a route with a key, or an act that is done another way, without telling how it is sent."""
    keyed = {route.partition(" ")[2] for route, is_keyed in mutating().items() if is_keyed}
    many = {path for path in SENT if path.startswith("/desk/bulk/")}
    assert set(SENT) - many | set(SECRETS) == keyed - {"/desk/bulk/{act}"} | set(WAYS)
    assert (
        {"merge", "comment"} <= {path.rpartition("/")[2] for path in many} <= BULK_ACTS
    )  # not by a rule, and one that is


@pytest.mark.parametrize("what", SENT)
def test_what_is_sent_twice_with_one_key_happens_once_and_answers_the_same(service, what):
    lives = Lives(service, f"sent twice {what}")
    sent = SENT[what](lives)
    token, key = lives.token(sent.by), f"sent-twice-{next(_N):04d}"
    before = everything(service)
    first = service.post(sent.path, sent.body, token, key=key)
    assert first.status < 300, first.raw
    assert not any(one.get("ok") is False for one in first.body.get("results", ())), first.raw
    done, looked = everything(service), len(service.items(Table.TRACES))
    assert done != before
    service.later(seconds=30)
    again = service.post(sent.path, sent.body, token, key=key)
    assert (again.status, again.body) == (first.status, first.body)
    assert everything(service) == done
    assert len(service.items(Table.TRACES)) == looked


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_sent_for_twice_with_one_key_is_one_and_the_second_opens(service, what):
    """Nothing more is made, told, traced or counted; the one before, which nobody was shown, opens nothing."""
    sent, key = SECRETS[what](Lives(service, f"secret {what}")), f"sent-twice-{next(_N):04d}"
    token = signed_in(service, sent.by)
    first = service.post(sent.path, sent.body, token, key=key)
    assert first.status == 201, first.raw
    made, looked = Counter(map(shape, everything(service))), len(service.items(Table.TRACES))
    service.later(seconds=30)
    again = service.post(sent.path, sent.body, token, key=key)
    assert again.status == 201, again.raw
    assert Counter(map(shape, everything(service))) == made
    assert len(service.items(Table.TRACES)) == looked
    before, now = (next(value for value in each.body.values() if is_secret(value)) for each in (first, again))
    assert [opens(service, what, secret) for secret in (before, now)] == [False, True]
    other = service.post(sent.path, {**sent.body, "name": "another"}, token, key=key)
    assert (other.status, opens(service, what, now)) == (422, "code" not in what)


def signed_in(service: Any, by: str) -> str:
    """In a session of its own, for it may end."""
    return sessions.start(sessions.Kind.STAFF, by, channel="console", now=service.now)


def shape(item: str) -> str:
    """An item without its values: of which kind it is, and what it has."""
    return f"{lies_under(item).split('#')[0]} {sorted(literal_eval(item)['Attributes'])}"


def is_secret(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 15


def opens(service: Any, what: str, secret: str) -> bool:
    if what == "/admin/api-keys":
        return api_keys.find(secret) is not None
    if what == "/staff/computers":
        return computers.find(secret) is not None
    return bool(service.post("/staff/sessions", {"code": secret}).status == 201)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("/admin/api-keys", "not_found"),
        ("/staff/computers", "not_found"),
        ("/desk/staff/{code}/binding-code", "already_done"),
    ],
)
def test_a_secret_that_was_used_or_taken_back_is_not_made_anew(service, what, code):
    """What is sent again long after is no second key to the door."""
    sent, key = SECRETS[what](Lives(service, f"over {what}")), f"sent-twice-{next(_N):04d}"
    token = signed_in(service, sent.by)
    made = service.post(sent.path, sent.body, token, key=key).body
    if "name" in made:
        assert service.delete(f"/admin/api-keys/{made['name']}", token).status == 200
    elif "computer" in made:
        assert service.delete(f"/staff/computers/{made['computer'].partition('.')[0]}", token).status == 200
        token = signed_in(service, sent.by)  # who sits at a computer that is removed is signed out
    else:
        assert opens(service, what, made["code"])
    answer = service.post(sent.path, sent.body, token, key=key)
    assert (answer.status in (404, 409), answer.code) == (True, code)


def test_what_was_taken_down_since_does_not_come_back(service):
    """Each is named by its sending, so it is known that it was there."""
    for what in ("/desk/outages", "/desk/answers", "/desk/duty/swaps"):
        sent, key = SENT[what](Lives(service, f"gone {what}")), f"sent-twice-{next(_N):04d}"
        token = service.staff(sent.by)
        if what.endswith("swaps"):
            sent.body.update(
                {
                    "from": (service.now + timedelta(days=5)).isoformat(),
                    "to": (service.now + timedelta(days=6)).isoformat(),
                }
            )
        made = service.post(sent.path, sent.body, token, key=key)
        assert made.status == 201, made.raw
        where = f"{sent.body['place']}/" if "place" in sent.body else ""
        assert service.delete(f"{what}/{where}{made.body['id']}", token).status == 200
        before = everything(service)
        assert service.post(sent.path, sent.body, token, key=key).status == 404
        assert everything(service) == before


def test_what_is_said_again_answers_nothing_that_was_said_since(service):
    lives = Lives(service, "said again")
    ticket_id = lives.reports("walker", LAMP)
    answer = Sent(f"/staff/tickets/{ticket_id}/comment", {"text": "明天上午来看"}, MANAGER)
    assert service.post(answer.path, answer.body, lives.token(MANAGER), key="answered-once").status == 201
    lives.own(ticket_id, "comments", "walker", text="明天上午家里没人")
    assert lives.ticket(ticket_id).unread
    assert service.post(answer.path, answer.body, lives.token(MANAGER), key="answered-once").status == 201
    assert lives.ticket(ticket_id).unread


def test_words_sent_again_after_they_were_read_stay_read(service):
    lives = Lives(service, "read once")
    sent = own(lives.reports("walker", LAMP), "comments", text="灯还是不亮")
    ticket_id = sent.path.split("/")[3]
    assert service.post(sent.path, sent.body, lives.token("walker"), key="said-once").status == 201
    assert lives.ticket(ticket_id).unread
    lives.desk(ticket_id, "read-words", note="已看到")
    assert service.post(sent.path, sent.body, lives.token("walker"), key="said-once").status == 201
    assert not lives.ticket(ticket_id).unread


def _falls(*_: Any, **__: Any) -> None:
    raise RuntimeError("killed")


def test_an_erasure_that_fell_after_the_ticket_changed_is_finished_when_it_is_sent_again(
    service, monkeypatch
):
    sent = SENT["erase"](lives := Lives(service, "fell"))
    ticket_id = sent.path.split("/")[3]
    with monkeypatch.context() as falling:
        falling.setattr(retention, "leave", _falls)
        assert service.post(sent.path, sent.body, lives.token(sent.by), key="fell-once").status == 500
    assert lives.ticket(ticket_id).erased
    assert lives.ticket(ticket_id).reporter_id
    for _ in range(2):
        assert service.post(sent.path, sent.body, lives.token(sent.by), key="fell-once").status == 200
        assert lives.ticket(ticket_id).reporter_id is None
    kinds = [event.kind for _, event in tickets.list_events(ticket_id)]
    assert (kinds.count("erased"), kinds.count("identity_removed")) == (1, 1)
