"""受理告知书 and 答复意见书 of a petition, as a draft to be printed."""

from chalice import Blueprint

from chalicelib.actions.counter import letters
from chalicelib.api import auth, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.counter.letters import Letter, LetterKind
from chalicelib.domain.errors import Invalid

letter_routes = Blueprint(__name__)


@letter_routes.route("/desk/tickets/{ticket_id}/letter", methods=["GET"])
@responds(200, DESK | LEADERS, asks=("kind",))
def show_letter(ticket_id: str) -> Letter:
    """`kind`: received or replied."""
    try:
        kind = LetterKind(http.parameter("kind") or LetterKind.RECEIVED)
    except ValueError as unknown:
        raise Invalid("kind 可以是 received 或 replied", fields=["kind"]) from unknown
    return letters.drafted(ticket_id, kind, by=auth.caller(), now=http.now())
