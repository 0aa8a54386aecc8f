"""Codes and sign-ins: whom wrong tries and many asks hold up, and whom not (rule 46)."""

from datetime import timedelta

import pytest

from chalicelib.actions.identity import signing_in
from chalicelib.domain.errors import NotSignedIn, TooMany
from chalicelib.store.identity import audit, sign_in_codes
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
