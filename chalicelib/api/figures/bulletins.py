"""Weekly bulletins 周报."""

from chalice import Blueprint

from chalicelib.actions.figures import bulletins as actions
from chalicelib.api import auth
from chalicelib.api.auth import LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.town.vocabulary import Role

bulletins = Blueprint(__name__)


@bulletins.route("/desk/bulletins", methods=["GET"])
@responds(200, LEADERS | {Role.STATION_HEAD})
def list_bulletins():
    return actions.list_for(auth.caller())
