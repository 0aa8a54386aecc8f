"""Reports upward 上报 (docs/forms.md): the station reports a ticket, and what the partner says of it comes back."""

from typing import TYPE_CHECKING

from chalice import Blueprint
from pydantic import Base64Bytes

from chalicelib.actions import opening
from chalicelib.actions.partners import reporting_up
from chalicelib.api import auth, bodies, http, signed
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import answer

if TYPE_CHECKING:
    from chalicelib.api.partners.schemas import Received, StatusesTaken
    from chalicelib.api.tickets.schemas import Acted

reports_up = Blueprint(__name__)


class ReportUpBody(bodies.Act):
    """`partner`: which one, where there are several."""

    note: bodies.Words
    partner: bodies.Short = ""


class StatusBody(RequestBody):
    """What the partner says of one report, all of it text; the same `id` is told once."""

    id: str
    number: str
    status: str
    text: str = ""
    sent_at: str = ""
    due_at: str = ""


class StatusFileBody(RequestBody):
    file: Base64Bytes  # a CSV or XLSX


@reports_up.route("/desk/tickets/{ticket_id}/report-up", methods=["POST"])
@responds(200, DESK | LEADERS, reads=ReportUpBody, key=Key.OPTIONAL)
def report_up(ticket_id: str) -> "Acted":
    """上报: to the partner above the town, with why."""
    body, who = read(ReportUpBody), auth.caller()
    return answer(
        reporting_up.report_up(
            ticket_id,
            by=who,
            note=body.note,
            partner_name=body.partner,
            seen=body.version,
            again=idempotency(who.code),
            now=http.now(),
        )
    )


@reports_up.route("/partners/{name}/statuses", methods=["POST"])
@responds(201, reads=StatusBody)
def push_status(name: str) -> "Received":
    """How a report stands, or an instruction on it, as often as the partner likes."""
    partner, body = signed.partner(name), read(StatusBody)
    taken = reporting_up.push(partner, body.model_dump(), now=http.now())
    return {"received": body.id, "ticket": taken.ticket.number, "how": taken.how}


@reports_up.route("/desk/partners/{name}/statuses", methods=["POST"])
@responds(200, DESK | LEADERS, reads=StatusFileBody)
def import_statuses(name: str) -> "StatusesTaken":
    """The same as a file: every row, or none. What was read is told back: how many rows, the first and the last."""
    seen, counts = reporting_up.import_file(
        name, opening.table(read(StatusFileBody).file), by=auth.caller(), now=http.now()
    )
    numbers = [answer.number for _, answer in seen.answers]
    return {
        "rows": len(numbers),
        "taken": counts[reporting_up.TAKEN],
        "same": counts[reporting_up.SAME],
        "first": numbers[0],
        "last": numbers[-1],
        "passed_over": [{"line": each.line, "why": each.why} for each in seen.passed],
        "other_sheets": list(seen.beside),
    }
