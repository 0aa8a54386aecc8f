"""The mix of a campaign: mostly plain life when it is large, and nothing that was never tried passes for kept."""

import json
import random
from types import SimpleNamespace

import pytest

from campaign import aims, mix, record
from campaign.__main__ import _faults, in_sum
from campaign.faults import Faults, Rates
from campaign.people import PRESSING, Look, People, all_acts, to_be_called
from chalicelib.domain.tickets.ticket import FollowUp, Pause, Stage
from chalicelib.domain.town.vocabulary import FollowUpHow


@pytest.mark.parametrize(
    ("reports", "share"), [(12, 1.0), (800, 1.0), (1000, 0.8), (2000, 0.4), (20_000, 0.25)]
)
def test_the_larger_a_campaign_the_more_of_it_is_plain_life(reports, share):
    assert mix.eventful(reports) == share


@pytest.mark.parametrize(("reports", "times"), [(999, 0), (1000, 1), (1999, 1), (2000, 3), (20_000, 30)])
def test_every_act_and_fault_is_owed_by_the_size(reports, times):
    assert mix.owed(reports) == times


def told(tmp_path, reports, but=()):
    often = mix.owed(reports)
    folder = tmp_path / str(reports)
    folder.mkdir()
    said = {"reports": reports, "cpu": 1.0}
    said["acted"] = {act: often for act in all_acts() if act not in but}
    said["dealt"] = {fault: often for fault in _faults() if fault not in but}
    (folder / record.SAID).write_text(json.dumps(said))
    return in_sum([folder], 1.0)


def test_a_campaign_in_which_everything_happened_is_whole(tmp_path):
    words, is_whole = told(tmp_path, 1000)
    assert is_whole
    assert "take 1" in words
    assert "kill 1" in words


@pytest.mark.parametrize("missing", ["resident-split", "hold"])
def test_an_act_or_fault_that_never_happened_fails_a_campaign_of_a_thousand(tmp_path, missing):
    words, is_whole = told(tmp_path, 1000, but={missing})
    assert not is_whole
    assert f"{missing} 0" in words
    assert told(tmp_path, 999, but={missing})[1]  # too few to owe any


def test_what_the_plays_deal_out_is_counted_and_ends_with_the_rest():
    faults = Faults(1, Rates(throttle=0.5))
    player = faults.player(lambda: 0.0)
    player.dealt["throttle"] = 3
    faults.dealt["kill"] = 2
    assert faults.all_dealt() == {"throttle": 3, "kill": 2}
    faults.end_all()
    assert player.play.throttle == 0


def offers(*names):
    return [{"name": name, "step": 60 if name in PRESSING else 0} for name in names]


@pytest.mark.parametrize(("is_held", "chosen"), [(True, "resume"), (False, None)])
def test_whoever_finds_a_ticket_put_off_goes_on_with_it_and_nobody_presses_for_ever(is_held, chosen):
    people = People(SimpleNamespace(chance=None), [])
    ticket = SimpleNamespace(pause=Pause.model_construct() if is_held else None)
    look = Look(ticket, None, is_plain=False, is_calm=True, wanted=[], whole=ticket)
    offered = offers("supervise", "remind", *(["resume"] if is_held else []))
    choice = people._choose(offered, look)
    assert (choice and choice["name"]) == chosen


def called(of):
    return FollowUp.model_construct(round=1, how=FollowUpHow.CALL, of=of)


@pytest.mark.parametrize(
    ("calls", "whom"), [([], ["", "B"]), ([called("")], ["B"]), ([called(""), called("B")], [])]
)
def test_in_the_calm_everybody_is_called_once_a_round_and_nobody_again(calls, whom):
    people = People(SimpleNamespace(chance=None), [])
    ticket = SimpleNamespace(pause=None, round=1, follow_ups=calls, joined=(SimpleNamespace(id="B"),))
    assert to_be_called(ticket) == whom
    look = Look(ticket, None, is_plain=False, is_calm=True, wanted=[], whole=ticket)
    offered = [{"name": "follow-up", "step": 70, "sent": {}, "fields": []}]
    choice = people._choose(offered, look)
    assert (choice is not None) == bool(whom)
    if choice:
        assert people._filled(choice, look, None, "")["of"] == whom[0]


def test_whoever_reported_what_was_merged_comes_back_to_their_own_page_while_the_whole_goes_on(monkeypatch):
    people, came = People(SimpleNamespace(chance=random.Random(1), later=lambda *_: None), []), []
    standing = {
        "own": SimpleNamespace(id="own", stage=Stage.MERGED, merged_into="whole", parts=()),
        "whole": SimpleNamespace(
            id="whole", stage=Stage.RESOLVED, merged_into=None, parts=(), on_call_list=False
        ),
    }
    monkeypatch.setattr(people, "_ticket", lambda ticket_id: (standing[ticket_id], None))
    monkeypatch.setattr(
        people, "_resident_acts", lambda look, owner: came.append((look.ticket.id, owner)) or True
    )
    people.owners["own"], people.is_fair = "walker", True
    people.look("own")
    assert came == [("own", "walker")]  # they are asked whether it is solved
    standing["whole"].stage = Stage.CLOSED
    people.look("own")
    assert len(came) == 1


def test_the_other_matters_of_a_divided_report_go_on_too_each_begun_once():
    begun = []
    people = People(SimpleNamespace(chance=None), [])
    people.begin, people.owners = begun.append, {"WHOLE": "anna"}
    whole = SimpleNamespace(id="WHOLE", parts=(SimpleNamespace(id="PART"),))
    people._begin_parts(whole)
    people._begin_parts(whole)
    assert begun == ["PART"]
    assert people.owners["PART"] == "anna"


def test_every_aim_and_what_leads_to_it_is_an_act_that_there_is():
    named = {
        *aims.LEADS_TO,
        *aims.SAID_WITH,
        *aims.UNLOOKED,
        *(act for acts in aims.LEADS_TO.values() for act in acts),
    }
    assert named <= all_acts()


def test_a_life_is_led_to_what_was_done_least_then_to_the_next():
    acted = {"take": 3, "exempt": 1, "close": 0, "confront": 0}
    led = aims.Aims(set(acted), acted, random.Random(1))
    led.begin("A", "close")
    assert led.draw() == "confront"  # to `close` one is led already
    assert led.wanted("A") == ["close", "exempt"]
    for _ in range(aims.MOST):
        led.done("A", "exempt")
    assert led.wanted("A") == ["close"]
    acted["close"] += 1
    led.done("A", "close")
    assert led.wanted("A") == ["confront"]
    led.give_up("A")
    assert led.wanted("A") == led.wanted("B") == []
