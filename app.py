"""码上就来: makes the Chalice app and registers what it serves. No logic here."""

import gc

from chalice import Chalice

from chalicelib import logs
from chalicelib.api import http
from chalicelib.api.classes.classes import classes
from chalicelib.api.classes.similar import similar
from chalicelib.api.counter.letters import letter_routes
from chalicelib.api.counter.meetings import meeting_routes
from chalicelib.api.counter.rulings import ruling_routes
from chalicelib.api.counter.slips import slip_routes
from chalicelib.api.feed.feed import feed
from chalicelib.api.feed.observations import observation_routes
from chalicelib.api.figures.bulletins import bulletins
from chalicelib.api.figures.figures import figures
from chalicelib.api.figures.trends import trends
from chalicelib.api.forms import forms
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
from chalicelib.api.tickets.locking import lock_routes
from chalicelib.api.tickets.residents import residents
from chalicelib.api.tickets.staff import staff
from chalicelib.api.town.admin import admin
from chalicelib.api.town.nearby import nearby
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
    invoking,
    jobs,
    photos,
    reveal,
    sealing,
    send,
    stream,
    sweep,
)

logs.install()
app = Chalice(app_name="mslj", configure_logs=False)
app.register_middleware(http.remember_request, "http")
for kind in ("pure_lambda", "scheduled"):
    app.register_middleware(invoking.follow, kind)
app.api.binary_types.append("multipart/form-data")  # photos in a form of Open311

for_residents = (
    pages,
    points,
    nearby,
    residents,
    knowledge,
    mini_program,
    callbacks,
    visit_routes,
    volunteer_routes,
)
for_staff = (
    staff,
    lock_routes,
    board,
    similar,
    forms,
    desk,
    classes,
    station,
    job_routes,
    partner_routes,
    admin,
)
for_counter = (slip_routes, meeting_routes, ruling_routes, letter_routes)
for_leaders = (figures, bulletins, trends, feed)
for_programs = (open311, observation_routes, api_keys, reports_up, openapi)
for served in for_residents + for_staff + for_counter + for_leaders + for_programs:
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
    sealing,
):
    app.register_blueprint(woken.tasks)

gc.freeze()  # what was imported stays: no later look for cycles goes through it
gc.set_threshold(20_000, 10, 10)  # what a request makes is small, and is looked at
