"""The checker: it shares no code with the product, and its hand-written table agrees with the product's."""

import ast
from collections import defaultdict

import pytest

from campaign import checker
from campaign.checker import claims, outward
from campaign.checker.evidence import Evidence, Ticket
from campaign.checker.owed import OWED, PARTNER_ACTS, PUSHED
from chalicelib.domain.parties.parties import Party
from chalicelib.domain.parties.told_cells import NotTold, Told
from chalicelib.domain.parties.told_table import TABLE
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Level
from chalicelib.domain.town.partner import read_partner
from infra.local.place import ROOT

FOLDER = ROOT / "campaign" / "checker"
PARTIES = {"reporter": Party.REPORTER, "handler": Party.HANDLER, "desk": Party.DESK}


def test_the_checker_imports_nothing_of_the_product():
    assert checker.__file__.startswith(str(FOLDER))
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                is_own = name.startswith("campaign.checker")
                assert is_own or name.partition(".")[0] not in (
                    "chalicelib",
                    "campaign",
                    "infra",
                    "benchmarks",
                    "app",
                ), f"{file.name} imports {name}"


def test_the_hand_written_table_names_kinds_that_exist():
    assert set(OWED) | set(PUSHED) <= {kind.value for kind in EventKind}


def test_whom_the_hand_written_table_owes_the_products_own_table_tells():
    for kind, owed in OWED.items():
        row = TABLE.get(kind, {})
        for party in owed:
            assert not isinstance(row.get(PARTIES[party], NotTold("no row")), NotTold), (
                f"{kind} tells no {party}"
            )


def test_what_the_hand_written_table_pushes_the_products_own_table_pushes():
    for kind, templates in PUSHED.items():
        rows = [row for name, row in TABLE.items() if name.partition("/")[0] == kind]
        cells = {
            (cell.template, cell.level)
            for row in rows
            for party, cell in row.items()
            if isinstance(cell, Told) and party is not Party.MEMBERS
        }
        for template in templates:
            levels = {level for name, level in cells if name == template}
            assert levels, f"no row of {kind} says {template}"
            assert levels <= {Level.PUSH, Level.RING}, f"{kind} says {template} at {levels}"


def test_what_goes_back_to_the_hotline_is_what_its_file_agreed_on():
    hotline = read_partner("hotline", (ROOT / "town" / "partners" / "hotline.csv").read_bytes())
    assert hotline.acts == PARTNER_ACTS


def seen(lines, **more):
    """A campaign of one ticket T, which stands at its last line."""
    ticket = Ticket(state={"version": len(lines), "stage": "handling"}, lines=list(enumerate(lines, 1)))
    nothing = {name: type_() for name, type_ in (
        ("said", dict), ("requests", list), ("arrived", list), ("planted", list), ("people", dict), ("told", dict),
        ("outward", list), ("raw", dict), ("work", list), ("photos", list), ("files", list), ("phones", list),
    )}  # fmt: skip
    return Evidence(**nothing | {"tickets": {"T": ticket}} | more)


def line(kind, by="reporter"):
    return {"kind": kind, "by": by}


@pytest.mark.parametrize(
    ("kinds", "is_right"),
    [
        (["commented"], True),
        (["commented", "resumed"], True),  # what was waited for came with the words
        (["commented", "words_read", "question_arrived"], True),
        (["divided_off", "commented"], True),  # what a division made begins with a line of whoever divided
        ([], False),
        (["commented", "commented"], False),
    ],
)
def test_one_answered_act_is_one_line_beside_those_that_come_by_themselves(kinds, is_right):
    asked = {"who": "resident-1", "method": "POST", "path": "/api/tickets/T/comments", "status": 201}
    evidence = seen([line(kind) for kind in kinds], requests=[asked])
    assert (list(claims.every_act_happened_as_it_was_answered(evidence)) == []) is is_right


@pytest.mark.parametrize(
    ("status", "where", "is_right"),
    [
        (200, ["WHOLE"], True),
        (200, ["T"], True),
        (200, [], False),
        (200, ["T", "WHOLE"], False),
        (200, ["OTHER"], False),
        (0, ["WHOLE"], True),  # lost: it may have been done, and need not
        (0, [], True),
        (409, ["WHOLE"], False),
    ],
)
def test_what_is_said_on_the_page_of_what_was_merged_is_one_line_there_or_of_what_it_is_in(
    status, where, is_right
):
    asked = {"who": "resident-1", "method": "POST", "path": "/api/tickets/T/rating", "status": status}
    said = {"T": [line("merged", by="anna") | {"details": {"into": "WHOLE"}}], "WHOLE": [], "OTHER": []}
    for each in where:
        said[each].append(line("closed"))
    evidence = seen([], requests=[asked])
    evidence.tickets.clear()
    for name, lines in said.items():
        state = {"version": len(lines), "stage": "closed"}
        evidence.tickets[name] = Ticket(state=state, lines=list(enumerate(lines, 1)))
    assert (list(claims.every_act_happened_as_it_was_answered(evidence)) == []) is is_right


@pytest.mark.parametrize(
    ("before", "is_right"), [([], False), (["closed"], True), (["kept_apart"], True), (["commented"], False)]
)
def test_whoever_has_it_hears_what_became_of_the_words_while_it_goes_on(before, is_right):
    given = line("sent_without_words", by="machine") | {"details": {"unit": "U", "handler": "carl"}}
    looked = line("words_released", by="anna") | {"notices": [{"to": "reporter", "template": "x"}]}
    evidence = seen([given, *(line(kind) for kind in before), looked])
    evidence.tickets["T"].state["station_id"] = "S"
    found = [each for each in claims.who_must_hear_was_told(evidence) if "words_released" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(
    ("details", "is_right"), [({}, True), ({"details": {"learned": "by_person", "fields": "phone"}}, False)]
)
def test_a_contact_that_was_corrected_on_the_whole_is_no_act_on_its_matters(details, is_right):
    asked = {"method": "POST", "who": "anna", "status": 200, "path": "/desk/tickets/T/comment"}
    lines = [line("contact_corrected", by="anna") | details, line("commented", by="anna")]
    found = claims.every_act_happened_as_it_was_answered(seen(lines, requests=[asked]))
    assert (list(found) == []) is is_right


@pytest.mark.parametrize(("template", "is_right"), [("recalled", True), ("commented", False)])
def test_a_unit_that_lost_it_by_a_change_of_place_hears_nothing_of_the_words(template, is_right):
    given = line("sent_without_words", by="machine") | {"details": {"unit": "U", "handler": "carl"}}
    moved = line("relocated", by="anna") | {"notices": [{"to": "staff:carl", "template": template}]}
    looked = line("words_kept", by="anna") | {"notices": [{"to": "reporter", "template": "x"}]}
    evidence = seen([given, moved, looked])
    evidence.tickets["T"].state["station_id"] = "S"
    found = [each for each in claims.who_must_hear_was_told(evidence) if "words_kept" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(
    ("before", "is_right"),
    [([], False), (["identity_removed"], True), (["identity_removed", "order_updated"], False)],
)
def test_who_is_forgotten_hears_nothing_until_a_partner_names_them_anew(before, is_right):
    reopened = line("reopened", by="anna") | {"notices": [{"to": "members", "template": "reopened"}]}
    evidence = seen([*(line(kind) for kind in before), reopened, line("order_updated", by="machine")])
    evidence.tickets["T"].state |= {"reporter_id": "r", "station_id": "S"}
    found = [each for each in claims.who_must_hear_was_told(evidence) if "reopened" in each]
    assert (found == []) is is_right


def test_whose_desk_it_is_after_a_change_of_place_is_as_that_line_says():
    moved = line("relocated", by="anna") | {"details": {"station": "S2"}}
    told = [{"to": to, "template": "x"} for to in ("reporter", "staff:bert", "staff:carl")]
    went = line("sent_without_words", by="machine")
    went |= {"details": {"unit": "U", "handler": "carl"}, "notices": told}
    shown = {
        "path": "/",
        "method": "GET",
        "status": 200,
        "answer": {"id": "T", "version": 1, "station_id": "S1"},
    }
    people = {"bert": {"unit": "S2", "roles": []}, "carl": {"unit": "U", "roles": []}}
    evidence = seen([line("received"), moved, went], people=people, requests=[shown])
    evidence.tickets["T"].state |= {"id": "T", "station_id": "S1"}
    assert [each for each in claims.who_must_hear_was_told(evidence) if "sent_without" in each] == []


@pytest.mark.parametrize(
    ("before", "is_right"),
    [
        ([], True),
        (["dispatched"], False),
        (["dispatched", "returned"], True),
        (["dispatched", "kept_apart"], True),
        (["dispatched", "relocated"], False),  # to a place that the same unit serves
    ],
)
def test_whoever_takes_up_again_what_no_unit_has_knows_it(before, is_right):
    told = [{"to": "reporter", "template": "reopened"}]
    lines = [line(kind, by="anna") for kind in before] + [line("reworked", by="anna") | {"notices": told}]
    people = {"anna": {"unit": "S", "roles": ["first_contact"]}}
    evidence = seen(lines, people=people)
    evidence.tickets["T"].state["station_id"] = "S"
    found = [each for each in claims.who_must_hear_was_told(evidence) if "reworked" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(("told", "is_right"), [("carl", True), ("anna", False)])
def test_what_is_done_anew_is_told_to_the_unit_that_it_was_given_to_as_it_was_received(told, is_right):
    notices = [{"to": each, "template": "reworked"} for each in ("reporter", f"staff:{told}")]
    received = line("received", by="machine") | {"details": {"unit": "U", "handler": "carl"}}
    people = {"anna": {"unit": "S", "roles": ["first_contact"]}, "carl": {"unit": "U", "roles": []}}
    evidence = seen([received, line("reworked", by="anna") | {"notices": notices}], people=people)
    evidence.tickets["T"].state["station_id"] = "S"
    found = [each for each in claims.who_must_hear_was_told(evidence) if "reworked" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(("unit", "is_right"), [("S", True), ("U", False)])
def test_whoever_gives_it_to_the_own_unit_and_nobody_by_name_knows_it(unit, is_right):
    given = line("dispatched", by="anna") | {"details": {"unit": unit, "handler": ""}}
    evidence = seen(
        [given | {"notices": [{"to": "reporter", "template": "dispatched"}]}],
        people={"anna": {"unit": "S", "roles": ["station_head"]}},
    )
    assert (list(claims.who_must_hear_was_told(evidence)) == []) is is_right


@pytest.mark.parametrize(("template", "is_right"), [("danger_place", True), ("assigned", False)])
def test_who_may_not_open_a_ticket_gets_a_message_that_names_none(template, is_right):
    sent = {"recipient": "staff:anna", "way": "wecom", "template": template, "ticket_id": "T"}
    evidence = seen(
        [],
        people={"anna": {"unit": "S", "roles": [], "wecom": "anna"}},
        arrived=[
            {"kind": "message", "platform": "wecom", "to": "anna", "body": {"text": {"content": "触电"}}}
        ],
        outward=[{"document": sent, "state": "delivered", "attempts": 1}],
    )
    assert (list(outward.phones_got_what_was_sent(evidence)) == []) is is_right


@pytest.mark.parametrize("kinds", [["commented", "words_held"], ["words_held", "commented"]])
def test_that_words_wait_for_the_desk_is_no_act_of_whoever_said_them(kinds):
    asked = {"who": "resident-1", "method": "POST", "path": "/api/tickets/T/comments", "status": 201}
    assert (
        list(claims.every_act_happened_as_it_was_answered(seen([line(k) for k in kinds], requests=[asked])))
        == []
    )


@pytest.mark.parametrize(("kinds", "is_kept"), [([], False), (["returned"], True)])
def test_who_gave_back_what_nobody_had_looked_at_is_kept_from_it(kinds, is_kept):
    went = line("sent_without_words", by="machine") | {
        "details": {"unit": "PM"},
        "at": "2026-11-23T10:05:00Z",
    }
    ticket = seen([went, *(line(kind, by="anna") for kind in kinds)]).tickets["T"]
    assert outward.keeps_away(ticket, {"code": "anna", "unit": "PM", "roles": []}, went) is is_kept


@pytest.mark.parametrize(
    ("grievance", "party", "told_at", "is_kept"),
    [
        ("possible", "S", "10:00", True),
        ("possible", "S", "10:05", False),
        ("service", "S", "10:00", False),
        ("service", "clerk", "10:00", True),
    ],
)
def test_whom_words_may_be_about_may_miss_what_was_told_before_anybody_had_it(
    grievance, party, told_at, is_kept
):
    """A message that is written late finds them kept away, until somebody gave the ticket to a unit; the station looks at its service."""
    read = {"reading": {"concerned": {"grievance": grievance, "parties": [party]}}}
    lines = [
        line("received") | read | {"at": "2026-11-23T10:00:00Z"},
        line("dispatched", by="leader") | {"details": {"unit": "PM"}, "at": "2026-11-23T10:05:00Z"},
    ]
    person = {"code": "clerk", "unit": "S", "roles": ["first_contact"]}
    told = {"at": f"2026-11-23T{told_at}:00Z"}
    ticket = seen(lines).tickets["T"]
    ticket.state["station_id"] = "S"
    assert outward.keeps_away(ticket, person, told) is is_kept


def test_what_is_split_takes_along_what_was_said_on_its_page():
    asked = {"who": "resident-1", "method": "POST", "path": "/api/tickets/T/comments", "status": 201}
    spoken = line("commented") | {"at": "2026-11-23T03:48:48.354Z", "voice": "v1"}
    merged = line("merged", by="anna") | {"details": {"into": "WHOLE"}}
    evidence = seen([merged, spoken], requests=[asked])
    evidence.tickets["WHOLE"] = Ticket(state={"version": 1, "stage": "handling"}, lines=[(1, spoken)])
    assert list(claims.every_act_happened_as_it_was_answered(evidence)) == []


@pytest.mark.parametrize(("under", "is_right"), [("DEADLETTERS#DONE", True), ("DEADLETTERS", False)])
def test_a_dead_letter_that_the_sweep_has_sent_again_is_none(under, is_right):
    evidence = seen([], work=[{"PK": under, "SK": "20261201-1"}], said={"until": "2026-12-01T10:00:00Z"})
    assert ([each for each in claims.nothing_was_given_up(evidence) if "letter" in each] == []) is is_right


def test_a_clerk_who_resumes_has_done_so():
    asked = {"who": "anna", "method": "POST", "path": "/staff/tickets/T/resume", "status": 200}
    evidence = seen([line("resumed", by="anna")], requests=[asked])
    assert list(claims.every_act_happened_as_it_was_answered(evidence)) == []


@pytest.mark.parametrize(
    ("kinds", "got", "is_right"),
    [
        (["received", "taken"], [1, 2], True),
        (["received", "taken"], [2], False),
        (["received", "avoid_lifted"], [2], True),  # kept from the feed until then
        (["received", "secrecy_lifted"], [2], True),
        (["received", "taken"], [2, 1], False),
    ],
)
def test_the_feed_lacks_only_what_was_hidden(kinds, got, is_right):
    arrived = [
        {"kind": "message", "platform": "feed", "body": {"ticket_id": "T", "version": version}}
        for version in got
    ]
    evidence = seen([line(kind) for kind in kinds], arrived=arrived, said={"subscribers": ["feed"]})
    assert (list(claims.the_feed_is_whole_and_in_order(evidence)) == []) is is_right


@pytest.mark.parametrize(("carried_to", "is_right"), [("T", True), ("", False)])
def test_a_promise_that_a_split_brought_back_rang_under_the_round_it_had_before(carried_to, is_right):
    at = "2026-11-24T10:00:00.000Z"
    clock = {"kind": "unit_feedback", "started_at": "2026-11-23T10:00:00.000Z", "rungs": [{"at": at}]}
    rang = line("reminded", by="machine") | {"at": at, "details": {"clock": "unit_feedback-1", "rung": "0"}}
    evidence = seen([rang], said={"calm": "2026-11-23T00:00:00.000Z", "until": "2026-11-26T00:00:00.000Z"})
    evidence.tickets["T"].state["clocks"] = [
        clock | {"round": 1, "ended_at": "2026-11-24T12:00:00.000Z", "carried_to": carried_to},
        clock | {"round": 3},
    ]
    assert (list(claims.rungs_are_in_time_again(evidence)) == []) is is_right


@pytest.mark.parametrize(("rings_again", "is_right"), [(False, True), (True, False)])
def test_what_rang_while_a_promise_was_away_is_not_owed_at_home_and_must_not_ring_there(
    rings_again, is_right
):
    at, back = "2026-11-24T10:00:00.000Z", "2026-11-24T18:00:00.000Z"
    clock = {"kind": "response", "started_at": "2026-11-23T10:00:00.000Z", "rungs": [{"at": at}]}
    gone = clock | {"round": 1, "ended_at": "2026-11-23T11:00:00.000Z", "carried_to": "INTO", "rungs": []}

    def ring(at, number):
        details = {"clock": f"response-{number}", "rung": "0"}
        return line("reminded", by="machine") | {"at": at, "details": details}

    split = line("split") | {"at": back}
    evidence = seen(
        [split, *([ring(back, 2)] if rings_again else [])],
        said={"calm": "2026-11-23T00:00:00.000Z", "until": "2026-11-26T00:00:00.000Z"},
    )
    evidence.tickets["T"].state["clocks"] = [gone, clock | {"round": 2}]
    away = Ticket(state={"version": 1, "clocks": [clock | {"round": 1}]}, lines=[(1, ring(at, 1))])
    evidence.tickets["INTO"] = away
    assert list(claims.rungs_are_in_time_again(evidence)) == []
    assert (list(claims.every_rung_rang_once_in_order(evidence)) == []) is is_right


@pytest.mark.parametrize(("rang", "is_right"), [("24T18:00:30", True), ("24T18:03:00", False), ("", False)])
def test_what_another_promise_had_stood_in_for_is_due_once_it_holds_again(rang, is_right):
    at, back = "2026-11-24T10:00:00.000Z", "2026-11-24T18:00:00.000Z"
    clock = {"kind": "response", "started_at": "2026-11-23T10:00:00.000Z", "rungs": [{"at": at}]}
    gone = clock | {"round": 1, "ended_at": "2026-11-23T11:00:00.000Z", "carried_to": "T", "rungs": []}
    rings = line("reminded", by="machine") | {
        "at": f"2026-11-{rang}.000Z",
        "details": {"clock": "response-2", "rung": "0"},
    }
    evidence = seen(
        [line("parted") | {"at": back}, *([rings] if rang else [])],
        said={"calm": "2026-11-23T00:00:00.000Z", "until": "2026-11-26T00:00:00.000Z"},
    )
    evidence.tickets["T"].state["clocks"] = [gone, clock | {"round": 2}]
    assert (list(claims.rungs_are_in_time_again(evidence)) == []) is is_right


@pytest.mark.parametrize(("station", "is_right"), [("S", True), ("ELSEWHERE", False)])
def test_the_desk_that_must_hear_is_the_one_of_that_line(station, is_right):
    told = [{"to": "reporter", "template": "reopened"}]
    shown = {"id": "T", "version": 1, "station_id": station}
    evidence = seen(
        [line("reworked", by="anna") | {"notices": told}, line("relocated", by="anna")],
        people={"anna": {"unit": "S", "roles": ["first_contact"]}},
        requests=[{"answer": shown}, {"answer": shown | {"version": 2, "station_id": "NEW"}}],
    )
    evidence.tickets["T"].state |= {"id": "T", "station_id": "NEW"}
    found = [each for each in claims.who_must_hear_was_told(evidence) if "reworked" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(("by", "is_right"), [("anna", True), ("bert", False)])
def test_whoever_has_it_and_lets_it_be_done_anew_knows_it(by, is_right):
    told = [{"to": "reporter", "template": "reworked"}]
    given = line("dispatched", by="bert") | {"details": {"handler": "carl"}}
    evidence = seen(
        [given, line("taken", by="anna"), line("reworked", by=by) | {"notices": told}],
        people={each: {"unit": "S", "roles": []} for each in ("anna", "bert")},
    )
    evidence.tickets["T"].state["station_id"] = "S"
    found = [each for each in claims.who_must_hear_was_told(evidence) if "reworked" in each]
    assert (found == []) is is_right


@pytest.mark.parametrize(
    ("minute", "recalled", "is_right"), [("01", "anna", True), ("01", "bert", False), ("45", "anna", False)]
)
def test_who_was_kept_away_before_a_message_came_need_not_have_it_also_where_that_was_lifted(
    minute, recalled, is_right
):
    notice = {"to": "staff:anna", "template": "assigned", "level": "push"}
    taken_from = {"to": f"staff:{recalled}", "template": "recalled", "level": "inbox"}
    evidence = seen(
        [
            line("received") | {"at": "2026-11-23T10:00:00.000Z", "notices": [notice]},
            line("kept_apart") | {"at": f"2026-11-23T10:{minute}:00.000Z", "notices": [taken_from]},
        ],
        people={"anna": {"code": "anna", "unit": "S", "roles": [], "wecom": "w"}},
        told=defaultdict(list, {"staff:anna": [{"event_key": "T-000002"}]}),
    )
    found = [each for each in claims.every_notice_arrived_once(evidence) if "000001" in each]
    assert (found == []) is is_right
    assert (list(outward.every_push_left_once(evidence)) == []) is is_right


@pytest.mark.parametrize(("asked", "is_right"), [("1", True), ("2", False)])
def test_what_is_asked_of_those_whom_a_ticket_is_about_lies_under_no_ticket(asked, is_right):
    notice = {"to": "staff:anna", "template": "statement_asked", "params": {"of": "1"}, "level": "push"}
    document = {"recipient": "staff:anna", "event_key": f"statement-{asked}", "way": "wecom"}
    evidence = seen(
        [line("confront_agreed") | {"notices": [notice]}],
        people={"anna": {"code": "anna", "unit": "S", "roles": [], "wecom": "w"}},
        told=defaultdict(list, {"staff:anna": [{"event_key": f"statement-{asked}"}]}),
        outward=[{"document": document, "state": "delivered"}],
    )
    assert (list(claims.every_notice_arrived_once(evidence)) == []) is is_right
    assert (list(outward.every_push_left_once(evidence)) == []) is is_right


MARK = "（第1户）"
WORDS = f"楼道灯不亮，物业一直没人来修{MARK}"
SENT = ("sent_without_words", "machine", "10:05", {"unit": "PM"})


def withheld(acts, pages=(), messages=()):
    """A complaint that went out without its words: `acts` (kind, by, when, details), `pages` (who, when, what was read)."""
    lines = [
        {"kind": kind, "by": by, "at": f"2026-11-23T{at}:00Z", "details": details}
        for kind, by, at, details in acts
    ]
    people = {"manager": {"unit": "PM", "roles": ["handler"]}, "mason": {"unit": "OFF", "roles": ["handler"]}}
    people |= {
        "clerk": {"unit": "S", "roles": ["first_contact"]},
        "area": {"unit": "PM", "roles": ["area_leader"]},
    }
    evidence = seen(
        lines,
        planted=[{"who": "resident-1", "mark": MARK}],
        people=people,
        requests=[
            {"who": who, "path": "/staff/tickets/T", "at": f"2026-11-23T{at}:00Z", "until": f"2026-11-23T{at}:01Z",
             "answer": {"text": text}} for who, at, text in pages
        ],
        arrived=[
            {"kind": "message", "platform": platform, "to": "", "at": f"2026-11-23T{at}:00Z", "body": {"text": text}}
            for platform, at, text in messages
        ],
    )  # fmt: skip
    evidence.tickets["T"].state["text"] = WORDS
    return list(outward.words_that_wait_reach_no_unit(evidence))


RELEASED = ("words_released", "clerk", "10:30", {})
KEPT = ("words_kept", "clerk", "10:30", {})
SUMMED_UP = ("words_summed_up", "clerk", "10:30", {})
BACK = ("returned", "manager", "10:40", {})
ANEW = ("classified", "clerk", "10:45", {})
AGAIN = ("dispatched", "clerk", "10:50", {"unit": "OFF"})
WITHIN = ("transferred", "manager", "10:20", {"unit": "PM"})


@pytest.mark.parametrize(
    ("acts", "who", "when", "is_right"),
    [
        ([SENT], "manager", "10:06", False),
        ([SENT], "manager", "10:02", False),  # before it had it, too
        ([SENT], "clerk", "10:06", True),  # whose look it waits for
        ([SENT], "area", "10:06", True),
        ([SENT], "mason", "10:06", True),  # of a unit that never had it: another claim's business
        ([SENT, RELEASED], "manager", "10:31", True),
        ([SENT, RELEASED], "manager", "10:29", False),
        ([SENT, KEPT], "manager", "10:31", False),
        ([SENT, SUMMED_UP], "manager", "10:31", False),
        ([SENT, KEPT, (*RELEASED[:2], "10:35", {})], "manager", "10:36", True),
        ([SENT, WITHIN], "manager", "10:21", False),  # who moves it within the unit has not looked
        ([SENT, AGAIN], "mason", "10:51", True),  # whoever gave it on has
        ([SENT, BACK, ANEW, AGAIN], "mason", "10:51", True),
        ([SENT, KEPT, AGAIN], "mason", "10:51", False),  # kept back wherever it goes
        ([SENT, KEPT, BACK, ANEW, AGAIN], "mason", "10:51", False),
        ([("dispatched", "clerk", "10:01", {"unit": "PM"})], "manager", "10:06", True),  # nothing waited
    ],
)
def test_words_that_wait_are_read_by_no_unit_before_they_are_passed_on(acts, who, when, is_right):
    assert (withheld(acts, pages=[(who, when, WORDS)]) == []) is is_right
    assert withheld(acts, pages=[(who, when, "居民的原话工作站还没来得及看")]) == []


@pytest.mark.parametrize("platform", ["wecom", "wechat", "hotline", "feed", "puller"])
@pytest.mark.parametrize(
    ("acts", "when", "is_right"),
    [([SENT], "10:06", False), ([SENT, KEPT], "10:31", False), ([SENT, RELEASED], "10:31", True)],
)
def test_nor_does_a_phone_a_partner_or_a_subscriber_get_them(platform, acts, when, is_right):
    assert (withheld(acts, messages=[(platform, when, WORDS)]) == []) is is_right


PLANTED = [
    {"who": "resident-1", "phone": "13900000001", "name": "赵钱孙"},
    {"who": "resident-2", "phone": "13900000002", "name": "李周吴"},
]


@pytest.mark.parametrize(
    "told",
    [
        {"raw": {"tickets": ['{"text": "赵钱孙家漏水"}']}},
        {"raw": {"work": ['{"text": "打8613900000001"}']}},  # in a longer run of digits
        {"raw": {"traces": ['{"text": "1113900000001"}']}},
        {"arrived": [{"kind": "message", "body": {"text": "李周吴，13900000002"}}]},
        {"requests": [{"who": "desk-a", "path": "/staff/tickets/T", "answer": {"text": "013900000002"}}]},
    ],
)
def test_a_phone_or_a_name_is_found_wherever_it_may_not_stand(told):
    assert list(claims.who_reported_stays_in_the_vault(seen([], planted=PLANTED, **told)))


def test_whoever_reported_reads_the_own_phone_and_so_does_who_reveals_it():
    told = [
        {"who": "resident-1", "path": "/api/tickets/T", "answer": {"phone": "13900000001"}},
        {"who": "desk-a", "path": "/desk/tickets/T/reveal", "answer": {"phone": "13900000001"}},
        {"who": "desk-a", "path": "/staff/tickets/T", "answer": {"number": "139000000"}},
    ]
    kept = {"identities": ["13900000001 赵钱孙"]}
    assert not list(
        claims.who_reported_stays_in_the_vault(seen([], planted=PLANTED, requests=told, raw=kept))
    )


def test_whose_desk_it_was_before_anybody_looked_is_whose_it_was_until_it_moved():
    told = {"notices": [{"to": to} for to in ("reporter", "staff:pm-a", "staff:desk-a")]}
    moved = {
        "kind": "relocated",
        "by": "desk-a",
        "details": {"station": "ST-B"},
        "notices": [{"to": "staff:desk-b"}],
    }
    sent, between = {"kind": "sent_without_words", "by": "machine"} | told, line("reminded", "machine")
    looked = {"who": "desk-a", "answer": {"id": "T", "version": 2, "station_id": "ST-A"}}
    evidence = seen(
        [sent, between, moved],
        requests=[looked],
        people={"desk-a": {"unit": "ST-A"}, "desk-b": {"unit": "ST-B"}},
    )
    evidence.tickets["T"].state |= {"id": "T", "station_id": "ST-B", "reporter_id": "p"}
    assert list(claims.who_must_hear_was_told(evidence)) == []
    sent["notices"] = told["notices"][:2]
    assert len(list(claims.who_must_hear_was_told(evidence))) == 1
