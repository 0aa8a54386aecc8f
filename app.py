"""码上就来: makes the Chalice app and registers what it serves. No logic here."""

from chalice import Chalice

from chalicelib.api import http
from chalicelib.api.classes.classes import classes
from chalicelib.api.classes.similar import similar
from chalicelib.api.feed.feed import feed
from chalicelib.api.feed.observations import observation_routes
from chalicelib.api.feedback_forms import feedback_forms
from chalicelib.api.figures.bulletins import bulletins
from chalicelib.api.figures.figures import figures
from chalicelib.api.figures.trends import trends
from chalicelib.api.jobs import job_routes
from chalicelib.api.knowledge.knowledge import knowledge
from chalicelib.api.notices.callbacks import callbacks
from chalicelib.api.notices.mini_program import mini_program
from chalicelib.api.open311.api_keys import api_keys
from chalicelib.api.open311.requests import open311
from chalicelib.api.openapi.document import openapi
from chalicelib.api.partners.partners import partner_routes
from chalicelib.api.partners.reports_up import reports_up
from chalicelib.api.tickets.board import board
from chalicelib.api.tickets.desk import desk
from chalicelib.api.tickets.residents import residents
from chalicelib.api.tickets.staff import staff
from chalicelib.api.town.admin import admin
from chalicelib.api.town.pages import pages
from chalicelib.api.town.points import points
from chalicelib.api.town.station import station
from chalicelib.api.visits.visits import visit_routes
from chalicelib.api.visits.volunteers import volunteer_routes
from chalicelib.tasks import (
    alarms,
    counting,
    escalation,
    exchanges,
    feed_sending,
    follow_up,
    jobs,
    photos,
    reveal,
    send,
    stream,
    sweep,
)

app = Chalice(app_name="mslj")
app.register_middleware(http.remember_request, "http")
app.api.binary_types.append("multipart/form-data")  # photos in a form of Open311

for_residents = (pages, points, residents, knowledge, mini_program, callbacks, visit_routes, volunteer_routes)
for_staff = (staff, board, similar, feedback_forms, desk, classes, station, job_routes, partner_routes, admin)
for_leaders = (figures, bulletins, trends, feed)
for_programs = (open311, observation_routes, api_keys, reports_up, openapi)
for served in for_residents + for_staff + for_leaders + for_programs:
    app.register_blueprint(served)
for woken in (
    stream,
    send,
    photos,
    reveal,
    escalation,
    follow_up,
    sweep,
    counting,
    alarms,
    jobs,
    exchanges,
    feed_sending,
):
    app.register_blueprint(woken.tasks)
