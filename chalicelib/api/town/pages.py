"""The printed URL, and the console's."""

from chalice import Blueprint, Response

from chalicelib.actions.town import pages as actions
from chalicelib.api.routes import responds
from chalicelib.web.files import WebFile

pages = Blueprint(__name__)
SAFE = {"X-Content-Type-Options": "nosniff"}


@pages.route("/s/{document}", methods=["GET"])
@responds()
def open_document(document: str) -> Response:
    """The page of a code, one of its files, or WeChat's verification file."""
    return _answer(actions.open_document(document))


@pages.route("/console", methods=["GET"])
@responds()
def find_console() -> Response:
    """Its files lie beside its page, so the page has a name of its own."""
    return Response(body="", status_code=302, headers={"Location": "console/index.html"})


@pages.route("/console/{document}", methods=["GET"])
@responds()
def open_console(document: str) -> Response:
    """The desk's page, or one of its files."""
    return _answer(actions.open_console(document))


def _answer(file: WebFile) -> Response:
    headers: dict[str, str | list[str]] = {**SAFE, "Content-Type": file.content_type, **file.headers}
    return Response(body=file.content, headers=headers, status_code=file.status)
