"""From a line of history to messages and workflows: each once, however often and in whatever order it comes."""

from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.actions.notices import notifying
from chalicelib.domain.model import stamp
from chalicelib.domain.notices.deliveries import Outcome, State
from chalicelib.domain.notices.words import MissingParams, UnknownTemplate
from chalicelib.domain.tickets.ticket import Level, Stage
from chalicelib.domain.town.vocabulary import Role, RoleRule, Source
from chalicelib.store.notices import deliveries, inbox, told_of_ticket
from chalicelib.store.tickets import stream
from tests.telling_cloud import everything, lines_of, outward, save, telling_cloud
from tests.telling_town import PARAMS, a_notice, a_town, an_event, at

TICKET = "01KAT0000000000000000000A1"
NOW = at("10:00")


@pytest.fixture(autouse=True)
def workflows(monkeypatch):
    with telling_cloud(monkeypatch) as started:
        yield started


def follow(record, now=NOW):
    return notifying.follow(stream.read_line(record), now=now)


def test_everyone_who_joined_is_told_by_a_notice_of_their_own():
    both = an_event(a_notice("reporter", "dispatched"), a_notice("members", "dispatched"))
    follow(save(both, people=("r1", "r2", "r3")))
    assert [len(lines_of(f"reporter:{person}")) for person in ("r1", "r2", "r3", "r4")] == [1, 1, 1, 0]
    assert outward() == {}


def test_what_is_for_the_reporter_alone_no_member_hears():
    follow(save(an_event(a_notice("reporter", "comment_reply")), people=("r1", "r2")))
    assert [len(lines_of(f"reporter:{person}")) for person in ("r1", "r2")] == [1, 0]


def test_the_level_of_a_notice_says_whether_it_leaves_the_inbox():
    quiet = a_notice("staff:head", "assigned", level=Level.INBOX)
    daily = a_notice("staff:grid", "assigned", level=Level.DAILY)
    wakes = follow(save(an_event(quiet, daily)))
    assert len(lines_of("staff:head")) == len(lines_of("staff:grid")) == 1
    assert [(key[0], sent["template"]) for key, sent in outward().items()] == [("TO#staff:grid", "daily")]
    assert wakes == []


def test_a_resident_of_the_mini_program_is_told_there_too():
    follow(save(an_event(a_notice("reporter", "dispatched")), source=Source.MINI_PROGRAM))
    [(key, sent)] = outward().items()
    assert key[0] == "TO#reporter:r1"
    assert sent["way"] == "wechat"


def test_staff_have_it_in_the_inbox_and_by_their_own_channel():
    wakes = follow(save(an_event(a_notice("staff:head", "assigned"), a_notice("staff:grid", "assigned"))))
    assert len(lines_of("staff:head")) == len(lines_of("staff:grid")) == 1
    assert {key[0]: sent["way"] for key, sent in outward().items()} == {
        "TO#staff:head": "wecom",
        "TO#staff:grid": "wechat",
    }
    assert set(wakes) == set(outward())


def test_staff_without_a_smartphone_are_on_the_desks_call_list_and_wake_nobody():
    assert follow(save(an_event(a_notice("staff:old", "assigned")))) == []
    [call], _ = deliveries.list_calls("station")
    assert call.recipient == "staff:old"


def test_the_station_a_person_can_call_stands_in_every_message():
    follow(save(an_event(a_notice("reporter", "received"))))
    [(line, _)], _ = inbox.list_inbox("reporter:r1")
    assert line.params["phone"] == "021-5000 0000"
    assert line.params["number"] == PARAMS["number"]


def test_a_drill_is_marked_in_every_message():
    follow(save(an_event(a_notice("reporter", "received")), practice=True))
    [(line, _)], _ = inbox.list_inbox("reporter:r1")
    assert line.params["practice"]


def test_one_event_is_one_outward_message_to_a_person_and_every_line_in_the_inbox():
    notices = (a_notice(template="commented"), a_notice(template="urgent_alert", urgent=True))
    follow(save(an_event(*notices)))
    [sent] = outward().values()
    assert sent["template"] == "urgent_alert"
    assert len(lines_of("staff:head")) == 2


def test_someone_who_has_left_is_told_nothing_and_the_others_are():
    follow(save(an_event(a_notice("staff:gone"), a_notice("staff:head"))))
    assert {pk for pk, _ in everything("TO#staff") if not _.startswith("first")} == {"TO#staff:head"}


@pytest.mark.parametrize("concerns", [("manager",), ("property",)])
def test_the_party_a_complaint_concerns_is_never_told(concerns):
    event = an_event(a_notice("staff:manager", "assigned"), a_notice("staff:head", "assigned"))
    follow(save(event, concerns=concerns, confidential=True))
    assert lines_of("staff:manager") == []
    assert {key[0] for key in outward()} == {"TO#staff:head"}


def test_in_quiet_hours_the_inbox_has_it_and_the_phone_waits_for_the_morning():
    night = at("23:00")
    assert follow(save(an_event(a_notice("staff:leader"), when=night)), now=night) == []
    [sent] = outward().values()
    assert sent["not_before"] == stamp(at("07:00", "2026-11-23"))
    assert len(lines_of("staff:leader")) == 1


@pytest.mark.parametrize(("notices", "bad"), [((a_notice(template="nonsense"),), UnknownTemplate)])
def test_a_notice_without_words_is_refused_before_anything_is_written(notices, bad):
    with pytest.raises(bad):
        follow(save(an_event(a_notice("reporter", "received"), *notices)))
    assert everything() == {}


def test_a_notice_without_what_its_template_says_is_refused_before_anything_is_written():
    empty = a_notice(template="assigned").model_copy(update={"params": {}})
    with pytest.raises(MissingParams):
        follow(save(an_event(a_notice("reporter", "received"), empty)))
    assert everything() == {}


def test_the_desk_sees_who_was_told_of_a_ticket_and_with_what_success():
    notices = (
        a_notice("reporter", "received"),
        a_notice("staff:head", "assigned"),
        a_notice("staff:grid", "assigned"),
    )
    wakes = follow(save(an_event(*notices), source=Source.MINI_PROGRAM))
    sent = deliveries.claim(wakes[1], NOW)
    deliveries.record(sent, Outcome(state=State.DELIVERED))
    states = {delivery.recipient: delivery.state for delivery in told_of_ticket.list_told(TICKET)}
    assert states.pop(sent.recipient) is State.DELIVERED
    assert states == dict.fromkeys(
        {"reporter:r1", "staff:head", "staff:grid"} - {sent.recipient}, State.CREATED
    )


# --- workflows -----------------------------------------------------------------------------------------------------


def an_arming(**changes):
    details = {"generation": "3", "wake_at": stamp(at("10:05"))}
    return an_event(arms=True, details=details, **changes)


def test_an_arming_starts_the_execution_of_its_generation_and_stops_the_one_before(workflows):
    follow(save(an_arming(), generation=3))
    assert workflows.started == {(f"{TICKET}-3", at("10:05"))}
    assert workflows.stopped == [f"{TICKET}-2"]


def test_an_arming_that_was_overtaken_starts_nothing_and_stops_the_one_before(workflows):
    follow(save(an_arming(), generation=4))
    assert workflows.started == set()
    assert workflows.stopped == [f"{TICKET}-2"]


def test_a_ticket_at_its_end_has_no_execution_that_sleeps(workflows):
    follow(save(an_event(a_notice("reporter", "closed")), stage=Stage.CLOSED, generation=3, round=2))
    assert workflows.started == set()
    assert workflows.stopped == [f"{TICKET}-3", f"follow-up {TICKET}-2"]


@pytest.mark.parametrize(
    ("stage", "started"), [(Stage.RESOLVED, True), (Stage.HANDLING, False), (Stage.CLOSED, False)]
)
def test_a_follow_up_starts_only_for_a_ticket_that_is_still_resolved(workflows, stage, started):
    follow(save(an_event(starts_follow_up=True), stage=stage, round=2))
    assert workflows.started == ({(f"{TICKET}-2", None)} if started else set())


def test_a_line_that_owes_nothing_reads_and_writes_nothing(workflows, monkeypatch):
    record = save(an_event())
    monkeypatch.setattr(notifying.tickets, "get", None)
    assert follow(record) == []
    assert workflows.asked == 0


# --- digests and storms --------------------------------------------------------------------------------------------


def an_escalation(i, minute=0, **changes):
    event = an_event(a_notice(digest=True), when=NOW + timedelta(minutes=minute))
    return save(event, id=f"01KAT00000000000000000000{i}", number=f"MS{i}", **changes)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_several_escalations_in_a_quarter_of_an_hour_are_the_first_and_a_digest(order):
    records = [an_escalation(i, minute=i) for i in range(3)]
    for i in (*order, *order):
        follow(records[i])
    messages = sorted(outward().items(), key=lambda sent: sent[0][1])
    assert [sent["template"] for _, sent in messages] == ["escalated", "digest"]
    digest = deliveries.find(messages[1][0])
    first = {0, 1, 2}.difference({int(member[-1]) for member in digest.members})
    assert first == {order[0]}
    assert digest.not_before == at("10:15")
    assert len(lines_of("staff:head")) == 3


def test_an_escalation_of_the_next_quarter_goes_at_once_again():
    for i, minute in enumerate((14, 15)):
        follow(an_escalation(i, minute))
    assert [sent["template"] for sent in outward().values()] == ["escalated", "escalated"]


def test_an_escalation_that_comes_after_the_digest_has_gone_goes_alone():
    for i in range(2):
        follow(an_escalation(i, i))
    [digest] = [key for key, sent in outward().items() if sent["template"] == "digest"]
    deliveries.claim(digest, at("10:15"))
    late = an_escalation(2, 2)
    for _ in range(2):
        assert follow(late, now=at("10:20"))
    assert sorted(sent["template"] for sent in outward().values()) == ["digest", "escalated", "escalated"]
    assert deliveries.find(digest).members == ("01KAT000000000000000000001-000001|MS1",)


@pytest.mark.parametrize(("reports", "single", "together"), [(4, 4, 0), (5, 5, 0), (6, 5, 1), (9, 5, 1)])
def test_many_alike_in_one_neighbourhood_are_a_storm(reports, single, together):
    for i in range(reports):
        event = an_event(a_notice(template="new_for_desk"))
        follow(save(event, id=f"01KAT00000000000000000000{i}", number=f"MS{i}"))
    templates = [sent["template"] for sent in outward().values()]
    assert templates.count("new_for_desk") == single
    assert templates.count("storm") == together
    assert len(lines_of("staff:head")) == reports


def test_how_many_go_singly_is_the_towns_to_say(monkeypatch):
    town = a_town(roles=(RoleRule(role=Role.STATION_HEAD, storm_after=1),))
    monkeypatch.setattr(notifying.directory, "town", lambda: town)
    for i in range(3):
        follow(save(an_event(a_notice(template="new_for_desk")), id=f"01KAT00000000000000000000{i}"))
    assert sorted(sent["template"] for sent in outward().values()) == ["new_for_desk", "storm"]


# --- what belongs to no ticket -------------------------------------------------------------------------------------


def test_a_sign_in_code_goes_to_the_phone_and_never_into_the_inbox():
    [wake] = notifying.tell_staff(
        "head", "sign_in_code", {"note": "123456", "due": "10:15"}, key="k", now=NOW
    )
    [(key, sent)] = outward().items()
    assert sent["params"]["note"] == "123456"
    assert lines_of("staff:head") == []
    assert wake == key
    assert deliveries.find(key).state is State.CREATED


def test_a_sign_in_code_for_someone_without_a_smartphone_is_the_desks_to_say():
    assert notifying.tell_staff("old", "sign_in_code", {"note": "123456"}, key="k", now=NOW) == []
    assert everything() == {}
