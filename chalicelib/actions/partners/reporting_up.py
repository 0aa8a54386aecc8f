"""上报: the station reports a ticket upward, and the partner's word on it comes back, each once."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.tickets import joining
from chalicelib.domain.acts import reporting_up as rules
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.reporting_up import Answer
from chalicelib.domain.errors import Invalid, NotFound, Refusal
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.jobs import Trouble
from chalicelib.domain.partners import exchanges as records
from chalicelib.domain.partners.exchanges import Exchange, State
from chalicelib.domain.partners.reports_up_files import AnswerFile, read_answer, read_answers, refuse
from chalicelib.domain.tickets.ticket import ExternalId, Ticket
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.requests.idempotency import Replay, replay
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.lists import find_id_by_number
from chalicelib.store.town import directory

TAKEN, SAME = "taken", "same"


class Taken(NamedTuple):
    ticket: Ticket
    how: str  # TAKEN, or SAME for what was known


def report_up(
    ticket_id: str,
    *,
    by: Staff,
    note: str,
    partner_name: str = "",
    seen: int | None,
    again: Replay | None,
    now: datetime,
) -> Ticket:
    """The desk's decision. Raises NotFound where no such partner is known, and what the rule refuses."""
    town, partner = directory.town(), partners.find_upward(partner_name)

    def decide(ticket: Ticket) -> Changed:
        if partner is None:
            raise NotFound("还没有登记可以上报的上级平台，请联系管理员")
        return rules.report_up(ticket, partner=partner, by=by, note=scrub(note), town=town, now=now)

    return tickets.change(
        ticket_id,
        decide,
        tickets.Attempt(seen=seen, replay=again, may=lambda t: access.need_desk(t, by, town), town=town),
    )


def push(partner_name: str, values: dict[str, str], *, now: datetime) -> Taken:
    """One answer over the interface. Raises NotFound, Invalid with the reason."""
    partner = _upward(partner_name)
    try:
        answer = read_answer(values, partner, now=now)
    except ValueError as wrong:
        raise Invalid(str(wrong), fields=["status"]) from wrong
    return take_in(partner, answer, now=now)


class Imported(NamedTuple):
    """What a file held, and what became of each of its rows."""

    read: AnswerFile
    counts: dict[str, int]  # by TAKEN and SAME; they sum to the rows read


def import_file(partner_name: str, content: bytes, *, by: Staff, now: datetime) -> Imported:
    """A file of answers: all rows, or none. Rows about tickets that this person may not see count as unknown."""
    partner = _upward(partner_name)
    read = read_answers(content, partner, now=now)
    refuse([trouble for line, answer in read.answers if (trouble := _unknown(line, answer, partner, by))])
    counts = {TAKEN: 0, SAME: 0}
    for _, answer in read.answers:
        counts[take_in(partner, answer, now=now).how] += 1
    if sum(counts.values()) != len(read.answers):
        raise AssertionError("rows and what became of them differ")
    return Imported(read, counts)


def take_in(partner: Partner, answer: Answer, *, now: datetime) -> Taken:
    """The same answer, by its id, changes nothing: not at once, and not a month later. Raises NotFound."""
    ticket, town = _reported(partner, answer), directory.town()
    record = _record(partner, answer, ticket, now)
    known = exchanges.list_of_order(partner.name, answer.number)
    if any(each.state is State.RECEIVED and each.name.endswith(answer.digest) for each in known):
        return Taken(ticket, SAME)
    after = tickets.change(
        ticket.id,
        lambda ticket: rules.answered(ticket, answer, partner=partner, town=town, now=now),
        tickets.Attempt(
            replay=replay(f"partner:{partner.name}", f"status:{answer.digest}", b"", now),
            patient=True,
            town=town,
        ),
    )
    return Taken(after, TAKEN if exchanges.add(record) else SAME)


def _reported(partner: Partner, answer: Answer) -> Ticket:
    """The ticket that was reported under this number, or the one it was merged into."""
    ticket_id = find_id_by_number(answer.number)
    ticket = joining.standing(tickets.get(ticket_id)) if ticket_id else None
    if ticket is None or rules.find_report(ticket, partner, answer.number) is None:
        raise NotFound(f"工单 {answer.number} 没有上报过{partner.title}，请核对编号")
    return ticket


def _unknown(line: int, answer: Answer, partner: Partner, by: Staff) -> Trouble | None:
    try:
        access.need_desk(_reported(partner, answer), by, directory.town())
    except Refusal as refusal:
        return Trouble(row=line, message=refusal.message)
    return None


def _record(partner: Partner, answer: Answer, ticket: Ticket, now: datetime) -> Exchange:
    """What came, for the record, scrubbed."""
    one = ExternalId(partner=partner.name, number=answer.number, due_at=answer.due_at, digest=answer.digest)
    came = records.received(one, ticket, how=answer.means, now=min(answer.at, now))
    return came.model_copy(update={"code": answer.status, "note": scrub(answer.text)})


def _upward(partner_name: str) -> Partner:
    partner = partners.get(partner_name)
    if not partner.upward:
        raise Invalid(f"{partner.title}不是上报的上级平台，请核对名称", fields=["name"])
    return partner
