"""Codes and sign-ins: whom wrong tries and many asks hold up, and whom not (rule 46)."""

import re
from datetime import timedelta

import pytest

from chalicelib.actions.identity import signing_in
from chalicelib.domain.errors import NotSignedIn, TooMany
from chalicelib.store.identity import audit, sign_in_codes
from chalicelib.store.table import Table
from tests.service import one_service

PM = "pm-shjy-a"

service = one_service


def pushed(monkeypatch, service, times, start, address="198.51.100.7", staff=PM):
    told = []
    monkeypatch.setattr(signing_in.notifying, "tell_staff", lambda code, *_, **__: told.append(code) or [])
    for at in times:
        signing_in.push_code(staff, address=address, now=service.now + start + at)
    return told


def test_one_code_a_minute_and_five_an_hour_are_pushed_to_a_person(monkeypatch, service):
    hour = timedelta(hours=3)
    assert len(pushed(monkeypatch, service, [timedelta(seconds=s) for s in range(0, 10)], hour)) == 1
    minutes = [timedelta(minutes=2 * n) for n in range(1, 15)]
    assert len(pushed(monkeypatch, service, minutes, hour)) == 4
    assert len(pushed(monkeypatch, service, [timedelta(hours=1)], hour)) == 1
    assert pushed(monkeypatch, service, [timedelta(0)], hour, staff="nobody") == []


def test_wrong_tries_of_an_office_do_not_lock_out_the_right_code(service):
    office, now = "198.51.100.8", service.now
    for _ in range(41):
        with pytest.raises((NotSignedIn, TooMany)):
            signing_in.sign_in_staff("gglw-fc1-00000000", channel="console", address=office, now=now)
    code = sign_in_codes.issue(PM, now)
    _, staff = signing_in.sign_in_staff(code, channel="console", address=office, now=now)
    assert staff.code == PM


def test_the_log_names_an_address_once_it_is_over_the_limit_and_no_other(service, caplog):
    for address, times in (("203.0.113.9", 42), ("203.0.113.10", 40)):
        for _ in range(times):
            with pytest.raises((NotSignedIn, TooMany)):
                signing_in.sign_in_staff("gglw-fc1-x", channel="console", address=address, now=service.now)
    named = [record.about["address"] for record in caplog.records if hasattr(record, "about")]
    assert named == ["203.0.113.9"] * 2


def test_wrong_tries_at_one_person_leave_the_code_of_another_alone(service):
    mine, other = sign_in_codes.issue(PM, service.now), sign_in_codes.issue("gglw-fc1", service.now)
    for _ in range(6):
        with pytest.raises(NotSignedIn):
            signing_in.sign_in_staff("gglw-fc1-x", channel="console", address="203.0.113.4", now=service.now)
    with pytest.raises(NotSignedIn):
        signing_in.sign_in_staff(other, channel="console", address="203.0.113.4", now=service.now)
    assert (
        signing_in.sign_in_staff(mine, channel="console", address="203.0.113.4", now=service.now)[1].code
        == PM
    )


def test_every_code_that_is_handed_out_leaves_a_trace_of_who_made_it_and_for_whom(service):
    before = len(audit.list_traces("sign-in"))
    assert service.post(f"/desk/staff/{PM}/binding-code", {}, service.staff("gglw-fc1")).status == 201
    assert service.post("/desk/staff/of-dzb-head/binding-code", {}, service.staff("gglw-fc1")).status == 403
    traces = audit.list_traces("sign-in")[before:]
    assert [(trace.what, trace.viewer, trace.why) for trace in traces] == [
        ("code_handed_out", "gglw-fc1", PM)
    ]


def told_of_codes(monkeypatch):
    told = []

    def tell(code, template, params, **_):
        told.append((code, template, params["who"], params["note"]))
        return []

    monkeypatch.setattr(signing_in.notifying, "tell_staff", tell)
    return told


def test_a_code_that_is_handed_out_is_told_to_its_person_and_to_the_heads_of_both(monkeypatch, service):
    told = told_of_codes(monkeypatch)
    assert service.post(f"/desk/staff/{PM}/binding-code", {}, service.staff("gglw-fc1")).status == 201
    assert {code for code, *_ in told} == {PM, "pm-shjy-head", "gglw-head"}
    assert {template for _, template, *_ in told} == {"code_handed_out"}
    assert all(PM in who and "gglw-fc1" in note for _, _, who, note in told)


@pytest.mark.parametrize("by", ["gglw-fc1", ""])
def test_what_is_done_by_a_handed_out_code_says_who_handed_it_out(service, by):
    code = sign_in_codes.issue("gglw-fc2", service.now, made_by=by)
    token = service.post("/staff/sessions", {"code": code}).body["token"]
    ticket_id = service.report("楼道灯不亮", token=service.resident("reporter")).body["id"]
    assert service.get(f"/staff/tickets/{ticket_id}", token).status == 200
    assert [t.through for t in audit.list_traces(ticket_id) if t.viewer == "gglw-fc2"] == [by]
    viewers = service.get(f"/api/tickets/{ticket_id}", service.resident("reporter")).body["viewers"]
    [mine] = [viewer for viewer in viewers if viewer["code"] == "gglw-fc2"]
    assert mine["through"] == (f"由关港蓝湾片区民情快办工作站首问接待（{by}）代为登录" if by else "")
    reveals = service.post(
        f"/staff/tickets/{ticket_id}/reveal", {"fields": ["text"], "reason": "要核实原话"}, token
    )
    assert reveals.status == 200
    assert audit.list_traces(ticket_id)[-1].through == by


@pytest.mark.parametrize(
    ("by", "whose", "may"),
    [("gglw-fc1", "gglw-gw1", True), ("gglw-fc1", PM, True), ("gglw-fc1", "gglw-head", False), ("gglw-head", "gglw-fc1", True),
     ("gglw-fc1", "hjb-fc1", False), ("gglw-head", "gglw-leader", False), ("gglw-fc1", "of-dzb-head", False)],
)  # fmt: skip
def test_a_desk_hands_out_codes_to_those_below_it_and_nobody_else(service, by, whose, may):
    answer = service.post(f"/desk/staff/{whose}/binding-code", {}, service.staff(by))
    assert answer.status == (201 if may else 403)


EMERGENCY = {"emergency": "站长手机坏了，现场等着派单"}


def test_in_an_emergency_the_administrator_s_code_holds_twelve_hours_and_is_told_to_heads_and_area_leaders(
    monkeypatch, service
):
    told = told_of_codes(monkeypatch)
    answer = service.post("/desk/staff/gglw-head/binding-code", EMERGENCY, service.staff("town-admin"))
    assert answer.status == 201, answer.raw
    assert {"gglw-head", "gglw-leader"} <= {code for code, *_ in told}
    assert {template for _, template, *_ in told} == {"code_in_emergency"}
    token = service.post("/staff/sessions", {"code": answer.body["code"]}).body["token"]
    service.later(hours=12)
    assert service.get("/staff/me", token).status == 200  # the last instant counts
    service.later(seconds=1)
    assert service.get("/staff/me", token).status == 401
    assert audit.list_traces("sign-in")[-1].what == "code_in_emergency"


def test_a_second_emergency_waits_for_the_next_day_and_nobody_else_has_any(service):
    service.later(hours=24)
    admin = service.staff("town-admin")
    assert service.post("/desk/staff/gglw-head/binding-code", EMERGENCY, admin).status == 201
    assert service.post("/desk/staff/hjb-head/binding-code", EMERGENCY, admin).code == "too_many"
    assert service.post("/desk/staff/gglw-head/binding-code", {}, admin).code == "needs_confirmation"
    assert (
        service.post("/desk/staff/gglw-head/binding-code", EMERGENCY, service.staff("gglw-fc1")).status == 403
    )


def test_a_code_that_somebody_asks_for_is_written_down_without_the_code_and_answered_like_nobodys(service):
    service.later(hours=48)
    known, nobody = (service.post("/staff/sign-in-codes", {"staff": who}) for who in ("hjb-head", "nobody"))
    assert known.status == 202
    assert (known.status, known.raw) == (nobody.status, nobody.raw)
    told = [text for each in service.items(Table.WORK) if "sign_in_code" in (text := str(each))]
    assert len(told) == 1
    assert not re.search(r"hjb-head-\d{8}", told[0])
