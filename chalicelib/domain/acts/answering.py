"""What ends as soon as it is known: answered 当场办, declined, forwarded, withdrawn, put right on the spot; and what neighbours may read."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.acts.closing import is_drawn_by_lot
from chalicelib.domain.acts.moves import Changed, changed, moved, need_stage
from chalicelib.domain.acts.receiving import Report, new_ticket, suggested
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, StillOpen, WrongStage
from chalicelib.domain.identity.contacts import Learned
from chalicelib.domain.identity.erasing import Checked, Person, ticket_without
from chalicelib.domain.knowledge.citing import citation
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.tables.phones import is_callable
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.nearby import approvable_photos
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import ENDED, Audience, Event, Outcome, Resolution, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FOUND, Staff


class DeclineReason(StrEnum):
    """不予受理 (Linyi's list of excluded matters, reference field.md §3.3)."""

    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    IN_PROCEEDINGS = "in_proceedings"  # 诉讼、仲裁、纪检、复议、信访已受理
    AGAINST_LAW = "against_law"
    SECRETS_OR_PRIVACY = "secrets_or_privacy"
    UNTRUE = "untrue"
    BEYOND_REASON = "beyond_reason"
    HEARING_HELD = "hearing_held"
    MALICIOUS = "malicious"


def answer(
    ticket: Ticket, *, by: Staff, text: str, town: Town, now: datetime, knowledge: str | None = None
) -> Changed:
    """当场办: the first contact answers on the spot, and the name stays on the ticket (rule 2). Closes with a rating asked.

    `knowledge` is the entry that the answer cites; its version is kept (rule 82).
    """
    need_stage(ticket, {Stage.RECEIVED}, "当场答复")
    need_decided(ticket, "当场答复")
    citing = citation(knowledge or "", town, now.date())
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = clocks.meet(after, ClockKind.RESPONSE, by=by.code, now=now)
    after = moved(
        after,
        Stage.CLOSED,
        first_contact_id=ticket.first_contact_id or by.code,
        answered_on_the_spot=True,
        outcome=Outcome.ANSWERED,
        closed_at=now,
    )
    event = Event(kind=EventKind.ANSWERED, at=now, by=by.code, note=text, public=True, details=citing)
    return changed(after, event, before=ticket, town=town)


def decline(
    ticket: Ticket, *, by: Staff, reason: DeclineReason, text: str, instead: str, town: Town, now: datetime
) -> Changed:
    """不予受理: names who refused, why, and where to go instead (design §5)."""
    need_stage(ticket, {Stage.RECEIVED}, "不予受理")
    need_decided(ticket, "不予受理")
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = moved(after, Stage.DECLINED, closed_at=now, outcome=Outcome(reason))
    note = f"{text} 您可以：{instead}"
    details = {"reason": reason.value, "instead": instead}
    event = Event(kind=EventKind.DECLINED, at=now, by=by.code, note=note, public=True, details=details)
    return changed(after, event, before=ticket, town=town)


def forward(
    ticket: Ticket, *, by: Staff, to: str, number: str, text: str, town: Town, now: datetime
) -> Changed:
    """转送: outside the town; the other side's number is kept and the resident told."""
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "转送")
    need_decided(ticket, "转送")
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = moved(after, Stage.FORWARDED, forwarded_to=to, forwarded_number=number, closed_at=now, pause=None)
    note = f"{text} 对方编号：{number}" if number else text
    details = {"to": to, "number": number}
    event = Event(kind=EventKind.FORWARDED, at=now, by=by.code, note=note, public=True, details=details)
    return changed(after, event, before=ticket, town=town)


def withdraw(ticket: Ticket, *, reason: str, others: int, town: Town, now: datetime) -> Changed:
    """撤回 by the reporter. `others` counts neighbours who joined: the matter is theirs too, so it cannot be withdrawn."""
    stages = {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED}
    need_stage(ticket, stages, "撤回")
    if others:
        raise StillOpen(f"还有{others}位邻居也反映了这件事，不能撤回；您可以在留言里说明情况")
    after = moved(ticket, Stage.WITHDRAWN, closed_at=now, pause=None, on_call_list=False)
    event = Event(kind=EventKind.WITHDRAWN, at=now, by=Actor.REPORTER, note=reason)
    return changed(after, event, before=ticket, town=town)


def publish(
    ticket: Ticket, *, by: Staff, text: str, with_photos: bool = False, town: Town, now: datetime
) -> Changed:
    """The desk approves a short public text for the point's page, and with it the photos there are; empty takes both back.

    What is photographed later is not approved by it. Never for a confidential ticket. Raises Invalid.
    """
    if ticket.confidential and text:
        raise Invalid("保密工单不能公开内容", fields=["text"])
    if with_photos and not text:
        raise Invalid("要公开照片，请先写公开的话", fields=["text"])
    photos = approvable_photos(ticket) if with_photos else ()
    if with_photos and not photos:
        raise Invalid("没有可以公开的照片；居民要求身份保密的，反映时的照片不公开", fields=["with_photos"])
    after = ticket.model_copy(
        update={"public_text": text, "public_photos": photos, "published_at": now if text else None}
    )
    note = f"{text}（附照片{len(photos)}张）" if photos else text
    event = Event(kind=EventKind.PUBLISHED, at=now, by=by.code, note=note, audience=Audience.ALL)
    return changed(after, event, before=ticket, town=town, row="published" if text else "unpublished")


def erase(
    ticket: Ticket,
    *,
    by: Staff | None,
    text: str,
    checked: Checked,
    person: Person = Person(),  # noqa: B008
    town: Town,
    now: datetime,
) -> Changed:
    """删除: a `text` that the desk approved stands in the place of what was reported, once it is `checked` who asks (rule 45).

    `by` is None where the person does it by the own session. Raises WrongStage while the ticket is open: somebody may have
    to call back; Invalid where it was erased before.
    """
    need_stage(ticket, ENDED, "删除反映的内容")
    if ticket.erased:
        raise Invalid("这张工单的内容已经删除过了")
    after = ticket_without(ticket, person).model_copy(update={"text": text, "erased": True})
    event = Event(
        kind=EventKind.ERASED, at=now, by=by.code if by else Actor.MACHINE, details={"checked": checked.value}
    )
    return changed(after, event, before=ticket, town=town)


def ask_erasure(ticket: Ticket, *, person: Person, town: Town, now: datetime) -> Changed:
    """The reporter is to be forgotten, by the own session: what tells who it was goes now, the text when the desk approves."""
    after = ticket_without(ticket, person).model_copy(update={"erasure_asked_at": now})
    return changed(
        after, Event(kind=EventKind.ERASURE_ASKED, at=now, by=Actor.REPORTER), before=ticket, town=town
    )


def correct_contact(
    ticket: Ticket, *, by: Staff, name: str, phone: str, learned: Learned, town: Town, now: datetime
) -> Changed:
    """更正联系方式, through the vault (rule 32): the ticket once its reporter's contact is another: there is a number or there is none, and it is not known to be wrong.

    What `by` gave goes to the vault alone. Raises WrongStage where nobody reported it or it was erased, Invalid without a
    number.
    """
    if ticket.reporter_id is None or ticket.erased:
        raise WrongStage("这张工单没有可以更正的联系人")
    if ticket.part_of is not None:
        raise WrongStage(f"联系方式记在分拆前的{ticket.part_of.number}上，请在那张工单更正")
    if not phone.strip():
        raise Invalid("请填写正确的电话", fields=["phone"])
    details = {"learned": learned.value, "fields": "name phone" if name.strip() else "phone"}
    event = Event(kind=EventKind.CONTACT_CORRECTED, at=now, by=by.code, details=details)
    return changed(_called_at(ticket, phone), event, before=ticket, town=town)


def contact_of_the_whole(ticket: Ticket, *, phone: str, by: str, town: Town, now: datetime) -> Changed | None:
    """A matter that was divided off shares the whole's contact. None where nothing changes for it."""
    after = _called_at(ticket, phone)
    if after == ticket:
        return None
    event = Event(kind=EventKind.CONTACT_CORRECTED, at=now, by=by)
    return changed(after, event, before=ticket, town=town, row="contact_corrected/of_the_whole")


def _called_at(ticket: Ticket, phone: str) -> Ticket:
    return ticket.model_copy(update={"phone_left": is_callable(phone), "wrong_number": False})


def settle(
    report: Report, *, unit_id: str, photos: tuple[str, ...], note: str, town: Town, now: datetime
) -> Changed:
    """The ticket of what its finder put right: photos before on the report, photos after in the resolution.

    No clock runs. A share drawn by lot is still looked at by somebody else (rule 19), and reworked by `unit_id`, or by the
    station where the finder has no unit. Raises Invalid for what a resident reported, and for a confidential matter.
    """
    if report.source not in FOUND:
        raise Invalid("只有走访巡查发现的事可以当场处置结案", fields=["source"])
    received = new_ticket(report, suggested(report, town), town, now)
    if received.danger and received.danger.is_open:  # whoever found it stands there and has put it right
        seen = received.danger.model_copy(
            update={"decided": Answer.NO, "by": report.entered_by or Actor.MACHINE}
        )
        received = received.model_copy(update={"danger": seen})
    if received.confidential:
        raise Invalid("这类事要由工作站处理，不能当场处置结案；请只上报，不填处置", fields=["after"])
    unit = unit_id or received.station_id
    by = report.entered_by or Actor.MACHINE
    ticket = moved(
        received,
        Stage.CLOSED,
        lead_unit_id=unit,
        taken=True,
        arrived=True,
        resolution=Resolution(by=by, unit_id=unit, at=now, note=note, photos=photos),
        verify_owed=is_drawn_by_lot(received, policy(received, town).recheck_percent),
        outcome=Outcome.SETTLED,
        closed_at=now,
    )
    event = Event(kind=EventKind.SETTLED, at=now, by=by, note=note, photos=photos)
    return changed(ticket, event, before=None, town=town)
