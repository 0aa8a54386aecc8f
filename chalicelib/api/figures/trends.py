"""Trends 趋势与苗头, and what an alert takes."""

from chalice import Blueprint

from chalicelib.actions.figures import trends as watching_trends
from chalicelib.api import auth, http
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import read
from chalicelib.api.routes import responds
from chalicelib.domain.figures.alerts import Thresholds
from chalicelib.store.figures import alerts

trends = Blueprint(__name__)


@trends.route("/desk/trends", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_alerts():
    asked, after = http.parameter("area"), http.parameter("after")
    return watching_trends.list_alerts(asked, after, by=auth.caller(), now=http.now())


@trends.route("/desk/trends/{alert_id}", methods=["GET"])
@responds(200, DESK | LEADERS)
def get_alert(alert_id):
    return watching_trends.get_alert(alert_id, by=auth.caller())


@trends.route("/admin/thresholds", methods=["GET"])
@responds(200, ADMIN)
def get_thresholds():
    return alerts.thresholds().model_dump()


@trends.route("/admin/thresholds", methods=["PUT"])
@responds(200, ADMIN)
def set_thresholds():
    given = read(Thresholds)
    alerts.set_thresholds(given)
    return given.model_dump()
