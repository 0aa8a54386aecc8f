"""说: spoken at the stairwell, heard at the desk alone, read like any other text, and gone when it is needed no more (rule 100)."""

from datetime import timedelta
from urllib.parse import urlsplit

import boto3
import pytest

from chalicelib.actions import recordings as actions
from chalicelib.actions import retention
from chalicelib.actions.tickets import escalating
from chalicelib.actions.turns import whole
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.recording import KEPT_AFTER_TEXT, LONGEST, MOST_BYTES
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views import access
from chalicelib.store.identity import audit, sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.recordings import UNUSED_FOR
from chalicelib.store.tickets import consoles
from chalicelib.store.town import directory
from tests.moto_cloud import ENVIRONMENT
from tests.service import one_service

service = one_service
CLERK = "gglw-fc1"
SOUND = b"\x1aE\xdf\xa3 webm, as the phone made it"
AGREED = {"content_type": "audio/webm;codecs=opus", "size": len(SOUND), "seconds": 7, "agreed": True}


def granted(service, who, **changed):
    return service.post("/api/recordings", AGREED | changed, service.resident(who))


def spoken(service, who):
    """What a phone does: it asks where to, and posts the very form."""
    form = granted(service, who).body
    boto3.client("s3").put_object(
        Bucket=ENVIRONMENT["RECORDINGS_BUCKET"], Key=form["fields"]["key"], Body=SOUND
    )
    return form["recording_id"]


def reported(service, who, **more):
    consoles.note(directory.town().station_for(directory.place("SHJY-4-1").path).code, service.now)
    body = {"place": "SHJY-4-1", "recording": spoken(service, who)} | more
    answer = service.post("/api/tickets", body, service.resident(who))
    assert answer.status == 201, answer.raw
    return answer.body["id"]


def sounds():
    kept = boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["RECORDINGS_BUCKET"]).get("Contents", [])
    return {each["Key"].partition("/")[2] for each in kept}


def transcribed(service, ticket, words):
    answer = service.desk_act(ticket, "transcribe", CLERK, words=words)
    assert answer.status == 200, answer.raw
    return service.ticket(ticket)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 201),
        ({"agreed": False}, 422),
        ({"seconds": LONGEST}, 201),
        ({"seconds": LONGEST + 1}, 422),
        ({"seconds": 0}, 422),
        ({"size": MOST_BYTES}, 201),
        ({"size": MOST_BYTES + 1}, 422),
        ({"size": 0}, 422),
        ({"content_type": "audio/mpeg"}, 201),
        ({"content_type": "text/html"}, 422),
        ({"content_type": "audio/html"}, 422),
    ],
)
def test_a_minute_of_sound_is_taken_from_whoever_agreed(service, request, changed, status):
    assert granted(service, request.node.name, **changed).status == status


def test_s3_itself_is_told_the_key_the_type_and_the_size(service, request):
    form = granted(service, request.node.name).body
    assert form["fields"]["key"] == f"recordings/{form['recording_id']}"
    assert form["fields"]["Content-Type"] == "audio/webm"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": " "}, 422),
        ({"text": "灯坏了"}, 201),
        ({"recording": "01JD0000000000000000000000"}, 422),
        ({"recording": "../photos/x"}, 422),
    ],
)
def test_a_report_says_something_in_writing_or_by_voice(service, request, body, status):
    answer = service.post("/api/tickets", {"place": "SHJY-4-1"} | body, service.resident(request.node.name))
    assert answer.status == status, answer.raw


def test_nobody_sends_in_anothers_voice(service, request):
    body = {"place": "SHJY-4-1", "recording": spoken(service, request.node.name)}
    assert service.post("/api/tickets", body, service.resident("another")).status == 403


def test_unheard_it_is_left_to_the_desk_which_rings_and_the_ladder_climbs_at_two_and_four_minutes(
    service, request
):
    ticket = service.ticket(reported(service, request.node.name))
    assert (ticket.stage, ticket.handler_id, ticket.text) == (Stage.RECEIVED, None, "")
    assert ticket.danger.is_open
    rungs = clocks.find_open(ticket, ClockKind.DANGER).rungs
    assert [(rung.at - ticket.received_at).total_seconds() for rung in rungs][-2:] == [120, 240]
    assert [rung.to for rung in rungs][-2:] == ["station_head", "area_leader"]
    service.settle()
    rung = [line["template"] for line in inbox(service, ticket)]
    assert "danger_asked" in rung


def inbox(service, ticket):
    clerks = [person.code for person in directory.town().staff if person.unit == ticket.station_id]
    lines = [
        line for code in clerks for line in service.get("/staff/inbox", service.staff(code)).body["items"]
    ]
    return [line for line in lines if line["ticket_id"] == ticket.id]


def test_after_four_minutes_the_area_leader_has_it(service, request):
    ticket_id = reported(service, request.node.name)
    for minutes in (1, 1, 2):
        service.later(minutes=minutes)
        escalating.ring_late(ticket_id, now=service.now)
    leaders = {person.code for person in directory.town().staff if Role.AREA_LEADER in person.roles}
    assert leaders & set(service.ticket(ticket_id).escalated_to)


def test_a_console_that_is_closed_is_not_waited_for(service, request):
    body = {"place": "SHJY-4-1", "recording": spoken(service, request.node.name)}
    service.later(minutes=5)
    ticket = service.ticket(
        service.post("/api/tickets", body, service.resident(request.node.name)).body["id"]
    )
    assert clocks.find_open(ticket, ClockKind.DANGER).rungs[0].at == service.now


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("dispatch", {"unit_id": "OF-PA"}),
        ("answer", {"text": "请打物业电话"}),
        ("deny-danger", {"why": "已经过去"}),
    ],
)
def test_nobody_passes_over_what_nobody_heard(service, request, act, body):
    ticket = reported(service, request.node.name)
    refused = service.desk_act(ticket, act, CLERK, **body)
    assert refused.status == 409
    assert "录音" in refused.body["message"]


def test_the_desk_hears_the_very_bytes_and_the_look_is_on_record(service, request):
    ticket = reported(service, request.node.name)
    heard = service.desk_act(ticket, "listen", CLERK)
    assert heard.status == 200, heard.raw
    key = urlsplit(heard.body["url"]).path.lstrip("/")
    bucket = ENVIRONMENT["RECORDINGS_BUCKET"]
    assert boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == SOUND
    assert "listened" in [trace.what for trace in audit.list_traces(ticket)]


@pytest.mark.parametrize("who", ["of-pa-head", "town-admin", "hjb-fc1"])
def test_nobody_beyond_the_station_hears_it(service, request, who):
    ticket = reported(service, request.node.name)
    assert service.desk_act(ticket, "listen", who).status in (403, 404)


def test_the_handling_unit_sees_neither_the_sound_nor_that_there_is_one(service, request):
    ticket = service.ticket(reported(service, request.node.name))
    given = ticket.model_copy(update={"lead_unit_id": "OF-PA"})
    town = directory.town()
    head = next(person for person in town.staff if person.unit == "OF-PA")
    assert not access.may_listen(given, head, town)
    assert "recording" not in access.staff_view(given, head, town)


def test_what_never_arrived_is_said_at_once(service, request):
    recording = granted(service, request.node.name).body["recording_id"]
    body = {"place": "SHJY-4-1", "recording": recording}
    ticket = service.post("/api/tickets", body, service.resident(request.node.name)).body["id"]
    refused = service.desk_act(ticket, "listen", CLERK)
    assert (refused.status, "打电话" in refused.body["message"]) == (404, True)


def test_written_down_it_is_filed_like_any_report_and_the_clerk_dispatches_it(service, request):
    ticket = reported(service, request.node.name)
    after = transcribed(service, ticket, "二楼楼道灯不亮了，电话13812345678")
    assert "13812345678" not in after.text
    assert (after.danger, after.suggestion.sure) == (None, True)
    assert clocks.find_open(after, ClockKind.DANGER) is None
    assert after.stage is Stage.RECEIVED  # who has just listened decides
    assert (
        service.get(f"/staff/tickets/{ticket}", service.staff(CLERK)).body["recording"]["is_unheard"] is False
    )


def test_words_of_danger_make_it_urgent_and_send_who_is_on_duty(service, request):
    after = transcribed(service, reported(service, request.node.name), "我困在电梯里出不来")
    assert (after.urgent, after.stage) == (True, Stage.DISPATCHED)


def test_possible_danger_goes_on_asking_on_the_clock_that_runs(service, request):
    ticket = reported(service, request.node.name)
    before = clocks.find_open(service.ticket(ticket), ClockKind.DANGER)
    service.later(seconds=40)
    after = transcribed(service, ticket, "楼上冒浓烟，从门缝里钻出来")
    assert (after.danger.is_open, after.danger.unheard, after.danger.level) == (True, False, Danger.POSSIBLE)
    assert clocks.find_open(after, ClockKind.DANGER).id == before.id


def test_a_complaint_that_was_spoken_is_kept_from_whom_it_names(service, request):
    after = transcribed(service, reported(service, request.node.name), "物业经理骂我老不死的，还威胁我")
    assert after.confidential
    assert after.concerns


def test_what_was_typed_beside_it_stays(service, request):
    after = transcribed(service, reported(service, request.node.name, text="看录音"), "门口的灯坏了")
    assert after.text == "看录音\n门口的灯坏了"


@pytest.mark.parametrize(("recorded", "code"), [(True, 409), (False, 409)])
def test_it_is_written_down_once_and_only_where_something_was_spoken(service, request, recorded, code):
    who = request.node.name
    if recorded:
        ticket = reported(service, who)
        transcribed(service, ticket, "灯坏了不亮")
    else:
        ticket = service.report("灯坏了不亮", token=service.resident(who)).body["id"]
    assert service.desk_act(ticket, "transcribe", CLERK, words="再写一遍").status == code


def test_its_reporter_sees_what_was_written_down(service, request):
    ticket = reported(service, request.node.name)
    before = service.get(f"/api/tickets/{ticket}", service.resident(request.node.name)).body
    assert (before["text"], before["recording"]["is_unheard"], before["danger"]["asks"]) == ("", True, True)
    transcribed(service, ticket, "二楼楼道灯不亮")
    after = service.get(f"/api/tickets/{ticket}", service.resident(request.node.name)).body
    assert (after["text"], after["recording"]["is_unheard"]) == ("二楼楼道灯不亮", False)


def test_the_sound_goes_thirty_days_after_its_words_were_written_down(service, request):
    ticket = reported(service, request.node.name)
    service.settle()
    recording = service.ticket(ticket).recording.id
    whole(actions.remove_due(now=service.now + timedelta(days=400)))
    assert recording in sounds()  # while nobody has heard it
    transcribed(service, ticket, "二楼楼道灯不亮")
    service.settle()
    end = service.now + KEPT_AFTER_TEXT
    whole(actions.remove_due(now=end - timedelta(seconds=1)))
    assert recording in sounds()
    whole(actions.remove_due(now=end))
    assert recording not in sounds()
    service.later(days=30)
    signed_in = sessions.start(Kind.STAFF, CLERK, channel="console", now=service.now)
    refused = service.post(f"/desk/tickets/{ticket}/listen", {}, signed_in)
    assert "到期" in refused.body["message"]


@pytest.mark.parametrize(("age", "gone"), [(UNUSED_FOR - timedelta(seconds=1), False), (UNUSED_FOR, True)])
def test_what_no_report_took_goes_after_two_days(service, request, age, gone):
    recording = spoken(service, request.node.name)
    whole(actions.remove_due(now=service.now + age))
    assert (recording not in sounds()) is gone


def test_whoever_is_forgotten_takes_the_voice_along(service, request):
    ticket = service.ticket(reported(service, request.node.name))
    service.settle()
    assert ticket.recording.id in sounds()
    retention.leave(ticket, ticket.reporter_id, now=service.now)
    assert ticket.recording.id not in sounds()
