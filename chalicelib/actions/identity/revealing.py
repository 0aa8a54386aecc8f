"""查看身份: the only way to who reported something. Runs in the `reveal` function, which trusts nobody's word for who asks.

The trace is written before anything is read; if it cannot be written, nothing is answered.
"""

from datetime import datetime
from typing import Any

from chalicelib.actions import retention
from chalicelib.actions.identity import erasing, persons
from chalicelib.domain.acts import answering
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.identity.contacts import LEARNED_NAMES, Learned
from chalicelib.domain.identity.erasing import CHECKED_NAMES, Checked
from chalicelib.domain.identity.reasons import Reason, read_why
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.identity.traces import Look, is_look, trace_of
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.vocabulary import DESK, LEADERS, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.looks import need_borne_out, viewer_view
from chalicelib.gateways import recordings, secrets
from chalicelib.store.identity import audit, identities, sessions
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.notices import deliveries
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import lists, members, tickets
from chalicelib.store.town import directory
from chalicelib.store.visits import volunteers


def reveal(
    token: str,
    ticket_id: str,
    fields: tuple[str, ...],
    reason: str,
    now: datetime,
    words: str = "",
    of: str = "",
) -> dict[str, str]:
    """The named fields of the reporter's contact, or with `of` "proxy" of whoever reported it for them, for a reason.

    The reason as `reasons.read_why` has it. Raises NotAllowed, Invalid, NotFound.
    """
    town, staff = directory.town(), _staff(token, now)
    ticket = tickets.get(ticket_id)
    access.need_sight(ticket, staff, town)
    if not access.may_reveal(ticket, staff, town):
        raise NotAllowed("您的岗位不能查看身份；请通过工单留言或由工作站转接联系居民")
    if not fields or not set(fields) <= set(identities.FIELDS):
        raise Invalid("请选择要查看的内容：name、phone 或 text", fields=["fields"])
    why = read_why(reason, words)
    if ticket.reporter_id is None or (of and ticket.proxy is None):
        raise NotFound("这张工单没有上报人" if not of else "这张工单不是代反映的")
    called = why.reason is Reason.CALL_LIST and deliveries.has_open_call(ticket.reporter_id, ticket_id)
    need_borne_out(why.reason, ticket, called=called)
    audit.write(
        ticket_id, trace_of(staff, Look.REVEALED, now, fields=fields, why=why.words, reason=why.reason)
    )
    kept_with = ticket.part_of.id if ticket.part_of else ticket_id
    person = ticket.proxy.person if of and ticket.proxy else ticket.reporter_id
    contact = identities.find_contact(kept_with, person) or identities.Contact()
    return {field: getattr(contact, field) for field in fields}


def listen(token: str, ticket_id: str, now: datetime) -> dict[str, str]:
    """A link to what a resident spoke, for the ticket's own desk and its leaders: the recording never leaves the station.

    The trace is written first. Raises NotAllowed, NotYours, NotFound where nothing was spoken, nothing arrived, or it is gone.
    """
    _, ticket = _at_the_desk(token, ticket_id, now)
    if ticket.recording is None:
        raise NotFound("这张工单没有录音")
    if not ticket.recording.is_kept(now):
        raise NotFound("录音已到期删除，请看写下的文字")
    audit.write(ticket_id, trace_of(_staff(token, now), Look.LISTENED, now))
    if (url := recordings.address(ticket.recording.id)) is None:
        raise NotFound("录音没有传上来，请打电话问居民；联系不上就按紧急办")
    return {"url": url}


def find_by_phone(token: str, phone: str, reason: str, now: datetime) -> list[str]:
    """The ids of the tickets with this phone that the caller may see. The number itself is never logged."""
    town, staff = directory.town(), _staff(token, now)
    if not DESK & set(staff.roles):
        raise NotAllowed("只有工作站可以按电话查询")
    why = read_why(reason)
    trace = trace_of(staff, Look.SEARCHED, now, fields=("phone",), why=why.words, reason=why.reason)
    audit.write("search", trace)
    persons.count_phones(staff, [phone], now)
    persons.make_ways(now)
    ids = identities.list_ticket_ids_by_phone(identities.phone_hash(secrets.identity_key(), phone))
    found = [ticket.id for ticket in lists.get_many(ids) if access.may_see(ticket, staff, town)]
    for ticket_id in found:
        audit.write(ticket_id, trace)
    return found


def volunteer(token: str, volunteer_id: str, reason: str, now: datetime) -> dict[str, str]:
    """A volunteer's name and phone, for the desk of the own station, for a reason. Raises NotAllowed, Invalid, NotFound."""
    staff, known = _staff(token, now), volunteers.get_volunteer(volunteer_id)
    if not DESK & set(staff.roles) or staff.unit != known.station:
        raise NotAllowed("只有志愿者所在片区的工作站可以查看")
    why = read_why(reason)
    trace = trace_of(staff, Look.REVEALED, now, fields=("name", "phone"), why=why.words, reason=why.reason)
    audit.write(volunteer_id, trace)
    return volunteers.find_contact(volunteer_id).model_dump(include={"name", "phone"})


def own_sign_up(token: str, now: datetime) -> dict[str, str] | None:
    """What a resident gave when signing up as a volunteer (PIPL art. 45); None for who did not."""
    known = volunteers.find_of(_resident(token, now))
    return volunteers.find_contact(known.id).model_dump(include={"name", "phone"}) if known else None


def export(token: str, now: datetime) -> list[dict[str, Any]]:
    """Everything kept about the resident who asks (PIPL art. 45)."""
    reporter_id = _resident(token, now)
    return [_exported(ticket, reporter_id) for ticket in _all_of(reporter_id)]


def forget(token: str, now: datetime) -> int:
    """Remove the resident from every ended ticket, and what else is known of him or her (rule 45). Answers of how many.

    Raises Invalid while one is open: somebody may have to call back; one that others joined cannot be withdrawn, and goes on
    as theirs. Sessions end last, so that whoever is told to try
    again can.
    """
    reporter_id = _resident(token, now)
    known = _all_of(reporter_id)
    own = [ticket for ticket in known if ticket.reporter_id == reporter_id]
    if any(ticket.stage not in ENDED and not _is_others_too(ticket, reporter_id) for ticket in own):
        raise Invalid("您还有未办结的工单；请先撤回或等办结后再删除个人信息")
    for ticket in own:
        erasing.ask(ticket, now=now)
    for ticket in known:
        retention.leave(ticket, reporter_id, now=now)
    retention.forget_person(reporter_id)
    sessions.end_all(reporter_id)
    return len(own)


def erase(
    token: str, ticket_id: str, text: str, checked: str, now: datetime, replay: Replay | None = None
) -> None:
    """删除, by the desk for somebody without a session, once it is checked who that is; `text` stays as a summary.

    Raises NotFound, NotYours, Invalid, WrongStage; the trace is written first. Sent again it does what a fall left undone.
    """
    staff, ticket = _at_the_desk(token, ticket_id, now)
    once = _of(staff, replay, now)

    def act() -> Ticket:
        how, summary = _checked(checked, ticket), scrub(text)
        audit.write(ticket_id, trace_of(staff, Look.ERASED, now, why=CHECKED_NAMES[how]))
        return erasing.erase(ticket, text=summary, checked=how, by=staff, now=now, replay=once)

    erasing.forget_reporter(tickets.once(ticket_id, act, replay=once), now=now)


def copy(token: str, ticket_id: str, checked: str, now: datetime) -> dict[str, Any]:
    """What is kept of somebody without a session, and who looked at it, to be handed over once it is checked who that is."""
    staff, ticket = _at_the_desk(token, ticket_id, now)
    if ticket.reporter_id is None:
        raise NotFound("这张工单没有上报人")
    how = CHECKED_NAMES[_checked(checked, ticket)]
    trace = trace_of(staff, Look.COPIED, now, fields=identities.FIELDS, why=how)
    audit.write(ticket_id, trace)
    return _exported(ticket, ticket.reporter_id)


def correct_contact(
    token: str,
    ticket_id: str,
    name: str,
    phone: str,
    learned: str,
    now: datetime,
    replay: Replay | None = None,
) -> None:
    """更正联系方式: what is given replaces what was kept; the old number finds the ticket no more.

    Raises NotFound, NotAllowed, NotYours, Invalid, WrongStage; the trace is written first. The ticket changes last, by
    which it is known as done: what a fall left undone is done when it is sent again.
    """
    staff, ticket = _at_the_desk(token, ticket_id, now)
    once = _of(staff, replay, now)
    tickets.once(
        ticket_id, lambda: _correct_contact(ticket, staff, name, phone, learned, now, once), replay=once
    )


def _correct_contact(
    ticket: Ticket, staff: Staff, name: str, phone: str, learned: str, now: datetime, once: Replay | None
) -> Ticket:
    if learned not in LEARNED_NAMES:
        raise Invalid("请选择怎么知道正确的联系方式", fields=["learned"])
    how, town = Learned(learned), directory.town()

    def decide(latest: Ticket) -> Changed:
        return answering.correct_contact(
            latest, by=staff, name=name, phone=phone, learned=how, town=town, now=now
        )

    decide(ticket)  # or refuses
    fields = ("name", "phone") if name.strip() else ("phone",)
    audit.write(
        ticket.id, trace_of(staff, Look.CONTACT_CORRECTED, now, fields=fields, why=LEARNED_NAMES[how])
    )
    person = ticket.reporter_id or ""
    kept = identities.find_contact(ticket.id, person) or identities.Contact()
    given = {"name": name.strip() or kept.name, "phone": phone.strip()}
    identities.correct_contact(
        ticket.id, person, kept, kept.model_copy(update=given), secrets.identity_key(), now
    )
    for part in ticket.parts:
        tickets.change(
            part.id,
            lambda each: answering.contact_of_the_whole(each, phone=phone, by=staff.code, town=town, now=now),
            tickets.PATIENT,
        )
    return tickets.change(ticket.id, decide, tickets.Attempt(patient=True, replay=once))


def _of(staff: Staff, replay: Replay | None, now: datetime) -> Replay | None:
    """Scoped to whose session it is and to this instant, whatever was said: nobody marks another's act as done."""
    return replay and replay.model_copy(update={"who": staff.code, "at": now})


def _at_the_desk(token: str, ticket_id: str, now: datetime) -> tuple[Staff, Ticket]:
    town, staff, ticket = directory.town(), _staff(token, now), tickets.get(ticket_id)
    if not (DESK | LEADERS) & set(staff.roles):
        raise NotAllowed("只有工作站和片区、镇领导可以办理")
    access.need_desk(ticket, staff, town)
    return staff, ticket


def _checked(given: str, ticket: Ticket) -> Checked:
    """Raises Invalid for what is none of the list, and where nobody has asked by a session."""
    if given not in CHECKED_NAMES or (given == Checked.SIGNED_IN and ticket.erasure_asked_at is None):
        raise Invalid("请选择怎样核实是本人", fields=["checked"])
    return Checked(given)


def _is_others_too(ticket: Ticket, reporter_id: str) -> bool:
    return any(each.reporter_id != reporter_id for each in members.list_members(ticket.id))


def _exported(ticket: Ticket, reporter_id: str) -> dict[str, Any]:
    contact = identities.find_contact(ticket.id, reporter_id)
    traces = audit.list_traces(ticket.id) if ticket.reporter_id == reporter_id else []
    return {
        "id": ticket.id,
        "number": ticket.number,
        "text": ticket.text,
        "contact": contact.model_dump() if contact else None,
        "spoken_seconds": ticket.recording.seconds if ticket.recording else None,
        "viewed": [viewer_view(trace, directory.town()) for trace in traces if is_look(trace)],
    }


def _all_of(reporter_id: str) -> list[Ticket]:
    found: list[Ticket] = []
    after: str | None = None
    while True:
        page, after = lists.list_of_reporter(reporter_id, after=after, limit=50)
        found += page
        if after is None:
            return found


def _session(token: str, now: datetime, kind: Kind) -> Session:
    found = sessions.find(token, now)
    if found is None or found.kind is not kind:
        raise NotSignedIn("登录已失效，请重新登录")
    return found


def _staff(token: str, now: datetime) -> Staff:
    session = _session(token, now, Kind.STAFF)
    staff = directory.town().find_staff(session.subject)
    if staff is None:
        raise NotSignedIn("您的账号已停用，请联系工作站")
    return staff.model_copy(update={"signed_in_by": session.made_by})


def _resident(token: str, now: datetime) -> str:
    return _session(token, now, Kind.RESIDENT).subject
