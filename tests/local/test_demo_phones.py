"""The check after a day sees on the phones what it promises to see; the weather comes and goes as planned."""

from datetime import timedelta

import pytest

from chalicelib.actions.notices import mini_program, sending
from chalicelib.domain.model import stamp
from chalicelib.store import table
from chalicelib.store.identity import consents
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.local.platform.server import StandIn
from infra.local.play import check, tables, weather
from infra.local.play.caller import Answer, Caller
from infra.local.play.clocks_check import compared, rungs, went_on
from infra.local.play.mini_program import MOST_TRIES, MiniProgram
from infra.local.play.phones import Phones, Shown
from infra.local.play.push_figures import lines
from infra.local.play.reporting import Reporting, name_of
from infra.local.play.reports import Report
from infra.local.play.weather import SPELLS, TOKENS_DIE, Lived, Weather
from tests.phones_cloud import connect, keep_secrets

QUESTION, PROGRESS = "stand-in-question", "stand-in-progress"
LI = "wechat:o-li"
LATE = check.LATE


@pytest.fixture
def platform(service, monkeypatch):
    with StandIn() as running:
        keep_secrets()
        connect(monkeypatch, running.base)
        yield running


@pytest.fixture
def told(service, platform):
    """A resident in WeChat reported; the machine dispatched it, one rung rang; every push was tried."""
    from chalicelib.actions.tickets import escalating

    token = service.post("/api/sessions", {"wechat_code": "li.1"}).body["token"]
    for template in (QUESTION, PROGRESS):
        platform.memory.allow("o-li", template, 1)
        consents.accept(mini_program.person_of("o-li"), template, event="1", at=service.now)
    service.ticket_id = service.report("四号楼一单元楼道灯不亮", token=token).body["id"]
    service.settle()
    service.later(minutes=8)
    assert escalating.ring_late(service.ticket_id, now=service.now) == 1
    service.settle()
    for item in pushes(service):
        sending.send((item["PK"], item["SK"]), now=service.now + timedelta(minutes=15))
    service.platform = platform
    return service


def pushes(service, to=""):
    return [i for i in service.items(Table.WORK) if i["PK"].startswith(f"TO#{to}") and "out#" in i["SK"]]


def put(item, **changes):
    table.put(Table.WORK, item | changes)


CLAIMS = (
    check.every_push_ended_as_what_it_is,
    check.no_one_time_message_came_twice,
    check.staff_phones_agree,
    check.clocks_went_on,
)


def contradicted(service, lived=(), shown=None):
    memory = service.platform.memory
    shown = shown or Shown(memory.phones, memory.dropped)
    known = check.Known({}, {}, weather=tuple(lived))
    day = check.Evidence(tables.read(), known, directory.town(), service.now, shown)
    return {claim.__name__ for claim in CLAIMS if list(claim(day))}


def test_a_day_on_the_phones_contradicts_nothing(told):
    assert len(told.platform.memory.phones[LI]) == 1
    assert [name for name in told.platform.memory.phones if name.startswith("wecom:")]
    assert contradicted(told) == set()


def test_a_one_time_message_that_came_twice_is_seen(told):
    again = told.platform.memory.phones[LI][0]
    told.platform.memory.show(LI, again)
    assert contradicted(told) == {"no_one_time_message_came_twice"}


def test_a_message_to_a_resident_that_no_phone_shows_is_seen(told):
    told.platform.memory.phones[LI].clear()
    assert contradicted(told) == {"no_one_time_message_came_twice"}


@pytest.mark.parametrize(("times", "sound"), [(0, True), (1, True), (2, False)])
def test_what_may_have_arrived_is_there_once_or_not_at_all(told, times, sound):
    [item] = pushes(told, "reporter:")
    put(item, state="permanent_failure", detail="中断时可能已送达，一次性消息不重发")
    told.platform.memory.phones[LI] *= times
    assert contradicted(told) == (set() if sound else {"no_one_time_message_came_twice"})


def test_what_surely_failed_is_on_no_phone(told):
    [item] = pushes(told, "reporter:")
    put(item, state="no_consent", detail="居民的订阅次数已用完")
    assert contradicted(told) == {"no_one_time_message_came_twice"}
    told.platform.memory.phones[LI].clear()
    assert contradicted(told) == set()


def test_a_message_to_staff_that_no_phone_shows_is_seen(told):
    phone = next(name for name in told.platform.memory.phones if name.startswith("wecom:"))
    told.platform.memory.phones[phone].clear()
    assert contradicted(told) == {"staff_phones_agree"}


def test_a_message_to_staff_that_nobody_sent_is_seen(told):
    told.platform.memory.show("wecom:da-hb-a", {"msgtype": "text", "text": {"content": "您好"}})
    assert contradicted(told) == {"staff_phones_agree"}


def test_a_message_that_wecom_dropped_is_seen(told):
    told.platform.memory.drop("wecom:gglw-head")
    assert contradicted(told) == {"staff_phones_agree"}


@pytest.mark.parametrize("state", ["permanent_failure", "no_consent", "expired"])
def test_a_push_that_failed_without_a_reason_is_seen(told, state):
    told.platform.memory.phones[LI].clear()
    [item] = pushes(told, "reporter:")
    put(item, state=state, detail="")
    assert contradicted(told) == {"every_push_ended_as_what_it_is"}


@pytest.mark.parametrize(("over", "sound"), [(-1, True), (0, True), (1, False)])
def test_a_failure_for_now_needs_a_next_try_that_is_still_to_come(told, over, sound):
    told.platform.memory.phones[LI].clear()
    [item] = pushes(told, "reporter:")
    due = stamp(told.now - LATE - timedelta(seconds=over))
    waiting = {"state": "temporary_failure", "detail": "微信 45009", "next_at": due, "GSI1PK": "DUE#1"}
    put(item, **waiting, GSI1SK=due)
    assert contradicted(told) == (set() if sound else {"every_push_ended_as_what_it_is"})


def test_a_failure_for_now_that_no_sweep_would_find_is_seen(told):
    told.platform.memory.phones[LI].clear()
    [item] = pushes(told, "reporter:")
    later = stamp(told.now + timedelta(minutes=1))
    put(item, state="temporary_failure", detail="微信 45009", next_at=later)
    assert contradicted(told) == {"every_push_ended_as_what_it_is"}


def rung_of(service):
    ticket = service.ticket(service.ticket_id)
    return next(clock.rungs[0].at for clock in ticket.clocks if clock.rang)


@pytest.mark.parametrize(("since", "until", "seen"), [(-1, 1, True), (0, 1, True), (-1, 0, False)])
def test_a_clock_that_waited_for_the_platforms_is_seen(told, since, until, seen):
    at, second = rung_of(told), timedelta(seconds=1)
    spell = Lived("都连不上", at + since * second, at + until * second)
    assert bool(list(went_on(tables.read(), (spell,), timedelta(seconds=-1)))) is seen
    assert list(went_on(tables.read(), (spell,), timedelta(days=1))) == []


@pytest.mark.parametrize(("over", "seen"), [(-1, False), (0, False), (1, True)])
def test_clocks_may_be_late_in_bad_weather_by_the_slack_and_no_more(told, over, seen):
    [rung] = rungs(tables.read())
    spell = Lived("都连不上", rung.at, rung.at + timedelta(seconds=1))
    slack = rung.late - timedelta(seconds=over)
    assert bool(list(went_on(tables.read(), (spell,), slack))) is seen


def test_bad_and_fair_weather_are_compared_in_words(told):
    at = rung_of(told)
    spell = Lived("都连不上", at, at + timedelta(seconds=1))
    assert compared(tables.read(), (spell,)).startswith("平台故障时：响铃 1 次")
    assert compared(tables.read(), ()).startswith("平台故障时：响铃 0 次，反馈 0 次")


def test_every_push_is_counted_once_and_in_words(told):
    [item] = pushes(told, "reporter:")
    put(item, state="temporary_failure", detail="微信 45009", next_at=stamp(told.now), GSI1PK="DUE#1")
    table_of = {what.strip(): (int(number), note) for what, number, note in lines(tables.read())}
    sent = table_of.pop("推送")[0]
    table_of.pop("收件箱消息")
    assert sum(number for number, _ in table_of.values()) == sent == len(pushes(told))
    assert table_of["暂时没送到，等重发"][1].startswith("微信 45009 1；最迟 10:08")


# --- the weather -----------------------------------------------------------------------------------------------------


class Sky:
    """A stand-in whose weather is blown at any part of a day of 1,000 s."""

    def __init__(self, patch, platform):
        self.platform, self.seconds, self.said = platform, 0.0, []
        patch.setattr(weather.time, "monotonic", lambda: self.seconds)
        self.weather = Weather(Phones(platform.base), 1000, self.said.append)

    def at(self, part):
        self.seconds = part * 1000
        self.weather.blow()
        return {mood["mode"] for mood in self.platform.memory.moods.values()}


@pytest.fixture
def sky(monkeypatch):
    with StandIn() as platform:
        yield Sky(monkeypatch, platform)


@pytest.mark.parametrize("spell", SPELLS)
def test_a_spell_holds_from_its_first_instant_until_its_end(sky, spell):
    assert sky.at(spell.begins - 0.001) == {"ok"}
    assert sky.at(spell.begins) == {spell.mood["mode"]}
    assert sky.at(spell.ends - 0.001) == {spell.mood["mode"]}
    assert sky.at(spell.ends) == {"ok"}
    assert [lived.words for lived in sky.weather.lived] == [spell.words]


def test_a_stand_in_that_was_killed_is_put_into_its_bad_mood_again(sky):
    sky.at(SPELLS[0].begins)
    sky.platform.memory.set_mood("all", {"mode": "ok"})
    assert sky.at(SPELLS[0].begins + 0.01) == {"down"}
    assert len(sky.said) == 1


def test_a_stand_in_that_is_dead_is_asked_again_and_the_weather_goes_on(sky, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sky.weather.phones, "base", "http://127.0.0.1:9")
        assert sky.at(SPELLS[0].begins) == {"ok"}
    assert sky.at(SPELLS[0].begins + 0.01) == {"down"}


def test_the_platform_forgets_all_tokens_at_the_planned_times(sky):
    for deaths, part in enumerate(TOKENS_DIE, start=1):
        before = sky.platform.memory.token("wechat")
        sky.at(part - 0.001)
        assert sky.platform.memory.token("wechat") == before
        sky.at(part)
        assert sky.weather.deaths == deaths
        assert sky.platform.memory.token("wechat") != before


def test_the_day_ends_in_fair_weather(sky):
    sky.at(SPELLS[-1].begins)
    sky.weather.clear()
    assert {mood["mode"] for mood in sky.platform.memory.moods.values()} == {"ok"}
    assert [lived.words for lived in sky.weather.lived] == [SPELLS[-1].words]


# --- people ----------------------------------------------------------------------------------------------------------


class Answering(Caller):
    """A caller who is answered from a list."""

    def __init__(self, *answers):
        super().__init__("http://127.0.0.1:9/")
        self.answers = list(answers)

    def post(self, *_):
        return self.answers.pop()


GONE, DONE = Answer(503, b"{}"), Answer(200, b"{}")


@pytest.mark.parametrize(
    ("answers", "differs"),
    [
        ((DONE, DONE), False),
        ((DONE, GONE), False),
        ((GONE, DONE), False),
        ((DONE, Answer(409, b'{"code": "already_done"}')), True),
        ((Answer(409, b'{"code": "stale"}'), Answer(409, b'{"code": "stale"}')), False),
    ],
)
def test_who_taps_twice_is_answered_the_same_twice(answers, differs):
    assert bool(Answering(*answers).post_twice("/a", {}, "", "key")[1]) is differs


def test_who_cannot_sign_in_by_wechat_is_signed_in_on_the_page(service):
    page = Answering(Answer(201, b'{"token": "anonymous"}'))
    wechat = MiniProgram("http://127.0.0.1:9/", Phones("http://127.0.0.1:9"))
    reporting = Reporting(page, None, wechat)
    reporting.sign_in_early([Report(4, 0, "灯", "坏了")])
    assert (wechat.signed_in, wechat.gave_up, next(wechat._codes)) == (0, 1, MOST_TRIES + 1)
    assert reporting._early == {4: "anonymous"}


@pytest.mark.parametrize(
    ("n", "source", "name"),
    [(2, "qr", "r2"), (3, "qr", ""), (3, "mini_program", "r3"), (2, "browser", ""), (2, "phone", "")],
)
def test_half_of_those_who_scan_come_through_wechat(n, source, name):
    assert name_of(Report(n, 0, "灯", "坏了", source=source)) == name
