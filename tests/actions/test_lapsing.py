"""In an emergency power is made by one, for twelve hours, and everybody who could have said no hears of it (rule 93)."""

import base64

import pytest

from chalicelib.actions import lapsing
from chalicelib.actions.identity import confirming
from chalicelib.domain.errors import NeedsConfirmation
from chalicelib.domain.identity.confirmations import Kind
from chalicelib.domain.town.partner import read_partner
from chalicelib.store.identity import audit, sessions
from chalicelib.store.partners import partners
from chalicelib.store.town import directory
from tests.actions.identity.test_confirming import (
    ADMIN,
    HEAD,
    LEADER,
    PARTNER,
    coded,
    decide,
    imported,
    told,
    with_new,
)
from tests.service import running_service

told = told


WHY = "台风到了，要马上加人"


def in_emergency(service, files):
    admin, sent = service.staff(ADMIN), coded(files)
    plan = service.post("/admin/town/plan", {"files": sent}, admin).body["id"]
    return service.post("/admin/town", {"files": sent, "plan": plan, "emergency": WHY}, admin)


@pytest.fixture
def alone():
    """A town of its own: an import in an emergency leaves another town behind."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as service:
        yield service


def is_there(code):
    directory.forget()
    return directory.town().find_staff(code) is not None


def swept(service):
    return lapsing.sweep(now=service.now)


@pytest.mark.parametrize(("more", "stands"), [(0, True), (1, False)])
def test_an_import_in_an_emergency_holds_twelve_hours_to_the_last_instant_and_is_told(
    alone, told, more, stands
):
    done = in_emergency(alone, with_new("new-head", "新站长"))
    assert done.status == 201, done.raw
    assert is_there("new-head")
    assert {(LEADER, "power_in_emergency"), (LEADER, "confirmation_asked")} <= set(told)
    assert "town_in_emergency" in [trace.what for trace in audit.list_traces("power")]
    token = sessions.start(sessions.Kind.STAFF, "new-head", channel="console", now=alone.now)
    alone.later(hours=12, milliseconds=more)
    assert swept(alone) == (0 if stands else 1)
    assert is_there("new-head") == stands
    assert (sessions.find(token, alone.now) is not None) == stands
    assert swept(alone) == 0


def test_a_yes_keeps_it_and_a_no_ends_it_at_once(alone):
    def waiting():
        return next(
            each
            for each in alone.get("/desk/confirmations", alone.staff(HEAD)).body["items"]
            if each["decision"] == "asked"
        )

    in_emergency(alone, with_new("new-a", "甲站长"))
    assert waiting()["in_force_until"]
    assert waiting()["waits_for"]
    assert decide(alone, waiting()["id"], HEAD).status == 200
    alone.later(days=2)
    assert (swept(alone), is_there("new-a")) == (0, True)

    files = with_new("new-a", "甲站长")
    files["staff.csv"] += "new-b,乙站长,ST-GGLW,站长,,企业微信,new-b\n".encode()
    assert in_emergency(alone, files).status == 201
    assert is_there("new-b")
    assert decide(alone, waiting()["id"], HEAD, "refuse", "没有这个人").status == 200
    assert (swept(alone), is_there("new-b"), is_there("new-a")) == (1, False, True)


def test_power_of_an_emergency_is_not_made_good_by_another_import_nor_hidden_by_many_questions(alone):
    in_emergency(alone, with_new("new-head", "新站长"))
    more = with_new("new-head", "新站长")
    more["categories.csv"] = more["categories.csv"] + b"\n"
    more["staff.csv"] += "new-gw,新网格员,ST-GGLW,网格员,,企业微信,new-gw\n".encode()
    assert imported(alone, more).code == "wrong_stage"
    assert in_emergency(alone, more).code == "wrong_stage"
    by = directory.town().staff_member(ADMIN)
    for number in range(60):  # the latest fifty are what a page shows
        with pytest.raises(NeedsConfirmation):
            confirming.need(confirming.Power(Kind.PARTNERS, str(number), ["x"]), by=by, now=alone.now)
    alone.later(hours=13)
    assert (swept(alone), is_there("new-head")) == (1, False)


def test_what_changes_places_is_no_emergency(alone):
    files = with_new("new-head", "新站长")
    code = directory.list_points()[0].code
    rows = files["places.csv"].splitlines(keepends=True)
    changed = [
        row.replace(row.split(b",")[3], row.split(b",")[3] + "甲".encode(), 1)
        if row.startswith(f"{code},".encode())
        else row
        for row in rows
    ]
    assert changed != rows
    refused = in_emergency(alone, files | {"places.csv": b"".join(changed)})
    assert (refused.status, refused.body["fields"]) == (422, ["emergency"])
    assert not is_there("new-head")


def test_a_partners_address_in_an_emergency_is_gone_after_twelve_hours_and_no_second_file_keeps_it(alone):
    def saved(host, **more):
        files = {"platform.csv": base64.b64encode(PARTNER.format(host=host).encode()).decode()}
        plan = alone.post("/admin/partners/plan", {"files": files}, alone.staff(ADMIN)).body.get("id", "")
        return alone.post("/admin/partners", {"files": files, "plan": plan} | more, alone.staff(ADMIN))

    assert saved("a.example.cn", emergency=WHY).status == 201
    assert partners.get("platform").address == "https://a.example.cn/x"
    second = PARTNER.replace("某平台", "另一名称").format(host="a.example.cn")
    files = {"platform.csv": base64.b64encode(second.encode()).decode()}
    plan = alone.post("/admin/partners/plan", {"files": files}, alone.staff(ADMIN)).body["id"]
    again = alone.post("/admin/partners", {"files": files, "plan": plan}, alone.staff(ADMIN))
    assert again.code == "needs_confirmation"
    alone.later(hours=12, milliseconds=1)
    assert swept(alone) == 1
    assert partners.get("platform").address == ""


def test_a_partners_signature_lowered_asks_and_in_an_emergency_is_asked_for_again_after_twelve_hours(alone):
    def saved(signature, **more):
        text = PARTNER.format(host="a.example.cn") + f"setting,signature,{signature}\n"
        files = {"platform.csv": base64.b64encode(text.encode()).decode()}
        plan = alone.post("/admin/partners/plan", {"files": files}, alone.staff(ADMIN)).body.get("id", "")
        return alone.post("/admin/partners", {"files": files, "plan": plan} | more, alone.staff(ADMIN))

    known = read_partner("platform", PARTNER.format(host="a.example.cn").encode())
    partners.save(known)
    assert saved("v2").status == 201  # asking for more is nobody's power
    lowered = saved("v1")
    assert lowered.code == "needs_confirmation"
    assert lowered.body["confirmation"]["lines"] == ["合作方“某平台”的签名要求从 v2 降到 v1"]
    assert saved("v1", emergency=WHY).status == 201
    assert partners.get("platform").signature == "v1"
    alone.later(hours=12, milliseconds=1)
    assert swept(alone) == 1
    assert (partners.get("platform").signature, partners.get("platform").address) == ("v2", known.address)


def test_who_holds_power_of_an_emergency_alone_makes_none_that_would_outlive_it(alone):
    """A head added in an emergency says yes to nothing, and hands out no code; nor does whoever is in by such a code."""
    in_emergency(alone, with_new("new-head", "新站长"))
    new_head = sessions.start(sessions.Kind.STAFF, "new-head", channel="console", now=alone.now)
    asked = alone.post("/desk/staff/gglw-head/binding-code", {}, alone.staff(ADMIN)).body["confirmation"][
        "id"
    ]
    assert alone.post(f"/desk/confirmations/{asked}/agree", {}, new_head).code == "not_allowed"
    assert alone.post("/desk/staff/gglw-fc1/binding-code", {}, new_head).code == "not_allowed"
    assert alone.post("/desk/staff/gglw-fc1/spare-code", {}, new_head).code == "not_allowed"
    in_force = next(
        each["id"]
        for each in alone.get("/desk/confirmations", alone.staff(HEAD)).body["items"]
        if each["kind"] == "town"
    )
    assert decide(alone, in_force, HEAD).status == 200
    assert alone.post("/desk/staff/gglw-fc1/binding-code", {}, new_head).status == 201

    borrowed = sessions.start(sessions.Kind.STAFF, HEAD, channel="console", now=alone.now, made_by=ADMIN)
    assert alone.post("/desk/staff/gglw-fc1/binding-code", {}, borrowed).code == "not_allowed"
    admin = sessions.start(
        sessions.Kind.STAFF, ADMIN, channel="console", now=alone.now, made_by="other-admin"
    )
    taken = alone.post("/desk/staff/gglw-leader/binding-code", {"emergency": WHY}, admin)
    assert taken.code == "not_allowed"


def test_what_was_done_on_tickets_meanwhile_stays_and_its_heads_read_of_which(alone):
    """History is what happened: the resident was told. Whoever answers for the station looks at each."""
    in_emergency(alone, with_new("new-head", "新站长"))
    new_head = sessions.start(sessions.Kind.STAFF, "new-head", channel="console", now=alone.now)
    mess = alone.report("小区门口乱糟糟").body["id"]
    untouched = alone.report("小区后门乱糟糟").body["id"]
    given = {"unit_id": "OF-CJ"}
    assert alone.post(f"/desk/tickets/{mess}/dispatch", given, new_head).status == 200
    alone.settle()
    alone.later(hours=12, milliseconds=1)
    assert swept(alone) == 1
    assert alone.ticket(mess).lead_unit_id == "OF-CJ"
    for reader in (HEAD, LEADER):
        lines = alone.get("/staff/inbox", alone.staff(reader)).body["items"]
        found = [line["ticket_id"] for line in lines if line["template"] == "acts_of_emergency"]
        assert found == [mess]
        assert untouched not in found
