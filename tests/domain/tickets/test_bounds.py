"""Every list of a ticket filled to its bound and beyond: it fits into an item, and acts go on (rule 94)."""

from datetime import timedelta
from typing import get_origin

import pytest

from chalicelib.domain.acts import following_up, supervising
from chalicelib.domain.errors import TooMuch
from chalicelib.domain.tickets import bounds
from chalicelib.domain.tickets.bounds import ELSEWHERE, IN_FULL, LIVING, MOST_BYTES, OVER, bounded
from chalicelib.domain.tickets.calls import CallAttempt, CallOutcome
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import (
    Asks,
    Assisting,
    Extended,
    ExternalId,
    FollowUp,
    FollowUpResult,
    Joined,
    Paused,
    SupervisionOrder,
    Ticket,
)
from chalicelib.domain.town.vocabulary import Source
from tests.domain.clock_town import a_ticket
from tests.domain.life import NOW, TOWN, person, resolved, taken

LONG = "写" * 2000  # what one field takes


def an_order(n, answered=True):
    done = {"answered_by": "x", "answered_at": NOW, "answer": LONG} if answered else {}
    return SupervisionOrder(id=f"D{n + 1}", by="leader", at=NOW, text=LONG, **done)


MANY = 300
FULL = {
    "attempts": lambda n: CallAttempt(round=1, at=NOW, by="fc", outcome=CallOutcome.NOT_ANSWERED, note=LONG),
    "follow_ups": lambda n: FollowUp(round=2, by="member", how="in_app", at=NOW, result=FollowUpResult.SOLVED, words=LONG),
    "supervision_orders": an_order,
    "pauses": lambda n: Paused(kind="waiting", round=1, unit_id="OFF", since=NOW, until=NOW),
    "extensions": lambda n: Extended(round=1, working_days=1, by="x", at=NOW),
}  # fmt: skip
LIVE = {
    "assisting": lambda n: Assisting(unit_id=f"U{n}", state="finished", note=LONG, by="x"),
    "joined": lambda n: Joined(id=f"{n:026d}", number="MS261120-7K3QX9-4", at=NOW, source=Source.QR, reporter_id="r" * 32, asks=Asks(), part_of="0" * 26, clocks=taken().clocks),
    "merged_from": lambda n: f"{n:026d}",
    "external_ids": lambda n: ExternalId(partner="hotline", number=f"SH{n:020d}", due_at=NOW, sent_at=NOW, digest="d" * 64),
    "photos": lambda n: f"{n:026d}",
    "concerns": lambda n: f"unit-{n}",
}  # fmt: skip


def filled(ticket):
    """Everything at once: what happened far beyond its bound, what lives at it."""
    lists = {name: tuple(make(n) for n in range(MANY)) for name, make in FULL.items()}
    lists |= {name: tuple(LIVE[name](n) for n in range(most)) for name, (most, _) in LIVING.items()}
    watching = tuple(f"staff-{n}" for n in range(60))
    texts = {"text": LONG, "public_text": LONG, "escalated_to": watching, "round": 2}
    return ticket.model_copy(update=lists | texts)


def size(ticket):
    return len(ticket.model_dump_json(exclude_defaults=True).encode())


def test_every_list_of_a_ticket_has_a_bound():
    lists = {name for name, field in Ticket.model_fields.items() if get_origin(field.annotation) is tuple}
    assert lists == OVER.keys() | LIVING.keys() | ELSEWHERE.keys()


def test_a_ticket_filled_to_every_bound_fits_into_an_item_and_acts_go_on():
    full = filled(resolved())
    kept = bounded(full, full)
    assert size(kept) < MOST_BYTES
    for name, bound in OVER.items():
        assert len(getattr(kept, name)) == bound.most
    said = {"solved": False, "satisfied": None, "words": "还是不亮", "town": TOWN, "now": NOW}
    rated, _ = following_up.rate(kept, is_reporter=True, **said)
    assert rated.follow_ups[-1].words == "还是不亮"
    full = filled(taken())
    ordered, _ = supervising.supervise(full, by=person("area"), text="请尽快", town=TOWN, now=NOW)
    assert size(ordered) < MOST_BYTES
    assert ordered.supervision_orders[-1].id == f"D{MANY + 1}"  # no number comes twice
    again, _ = supervising.supervise(ordered, by=person("area"), text="再催", town=TOWN, now=NOW)
    assert again.supervision_orders[-1].id == f"D{MANY + 2}"


@pytest.mark.parametrize("name", FULL)
def test_the_latest_keep_all_their_words_and_the_oldest_give_way(name):
    entries = tuple(FULL[name](n) for n in range(MANY))
    full = a_ticket(round=2, **{name: entries})
    kept = getattr(bounded(full, full), name)
    assert kept[-IN_FULL:] == entries[-IN_FULL:]
    for words in OVER[name].words:
        assert len(getattr(kept[0], words)) == bounds.SHORT + len(bounds.MARK)
    few = a_ticket(round=2, **{name: entries[:IN_FULL]})
    assert bounded(few, few) == few


def test_an_order_without_an_answer_and_a_word_of_this_round_never_give_way():
    orders = tuple(an_order(n, answered=False) for n in range(30))
    said = tuple(
        FollowUp(round=2, by="reporter", how="call", at=NOW, result=FollowUpResult.NOT_SOLVED)
        for _ in range(70)
    )
    full = a_ticket(round=2, supervision_orders=orders, follow_ups=said)
    kept = bounded(full, full)
    assert [order.id for order in kept.supervision_orders] == [order.id for order in orders]
    assert kept.follow_ups == said


@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize(("more", "is_refused"), [(-1, False), (0, False), (1, True)])
def test_what_lives_grows_to_its_bound_and_what_was_over_it_before_is_left_alone(name, more, is_refused):
    most = LIVING[name][0]
    before = a_ticket(**{name: tuple(LIVE[name](n) for n in range(most - 1))})
    after = a_ticket(**{name: tuple(LIVE[name](n) for n in range(most + more))})
    if is_refused:
        with pytest.raises(TooMuch):
            bounded(after, before)
    else:
        assert bounded(after, before) == after
    assert bounded(after, after) == after


def test_clocks_that_begin_again_keep_the_last_that_were_in_time_and_those_that_count_all():
    first = taken().clocks[0]

    def ended(kind, n, late=timedelta()):
        at_ = NOW + timedelta(days=n)
        times = {"due_at": at_ - late, "met_at": at_, "ended_at": None}
        return first.model_copy(update={"kind": kind, "round": n} | times)

    progress = tuple(ended(ClockKind.PROGRESS, n) for n in range(40))
    takes = tuple(ended(ClockKind.TAKE, n) for n in range(40))
    kept = bounded(a_ticket(clocks=progress + takes), None).clocks
    assert kept == progress[-bounds.MOST_CLOCKS :] + takes
    late = tuple(ended(ClockKind.PROGRESS, n, timedelta(seconds=1)) for n in range(61))
    kept = bounded(a_ticket(clocks=late + progress), None).clocks
    assert kept == late[-bounds.MOST_LATE :] + progress[-bounds.MOST_CLOCKS :]


def test_orders_are_numbered_on_also_when_the_first_gave_way():
    assert bounds.next_order(taken()) == 1
    machines = an_order(1).model_copy(update={"id": "resolution-1"})
    orders = (an_order(8), an_order(9), machines)
    assert bounds.next_order(taken().model_copy(update={"supervision_orders": orders})) == 11  # D9, D10
