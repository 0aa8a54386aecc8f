"""Issue classes over the routes: proposed by the machine, made by people, told once (rules 7 and 67)."""

from datetime import timedelta

import boto3
import pytest

from chalicelib.actions.classes import announcing
from chalicelib.actions.classes import classes as class_actions
from chalicelib.actions.figures import bulletins
from chalicelib.domain.classes.issue_class import ClassAct, with_line
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, Withheld
from chalicelib.domain.views import access
from chalicelib.settings import settings
from chalicelib.store import table
from chalicelib.store.classes import classes as store
from chalicelib.store.classes import items as class_items
from chalicelib.store.classes import members
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets as ticket_store
from chalicelib.tasks.jobs import run_job
from tests.api.classes.test_similar import DESK, HEAD, reported
from tests.domain.classes.test_classes import a_proposal, member
from tests.service import MONDAY

TEXTS = [
    f"南门口流动菜摊{word}，占了人行道，早上走不过去"
    for word in ("很多", "又来了", "没人管", "越来越多", "太吵")
]
MEASURE = {
    "what": "每周四在南门设便民菜场",
    "place": "盛华景苑南门",
    "schedule": "每周四 7:00-10:00",
    "unit": "OF-PA",
    "from": "2026-11-26",
}


@pytest.fixture
def market(service):
    """Five people report the same kind of thing within a week: the class that the machine proposes."""
    tickets = [reported(service, text, place="SHJY-GATE", by=f"r{n}") for n, text in enumerate(TEXTS)]
    (row,) = listed(service)
    return row["id"], tickets


def listed(service, by=HEAD, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = service.get(f"/desk/classes?{asked}".rstrip("?"), service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body["items"]


def act(service, class_id, act_name, by=HEAD, key="", **body):
    return service.post(f"/desk/classes/{class_id}/{act_name}", body, service.staff(by), key=key)


def confirmed(service, class_id):
    answer = act(service, class_id, "confirm", name="南门口流动菜摊", owner=HEAD)
    assert answer.status == 200, answer.raw
    return answer.body


def run_jobs(service):
    """What the queue of jobs would do; each message twice, as a queue may."""
    sqs, url = boto3.client("sqs"), settings().jobs_queue_url
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        records = [{"messageId": m["MessageId"], "body": m["Body"]} for m in messages]
        for _ in range(2):
            assert run_job({"Records": records}, None) == {"batchItemFailures": []}
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def told(service, who):
    """What the n-th reporter, or someone by name, was told of measures."""
    token = service.resident(f"r{who}" if isinstance(who, int) else who)
    lines = service.get("/api/inbox", token).body["items"]
    return [line for line in lines if line["template"] == announcing.TEMPLATE]


def test_two_people_are_no_class_and_the_third_makes_the_machine_propose_one(service):
    for n, text in enumerate(TEXTS[:2]):
        reported(service, text, place="SHJY-GATE", by=f"r{n}")
    assert listed(service) == []
    reported(service, TEXTS[2], place="SHJY-GATE", by="r2")
    (row,) = listed(service)
    assert (row["state"], row["members"], row["reporters"], row["place_name"]) == (
        "proposed",
        3,
        3,
        "盛华景苑",
    )


def test_one_person_makes_no_class_however_often(service):
    for text in TEXTS:
        reported(service, text, place="SHJY-GATE", by="r0")
    assert listed(service) == []


def test_a_sixth_report_of_the_kind_joins_the_class_by_itself(service, market):
    class_id, _ = market
    ticket_id = reported(service, TEXTS[0] + "，请管管", place="SHJY-GATE", by="r9")
    assert members.list_standing([ticket_id])[ticket_id].part == class_id
    assert listed(service)[0]["reporters"] == 6


def test_a_class_that_a_person_discarded_is_not_proposed_again(service, market):
    assert act(service, market[0], "discard", reason="各是各的事").status == 200
    reported(service, TEXTS[0], place="SHJY-GATE", by="r9")
    assert listed(service) == []
    assert [row["state"] for row in listed(service, state="past")] == ["discarded"]


def test_a_measure_is_told_to_everyone_of_the_class_once(service, market):
    class_id, tickets = market
    service.post(f"/api/tickets/{tickets[0]}/join", {}, service.resident("r7"))
    reported(service, TEXTS[1], place="SHJY-GATE", by="r0")  # a second ticket of the same person
    confirmed(service, class_id)
    for _ in range(2):
        answer = act(service, class_id, "announce", key="announce-once", **MEASURE)
        assert answer.status == 200, answer.raw
    (measure,) = answer.body["measures"]
    assert answer.body["state"] == "measured"
    assert measure["check"]["verdict"] == "too_early"
    run_jobs(service)
    assert [len(told(service, n)) for n in (0, 1, 2, 3, 4, 7)] == [1] * 6
    assert "每周四在南门设便民菜场" in told(service, 1)[0]["text"]
    job = service.get(f"/desk/jobs/{measure['told_by']}", service.staff(HEAD)).body
    assert (job["total"], job["finished_at"] is not None) == (6, True)


def test_what_everyone_would_be_told_can_be_read_before_and_tells_nobody(service, market):
    class_id, _ = market
    confirmed(service, class_id)
    before = store.get_class(class_id)
    shown = act(service, class_id, "preview", **MEASURE)
    assert (shown.status, shown.body["reporters"], shown.body["members"]) == (200, 5, 5)
    run_jobs(service)
    assert (store.get_class(class_id), told(service, 1)) == (before, [])
    act(service, class_id, "announce", **MEASURE)
    run_jobs(service)
    (line,) = told(service, 1)
    assert (line["title"], line["text"]) == (shown.body["title"], shown.body["text"])


def test_five_proposals_of_a_week_stand_open_however_many_pages_there_are(service, monkeypatch):
    """Twelve of one week, three a page, all of three people: the five oldest are the strongest, and stand last in the list."""
    for n in range(12):
        at = MONDAY + timedelta(minutes=n)
        cls = a_proposal(f"C{n:02}", reporters=3, at=at, area="GGLW")
        assert store.create(with_line(cls, ClassAct.PROPOSE, "machine", at), [])
    monkeypatch.setattr(store, "PAGE", 3)
    rows, after = [], ""
    while after is not None:
        asked = f"/desk/classes?area=GGLW&after={after}" if after else "/desk/classes?area=GGLW"
        page = service.get(asked, service.staff(HEAD)).body
        rows, after = rows + page["items"], page["next"]
    assert len(rows) == 12
    assert {row["id"] for row in rows if not row["folded"]} == {f"C{n:02}" for n in range(5)}
    first_pages = listed(service)
    assert first_pages
    assert all(row["folded"] for row in first_pages)
    monkeypatch.setattr(store, "PAGE", 50)
    assert [cls.name for cls in bulletins._standing("GGLW")] == ["C04", "C03", "C02", "C01", "C00"]


def test_the_list_shows_the_last_measure_with_its_check(service, market):
    class_id, _ = market
    confirmed(service, class_id)
    assert listed(service)[0]["measure"] is None
    for what in ("每周四在南门设便民菜场", "每天两次巡查"):
        act(service, class_id, "announce", **MEASURE | {"what": what})
    (row,) = listed(service)
    assert (row["measure"]["what"], row["measure"]["check"]["verdict"]) == ("每天两次巡查", "too_early")


def test_killed_between_the_measure_and_its_job_the_same_request_tells_everyone_once(
    service, market, monkeypatch
):
    confirmed(service, market[0])
    with monkeypatch.context() as broken:
        broken.setattr(announcing.jobs, "start", lambda *_, **__: (_ for _ in ()).throw(TryAgain("忙")))
        assert act(service, market[0], "announce", key="announce-once", **MEASURE).status == 503
    assert store.get_class(market[0]).measures[0].told_by == ""
    assert act(service, market[0], "announce", key="announce-once", **MEASURE).status == 200
    run_jobs(service)
    assert [len(told(service, n)) for n in range(5)] == [1] * 5


def test_two_jobs_of_one_measure_tell_nobody_twice(service, market):
    confirmed(service, market[0])
    act(service, market[0], "announce", **MEASURE)
    cls = store.get_class(market[0])
    measure = cls.measures[0].model_copy(update={"told_by": ""})
    announcing.start(
        cls, measure, by=announcing.directory.town().staff_member(HEAD), now=service.now + timedelta(hours=1)
    )
    run_jobs(service)
    assert [len(told(service, n)) for n in range(5)] == [1] * 5


def test_who_was_entered_by_phone_is_on_the_call_list_once(service, market, monkeypatch):
    body = {
        "source": "phone",
        "place": "SHJY-GATE",
        "text": TEXTS[2],
        "contact": {"name": "李", "phone": "13900001111"},
    }
    answer = service.post("/staff/tickets", body, service.staff(DESK))
    assert answer.status == 201, answer.raw
    service.settle()
    confirmed(service, market[0])
    act(service, market[0], "announce", **MEASURE)
    run_jobs(service)
    calls, _ = deliveries.list_calls("ST-GGLW")
    assert [call.ticket_id for call in calls if call.template == announcing.TEMPLATE] == [answer.body["id"]]


def test_a_confidential_ticket_is_in_no_class(service, market):
    class_id, _ = market
    hidden = reported(service, TEXTS[0], place="SHJY-GATE", by="r8", confidential=True)
    assert act(service, class_id, "members", ticket_ids=[hidden]).status == 404
    assert (
        service.post("/desk/classes", {"name": "菜摊", "ticket_ids": [hidden]}, service.staff(HEAD)).status
        == 404
    )


def test_a_member_that_becomes_confidential_leaves(service, market):
    class_id, tickets = market
    service.desk_act(tickets[0], "classify", DESK, category="B01", confidential=True)
    service.settle()
    row = service.get(f"/desk/classes/{class_id}", service.staff(HEAD)).body
    assert (row["members"], row["reporters"]) == (4, 4)


def test_part_of_a_class_is_split_off_and_merged_back(service, market):
    class_id, tickets = market
    for _ in range(2):
        answer = act(service, class_id, "split", key="split-it-once", ticket_ids=tickets[:2], name="另一件")
        assert (answer.status, answer.body["members"]) == (201, 2)
    new_id = answer.body["id"]
    for _ in range(2):
        answer = act(service, new_id, "merge", into=class_id)
        assert (answer.status, answer.body["members"], answer.body["reporters"]) == (200, 5, 5)
    page = service.get(f"/desk/classes/{class_id}/members", service.staff(DESK)).body
    assert sorted(item["id"] for item in page["items"]) == sorted(tickets)
    assert (page["hidden"], page["next"]) == (0, None)


def test_a_proposal_shows_in_whose_words_and_of_what_waits_for_a_look_no_more_than_its_reader_may(
    service, market, monkeypatch
):
    class_id, tickets = market
    said = {item["id"]: item["words"] for item in members_of(service, class_id, HEAD)}
    assert sorted(said.values()) == sorted(TEXTS)
    monkeypatch.setattr(class_actions, "WORDS_SHOWN", 5)
    assert {item["words"] for item in members_of(service, class_id, HEAD)} == {"南门口流动…"}
    keep_from(HEAD, tickets[0], service.now)
    [unread] = [item["words"] for item in members_of(service, class_id, HEAD) if item["id"] == tickets[0]]
    assert "南门口" not in unread


def test_the_list_quotes_each_proposal_as_its_reader_may_read_it_and_nothing_that_is_confirmed(
    service, market, monkeypatch
):
    class_id, tickets = market
    assert len(said := quoted(service, class_id)) == class_actions.QUOTED
    assert set(said) <= set(TEXTS)
    for each in tickets:
        keep_from(HEAD, each, service.now)
    assert not any("南门口" in each for each in quoted(service, class_id))
    with monkeypatch.context() as hiding:
        hiding.setattr(access, "may_see", lambda *_: False)
        assert quoted(service, class_id) == []
    act(service, class_id, "confirm", name="南门摊贩", owner=HEAD)
    assert quoted(service, class_id) == []


def keep_from(person, ticket_id, now):
    """What its residents wrote waits for a look, and is not for this person."""
    line = Event(kind=EventKind.WORDS_HELD, at=now, by=Actor.MACHINE)

    def kept(ticket):
        withheld = Withheld(since=ticket.received_at, parties=(person,))
        return ticket.model_copy(update={"stage": Stage.HANDLING, "withheld": withheld}), line

    ticket_store.change(ticket_id, kept)


def quoted(service, class_id):
    rows = service.get("/desk/classes", service.staff(HEAD)).body["items"]
    return next(row["words"] for row in rows if row["id"] == class_id)


def members_of(service, class_id, by):
    return service.get(f"/desk/classes/{class_id}/members", service.staff(by)).body["items"]


def test_a_person_begins_a_class_and_adds_to_it(service):
    one, other = (
        reported(service, TEXTS[0], by="a"),
        reported(service, "垃圾房很臭", place="SHJY-GATE", by="b"),
    )
    body = {"name": "南门环境", "ticket_ids": [one]}
    answers = [service.post("/desk/classes", body, service.staff(DESK), key="begin-once") for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body["id"] == answers[1].body["id"]
    assert service.post("/desk/classes", body, service.staff(DESK), key="begin-twice").status == 422
    answer = act(service, answers[0].body["id"], "members", ticket_ids=[one, other])
    assert (answer.status, answer.body["members"], answer.body["state"]) == (200, 2, "confirmed")


def test_an_area_sees_its_own_classes(service, market):
    class_id, _ = market
    assert listed(service, by="hjb-head") == []
    assert service.get(f"/desk/classes/{class_id}", service.staff("hjb-head")).status == 404
    assert service.get("/desk/classes?area=GGLW", service.staff("hjb-head")).status == 404
    assert act(service, class_id, "confirm", by="hjb-head", name="菜摊", owner=HEAD).status == 404


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("confirm", {"name": "菜摊", "owner": "nobody"}, 422),
        ("confirm", {"name": "", "owner": HEAD}, 422),
        ("announce", MEASURE, 409),  # nobody has confirmed it
        ("announce", MEASURE | {"unit": "XX"}, 422),
        ("preview", MEASURE | {"unit": "XX"}, 422),
        ("preview", MEASURE | {"what": ""}, 422),
        ("announce", MEASURE | {"from": "昨天"}, 422),
        ("end", {"reason": "已解决"}, 409),
        ("merge", {"into": "01JD0000000000000000000000"}, 404),
        ("split", {"name": "另一件", "ticket_ids": []}, 422),
        ("split", {"name": "另一件", "ticket_ids": [f"T{n}" for n in range(31)]}, 422),
        ("split", {"name": "另一件", "ticket_ids": ["01JD0000000000000000000000"]}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(service, market, name, body, status):
    before = store.get_class(market[0])
    assert act(service, market[0], name, **body).status == status
    assert store.get_class(market[0]) == before


@pytest.mark.parametrize("key", [None, "short", "k" * 101])
def test_beginning_splitting_and_announcing_need_a_key(service, market, key):
    assert act(service, market[0], "split", key=key, name="另一件", ticket_ids=market[1][:1]).status == 422


def test_a_large_class_is_paged_and_told_by_chunks(service, market):
    cls = store.get_class(market[0])
    items = [
        class_items.enter_ops(cls.id, member(n, f"many{n}"))[0]["Put"]["Item"] for n in range(1_000)
    ]  # ten thousand: docs/measures-classes.md
    table.batch_write(Table.WORK, (table.from_wire(item) for item in items))
    found, after = members.list_members(cls)
    assert len(found) == 50
    assert after
    confirmed(service, cls.id)
    answer = act(service, cls.id, "announce", **MEASURE)
    assert answer.status == 200, answer.raw
    job = service.get(f"/desk/jobs/{answer.body['measures'][0]['told_by']}", service.staff(HEAD)).body
    assert (job["total"], job["chunks"]) == (1_005, 21)


def test_a_ticket_says_which_class_it_is_in_to_those_who_see_classes(service, market):
    class_id, tickets = market
    confirmed(service, class_id)
    act(service, class_id, "announce", **MEASURE)

    def said(who):
        return service.get(f"/staff/tickets/{tickets[0]}/beside", service.staff(who)).body["issue_class"]

    assert said(DESK) == {
        "id": class_id,
        "name": "南门口流动菜摊",
        "state": "measured",
        "state_name": "已有措施",
        "reporters": 5,
        "measure": MEASURE["what"],
    }
    handed = service.desk_act(tickets[0], "dispatch", DESK, unit_id="PM-SHJY", handler_id="pm-shjy-a")
    assert handed.status == 200, handed.raw
    assert said("pm-shjy-a") is None


@pytest.mark.parametrize("ends", ["discard", "leaves"])
def test_a_ticket_of_no_class_any_more_says_none(service, market, ends):
    class_id, tickets = market
    if ends == "discard":
        act(service, class_id, "discard", reason="各是各的事")
    else:
        service.desk_act(tickets[0], "classify", DESK, category="B01", confidential=True)
        service.settle()
    beside = service.get(f"/staff/tickets/{tickets[0]}/beside", service.staff(HEAD)).body
    assert beside["issue_class"] is None
