"""代反映 (rule 96): what may be reported for another, who goes on seeing it, and whose word is the last."""

from datetime import timedelta

import pytest

from chalicelib.domain.counter import proxies
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import DangerCase, Reading
from chalicelib.domain.tickets.ticket import Proxy
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.topics import Topic
from tests.domain.life import NOW, TOWN, life_town, received

LATER = NOW + timedelta(hours=1)
FAMILY = life_town(
    topics=(
        Topic(code="own", name="家事", words="家暴;打老婆", own_word=True),
        Topic(code="lamp", name="路灯", words="路灯"),
    )
)


def reading(danger=Danger.NONE, *kinds):
    return Reading(danger=danger, kinds=kinds)


@pytest.mark.parametrize(
    ("text", "read", "in_their_name"),
    [
        ("路灯不亮", reading(), True),
        ("路灯倒了", reading(Danger.SURE, DangerKind.FALLING), True),
        ("家暴", reading(Danger.SURE, DangerKind.VIOLENCE), False),
        ("她不想活了", reading(Danger.POSSIBLE, DangerKind.FIRE, DangerKind.SELF_HARM), False),
        ("路灯", reading(Danger.NONE, DangerKind.VIOLENCE), True),
    ],
)
def test_where_somebody_is_being_harmed_the_report_goes_on_in_the_own_name(text, read, in_their_name):
    assert proxies.speaks_for(text, read, FAMILY) is in_their_name


def test_a_matter_of_the_family_is_reported_by_whose_it_is_alone():
    with pytest.raises(Invalid, match=r"^家里的事和受到伤害的事，不能代别人反映") as refused:
        proxies.speaks_for("他天天打老婆", reading(), FAMILY)
    assert refused.value.details["fields"] == ["on_behalf"]
    assert proxies.speaks_for("他天天打老婆", reading(), TOWN)  # whose town names no such topics


def reported(agreed=None, *kinds):
    case = DangerCase(level=Danger.SURE, kinds=kinds, since=NOW) if kinds else None
    return received().model_copy(update={"proxy": Proxy(person="p1", agreed=agreed), "danger": case})


@pytest.mark.parametrize(
    ("ticket", "there", "sees"),
    [
        (received(), None, False),  # nobody reported it for another
        (reported(), None, True),
        (reported(True), None, True),
        (reported(False), None, False),
        (reported(None, DangerKind.FIRE), None, True),
        (reported(None, DangerKind.VIOLENCE), None, False),
        (reported(), reported(None, DangerKind.SELF_HARM), False),  # what it was merged into
        (reported(), received(), True),
    ],
)
def test_who_reported_for_another_sees_it_until_a_no_or_a_harm(ticket, there, sees):
    assert proxies.may_see(ticket, there) is sees


@pytest.mark.parametrize(("agreed", "kind"), [(True, EventKind.PROXY_AGREED), (False, EventKind.PROXY_ENDED)])
def test_what_the_other_says_is_kept_with_who_asked_and_when(agreed, kind):
    after, event = proxies.ask(reported(), agreed=agreed, by="desk-a", town=TOWN, now=LATER)
    assert after.proxy == Proxy(person="p1", agreed=agreed, by="desk-a", at=LATER)
    assert (event.kind, event.at, event.by) == (kind, LATER, "desk-a")


@pytest.mark.parametrize(
    ("before", "says", "counts"),
    [(None, True, True), (None, False, True), (True, False, True), (True, True, False), (False, True, False), (False, False, False)],
)  # fmt: skip
def test_a_later_no_ends_it_and_a_later_yes_does_not_begin_it_again(before, says, counts):
    if counts:
        assert proxies.ask(reported(before), agreed=says, by="desk-a", town=TOWN, now=LATER)
        return
    with pytest.raises(AlreadyDone, match="已经问过本人了"):
        proxies.ask(reported(before), agreed=says, by="desk-a", town=TOWN, now=LATER)


def test_where_nobody_reported_for_another_nobody_is_asked():
    with pytest.raises(NotFound, match="不是代反映的"):
        proxies.ask(received(), agreed=True, by="desk-a", town=TOWN, now=LATER)
