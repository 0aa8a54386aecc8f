"""Rule 80: whatever anybody writes is read, in every channel; a channel that is not in this table is found missing."""

import ast
from itertools import count
from pathlib import Path

import pytest

from chalicelib.actions.tickets import acting, listening, own_tickets
from chalicelib.api import bodies
from chalicelib.api.tickets.acts import DESK_ACTS, do
from chalicelib.domain.acts.words import Written
from chalicelib.domain.offers.possible import SAID_BY_A_TAP
from chalicelib.domain.tickets.readings import NOBODY
from chalicelib.domain.tickets.ticket import Stage, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory
from tests.actions.tickets.test_reporting import MONDAY, enter, report, resident
from tests.service import one_service

service = one_service
DANGER = "电梯里关了个孩子出不来"
MISCONDUCT = "物业经理骂我老不死的，还威胁我"
BOTH = "电梯里关了个孩子出不来，物业经理骂我老不死的"
_PEOPLE = count()
ROOT = Path(__file__).resolve().parents[3] / "chalicelib"


def someone():
    """A resident whom no limit knows yet."""
    return resident(f"r-{next(_PEOPLE)}")


def a_ticket(stage=Stage.RECEIVED):
    ticket = report(by=someone(), text="小区门口乱糟糟的没人管")
    if stage is not ticket.stage:
        ticket = tickets.change(
            ticket.id, lambda t: (t.model_copy(update={"stage": stage, "lead_unit_id": "OF-PA"}), an_event())
        )
    return ticket


def an_event():
    from chalicelib.domain.tickets.ticket import Event

    return Event(kind="progress", at=MONDAY, by="machine")


def by_report(text):
    return report(by=someone(), text=text)


def by_call(text):
    return enter(text=text)


def by_finding(text):
    return enter(Source.PATROL, text=text)


def by_comment(text):
    ticket = a_ticket()
    acting.comment_by_resident(
        ticket.id, by=ticket.reporter_id, text=text, given_photos=(), replay=None, now=MONDAY
    )
    return ticket


def by_staff_comment(text):
    ticket = a_ticket()
    clerk = directory.town().staff_member("gglw-fc1")
    acting.comment(ticket.id, Written(text), by=clerk, replay=None, now=MONDAY)
    return ticket


def by_rating(text):
    ticket = a_ticket(Stage.RESOLVED)
    own_tickets.rate(
        ticket.id, by=ticket.reporter_id, solved=False, satisfied=False, words=text, replay=None, now=MONDAY
    )
    return ticket


def by_reopening(text):
    ticket = a_ticket(Stage.CLOSED)
    own_tickets.reopen(ticket.id, by=ticket.reporter_id, reason=text, replay=None, now=MONDAY)
    return ticket


def by_withdrawing(text):
    ticket = a_ticket()
    own_tickets.withdraw(ticket.id, by=ticket.reporter_id, reason=text, replay=None, now=MONDAY)
    return ticket


def by_follow_up_call(text):
    ticket = a_ticket(Stage.RESOLVED)
    body = bodies.FollowUpBody(outcome="answered", solved=False, words=text)
    clerk = directory.town().staff_member("gglw-fc1")
    do(DESK_ACTS["follow-up"], ticket.id, body, clerk, None)
    return ticket


CHANNELS = [
    by_report, by_call, by_finding, by_comment, by_staff_comment, by_rating, by_reopening, by_withdrawing, by_follow_up_call,
]  # fmt: skip


SAID = {"danger": DANGER, "misconduct": MISCONDUCT, "both": BOTH}


@pytest.mark.parametrize("said", sorted(SAID))
@pytest.mark.parametrize("channel", CHANNELS)
def test_danger_and_misconduct_are_heard_in_every_channel(service, channel, said):
    ticket = tickets.get(channel(SAID[said]).id)
    lines = [event for _, event in tickets.list_events(ticket.id)]
    readings = [event.reading for event in lines if event.reading]
    assert directory.town().version in {reading.lexicon for reading in readings}
    if said == "misconduct":
        assert ticket.danger is None
    else:
        assert ticket.danger.level is Danger.SURE
        assert any(reading.danger is Danger.SURE for reading in readings)
        assert any(notice.urgent for event in lines for notice in event.notices)
    if said == "danger":
        assert "PM-SHJY" not in ticket.concerns
    else:
        assert ticket.confidential
        assert "PM-SHJY" in ticket.concerns


INSULT = "物业经理骂我老不死的，还威胁我"


def test_a_comment_takes_the_ticket_out_of_the_hands_of_whom_it_names(service):
    ticket = report(by=resident("r9"), text="楼道灯不亮，麻烦换一只")
    assert (ticket.stage, ticket.lead_unit_id) == (Stage.DISPATCHED, "PM-SHJY")
    acting.comment_by_resident(ticket.id, by="r9", text=INSULT, given_photos=(), replay=None, now=MONDAY)
    after = tickets.get(ticket.id)
    assert (after.stage, after.lead_unit_id, after.handler_id) == (Stage.RECEIVED, None, None)
    told = [n for _, event in tickets.list_events(ticket.id) for n in event.notices if "pm-shjy" in n.to]
    assert {n.template for n in told} == {"assigned", "recalled"}
    assert INSULT not in str(told)


READ = {
    "actions/tickets/reporting.py": {"make_ticket"},
    "actions/tickets/acting.py": {"act", "comment", "comment_by_resident"},
    "actions/tickets/own_tickets.py": {"_hear"},
    "actions/partners/orders.py": {"_updated"},
    "actions/open311/updates.py": {"_answered"},
    "actions/tickets/confronting.py": {"state"},
}


def test_every_place_that_cleans_a_text_also_reads_it():
    """`scrub` is where words come in: a file that calls it and is not named here is a channel nobody listens to."""
    quiet = {
        "actions/tickets/listening.py",  # the reader itself
        "actions/visits/visiting.py",  # hands its words to make_ticket
        "actions/open311/requests.py",  # likewise; it cleans typed addresses
        "actions/partners/reporting_up.py",  # the words of a platform above the town
        "actions/forms.py",  # a unit's words on paper, read by the clerk who keys them in
        "actions/classes/classes.py",  # staff's words on a class
        "actions/classes/announcing.py",
        "actions/identity/revealing.py",  # why staff look somebody up
        "actions/identity/signing_in.py",  # why a sign-in could not wait for a second person
        "actions/identity/erasing.py",  # a question as it was cleaned, found again to be removed
        "actions/identity/confirming.py",  # why a change could not wait for one
        "actions/town/duty.py",  # why a shift is swapped
        "actions/counter/meetings.py",  # what departments undertake among themselves
        "actions/counter/rulings.py",  # on which ground a leader rules whose duty it is
        "actions/knowledge/keeping.py",  # a question that no entry answered, as its keeper words it
        "actions/knowledge/asking.py",  # a question before sending; what is sent is read as a report
        "actions/visits/volunteering.py",  # why somebody is not taken as a volunteer
        "actions/tickets/dividing.py",  # the words of a report that was read; each matter is read again by `dividing.divide`
    }
    found = set()
    for file in (ROOT / "actions").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        called = {
            n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        if "scrub" in called:
            found.add(file.relative_to(ROOT).as_posix())
    assert found - quiet - set(READ) == set()


@pytest.mark.parametrize("file", READ)
def test_each_channel_goes_through_the_one_reader(file):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "listening." in ast.unparse(node)
    }
    assert READ[file] <= functions


def test_what_was_made_of_sensors_values_complains_of_nobody_and_may_be_a_danger(service):
    """Instants and counts, as misconduct in records is told by; nobody wrote them."""
    said = listening.read(BOTH, Where(name=""), directory.town(), is_measured=True)
    assert said.concerned == NOBODY
    assert said.danger is not Danger.NONE
    assert listening.read(BOTH, Where(name=""), directory.town()).concerned != NOBODY


@pytest.mark.parametrize("words", sorted(SAID_BY_A_TAP))
def test_the_services_own_words_which_a_tap_sends_ring_nobody(service, words):
    said = listening.read(words, Where(name=""), directory.town())
    assert (said.danger, said.doubt) == (Danger.NONE, False)
