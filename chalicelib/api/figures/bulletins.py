"""Weekly bulletins 周报."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.actions.figures import bulletins as actions
from chalicelib.api import auth
from chalicelib.api.auth import LEADERS
from chalicelib.api.routes import responds
from chalicelib.domain.town.vocabulary import Role

if TYPE_CHECKING:
    from chalicelib.actions.figures.schemas import BulletinShown
    from chalicelib.domain.schemas import Page

bulletins = Blueprint(__name__)


@bulletins.route("/desk/bulletins", methods=["GET"])
@responds(200, LEADERS | {Role.STATION_HEAD})
def list_bulletins() -> "Page[BulletinShown]":
    """周报 of one's areas, a year of them: a page to print and a sheet each, links for five minutes."""
    return actions.list_for(auth.caller())
