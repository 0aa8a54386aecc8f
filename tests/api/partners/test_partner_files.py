"""A partner's file says what it would change before it holds, and holds only as it was said (rule 86)."""

import base64
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid, NeedsConfirmation, NotFound
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town_import.partner_plan import lines_of
from chalicelib.store.partners import partners
from infra.local import partner_files
from tests.towns import SAMPLE

ADMIN, DESK = "town-admin", "gglw-fc1"
LINES = (SAMPLE / "partners" / "hotline.csv").read_text(encoding="utf-8-sig").splitlines()
ACTS = [line for line in LINES if line.startswith("act,")]


@pytest.fixture(autouse=True)
def known(service):
    partners.save(read_partner("hotline", text(LINES)))


def text(lines):
    return "\n".join(lines).encode()


def without(*gone):
    return [line for line in LINES if line not in gone]


def asked(service, lines, name="hotline.csv", **more):
    path = "/admin/partners" if more else "/admin/partners/plan"
    body = {"files": {name: base64.b64encode(text(lines)).decode()}, **more}
    return service.post(path, body, service.staff(ADMIN))


def test_every_line_is_told_as_new_changed_or_gone_with_what_that_means(service):
    changed = [*without(ACTS[0], LINES[1]), LINES[1] + "热线", "category,没见过的词,F99"]
    plan = asked(service, changed).body
    by_kind = {change["table"]: change for change in plan["changes"]}
    assert [by_kind["hotline.act"][name] for name in ("removed", "rows")] == [1, len(ACTS) - 1]
    assert by_kind["hotline.act"]["means"] == "这些动作以后不再回给对方"
    assert (by_kind["hotline.setting"]["changed"], by_kind["hotline.category"]["new"]) == (1, 1)
    assert (plan["removes"], plan["must_say"], plan["unchanged"]) == (1, False, False)
    assert "“没见过的词”→F99" in plan["lines"][-1]
    assert "没见过的词" not in partners.get("hotline").categories


def test_what_the_plan_said_holds_after_a_yes_and_nothing_does_without_one(service):
    fewer = without(ACTS[0])
    assert asked(service, fewer, plan="x").code == "plan_over"
    assert len(partners.get("hotline").acts) == len(ACTS)
    assert asked(service, fewer, plan=asked(service, fewer).body["id"]).status == 201
    assert len(partners.get("hotline").acts) == len(ACTS) - 1


def test_a_plan_is_of_these_files_and_of_the_partner_in_force_for_thirty_minutes(service):
    plan = asked(service, without(ACTS[0])).body["id"]
    assert asked(service, without(ACTS[1]), plan=plan).code == "plan_over"
    partners.save(read_partner("hotline", text(without(ACTS[2]))))
    assert asked(service, without(ACTS[0]), plan=plan).code == "plan_over"
    plan = asked(service, without(ACTS[0])).body["id"]
    service.now += timedelta(minutes=31)
    assert asked(service, without(ACTS[0]), plan=plan).code == "plan_over"


def test_the_plan_warns_of_orders_that_would_stand_open_with_the_partner_for_ever(service):
    (said,) = asked(service, without("act,declined,退单")).body["warnings"]
    assert "没有 act,declined 行，这样结束的工单不会回给对方" in said
    assert asked(service, without("act,taken,签收")).body["warnings"] == []


def test_more_than_a_handful_of_lines_that_go_are_spelled_out(service):
    few = [line for line in LINES if not line.startswith(("category,", "place,", "reason,"))]
    plan = asked(service, few).body
    assert plan["must_say"] is True
    assert asked(service, few, plan=plan["id"]).status == 422
    assert asked(service, few, plan=plan["id"], removes=plan["removes"]).status == 201


def test_the_file_in_force_changes_nothing_whichever_way_it_was_saved(service):
    assert asked(service, LINES).body == {"unchanged": True}
    assert asked(service, LINES[:1] + LINES[:0:-1], plan="", name="hotline.CSV").status == 201


def test_a_line_that_is_wrong_has_no_plan(service):
    refused = asked(service, [*LINES, "column,wrong,x"])
    assert (refused.status, refused.body["fields"][0]["line"]) == (422, len(LINES) + 1)
    assert service.post("/admin/partners/plan", {"files": {}}, service.staff(DESK)).status == 403


@pytest.mark.parametrize(
    ("says_yes", "acts", "said"),
    [(True, len(ACTS) - 1, "已生效：12345市民服务热线"), (False, len(ACTS), "没有改动")],
)
def test_the_command_tells_the_plan_and_does_it_after_a_yes(service, tmp_path, capsys, says_yes, acts, said):
    file = tmp_path / "hotline.csv"
    file.write_bytes(text(without(ACTS[0])))
    asked_for = []
    partner_files.register([file], lambda plan: asked_for.append(plan.lines) or says_yes)
    assert any("这些动作以后不再回给对方" in line for line in asked_for[0])
    assert len(partners.get("hotline").acts) == acts
    assert said in capsys.readouterr().out


def test_the_command_says_that_nothing_changes_and_asks_nobody(service, tmp_path, capsys):
    file = tmp_path / "hotline.csv"
    file.write_bytes(text(LINES))
    partner_files.register([file], lambda _: pytest.fail("asked"))
    assert "未改动" in capsys.readouterr().out


def test_the_command_waits_for_a_second_yes_to_a_new_address_and_knows_its_administrators(service, tmp_path):
    file = tmp_path / "hotline.csv"
    file.write_bytes(
        text([line.replace("setting,address,", "setting,address,https://a.example.cn/x") for line in LINES])
    )
    with pytest.raises(NeedsConfirmation):
        partner_files.register([file], lambda _: True)
    with pytest.raises(NotFound, match="没有工号为 gglw-fc1 的管理员"):
        partner_files.register([file], lambda _: True, by=DESK)
    assert partners.get("hotline").address == ""


@pytest.mark.parametrize("name", ["hotline", "petition"])
def test_the_lines_of_a_partner_are_those_of_its_file(name):
    content = (SAMPLE / "partners" / f"{name}.csv").read_bytes()
    partner = read_partner(name, content)
    again = "kind,key,value\n" + "\n".join(
        f"{kind},{line.code},{line.value}" for kind, lines in lines_of(partner).items() for line in lines
    )
    assert read_partner(name, again.encode()) == partner


@pytest.mark.parametrize("name", ["", "../../x", "a#b", "a/b", "a b", "a\u202eb", "x" * 41, "a.b"])
def test_a_partner_s_name_leads_nowhere_else(name):
    with pytest.raises(Invalid):
        read_partner(name, text(LINES))


@pytest.mark.parametrize("name", ["hotline_12345", "某平台", "x" * 40])
def test_a_partner_s_name_is_a_plain_word_of_any_script(name):
    assert read_partner(name, text(LINES)).name == name
