"""Power is made by two: an import, a partner's address, a sign-in for somebody else (rule 93)."""

import base64

import pytest

from chalicelib.actions.identity import confirming
from chalicelib.store.identity import audit, sessions
from chalicelib.store.town import directory
from tests.service import one_service
from tests.towns import sample_files

ADMIN, HEAD, LEADER = "town-admin", "gglw-head", "gglw-leader"
PARTNER = "kind,key,value\nsetting,title,某平台\nsetting,source,hotline_12345\nsetting,address,https://{host}/x\ncolumn,number,编号\ncolumn,text,内容\n"

service = one_service


@pytest.fixture(autouse=True)
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(
        confirming.notifying,
        "tell_staff",
        lambda code, template, *_, **__: heard.append((code, template)) or [],
    )
    return heard


def coded(files):
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def with_new(code, name):
    files = sample_files()
    row = f"{code},{name},ST-GGLW,站长,,企业微信,{code}\n".encode()
    return files | {"staff.csv": files["staff.csv"].rstrip(b"\n") + b"\n" + row}


def imported(service, files):
    admin, sent = service.staff(ADMIN), coded(files)
    plan = service.post("/admin/town/plan", {"files": sent}, admin).body["id"]
    return service.post("/admin/town", {"files": sent, "plan": plan}, admin)


def decide(service, id_, by, answer="agree", note=""):
    return service.post(f"/desk/confirmations/{id_}/{answer}", {"note": note}, service.staff(by))


def test_an_import_that_makes_power_waits_for_one_yes_and_then_holds_wholly(service, told):
    files = with_new("new-head", "新站长")
    refused = imported(service, files)
    assert (refused.status, refused.code) == (409, "needs_confirmation")
    asked = refused.body["confirmation"]
    assert asked["lines"] == ["新增新站长（new-head）：关港蓝湾片区民情快办工作站，站长"]
    assert directory.town().find_staff("new-head") is None
    assert told[0] == (LEADER, "confirmation_asked")
    assert (
        imported(service, files).body["confirmation"]["id"] == asked["id"]
    )  # asked once, however often it is tried

    for by in (ADMIN, "gglw-fc1"):
        assert decide(service, asked["id"], by).status == 403
    assert [each["id"] for each in service.get("/desk/confirmations", service.staff(HEAD)).body["items"]] == [
        asked["id"]
    ]
    assert decide(service, asked["id"], HEAD).body["decision"] == "confirmed"
    assert (ADMIN, "confirmation_decided") in told
    assert (decide(service, asked["id"], LEADER).status, imported(service, files).status) == (409, 201)
    directory.forget()
    assert directory.town().find_staff("new-head") is not None
    assert sorted(trace.what for trace in audit.list_traces("power")) == ["town_asked", "town_confirmed"]


def test_a_yes_to_other_files_is_none_and_a_no_says_why(service, told):
    id_ = imported(service, with_new("head-a", "站长甲")).body["confirmation"]["id"]
    assert decide(service, id_, HEAD).status == 200
    other = imported(service, with_new("head-b", "站长乙"))
    assert other.code == "needs_confirmation"
    assert decide(service, other.body["confirmation"]["id"], HEAD, "refuse").status == 422
    assert decide(service, other.body["confirmation"]["id"], HEAD, "refuse", "没有这个人").status == 200
    assert imported(service, with_new("head-b", "站长乙")).code == "needs_confirmation"
    assert directory.town().find_staff("head-b") is None


def test_whoever_was_signed_in_by_somebody_cannot_confirm(service):
    id_ = imported(service, with_new("head-c", "站长丙")).body["confirmation"]["id"]
    made = sessions.start(sessions.Kind.STAFF, HEAD, channel="console", now=service.now, made_by=ADMIN)
    refused = service.post(f"/desk/confirmations/{id_}/agree", {}, made)
    assert refused.status == 403
    assert "本人手机" in refused.body["message"]


def test_a_partners_new_address_waits_and_the_rest_does_not(service):
    def saved(host):
        files = {"platform.csv": base64.b64encode(PARTNER.format(host=host).encode()).decode()}
        plan = service.post("/admin/partners/plan", {"files": files}, service.staff(ADMIN)).body.get("id", "")
        return service.post("/admin/partners", {"files": files, "plan": plan}, service.staff(ADMIN))

    first = saved("a.example.cn")
    assert first.code == "needs_confirmation"
    assert "https://a.example.cn/x" in first.body["confirmation"]["lines"][0]
    decide(service, first.body["confirmation"]["id"], LEADER)
    assert saved("b.example.cn").code == "needs_confirmation"
    assert (saved("a.example.cn").status, saved("a.example.cn").status) == (201, 201)


def test_the_administrator_has_a_code_for_somebody_once_for_each_yes_and_never_by_that_persons_own(service):
    def asked():
        return service.post("/desk/staff/gglw-head/binding-code", {}, service.staff(ADMIN))

    id_ = asked().body["confirmation"]["id"]
    assert decide(service, id_, HEAD).status == 403
    assert decide(service, id_, LEADER).status == 200
    given = asked()
    assert given.status == 201
    assert given.body["code"].startswith("gglw-head-")
    assert asked().code == "needs_confirmation"


@pytest.mark.parametrize(("by", "status"), [("gglw-fc1", 403), ("of-dzb-head", 403), (ADMIN, 200), (HEAD, 200), ("town-leader", 200)])  # fmt: skip
def test_who_reads_what_waits(service, by, status):
    assert service.get("/desk/confirmations", service.staff(by)).status == status
