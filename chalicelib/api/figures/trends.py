"""Trends 趋势与苗头, and what an alert takes."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.actions.figures import trends as actions
from chalicelib.api import auth, http
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import read
from chalicelib.api.routes import responds
from chalicelib.domain.figures.alerts import Thresholds
from chalicelib.store.figures import alerts

if TYPE_CHECKING:
    from chalicelib.actions.figures.schemas import Alerts, AlertWithTickets

trends = Blueprint(__name__)


@trends.route("/desk/trends", methods=["GET"])
@responds(200, DESK | LEADERS, asks=("area", "after"))
def list_alerts() -> "Alerts":
    """Trends and first signs: of one area by pages, without `area` of the last month in all of one's own."""
    asked, after = http.parameter("area"), http.cursor()
    return actions.list_alerts(asked, after, by=auth.caller(), now=http.now())


@trends.route("/desk/trends/{alert_id}", methods=["GET"])
@responds(200, DESK | LEADERS)
def get_alert(alert_id: str) -> "AlertWithTickets":
    """One with the tickets behind it."""
    return actions.get_alert(alert_id, by=auth.caller())


@trends.route("/admin/thresholds", methods=["GET"])
@responds(200, ADMIN)
def get_thresholds() -> Thresholds:
    """What an alert takes."""
    return alerts.thresholds()


@trends.route("/admin/thresholds", methods=["PUT"])
@responds(200, ADMIN, reads=Thresholds)
def set_thresholds() -> Thresholds:
    """What an alert takes from now on."""
    given = read(Thresholds)
    alerts.set_thresholds(given)
    return given
