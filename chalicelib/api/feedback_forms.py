"""反馈表 of a ticket: to print, to fill in, to hand in (docs/forms.md)."""

import base64

from chalice import Blueprint, Response
from pydantic import Base64Bytes

from chalicelib.actions import forms
from chalicelib.api import auth, http
from chalicelib.api.auth import ANYONE, DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.web import form_page

feedback_forms = Blueprint(__name__)


class FormBody(RequestBody):
    file: Base64Bytes  # the XLSX that was filled in


@feedback_forms.route("/staff/tickets/{ticket_id}/form", methods=["GET"])
@responds(200, ANYONE)
def get_form(ticket_id):
    """下载反馈表: the form as XLSX, as base64: API Gateway sends bytes only to who asks for bytes."""
    name, content = forms.sheet(ticket_id, by=auth.caller(), now=http.now())
    return {"name": name, "file": base64.b64encode(content).decode()}


@feedback_forms.route("/staff/tickets/{ticket_id}/form/page", methods=["GET"])
@responds(200, ANYONE)
def print_form(ticket_id):
    """打印反馈表: the form as a page for A4, with the viewer's name over it."""
    page = forms.page(ticket_id, by=auth.caller(), now=http.now())
    return Response(body=page, status_code=200, headers={**form_page.HEADERS})


@feedback_forms.route("/desk/tickets/{ticket_id}/form", methods=["POST"])
@responds(200, DESK | LEADERS)
def hand_in_form(ticket_id):
    """交回反馈表: wholly or not at all; the same form twice changes nothing."""
    handed = forms.hand_in(ticket_id, read(FormBody).file, by=auth.caller(), now=http.now())
    return {
        "id": handed.ticket.id,
        "version": handed.ticket.version,
        "how": handed.how,
        "opinions": handed.opinions,
        "proposed": handed.proposed,
    }
