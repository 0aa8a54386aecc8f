"""`make what-if` reads what really lies in the tables: the tickets of the days asked for, each with its lines in order."""

from datetime import timedelta

from chalicelib import clock
from chalicelib.domain.figures.facts import day_of
from chalicelib.store.town import directory
from infra.what_if.__main__ import lives
from infra.what_if.comparing import compared
from tests.api.tickets.test_screens import desk_of
from tests.service import one_service

service = one_service


def test_a_day_comes_out_of_the_tables_as_it_was_lived(service, deployment):
    answer = service.report("小区门口乱糟糟，请来看看")
    ticket_id = answer.body["id"]
    given = service.desk_act(ticket_id, "classify", desk_of(service, ticket_id), category="A01")
    assert given.status == 200, given.raw
    today = day_of(clock.now())
    found = list(lives(deployment, today, today))
    assert [line.kind for life in found for line in life.lines if life.ticket.id == ticket_id][:1] == [
        "received"
    ]
    assert not list(lives(deployment, today - timedelta(days=9), today - timedelta(days=1)))
    town = directory.town()
    same = compared(found, was=town, other=town, now=clock.now())
    assert (same.tickets, same.unlike) == (len(found), {})
    assert same.was == same.would_be
