"""The printed URL."""

from chalice import Blueprint, Response

from chalicelib.actions import pages as actions
from chalicelib.api.http import answers

pages = Blueprint(__name__)
SAFE = {"X-Content-Type-Options": "nosniff"}


@pages.route("/s/{document}", methods=["GET"])
@answers()
def open_document(document):
    """The page of a code, one of its files, or WeChat's verification file."""
    file = actions.open_document(document)
    return Response(body=file.content, headers=SAFE | {"Content-Type": file.content_type} | file.headers)
