"""Every route that changes something and takes no Idempotency-Key, by method and path: how it is sent, for a test to send it twice."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

from chalicelib.domain.classes.issue_class import State as Stands
from chalicelib.domain.notices.deliveries import Delivery, Outcome, State
from chalicelib.domain.partners import exchanges as records
from chalicelib.domain.partners.exchanges import MADE
from chalicelib.domain.tickets.ticket import ExternalId
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store.classes import classes
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import sessions, sign_in_codes
from chalicelib.store.notices import dead_letters, deliveries
from chalicelib.store.partners import exchanges
from chalicelib.store.town import outages, ready_answers
from chalicelib.store.visits import volunteers
from tests.actions.partners import test_partners as by_partners
from tests.actions.partners import test_reporting_up as upward
from tests.api import test_forms
from tests.api.counter import test_slips as slips
from tests.api.feed import test_feed, test_observations
from tests.api.notices import test_callbacks
from tests.api.open311 import test_open311_reports
from tests.api.tickets import test_at_the_desk as at_the_desk
from tests.api.tickets import test_locking, test_recordings
from tests.lives import DESK, HEAD, LAMP, LAWS, LEADER, LIGHTS, MANAGER, MESS, Lives
from tests.moto_cloud import ENVIRONMENT, as_stored
from tests.towns import SAMPLE, sample_files

ADMIN = "town-admin"
WHY = {"reason": "已电话核实"}
MEASURE = {"what": "每周四清扫", "place": "南门", "unit": "OF-PA"}
_N = count(1)


class Unkeyed(NamedTuple):
    """`path` and `body` of a request; `by`: staff by code, a resident of this life, or a token of its own."""

    path: str
    body: dict[str, Any]
    by: str
    token: str = ""


def name(what: str) -> str:
    return f"{what}-{next(_N):04d}"


def subject(lives: Lives, who: str) -> str:
    found = sessions.find(lives.token(who), lives.service.now)
    assert found is not None
    return found.subject


def made(lives: Lives, path: str, body: dict[str, Any], by: str) -> Any:
    answer = lives.service.post(path, body, lives.token(by))
    assert answer.status < 300, answer.raw
    return answer.body


# --- the town and its files


def files(names: dict[str, bytes]) -> dict[str, str]:
    return {each: b64encode(content).decode() for each, content in names.items()}


def town(lives: Lives) -> dict[str, Any]:
    """A word of the checklist is another: nobody gains a power by it."""
    changed = sample_files()
    changed["hazards.csv"] = changed["hazards.csv"].replace("灰堆和".encode(), name("灰堆和").encode(), 1)
    return {"files": files(changed)}


def planned(lives: Lives, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return body | {"plan": made(lives, f"{path}/plan", body, ADMIN)["id"]}


def partner(lives: Lives) -> dict[str, Any]:
    text = (SAMPLE / "partners" / "hotline.csv").read_bytes().rstrip(b"\n")
    return {"files": files({"hotline.csv": text + f"\ncategory,{name('词')},F99\n".encode()})}


def asked_for_power(lives: Lives, whose: str) -> str:
    answer = lives.service.post(f"/desk/staff/{whose}/binding-code", {}, lives.token(ADMIN))
    assert answer.code == "needs_confirmation", answer.raw
    return str(answer.body["confirmation"]["id"])


def draft(lives: Lives) -> str:
    return str(made(lives, "/desk/knowledge/missing", {"text": name("哪里办")}, DESK)["id"])


# --- tickets


def of_staff(lives: Lives, what: str, **body: Any) -> Unkeyed:
    return Unkeyed(f"/staff/tickets/{with_contact(lives)}/{what}", body, DESK)


def of_desk(lives: Lives, what: str, **body: Any) -> Unkeyed:
    return Unkeyed(f"/desk/tickets/{with_contact(lives)}/{what}", body, DESK)


def with_contact(lives: Lives) -> str:
    return lives.reports("walker", MESS, contact={"name": "欧阳采薇", "phone": "13812345678"})


def last_line(lives: Lives, inbox: str, who: str) -> str:
    lives.reports("walker", LAMP)
    return str(lives.service.get(inbox, lives.token(who)).body["items"][0]["id"])


def spoken(lives: Lives) -> Unkeyed:
    ticket_id = test_recordings.reported(lives.service, name("speaks"))
    return Unkeyed(f"/desk/tickets/{ticket_id}/listen", {}, DESK)


def covered(lives: Lives) -> Unkeyed:
    ticket_id, photo = at_the_desk.a_photographed_report(lives.service)
    return Unkeyed(
        f"/desk/tickets/{ticket_id}/photos/{photo}/cover",
        at_the_desk.HALF,
        at_the_desk.desk_of(lives.service, ticket_id),
    )


def answered(lives: Lives) -> Unkeyed:
    ticket_id = lives.reports("walker", MESS)
    lives.desk(ticket_id, "answer", text="十点半开门")
    return Unkeyed(f"/desk/tickets/{ticket_id}/draft", {}, DESK)


def called(lives: Lives) -> Unkeyed:
    ticket_id = lives.calls_in(LAMP, f"138{next(_N):08d}")
    rows = lives.service.get("/desk/calls", lives.token(DESK)).body["items"]
    row = next(each for each in rows if each["ticket_id"] == ticket_id)
    return Unkeyed(
        "/desk/calls", {"ticket_id": ticket_id, "to": row["to"], "line": row["line"], "reached": True}, DESK
    )


def failed(lives: Lives) -> Unkeyed:
    """A notice that did not arrive, and may be sent again once."""
    ticket_id = lives.reports("walker", LAMP)
    now = lives.service.now
    sent = Delivery(
        recipient=f"staff:{MANAGER}", way=Channel.WECOM, at=now, event_key=f"{ticket_id}-000099", ticket_id=ticket_id,
        template="reminded", not_before=now,
    )  # fmt: skip
    assert deliveries.create(sent)
    assert deliveries.finish(sent, Outcome(state=State.PERMANENT_FAILURE))
    body = {"to": sent.recipient, "line": deliveries.key_of(sent)[1]}
    return Unkeyed(f"/desk/tickets/{ticket_id}/deliveries/resend", body, DESK)


def letter(lives: Lives) -> str:
    """A line of history that was set aside, as the stream brought it."""
    ticket_id = lives.reports("walker", MESS)
    item = next(
        i
        for i in as_stored(ENVIRONMENT["TICKETS_TABLE"])
        if i["PK"]["S"] == f"TICKET#{ticket_id}" and i["SK"]["S"].startswith("EVENT#")
    )
    change = {"Keys": {"PK": item["PK"], "SK": item["SK"]}, "NewImage": item, "SequenceNumber": "1"}
    record = {"eventName": "INSERT", "eventID": ticket_id, "dynamodb": change}
    return dead_letters.add(record, reason="x", passes=False, now=lives.service.now).id


def exchanged(lives: Lives, *, to_check: bool) -> str:
    ticket_id, now = lives.reports("walker", LAMP), lives.service.now
    came = records.received(
        ExternalId(partner="hotline", number=name("X"), digest="d"), lives.ticket(ticket_id), how=MADE,
        to_check=("时限",) if to_check else (), now=now,
    )  # fmt: skip
    if not to_check:
        came = came.model_copy(update={"state": records.State.BY_HAND, "act": "签收"})
    assert exchanges.add(came)
    return came.id


def proxied(lives: Lives) -> str:
    return str(slips.for_mother(lives.service))


def end_of_proxy(lives: Lives) -> Unkeyed:
    ticket_id, mother = proxied(lives), name("mother")
    slip = slips.printed(lives.service, ticket_id, holder="self")
    assert slips.claimed(lives.service, slip, slips.MOTHER[-4:], by=mother).status == 200
    return Unkeyed(f"/api/tickets/{ticket_id}/proxy/end", {}, "", lives.service.resident(mother))


def claimed(lives: Lives) -> Unkeyed:
    slip = slips.printed(lives.service, slips.with_phone(lives.service))
    body = {"code": slip["url"].partition("slip=")[2], "digits": slips.PHONE[-4:]}
    return Unkeyed("/api/slips", body, "walker")


# --- classes, walks, volunteers


def of_class(lives: Lives, act: str, by: str = HEAD, **body: Any) -> Unkeyed:
    return Unkeyed(f"/desk/classes/{a_class(lives)}/{act}", body, by)


def unlike_any(lives: Lives) -> str:
    """A report that the machine has put into no class: nothing of the stream has come to it yet."""
    answer = lives.service.report("健身器材的螺丝松了", token=lives.token(name("r")), place="SHJY-GATE")
    return str(answer.body["id"])


def a_class(lives: Lives, more: str = "") -> str:
    ticket = unlike_any(lives)
    return str(made(lives, "/desk/classes", {"name": f"门口环境{more}", "ticket_ids": [ticket]}, DESK)["id"])


def a_proposal(lives: Lives) -> str:
    """A class that the machine proposed: one of a person's that nobody has confirmed yet."""
    class_id = a_class(lives)
    classes.change(class_id, lambda cls: cls.model_copy(update={"state": Stands.PROPOSED}))
    return class_id


def measured(lives: Lives, what: str, **body: Any) -> Unkeyed:
    class_id = a_class(lives)
    given = MEASURE | {"from": "2026-11-26", "weekdays": [4], "hours": "7:00"}
    (measure,) = made(lives, f"/desk/classes/{class_id}/announce", given, HEAD)["measures"]
    path = f"/desk/classes/{class_id}/measures/{measure['id']}"
    if what == "hold":
        made(lives, f"{path}/call-off", {"day": "2026-12-31", "reason": "台风"}, HEAD)
    return Unkeyed(f"{path}/{what}", {"day": "2026-12-31", **body}, HEAD)


def walk(lives: Lives) -> dict[str, Any]:
    return {"id": name("walk-that-is-sent-twice"), "point": lives.service.point()}


def volunteer(lives: Lives, act: str = "") -> Unkeyed:
    """Of whoever signed up just now; approved, where that is what ends."""
    body = {"place": "SHJY", "name": "王阿姨", "phone": "13900001111", "consent": True}
    made(lives, "/api/volunteer", body, "walker")
    known = volunteers.find_of(subject(lives, "walker"))
    assert known is not None
    path = f"/desk/volunteers/{known.id}"
    if act == "end":
        made(lives, f"{path}/approve", {}, DESK)
    return Unkeyed(f"{path}/{act}", {} if act == "approve" else WHY, DESK)


# --- screens


def console(lives: Lives, path: str, body: dict[str, Any]) -> Unkeyed:
    token, computer = test_locking.seated(lives.service, who="hjb-fc1", name=name("窗口"))
    known = {"pin": test_locking.PIN, "computer": computer}
    return Unkeyed(path, {field: known.get(field, value) for field, value in body.items()}, "", token)


def shown(lives: Lives) -> dict[str, Any]:
    return {"point": lives.service.point(), "text": MESS}


def outage(lives: Lives) -> str:
    known_as = f"B{next(_N)}"
    outages.put_outage("SHJY", "停水", by=DESK, now=lives.service.now, known_as=known_as)
    return known_as


def ready_answer(lives: Lives) -> str:
    answer = ready_answers.Answer(
        id=name("a"), title="老年卡", text="带身份证", by=DESK, at=lives.service.now
    )
    ready_answers.add("ST-GGLW", answer)
    return answer.id


def api_key(lives: Lives) -> str:
    api_keys.issue(program := name("p"), reports_per_hour=1, by=ADMIN, now=lives.service.now)
    return program


def swap(lives: Lives) -> str:
    start = lives.service.now + timedelta(days=40 + next(_N))
    times = {"from": start.isoformat(), "to": (start + timedelta(hours=2)).isoformat()}
    body = {"unit": "ST-GGLW", "role": "first_contact", "person": "gglw-fc2", "reason": "家里有事"} | times
    return str(made(lives, "/desk/duty/swaps", body, HEAD)["id"])


def computer(lives: Lives) -> str:
    """Registered in a session of its own, which ends with it."""
    token = test_locking.signed_in(lives.service, LIGHTS)
    answer = lives.service.post("/staff/computers", {"name": "窗口"}, token)
    return str(answer.body["computer"]).partition(".")[0]


def a_code(lives: Lives) -> str:
    return sign_in_codes.issue(LIGHTS, lives.service.now)


def watched(lives: Lives) -> Unkeyed:
    made(lives, "/api/watches", {"place": "SHJY"}, "walker")
    return Unkeyed("/api/watches/SHJY", {}, "walker")


def own_upload(lives: Lives) -> Unkeyed:
    return Unkeyed("/api/uploads", {"content_type": "image/jpeg", "size": 900}, "walker")


Case = Callable[[Lives], Unkeyed]

# A state is put, a place is left, or the second is refused: the same, whoever sends it twice.
SAME: dict[str, Case] = {
    "DELETE /admin/api-keys/{code}": lambda lives: Unkeyed(f"/admin/api-keys/{api_key(lives)}", {}, ADMIN),
    "DELETE /api/watches/{place}": watched,
    "DELETE /desk/answers/{answer_id}": lambda lives: Unkeyed(
        f"/desk/answers/{ready_answer(lives)}", {}, DESK
    ),
    "DELETE /desk/duty/swaps/{swap_id}": lambda lives: Unkeyed(f"/desk/duty/swaps/{swap(lives)}", {}, HEAD),
    "DELETE /desk/outages/{place}/{outage_id}": lambda lives: Unkeyed(
        f"/desk/outages/SHJY/{outage(lives)}", {}, DESK
    ),
    "DELETE /staff/computers/{computer_id}": lambda lives: Unkeyed(
        f"/staff/computers/{computer(lives)}", {}, "of-cj-head"
    ),
    "DELETE /staff/knowledge/{draft_id}": lambda lives: Unkeyed(f"/staff/knowledge/{draft(lives)}", {}, DESK),
    "PUT /admin/thresholds": lambda lives: Unkeyed("/admin/thresholds", {"weeks": 9}, ADMIN),
    "PUT /desk/answers/{answer_id}": lambda lives: Unkeyed(
        f"/desk/answers/{ready_answer(lives)}", {"title": "老年卡", "text": "改过的"}, DESK
    ),
    "PUT /staff/knowledge/{draft_id}": lambda lives: Unkeyed(
        f"/staff/knowledge/{draft(lives)}", {"question": "图书馆几点关门", "answer": "五点"}, DESK
    ),
    "PUT /staff/preferences": lambda lives: Unkeyed("/staff/preferences", {"preferences": {"a": 1}}, DESK),
    "POST /admin/hand-over": lambda lives: Unkeyed(
        "/admin/hand-over", {"person": MANAGER, "to": "pm-shjy-head"}, ADMIN
    ),
    "POST /admin/partners": lambda lives: Unkeyed(
        "/admin/partners", planned(lives, "/admin/partners", partner(lives)), ADMIN
    ),
    "POST /admin/points/{code}/replace": lambda lives: Unkeyed(
        f"/admin/points/{lives.service.point('WYL-W')}/replace", {}, ADMIN
    ),
    "POST /admin/town": lambda lives: Unkeyed(
        "/admin/town", planned(lives, "/admin/town", town(lives)), ADMIN
    ),
    "POST /api/inbox/read": lambda lives: Unkeyed(
        "/api/inbox/read", {"until": last_line(lives, "/api/inbox", "walker")}, "walker"
    ),
    "POST /staff/inbox/read": lambda lives: Unkeyed(
        "/staff/inbox/read", {"until": last_line(lives, "/staff/inbox", MANAGER)}, MANAGER
    ),
    "POST /api/knowledge/answered": lambda lives: Unkeyed(
        "/api/knowledge/answered",
        {"code": made(lives, "/api/knowledge", {"text": "居住证丢了怎么补"}, "walker")["items"][0]["code"]},
        "walker",
    ),
    "POST /api/me/forget": lambda lives: Unkeyed("/api/me/forget", {}, "walker"),
    "POST /api/slips": claimed,
    "POST /api/tickets/{ticket_id}/join": lambda lives: Unkeyed(
        f"/api/tickets/{lives.reports('other', LAMP)}/join", {}, "walker"
    ),
    "POST /api/tickets/{ticket_id}/proxy/end": end_of_proxy,
    "POST /api/volunteer": lambda lives: Unkeyed(
        "/api/volunteer",
        {"place": "SHJY", "name": "王阿姨", "phone": "13900001111", "consent": True},
        "walker",
    ),
    "POST /api/volunteer/leave": lambda lives: Unkeyed(
        "/api/volunteer/leave", {}, volunteer(lives, "approve") and "walker"
    ),
    "POST /api/walks": lambda lives: Unkeyed("/api/walks", walk(lives), "gglw-gw3"),
    "POST /api/walks/{walk_id}/end": lambda lives: Unkeyed(
        f"/api/walks/{made(lives, '/api/walks', walk(lives), 'gglw-gw2')['id']}/end", {}, "gglw-gw2"
    ),
    "POST /api/watches": lambda lives: Unkeyed("/api/watches", {"place": "SHJY"}, "walker"),
    "POST /desk/calls": called,
    "POST /desk/classes/{class_id}/confirm": lambda lives: Unkeyed(
        f"/desk/classes/{a_proposal(lives)}/confirm", {"name": "门口", "owner": DESK}, HEAD
    ),
    "POST /desk/classes/{class_id}/discard": lambda lives: of_class(lives, "discard", **WHY),
    "POST /desk/classes/{class_id}/end": lambda lives: of_class(lives, "end", **WHY),
    "POST /desk/classes/{class_id}/measures/{measure_id}/call-off": lambda lives: measured(
        lives, "call-off", reason="台风"
    ),
    "POST /desk/classes/{class_id}/measures/{measure_id}/hold": lambda lives: measured(lives, "hold"),
    "POST /desk/classes/{class_id}/members": lambda lives: of_class(
        lives, "members", ticket_ids=[unlike_any(lives)]
    ),
    "POST /desk/classes/{class_id}/merge": lambda lives: of_class(lives, "merge", into=a_class(lives, "乙")),
    "POST /desk/classes/{class_id}/rename": lambda lives: of_class(
        lives, "rename", name="改过的", owner=HEAD
    ),
    "POST /desk/confirmations/{code}/agree": lambda lives: Unkeyed(
        f"/desk/confirmations/{asked_for_power(lives, LIGHTS)}/agree", {}, LEADER
    ),
    "POST /desk/confirmations/{code}/refuse": lambda lives: Unkeyed(
        f"/desk/confirmations/{asked_for_power(lives, LAWS)}/refuse", {"note": "不行"}, LEADER
    ),
    "POST /desk/dead-letters/{letter_id}/done": lambda lives: Unkeyed(
        f"/desk/dead-letters/{letter(lives)}/done", {}, DESK
    ),
    "POST /desk/dead-letters/{letter_id}/resend": lambda lives: Unkeyed(
        f"/desk/dead-letters/{letter(lives)}/resend", {}, DESK
    ),
    "POST /desk/exchanges/{exchange_id}/checked": lambda lives: Unkeyed(
        f"/desk/exchanges/{exchanged(lives, to_check=True)}/checked", {}, DESK
    ),
    "POST /desk/exchanges/{exchange_id}/entered": lambda lives: Unkeyed(
        f"/desk/exchanges/{exchanged(lives, to_check=False)}/entered", {}, DESK
    ),
    "POST /desk/tickets/{ticket_id}/deliveries/resend": failed,
    "POST /desk/tickets/{ticket_id}/draft": answered,
    "POST /desk/volunteers/{volunteer_id}/approve": lambda lives: volunteer(lives, "approve"),
    "POST /desk/volunteers/{volunteer_id}/end": lambda lives: volunteer(lives, "end"),
    "POST /desk/volunteers/{volunteer_id}/refuse": lambda lives: volunteer(lives, "refuse"),
    "POST /staff/sessions": lambda lives: Unkeyed("/staff/sessions", {"code": a_code(lives)}, ""),
    "POST /staff/sessions/end": lambda lives: console(lives, "/staff/sessions/end", {}),
    "POST /staff/sessions/lock": lambda lives: console(lives, "/staff/sessions/lock", {}),
    "POST /staff/sessions/stay": lambda lives: console(lives, "/staff/sessions/stay", {"idle_seconds": 0}),
    "POST /staff/sign-in-codes": lambda lives: Unkeyed("/staff/sign-in-codes", {"staff": LIGHTS}, ""),
    "POST /staff/tickets/{ticket_id}/proxy": lambda lives: Unkeyed(
        f"/staff/tickets/{proxied(lives)}/proxy", {"agreed": False}, DESK
    ),
    "POST /staff/tickets/{ticket_id}/writing": lambda lives: of_staff(lives, "writing"),
}

# What is shown or kept under the same name is drawn anew: a secret, a picture.
IN_ITS_PLACE: dict[str, Case] = {
    "POST /desk/tickets/{ticket_id}/slip": lambda lives: Unkeyed(
        f"/desk/tickets/{slips.with_phone(lives.service)}/slip", {}, DESK
    ),
    "POST /desk/tickets/{ticket_id}/photos/{photo_id}/cover": covered,
    "PUT /staff/pin": lambda lives: console(lives, "/staff/pin", {"pin": "", "computer": ""}),
}

# Nothing is done but looked: each look leaves its trace, for that says what somebody was shown.
LOOKS: dict[str, Case] = {
    "POST /desk/bulk": lambda lives: Unkeyed(
        "/desk/bulk", {"ticket_ids": [lives.reports("walker", MESS)]}, DESK
    ),
    "POST /admin/partners/plan": lambda lives: Unkeyed("/admin/partners/plan", partner(lives), ADMIN),
    "POST /admin/town/plan": lambda lives: Unkeyed("/admin/town/plan", town(lives), ADMIN),
    "POST /api/knowledge": lambda lives: Unkeyed("/api/knowledge", {"text": "居住证丢了"}, "walker"),
    "POST /api/tickets/similar": lambda lives: Unkeyed("/api/tickets/similar", shown(lives), "walker"),
    "POST /desk/classes/{class_id}/preview": lambda lives: of_class(
        lives, "preview", **MEASURE, **{"from": "2026-11-26", "schedule": "每周四"}
    ),
    "POST /desk/knowledge": lambda lives: Unkeyed("/desk/knowledge", {"text": "居住证丢了"}, DESK),
    "POST /desk/tickets/{ticket_id}/copy": lambda lives: of_desk(lives, "copy", checked="called_back"),
    "POST /desk/tickets/{ticket_id}/listen": spoken,
    "POST /desk/volunteers/{volunteer_id}/reveal": lambda lives: volunteer(lives, "reveal"),
    "POST /staff/search/phone": lambda lives: Unkeyed(
        "/staff/search/phone", {"phone": "13812345678", **WHY}, DESK
    ),
    "POST /staff/tickets/{ticket_id}/preview": lambda lives: of_staff(
        lives, "preview", act="answer", given={"text": "已经看过，会尽快办"}
    ),
    "POST /staff/tickets/{ticket_id}/reveal": lambda lives: of_staff(
        lives, "reveal", fields=["phone"], reason="call_back"
    ),
}

# A form or a token that only whoever asked has, and that ends by itself.
GRANTS: dict[str, Case] = {
    "POST /api/sessions": lambda lives: Unkeyed("/api/sessions", {}, ""),
    "POST /api/uploads": own_upload,
    "POST /api/recordings": lambda lives: Unkeyed("/api/recordings", test_recordings.AGREED, "walker"),
}

# What needs platforms or partners of its own is sent twice in the tests of these.
ELSEWHERE: dict[str, Callable[..., Any]] = {
    "POST /staff/sessions/unlock": test_locking.test_an_answer_that_was_lost_costs_nobody_a_code,
    "POST /api/phone": test_callbacks.test_the_phone_number_goes_back_to_the_form_and_nowhere_else,
    "POST /staff/wechat": test_callbacks.test_a_member_of_staff_binds_a_phone_once_signed_in,
    "POST /callbacks/wechat": test_callbacks.test_a_push_that_comes_again_counts_once,
    "POST /callbacks/wecom": test_callbacks.test_a_tap_that_comes_again_is_taken_once,
    "POST /desk/exchanges/{exchange_id}/resend": by_partners.test_the_desk_sends_a_stuck_one_again_at_once,
    "POST /desk/feeds/{name}/resend": (
        test_feed.test_what_was_given_up_is_listed_and_goes_out_again_when_the_desk_says_so
    ),
    "POST /desk/partners/{name}/statuses": upward.test_a_file_of_words_is_taken_once,
    "POST /desk/tickets/{ticket_id}/form": test_forms.test_the_same_form_twice_changes_nothing,
    "POST /open311/v2/{document}": test_open311_reports.test_without_an_id_the_same_body_counts_once_a_day,
    "POST /partners/{name}/observations": (
        test_observations.test_the_same_observations_again_and_again_are_not_more
    ),
    "POST /partners/{name}/orders": by_partners.test_the_same_order_twice_is_one_ticket,
    "POST /partners/{name}/statuses": upward.test_the_same_word_twice_and_a_month_later_changes_nothing,
}
