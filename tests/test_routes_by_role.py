"""Every route as every role: who comes in is what docs/access.md §3 says, and nobody else."""

import json

import pytest

from app import app
from chalicelib.api.tickets.acts import BULK_ACTS, DESK_ACTS, STAFF_ACTS
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.town import directory
from tests.access_table import ROLES, rows
from tests.service import one_service

NOBODY = "01JD0000000000000000000000"  # no such ticket, photo, outage
ACTS = {
    "/staff/tickets/{ticket_id}/{act}": STAFF_ACTS,
    "/desk/tickets/{ticket_id}/{act}": DESK_ACTS,
    "/desk/bulk/{act}": BULK_ACTS,
}
QUEUES = ("mine", "unit", "escalated", "verify", "desk", "calls")
GIVEN = {"merge": {"into": NOBODY}, "comment": {"text": "已看到"}}
IN_PATHS = {
    "ticket_id": NOBODY,
    "job_id": NOBODY,
    "name": "nobody",
    "exchange_id": "0.0",
    "photo_id": NOBODY,
    "document": "page.css",
    "code": "ABCDEFG",
    "letter_id": "x",
    "place": "HJ",
    "outage_id": NOBODY,
    "undertaking_id": "H1-1",
    "statement_id": "nobody",
    "draft_id": "nobody",
    "answer_id": NOBODY,
    "swap_id": NOBODY,
    "class_id": NOBODY,
    "alert_id": "x",
    "walk_id": NOBODY.lower(),
    "volunteer_id": f"volunteer.{NOBODY}",
    "plan": "PATROL-G",
    "computer_id": NOBODY,
    "measure_id": NOBODY,
    "shop": "NOSHOP",
}


service = one_service


@pytest.fixture(scope="module")
def people(service):
    """Someone of every role and of no other, in the town's first office."""
    town = directory.town()
    some = {
        head: Staff(code=f"only-{head}", name=head, unit=town.units[0].code, roles=(role,), places=())
        for head, role in ROLES.items()
    }
    parts = {name: getattr(town, name) for name in type(town).model_fields}
    peopled = type(town)(**(parts | {"staff": (*town.staff, *some.values())}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(directory, "town", lambda: peopled)
        yield {head: person.code for head, person in some.items()}


def token(service, people, column):
    """A fresh one for each request: some routes end the session."""
    if column == "anyone":
        return ""
    kind = Kind.RESIDENT if column == "resident" else Kind.STAFF
    subject = people.get(column, "someone-who-left" if column == "left" else "resident-1")
    locks_at = service.now if kind is Kind.STAFF else None  # as a console's, which alone can be locked
    return sessions.start(
        kind, subject, channel="browser", now=service.now, seat=locks_at and sessions.Seat(locks_at)
    )


def body(row):
    if row.path.startswith("/desk/bulk/"):
        return {"ticket_ids": [NOBODY], "given": GIVEN.get(row.path.rpartition("/")[2], {})}
    if row.case:
        return {"source": row.case, "text": "通道堆了纸板"}
    return {}


def ask(service, row, as_token):
    path = row.path.format_map(IN_PATHS)
    headers = {"Content-Type": "application/json"} | (
        {"Authorization": f"Bearer {as_token}"} if as_token else {}
    )
    sent = json.dumps(body(row)).encode() if row.method in ("POST", "PUT") else b""
    return service.client.http.request(row.method, path, headers=headers, body=sent).status_code


def test_every_route_and_every_act_has_one_row():
    served = {(method, path) for path, methods in app.routes.items() for method in methods}
    wanted = {
        f"{method} {path}" for method, path in served if path not in ACTS and path != "/staff/queues/{queue}"
    }
    wanted |= {f"POST {path.replace('{act}', act)}" for path, acts in ACTS.items() for act in acts}
    wanted |= {f"GET /staff/queues/{queue}" for queue in QUEUES}
    listed = [f"{row.method} {row.path}" for row in rows()]
    assert set(listed) == wanted
    assert len(listed) == len(wanted) + 1  # what staff enter is two rows


def test_every_role_has_a_column():
    assert set(ROLES.values()) == set(type(next(iter(ROLES.values()))))
    assert list(rows()[0].marks) == ["anyone", "resident", *ROLES]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method} {row.path} {row.case}".strip())
def test_who_comes_in_is_what_the_table_says(service, people, row):
    answers = {column: ask(service, row, token(service, people, column)) for column in row.marks}
    assert 500 not in answers.values()
    came_in = {column: status not in (401, 403) for column, status in answers.items()}
    assert came_in == row.marks, answers
    if not row.marks["anyone"] and not row.path.startswith(("/callbacks/", "/partners/")):
        assert answers["anyone"] == 401
        refused = {column for column, inside in came_in.items() if not inside and column != "anyone"}
        assert {answers[column] for column in refused} <= {403}


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if not row.marks["anyone"]],
    ids=lambda row: f"{row.method} {row.path} {row.case}",
)
def test_someone_who_left_comes_in_nowhere(service, people, row):
    """The session may remain for a moment; the person is looked up at every request."""
    status = ask(service, row, token(service, people, "left"))
    assert status in (401, 403)
