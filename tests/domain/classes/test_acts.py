"""What may be done with a class in which state, what it leaves in it, and how screens are offered it (rule 67)."""

from datetime import timedelta

import pytest

from chalicelib.domain.classes import acts, offers
from chalicelib.domain.classes.issue_class import ClassAct, IssueClass, Line, State
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.errors import Invalid, WrongStage
from tests.domain.life import person
from tests.service import MONDAY

LATER = MONDAY + timedelta(hours=1)


def a_class(state=State.CONFIRMED, class_id="C1", **fields):
    usual = {"name": "买菜难", "area": "A", "first_on": MONDAY.date(), "members": 5, "reporters": 4}
    return IssueClass(id=class_id, state=state, at=MONDAY, **(usual | fields))


def a_measure(measure_id="M1"):
    return Measure(
        id=measure_id,
        what="设便民菜场",
        place="东门",
        schedule="每周四",
        unit_id="ST",
        from_on=MONDAY.date(),
        announced_at=MONDAY,
        by="st-head",
    )


MAY = {
    State.PROPOSED: "confirm rename discard merge split add",
    State.CONFIRMED: "rename discard announce end merge split add",
    State.MEASURED: "rename announce end merge split add",
    State.ENDED: "confirm rename split",
    State.DISCARDED: "confirm",
    State.MERGED: "",
}
STATES = {
    State.PROPOSED: "待确认",
    State.CONFIRMED: "已确认",
    State.MEASURED: "已有措施",
    State.ENDED: "已了结",
    State.DISCARDED: "不成一类",
    State.MERGED: "已并入",
}


@pytest.mark.parametrize("state", State)
def test_what_may_be_done_hangs_on_the_state_and_what_may_not_is_refused_with_its_name(state):
    cls = a_class(state)
    assert sorted(acts.allowed(cls)) == sorted(MAY[state].split())
    for act in set(acts._FROM) - set(acts.allowed(cls)):
        with pytest.raises(WrongStage, match=f"^这类事{STATES[state]}，不能这样操作"):
            acts.need(cls, act)


@pytest.mark.parametrize(
    ("done", "from_", "leaves", "what", "note"),
    [
        (lambda c: acts.confirm(c, name="早餐少", owner="o", by="b", now=LATER), State.PROPOSED,
         {"state": "confirmed", "name": "早餐少", "owner": "o"}, ClassAct.CONFIRM, "早餐少"),
        (lambda c: acts.rename(c, name="买菜难", owner="o", by="b", now=LATER), State.CONFIRMED,
         {"owner": "o"}, ClassAct.RENAME, "买菜难"),
        (lambda c: acts.rename(c, name="早餐少", owner="", by="b", now=LATER), State.CONFIRMED,
         {"name": "早餐少"}, ClassAct.RENAME, "早餐少"),
        (lambda c: acts.discard(c, reason="各是各的", by="b", now=LATER), State.CONFIRMED,
         {"state": "discarded"}, ClassAct.DISCARD, "各是各的"),
        (lambda c: acts.withdraw(c, by="b", now=LATER), State.PROPOSED,
         {"state": "discarded"}, ClassAct.DISCARD, acts.VAGUE),
        (lambda c: acts.end(c, note="菜场开了", by="b", now=LATER), State.MEASURED,
         {"state": "ended"}, ClassAct.END, "菜场开了"),
        (lambda c: acts.split_line(c, by="b", name="早餐少", now=LATER), State.ENDED,
         {}, ClassAct.SPLIT, "早餐少"),
    ],
)  # fmt: skip
def test_an_act_leaves_its_mark_and_one_line_and_nothing_else(done, from_, leaves, what, note):
    before = a_class(from_)
    line = Line(at=LATER, by="b", what=what, note=note)
    assert done(before) == before.model_copy(update=leaves | {"lines": (line,)})


def test_a_name_and_an_owner_that_it_has_already_change_nothing():
    cls = a_class(owner="o")
    assert acts.rename(cls, name="买菜难", owner="o", by="b", now=LATER) is cls


def test_measures_are_announced_one_after_the_other_and_one_twice_is_one():
    once = acts.announce(a_class(), a_measure(), now=LATER)
    assert once == a_class(
        State.MEASURED,
        measures=(a_measure(),),
        lines=(Line(at=LATER, by="st-head", what=ClassAct.ANNOUNCE, note="设便民菜场"),),
    )
    assert acts.announce(once, a_measure(), now=LATER) is once
    twice = acts.announce(once, a_measure("M2"), now=LATER)
    assert [each.id for each in twice.measures] == ["M1", "M2"]


def test_the_job_that_tells_of_a_measure_is_kept_with_that_one():
    cls = a_class(State.MEASURED, measures=(a_measure("M1"), a_measure("M2")))
    assert [each.told_by for each in acts.telling(cls, "M2", "J").measures] == ["", "J"]


def test_a_class_that_takes_another_in_counts_both_and_keeps_only_what_they_share():
    a_day = timedelta(days=1)
    gone = a_class(
        class_id="C1", name="早餐少", parts=("C0",), weeks={"w1": 2, "w2": 1}, topics={"food": 3}, scope="N",
        first_on=MONDAY.date() - a_day,
    )  # fmt: skip
    into = a_class(class_id="C2", members=7, weeks={"w2": 4}, topics={"food": 1, "road": 2}, scope="N")
    after, whole = acts.merge(gone, into, by="b", now=LATER)
    assert after == gone.model_copy(
        update={
            "state": State.MERGED,
            "merged_into": "C2",
            "lines": (Line(at=LATER, by="b", what=ClassAct.MERGE, note="买菜难"),),
        }
    )
    assert whole == into.model_copy(
        update={
            "parts": ("C1", "C0"),
            "members": 12,
            "weeks": {"w1": 2, "w2": 5},
            "topics": {"food": 4, "road": 2},
            "first_on": MONDAY.date() - a_day,
            "lines": (Line(at=LATER, by="b", what=ClassAct.ABSORB, note="早餐少"),),
        }
    )
    _, mixed = acts.merge(gone, into.model_copy(update={"area": "B", "scope": "S"}), by="b", now=LATER)
    assert (mixed.area, mixed.scope) == ("", "")


@pytest.mark.parametrize(("parts", "refused"), [(acts.MOST_PARTS - 1, False), (acts.MOST_PARTS, True)])
def test_fifty_classes_at_most_are_merged_into_one(parts, refused):
    into = a_class(class_id="C2", parts=tuple(f"P{n}" for n in range(parts)))
    if not refused:
        assert acts.merge(a_class(), into, by="b", now=LATER)
        return
    with pytest.raises(Invalid, match=r"^并入的类太多了") as why:
        acts.merge(a_class(), into, by="b", now=LATER)
    assert why.value.details["fields"] == ["into"]


def test_a_class_is_not_merged_into_itself():
    with pytest.raises(Invalid, match=r"^不能并入自己") as why:
        acts.merge(a_class(), a_class(), by="b", now=LATER)
    assert why.value.details["fields"] == ["into"]


# --- as screens draw them ---

FIELDS = {
    "confirm": "name:line*1-60 owner:staff*",
    "announce": "what:line*1-200 place:line*1-60 schedule:line*1-60 unit:unit* from:day* weekdays:weekdays every:number1-8 "
    "hours:line0-30 until:day on_holidays:switch",
    "rename": "name:line*1-60 owner:staff*",
    "add": "ticket_ids:tickets*0-30",
    "split": "name:line*1-60 ticket_ids:chosen*0-24",
    "merge": "into:class*",
    "end": f"reason:line*1-{offers.MOST_WORDS}",
    "discard": f"reason:line*1-{offers.MOST_WORDS}",
}  # fmt: skip


def drawn(field):
    bounds = f"{field.least}-{field.most}" if field.most else ""
    return f"{field.name}:{field.kind}{'*' * field.required}{bounds}"


def test_every_act_asks_for_its_fields_within_their_bounds():
    assert {offer.name: " ".join(map(drawn, offer.fields)) for offer in offers.OFFERS} == FIELDS


def test_every_act_has_its_words_and_goes_where_it_is_sent():
    assert {
        offer.name: (offer.path, offer.sends, offer.label, offer.tone, offer.previews)
        for offer in offers.OFFERS
    } == {
        "confirm": ("desk", "confirm", "确认", "primary", False),
        "announce": ("desk", "announce", "公布措施", "primary", True),
        "rename": ("desk", "rename", "改名、换负责人", "", False),
        "add": ("desk", "members", "加工单", "", False),
        "split": ("desk", "split", "拆分", "", False),
        "merge": ("desk", "merge", "并入另一类", "", False),
        "end": ("desk", "end", "了结", "", False),
        "discard": ("desk", "discard", "不成一类", "danger", False),
    }
    assert all(offer.hint for offer in offers.OFFERS if offer.name != "rename")
    labels = {field.name: field.label for offer in offers.OFFERS for field in offer.fields}
    assert labels == {
        "name": "名称", "owner": "负责人", "reason": "理由", "what": "做什么", "place": "在哪里", "schedule": "什么时候",
        "unit": "责任单位", "from": "从哪天起", "weekdays": "每周哪几天（定期的才选）", "every": "每几周一次", "hours": "几点到几点",
        "until": "到哪天为止", "on_holidays": "节假日照常", "ticket_ids": "工单", "into": "并入哪一类",
    }  # fmt: skip


def test_how_often_is_asked_only_with_weekdays_which_take_the_place_of_when():
    (announce,) = (offer for offer in offers.OFFERS if offer.name == "announce")
    by_name = {field.name: field for field in announce.fields}
    assert by_name["schedule"].unless == "weekdays"
    hang = {name for name, field in by_name.items() if field.only_with == "weekdays"}
    assert hang == {"every", "hours", "until", "on_holidays"}
    assert (by_name["every"].initial, by_name["on_holidays"].initial) == (1, False)
    assert [(each.code, each.name) for each in by_name["weekdays"].options][::6] == [(1, "周一"), (7, "周日")]


def initials(cls, by="desk-a"):
    return {
        (offer.name, field.name): field.initial
        for offer in offers.offers(cls, person(by), place_name="盛华景苑")
        for field in offer.fields
        if field.name in ("name", "owner", "place")
    }


def test_a_form_begins_with_what_is_known_and_that_of_a_new_class_with_nothing_but_who_makes_it():
    assert initials(a_class(State.PROPOSED)) == {
        ("confirm", "name"): "买菜难",
        ("confirm", "owner"): "desk-a",
        ("rename", "name"): "买菜难",
        ("rename", "owner"): "desk-a",
        ("split", "name"): None,
    }
    known = initials(a_class(owner="st-head"), by="st-head")
    assert (known["announce", "place"], known["rename", "owner"]) == ("盛华景苑", "st-head")


@pytest.mark.parametrize(
    ("by", "more"), [("desk-a", set()), ("st-head", {"announce", "end"}), ("area", {"announce", "end"})]
)
def test_a_measure_and_the_end_are_for_heads(by, more):
    offered = {offer.name for offer in offers.offers(a_class(), person(by))}
    assert offered == {"rename", "discard", "merge", "split", "add"} | more


def test_a_class_is_not_among_those_that_it_may_be_merged_into():
    (merge,) = (offer for offer in offers.offers(a_class(), person("desk-a")) if offer.name == "merge")
    assert [field.excluded for field in merge.fields] == [("C1",)]
