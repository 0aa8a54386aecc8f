"""外部派单 and jobs as the desk's pages read them: what a unit may see, in one order, and nothing of other people's."""

import base64

import pytest

from chalicelib.actions.job_kinds import KINDS
from chalicelib.actions.jobs import run_chunk
from chalicelib.actions.partners import exchanging
from chalicelib.api import cursors
from chalicelib.domain.partners.exchanges import State
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import http, secrets
from chalicelib.store.partners import exchanges, partners
from infra.local.partner.server import StandIn
from tests.actions.partners.test_partners import (
    DESK,
    KEY,
    SAMPLES,
    dispatch_and_take,
    order,
    push,
    ticket_of,
)
from tests.service import one_service

service = one_service
OTHER = "hjb-fc1"  # another station's


@pytest.fixture(scope="module", autouse=True)
def known(service):
    """Both partners; the hotline has an interface that nobody answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "find_partner_key", lambda name: KEY)
        for name in ("hotline", "petition"):
            partners.save(read_partner(name, (SAMPLES / f"{name}.csv").read_bytes()))
        with StandIn(KEY, now=lambda: service.now) as partner:
            partner.mode = "error"
            partners.save(partners.get("hotline").model_copy(update={"address": partner.url}))
            http.forget()
            yield


def orders(service, name="hotline", by=DESK, query=""):
    answer = service.get(f"/desk/partners/{name}/orders{query}", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body


def one(service, number, name="hotline"):
    return next(each for each in orders(service, name)["items"] if each["number"] == number)


def test_an_order_shows_both_deadlines_and_nothing_owed_before_anybody_took_it(service):
    push(service, order("L-1", text="反映小区管理问题", due_at="2026-12-24 18:00"))
    ticket = ticket_of(service, "L-1")
    before = one(service, "L-1")
    assert (before["their_due_at"], before["due_at"]) == ("2026-12-24T18:00:00+08:00", None)
    assert (before["standing"], before["ticket_number"]) == ("nothing_owed", ticket.number)
    service.desk_act(ticket.id, "dispatch", DESK, unit_id="OF-CJ")
    after = one(service, "L-1")
    assert after["stage_name"] == "已派单"
    assert "2026-11-23T10:00:00+08:00" < after["due_at"] < after["their_due_at"]


def test_an_order_is_waiting_and_after_three_tries_stuck_with_the_reason(service):
    push(service, order("L-2", category="市政设施/路灯"))
    dispatch_and_take(service, ticket_of(service, "L-2"))
    service.settle()
    assert one(service, "L-2")["standing"] == "waiting"
    for _ in range(3):
        exchanging.send_due(now=service.now)
        service.later(minutes=5)
    stuck = one(service, "L-2")
    assert (stuck["standing"], "500" in stuck["detail"]) == ("stuck", True)


def test_a_partner_without_an_interface_is_owed_by_hand(service):
    push(service, order("L-3", text="反映小区停车问题"), name="petition")
    dispatch_and_take(service, ticket_of(service, "L-3", "petition"))
    service.settle()
    assert one(service, "L-3", "petition")["standing"] == "by_hand"
    assert "L-3" not in [each["number"] for each in orders(service)["items"]]


def test_another_station_sees_no_order_of_ours_and_an_unknown_partner_is_not_found(service):
    push(service, order("L-4"))
    assert [each["number"] for each in orders(service, by=OTHER)["items"]] == []
    assert service.get("/desk/partners/nobody/orders", service.staff(DESK)).status == 404


def test_an_order_that_a_kill_left_unnoted_is_noted_when_it_comes_again(service, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(exchanges, "add", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            push(service, order("L-5"))
    assert ticket_of(service, "L-5").version == 1
    assert push(service, order("L-5")).body["how"] == "same"
    assert push(service, order("L-5")).body["how"] == "same"
    assert [each["number"] for each in orders(service)["items"]].count("L-5") == 1
    assert len(exchanges.list_of_order("hotline", "L-5")) == 1


def test_the_pages_go_on_where_the_last_one_ended(service):
    for number in range(21):
        service.later(seconds=1)
        push(service, order(f"P-{number}", text=f"反映小区管理问题{number}"))
    first = orders(service)
    second = orders(service, query=f"?after={first['next']}")
    assert [each["number"] for each in first["items"]][:2] == ["P-20", "P-19"]
    assert "P-0" in [each["number"] for each in second["items"]]
    assert not {e["number"] for e in first["items"]} & {e["number"] for e in second["items"]}


def test_a_unit_lists_the_jobs_that_it_began_with_their_progress(service):
    text = "工单编号,诉求内容\n" + "".join(f"J-{n},盛华景苑4号楼门口路灯坏了{n}\n" for n in range(60))
    body = {"file": base64.b64encode(text.encode()).decode()}
    job = service.post("/desk/partners/hotline/orders", body, service.staff(DESK)).body["job"]
    run_chunk(job, 1, KINDS, now=service.now)
    [row] = service.get("/desk/jobs", service.staff(DESK)).body["items"]
    assert (row["id"], row["chunks"], row["chunks_done"], row["counts"]) == (job, 2, 1, {"made": 10})
    assert (row["kind"], row["about"], row["finished_at"]) == ("orders", {"partner": "hotline"}, None)
    assert service.get("/desk/jobs", service.staff(OTHER)).body["items"] == []


def test_what_is_stuck_is_found_behind_pages_of_what_only_waits(service, monkeypatch):
    pages = {None: ([], "1"), "1": ([], "2"), "2": (["stuck"], "3"), "3": ([], None)}

    def owed_to(_partner, _state, *, by, after=None):
        found, following = pages[after]
        return [stuck for _ in found], following

    stuck = next(e for e in exchanges.list_of_order("hotline", "L-2") if e.is_stuck)
    monkeypatch.setattr(exchanging, "owed_to", owed_to)
    path = "/desk/exchanges?partner=hotline"
    first = service.get(path, service.staff(DESK)).body
    assert ([each["number"] for each in first["items"]], cursors.opened(first["next"])) == (["L-2"], "3")
    rest = service.get(f"{path}&after={first['next']}", service.staff(DESK)).body
    assert rest == {"items": [], "next": None}


@pytest.mark.parametrize(("empty", "read"), [(9, 10), (10, 10), (30, 10)])
def test_ten_pages_are_read_at_most_and_the_list_can_go_on(service, monkeypatch, empty, read):
    asked = []

    def owed_to(_partner, _state, *, by, after=None):
        asked.append(after)
        return [], None if len(asked) > empty else str(len(asked))

    monkeypatch.setattr(exchanging, "owed_to", owed_to)
    found = exchanging.look_after(partners.get("hotline"), State.WAITING, by=None)
    assert (len(asked), found) == (read, ([], None if empty < 10 else "10"))
