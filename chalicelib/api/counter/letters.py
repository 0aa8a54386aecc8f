"""受理告知书 and 答复意见书 of a petition, as a draft to be printed."""

from chalice import Blueprint

from chalicelib.actions.counter import letters
from chalicelib.api import auth, http, queries
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.counter.letters import Letter, LetterKind

letter_routes = Blueprint(__name__)


@letter_routes.route("/desk/tickets/{ticket_id}/letter", methods=["GET"])
@responds(200, DESK | LEADERS, asks={"kind": LetterKind})
def show_letter(ticket_id: str) -> Letter:
    """`kind`: received or replied."""
    kind = queries.word("kind", LetterKind) or LetterKind.RECEIVED
    return letters.drafted(ticket_id, kind, by=auth.caller(), now=http.now())
