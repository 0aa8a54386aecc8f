"""Who is told by which way, when, and what is one message."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.notices.deliveries import (
    Delivery,
    as_digest,
    digest_of,
    gathered_params,
    resident_channel,
    resident_channel_in,
    retry_at,
    staff_channel,
    tell_at,
)
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.ticket import Level, Where
from chalicelib.domain.town.vocabulary import (
    Channel,
    Duty,
    ResidentChannel,
    Role,
    RoleRule,
    Source,
    StaffChannel,
)
from tests.telling_town import PARAMS, PATH, a_notice, a_person, a_ticket, a_town, at

TOWN = a_town()


def a_delivery(**changes):
    given = {
        "recipient": "staff:head",
        "way": Channel.WECOM,
        "at": at("10:00"),
        "event_key": "t-1",
        "ticket_id": "t",
        "template": "escalated",
        "not_before": at("10:00"),
    }
    return Delivery(**given | changes)


@pytest.mark.parametrize(
    ("channel", "template", "way"),
    [
        (StaffChannel.WECOM, "commented", Channel.WECOM),
        (StaffChannel.WECHAT, "commented", Channel.WECHAT),
        (StaffChannel.DESK_CALLS, "assigned", Channel.CALL),
        (StaffChannel.DESK_CALLS, "commented", None),  # in the inbox; not worth a phone call
    ],
)
def test_staff_are_told_by_their_own_channel(channel, template, way):
    assert staff_channel(a_person("x", Role.HANDLER, channel=channel), template) is way


@pytest.mark.parametrize(
    ("source", "reachable", "template", "way"),
    [
        (Source.MINI_PROGRAM, "in_app", "answered", Channel.WECHAT),
        (Source.QR, "in_app", "answered", None),
        (Source.PHONE, "call", "answered", Channel.CALL),
        (Source.PHONE, "call", "taken", None),
        (Source.MINI_PROGRAM, "none", "answered", None),
    ],
)
def test_a_resident_is_told_in_wechat_or_called_and_in_a_browser_has_the_inbox(
    source, reachable, template, way
):
    assert resident_channel(source, ResidentChannel(reachable), template) is way


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("21:59", at("21:59")),
        ("22:00", at("07:00", "2026-11-23")),
        ("23:59", at("07:00", "2026-11-23")),
        ("00:00", at("07:00")),
        ("06:59", at("07:00")),
        ("07:00", at("07:00")),
    ],
)
def test_a_leader_is_told_after_the_quiet_hours(now, told):
    assert tell_at(TOWN.staff_member("leader"), a_notice(), at(now), TOWN) == told


def test_what_is_urgent_knows_no_quiet_hours():
    assert tell_at(TOWN.staff_member("leader"), a_notice(urgent=True), at("03:00"), TOWN) == at("03:00")


def test_nobody_on_duty_is_quiet():
    duty = (Duty(unit="station", role=Role.AREA_LEADER, person="leader", start="20:00", until="06:00"),)
    town = a_town(duty=duty)
    assert tell_at(town.staff_member("leader"), a_notice(), at("03:00"), town) == at("03:00")
    assert tell_at(town.staff_member("leader"), a_notice(), at("06:30"), town) == at("07:00")


def test_someone_with_a_role_that_is_awake_is_told_at_once():
    person = a_person("both", Role.AREA_LEADER, Role.STATION_HEAD)
    assert tell_at(person, a_notice(), at("03:00"), TOWN) == at("03:00")


@pytest.mark.parametrize(
    ("now", "until"),
    [("10:00", "10:15"), ("10:14", "10:15"), ("10:15", "10:30"), ("23:59", "00:00")],
)
def test_escalations_of_one_quarter_of_an_hour_are_one_digest(now, until):
    digest = digest_of(a_notice(digest=True), a_ticket(), TOWN.staff_member("head"), at(now), TOWN)
    assert digest.at_once == 1
    assert digest.until == at(until, "2026-11-23" if until == "00:00" else "2026-11-22")


def test_an_urgent_escalation_is_in_no_digest():
    notice = a_notice(digest=True, urgent=True)
    assert digest_of(notice, a_ticket(), TOWN.staff_member("head"), at("10:00"), TOWN) is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("08:00", at("17:30")),
        ("17:29", at("17:30")),
        ("17:30", at("17:30", "2026-11-23")),
        ("23:59", at("17:30", "2026-11-23")),
    ],
)
def test_what_may_wait_for_the_days_summary_is_one_message_at_half_past_five(now, until):
    digest = digest_of(
        a_notice(level=Level.DAILY, digest=True), a_ticket(), TOWN.staff_member("head"), at(now), TOWN
    )
    assert (digest.template, digest.until, digest.at_once) == ("daily", until, 0)


@pytest.mark.parametrize("about", [{"level": Level.DAILY}, {"digest": True}, {"template": "assigned"}])
def test_what_is_practice_is_gathered_apart_and_says_so(about):
    def gathered(**ticket):
        to = TOWN.staff_member("head")
        return digest_of(a_notice(**about), a_ticket(**ticket), to, at("10:00"), TOWN)

    drill = gathered(practice=True)
    assert drill.key != gathered().key
    params = gathered_params(a_delivery(template=drill.template, params=drill.params, members=("e|N1",)))
    assert words_of(drill.template, params).title.startswith("【演练】")
    assert "practice" not in gathered().params


@pytest.mark.parametrize(("session", "way"), [("mini_program", "wechat"), ("qr", None)])
def test_whoever_is_in_wechat_now_is_told_there_whatever_code_was_scanned(session, way):
    assert resident_channel(Source.QR, resident_channel_in(session), "answered") == way


def test_a_wechat_message_is_sent_once_others_may_be_tried_again():
    assert a_delivery(way=Channel.WECHAT).is_one_time
    assert not a_delivery(way=Channel.WECOM).is_one_time


def test_whoever_was_merged_in_is_called_under_the_own_report():
    assert a_delivery(report="own").called_under == "own"
    assert a_delivery().called_under == "t"


def _storm(ticket=None, person="grid", **changes):
    notice = a_notice(template="assigned", **changes)
    return digest_of(notice, ticket or a_ticket(), TOWN.staff_member(person), at("10:01"), TOWN)


def test_what_is_alike_in_one_neighbourhood_is_a_storm():
    elsewhere = Where(path=("HJ", "GGLW"), name="望月路")
    assert _storm() == _storm(a_ticket(id="other", number="other"))
    assert _storm().key != _storm(a_ticket(category="gas")).key
    assert _storm().key != _storm(a_ticket(where=elsewhere)).key


def test_all_buildings_of_a_neighbourhood_are_one_place_and_it_is_named():
    building, estate = PATH[:4], PATH[:3]
    one, other = (
        _storm(a_ticket(where=Where(place=path[-1], path=path, name="x"))) for path in (building, estate)
    )
    assert one.key == other.key
    assert one.params["place"] == PATH[2]
    whole_area = _storm(a_ticket(where=Where(place=PATH[1], path=PATH[:2], name="x")))
    assert whole_area.params["place"] == PATH[1]
    assert whole_area.key != one.key


def test_a_storm_of_what_nobody_classified_says_so():
    notice = a_notice(template="assigned").model_copy(update={"params": {}})
    digest = digest_of(notice, a_ticket(category=None), TOWN.staff_member("grid"), at("10:00"), TOWN)
    assert digest.params["category"] == "未分类"
    assert _storm().params["category"] == PARAMS["category"]


def test_of_several_roles_the_most_patient_says_how_many_go_singly():
    after = {Role.GRID_WORKER: 2, Role.AREA_LEADER: 7}
    town = a_town(roles=tuple(RoleRule(role=role, storm_after=many) for role, many in after.items()))
    both = a_person("both", Role.GRID_WORKER, Role.AREA_LEADER)
    assert digest_of(a_notice(template="assigned"), a_ticket(), both, at("10:00"), town).at_once == 7
    nobody = a_person("none")
    assert digest_of(a_notice(template="assigned"), a_ticket(), nobody, at("10:00"), town).at_once == 1


def test_how_many_go_singly_in_a_storm_is_the_towns_to_say():
    assert _storm().at_once == 2
    assert _storm(person="head").at_once == RoleRule(role=Role.STATION_HEAD).storm_after


def test_an_urgent_storm_waits_a_minute_at_most():
    assert _storm(urgent=True).until == at("10:02")
    assert _storm().until == at("10:15")


def test_a_place_that_was_only_typed_is_named_as_typed():
    digest = _storm(a_ticket(where=Where(name="菜场后门")))
    assert digest.params["place"] == "菜场后门"


def test_a_notice_that_comes_alone_is_gathered_with_nothing():
    assert (
        digest_of(a_notice(template="commented"), a_ticket(), TOWN.staff_member("grid"), at("10:00"), TOWN)
        is None
    )


def test_a_digest_is_the_same_from_whichever_notice_it_is_made():
    digest = digest_of(a_notice(digest=True), a_ticket(), TOWN.staff_member("head"), at("10:03"), TOWN)
    one = as_digest(a_delivery(ticket_id="a", event_key="a-1", n=1), digest)
    assert one == as_digest(a_delivery(ticket_id="b", event_key="b-7", params=PARAMS), digest)
    assert one.not_before == at("10:15")


@pytest.mark.parametrize(("count", "named"), [(1, "N01"), (10, "N10"), (11, "N10等")])
def test_a_gathered_message_names_ten_tickets_at_most(count, named):
    members = tuple(f"e{i}|N{i:02d}" for i in range(1, count + 1))
    params = gathered_params(a_delivery(template="digest", members=members))
    assert params["count"] == str(count)
    assert params["numbers"].endswith(named)
    assert words_of("digest", params)


def test_one_ticket_that_climbed_twice_is_counted_once():
    assert gathered_params(a_delivery(members=("e1|N1", "e2|N1")))["count"] == "1"


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (500, 30)])
def test_each_failure_doubles_the_wait_up_to_half_an_hour(attempts, minutes):
    assert retry_at(attempts, at("10:00")) == at("10:00") + timedelta(minutes=minutes)


@pytest.mark.parametrize(("urgent", "hours"), [(False, 24), (True, 2)])
def test_what_is_old_is_not_worth_sending(urgent, hours):
    assert a_delivery(urgent=urgent).expires_at == at("10:00") + timedelta(hours=hours)


@given(st.integers(0, 24 * 60 - 1), st.booleans())
def test_at_every_minute_of_the_day_a_message_waits_only_for_quiet_hours_or_its_window(minute, urgent):
    now = at("00:00") + timedelta(minutes=minute)
    notice = a_notice(digest=True, urgent=urgent)
    told = tell_at(TOWN.staff_member("leader"), notice, now, TOWN)
    assert now <= told <= now + timedelta(hours=9)
    digest = digest_of(notice, a_ticket(), TOWN.staff_member("leader"), told, TOWN)
    assert (digest is None) == urgent
    if digest:
        assert told < digest.until <= told + timedelta(minutes=15)
