"""反馈表 of a ticket: to print, to fill in, to hand in (docs/forms.md)."""

import base64
from typing import TYPE_CHECKING

from chalice import Blueprint, Response
from pydantic import Base64Bytes

from chalicelib.actions import forms as actions
from chalicelib.api import auth, http
from chalicelib.api.auth import ANYONE, DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.web import form_page

if TYPE_CHECKING:
    from chalicelib.api.schemas import FormTaken
    from chalicelib.domain.schemas import NamedFile

forms = Blueprint(__name__)


class FormBody(RequestBody):
    file: Base64Bytes  # the XLSX or DOCX that was filled in


@forms.route("/staff/tickets/{ticket_id}/form", methods=["GET"])
@responds(200, ANYONE)
def get_form(ticket_id: str) -> "NamedFile":
    """下载反馈表: the form as XLSX, as base64: API Gateway sends bytes only to who asks for bytes."""
    name, content = actions.sheet(ticket_id, by=auth.caller(), now=http.now())
    return {"name": name, "file": base64.b64encode(content).decode()}


@forms.route("/staff/tickets/{ticket_id}/form/document", methods=["GET"])
@responds(200, ANYONE)
def get_form_document(ticket_id: str) -> "NamedFile":
    """下载反馈表（Word）: the same form as DOCX, as base64."""
    name, content = actions.document(ticket_id, by=auth.caller(), now=http.now())
    return {"name": name, "file": base64.b64encode(content).decode()}


@forms.route("/staff/tickets/{ticket_id}/form/page", methods=["GET"])
@responds(200, ANYONE)
def print_form(ticket_id: str) -> Response:
    """打印反馈表: the form as a page for A4, with the viewer's name over it."""
    page = actions.page(ticket_id, by=auth.caller(), now=http.now())
    return Response(body=page, status_code=200, headers={**form_page.HEADERS})


@forms.route("/desk/tickets/{ticket_id}/form", methods=["POST"])
@responds(200, DESK | LEADERS, reads=FormBody)
def hand_in_form(ticket_id: str) -> "FormTaken":
    """交回反馈表: wholly or not at all; the same form twice changes nothing."""
    handed = actions.hand_in(ticket_id, read(FormBody).file, by=auth.caller(), now=http.now())
    return {
        "id": handed.ticket.id,
        "version": handed.ticket.version,
        "how": handed.how,
        "opinions": handed.opinions,
        "proposed": handed.proposed,
    }
