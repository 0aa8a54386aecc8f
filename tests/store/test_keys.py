"""Keys stand in one place: byte for byte what is stored, put together nowhere else, and listed in the documents."""

import ast
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.store import keys
from infra import docs

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "chalicelib/store/keys"
TREES = ("chalicelib", "infra", "training", "benchmarks")
OTHERS = [
    file
    for tree in TREES
    for file in sorted((ROOT / tree).rglob("*.py"))
    if HERE not in file.parents and "chalicelib/web/clients" not in file.as_posix()
]
OTHERS_WORDS = {"doctor.py": {"ALARM"}}  # a state of CloudWatch's
AT, STAMP = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI), "2026-11-22T02:00:00.000Z"
DAY = date(2026, 11, 22)
EXAMPLES = {
    "active_code": (("GGLW",), "PLACE#GGLW", "CODE"),
    "alarm": (("01T",), "TICKET#01T", "ALARM"),
    "alarm_due": ((3, AT, "01T"), "DUE#3", f"{STAMP}#01T"),
    "alert": (("A", "2026-11-22~trend~A~~noise"), "ALERTS#A", "AT#2026-11-22~trend~A~~noise"),
    "alert_running": (("A", "trend", "P", "noise"), "ALERTS#A", "NOW#trend#P#noise"),
    "alike": (("C#N1#noise", 7), "ALIKE#C#N1#noise", "7"),
    "answered_person": (("r1", "e1"), "ANSWEREDBY#r1", "e1"),
    "api_key": (("ab12",), "APIKEY#ab12", "APIKEY"),
    "api_key_named": (("app", AT), "APIKEYS", f"app#{STAMP}"),
    "asked_of": (("PM", AT, "c1"), "ASKED#PM", f"{STAMP}#c1"),
    "at_place": (("01T",), "TICKET#01T", "PLACE"),
    "attempts": (("20261122-01T-000001",), "ATTEMPTS#20261122-01T-000001", "ATTEMPTS"),
    "answered": (("01T", "r1"), "TICKET#01T", "ANSWERED#r1"),
    "bulletin": (("A", DAY), "BULLETINS#A", "2026-11-22"),
    "case_removed": (("01T",), "AUDIT#01T", "removed"),
    "class_member": (("01C", "v1", "01T"), "CLASS#01C", "MEMBER#v1#01T"),
    "class_of": (("01T",), "CLASSOF#01T", "CLASS"),
    "class_ranked": (("A", keys.CLASSES_OPEN, 12, "01C"), "CLASSES#A", "open#0000012#01C"),
    "clustered": (("01C", AT, "01T"), "CLUSTER#01C", f"{STAMP}#01T"),
    "consent": (("r1", "tpl"), "CONSENTS#r1", "TEMPLATE#tpl"),
    "computer": (("01P",), "COMPUTER#01P", "COMPUTER"),
    "computer_of": (("ST", "01P"), "COMPUTERS#ST", "01P"),
    "pin": (("01P", "a"), "COMPUTER#01P", "PIN#a"),
    "said": (("5e1f", "01T"), "SAID#5e1f", "01T"),
    "said_often": (("5e1f",), "SAID", "5e1f"),
    "seat": (("01P", "ab12"), "COMPUTER#01P", "SEAT#ab12"),
    "spare_code": (("a",), "CODE#a", "SPARE"),
    "console": (("ST",), "CONSOLE#ST", "CONSOLE"),
    "contact": (("01T", "r1"), "TICKET#01T", "CONTACT#r1"),
    "crowd": (("01P", "01C"), "TICKET#01P", "CROWD#01C"),
    "crowd_left": ((AT, "01P", "01C"), "CROWDS", f"{STAMP}#01P#01C"),
    "counted_area": (("A",), "COUNTS", "AREA#A"),
    "counts": (("A", DAY), "COUNTS#A", "DAY#2026-11-22"),
    "dead_letter": (("20261122-01T",), "DEADLETTERS", "20261122-01T"),
    "dead_letter_done": (("20261122-01T",), "DEADLETTERS#DONE", "20261122-01T"),
    "nearby": (("01T",), "TICKET#01T", "NEARBY"),
    "nearby_on": (("SH", AT, "01T"), "NEARBY#SH", f"{STAMP}#01T"),
    "place_watch": (("r1", "SH-4"), "WATCHES#r1", "SH-4"),
    "watched_at": (("SH-4", "r1"), "WATCHED#SH-4", "r1"),
    "delivery": (("staff:a", AT, "01T-000002"), "TO#staff:a", f"out#{STAMP}#01T-000002"),
    "delivery_due": ((0, AT, "out#x"), "DUE#0", f"{STAMP}#out#x"),
    "event": (("01T", 12), "TICKET#01T", "EVENT#000012"),
    "evidence": (("01T", AT, "s1", "o1"), "OBSERVED#01T", f"AT#{STAMP}#s1#o1"),
    "exchange": (("h1", f"{STAMP}-01T"), "EXCHANGES#h1", f"{STAMP}-01T"),
    "external": (("hotline", "12345-1"), "EXTERNAL#hotline#12345-1", "EXTERNAL"),
    "fact_ended": ((DAY, "A", "01T"), "DAY#2026-11-22#A", "END#01T"),
    "fact_received": ((DAY, "A", "01T"), "DAY#2026-11-22#A", "IN#01T"),
    "facts_gone": ((DAY, "A"), "DAY#2026-11-22#A", "GONE"),
    "feed_event": (("01T", 12), "FEED#01T", "EVENT#000012"),
    "feed_written": (("2026-11", AT, "01T-000012"), "FEED#2026-11", f"{STAMP}!01T-000012"),
    "first_of_digest": (("staff:a", AT, "late"), "TO#staff:a", f"first#{STAMP}#late"),
    "found_in_order": (("w1", "P1"), "WALK#w1", "FINDING#in_order#P1"),
    "found_ticket": (("w1", "01T"), "WALK#w1", "FINDING#ticket#01T"),
    "handled": (("A", "noise", "01T"), "HANDLED#A#noise", "01T"),
    "idempotency": (("r1", "k1"), "IDEMPOTENCY#r1#k1", "IDEMPOTENCY"),
    "inbox_line": (("staff:a", AT, "01T-000002", 1), "TO#staff:a", f"inbox#{STAMP}#01T-000002#1"),
    "inbox_read": (("staff:a",), "TO#staff:a", "inbox#~"),
    "issue_class": (("01C",), "CLASS#01C", "CLASS"),
    "job": (("01J",), "JOB#01J", "JOB"),
    "job_of": (("ST", "01J"), "JOBS#OF#ST", "01J"),
    "job_open": ((AT, "01J"), "JOBS#OPEN", f"{STAMP}#01J"),
    "job_row": (("01J", 42), "JOB#01J", "ROW#0000042"),
    "judged": (("01T", "01U"), "JUDGED#01T", "01U"),
    "known_as": (("r1", "ab12"), "PERSON#r1", "WAY#ab12"),
    "known_by": (("ab12",), "KNOWN#ab12", "PERSON"),
    "rung": (("staff:a", "ring:B5:fire"), "TO#staff:a", "rung#ring:B5:fire"),
    "kept_until": ((3, AT, "01T"), "KEEP#3", f"{STAMP}#01T"),
    "last_of_rule": (("bins",), "SENSOR#bins", "LAST"),
    "knowledge_draft": (("ab12",), "KNOWLEDGEDRAFTS", "ab12"),
    "lease": ((3,), "SWEEP#3", "LEASE"),
    "limit": (
        ("report-person", "r1", 495000, 0),
        "LIMIT#report-person#r1#495000",
        "0",
    ),
    "line_beside": (("01T", 12, "01L"), "TICKET#01T", "EVENT#000012.01L"),
    "mark": (("desk:ST",), "MARK#desk:ST", "MARK"),
    "measure_line": (("01M", "01T"), "MEASURE#01M", "LINE#01T"),
    "measure_told": (("01M", "v1"), "MEASURE#01M", "TOLD#v1"),
    "member": (("01T", "r1"), "TICKET#01T", "MEMBER#r1"),
    "unhashed": (("01T",), "PHONES", "TICKET#01T"),
    "way_to_ticket": (("01T", "ab12"), "TICKET#01T", "WAY#ab12"),
    "writing": (("T1",), "WRITING#T1", "WRITING"),
    "nonce": (("hotline", "n1"), "NONCE#hotline#n1", "NONCE"),
    "number": (("MS261122-7K3QX9-4",), "NUMBER#MS261122-7K3QX9-4", "NUMBER"),
    "observation": (("bins", AT, "s1", "o1"), "SENSOR#bins", f"AT#{STAMP}#s1#o1"),
    "night": ((DAY,), "NIGHT#2026-11-22", "NIGHT"),
    "of_reporter": (("r1", AT, "01T"), "REPORTER#r1", f"{STAMP}#01T"),
    "open_at": (("P1", AT, "01T"), "PLACE#P1", f"{STAMP}#01T"),
    "confirmation": (("01C",), "CONFIRMATIONS", "01C"),
    "look": (("ST", DAY, AT, "01T", "sk"), "LOOKS#ST#2026-11-22", f"{STAMP}#01T#sk"),
    "looked": (("01T", AT, "a", "opened~b"), "AUDIT#01T", f"{STAMP}#a#opened~b"),
    "order_came": (("hotline", AT, "h1", "n1"), "ORDERS#hotline", f"{STAMP}#h1#n1"),
    "outage_line": (("P1", "01O"), "OUTAGES", "P1#01O"),
    "outages": (("P1",), "OUTAGE#P1", "OUTAGE"),
    "owed": (("hotline", "by_hand", AT, "h1", "n1"), "EXCHANGES#by_hand#hotline", f"{STAMP}#h1#n1"),
    "own_line": (("01T",), "TICKET#01T", "MINE"),
    "pace": (("a", 29700000), "PACE#a#29700000", "PACE"),
    "partner": (("hotline",), "PARTNERS", "hotline"),
    "past_at": (("P1", AT, "01T"), "PAST#P1", f"{STAMP}#01T"),
    "person": (("r1",), "PERSON#r1", "PERSON"),
    "recording": (("01F",), "RECORDING#01F", "RECORDING"),
    "recording_due": ((AT, "01F"), "DUE#RECORDINGS", f"{STAMP}#01F"),
    "photo": (("01F",), "PHOTO#01F", "PHOTO"),
    "photo_missed": (("01F",), "MISSED#PHOTOS", "01F"),
    "photo_unused": ((AT, "01F"), "UNUSED#PHOTOS", f"{STAMP}#01F"),
    "place": (("P1",), "PLACE#P1", "PLACE"),
    "platform_token": (("wechat",), "PLATFORM#wechat", "TOKEN"),
    "point": (("K7",), "POINT#K7", "POINT"),
    "point_at": (("P1", AT, "K7"), "POINTS#P1", f"{STAMP}#K7"),
    "preferences": (("a",), "PREFERENCES#a", "PREFERENCES"),
    "public": ((AT, "01T"), "OPEN311", f"{STAMP}#01T"),
    "public_comment": ((AT, "01T", 12), "OPEN311#UPDATES", f"{STAMP}#01T#000012."),
    "public_entry": (("01T",), "TICKET#01T", "OPEN311"),
    "public_update": ((AT, "01T", 12), "OPEN311#UPDATES", f"{STAMP}#01T#000012"),
    "queue_entry": (("01T", "unit:U"), "TICKET#01T", "QUEUE#unit:U"),
    "queued": (("unit:U", AT, "01T"), "QUEUE#unit:U", f"{STAMP}#01T"),
    "ready_answer": (("ST", "01A"), "ANSWERS#ST", "01A"),
    "received": ((DAY, AT, "01T"), "RECEIVED#2026-11-22", f"{STAMP}#01T"),
    "removed_code": (("P1",), "PLACE#P1", "REMOVED"),
    "restore_mark": ((), "RESTORE", "RESTORE"),
    "scans": (("K7", DAY), "SCANS#K7", "2026-11-22"),
    "self_help": (("2026-11-22", "e1"), "SELFHELP", "2026-11-22#e1"),
    "sent": (("wecom:7", "out#x"), "SENT#wecom:7", "out#x"),
    "session": (("ab12",), "SESSION#ab12", "SESSION"),
    "session_of": (("a", "ab12"), "SESSIONS#a", "SESSION#ab12"),
    "sign_in_code": (("a",), "CODE#a", "CODE"),
    "standing": (("city", "01T"), "FEEDTO#city", "01T"),
    "standing_due": (("city", "waiting", AT, "01T"), "FEEDTO#waiting#city", f"{STAMP}#01T"),
    "still_open": (("A", DAY), "COUNTS#A", "OPEN#2026-11-22"),
    "subscriber_state": (("city",), "FEEDTO#city", "STATE"),
    "thresholds": ((), "THRESHOLDS", "THRESHOLDS"),
    "precedent": (("D01", AT, "01T"), "PRECEDENTS#D01", f"{STAMP}#01T"),
    "statement_asked": (("01T", "c1"), "TICKET#01T", "ASKED#c1"),
    "slip": (("01T", "self"), "SLIP#01T", "self"),
    "ticket": (("01T",), "TICKET#01T", "TICKET"),
    "ticket_of_phone": (("ab12", "01T"), "PHONE#ab12", "TICKET#01T"),
    "to_call": (("ST", AT, "out#x"), "CALLS#ST", f"{STAMP}#out#x"),
    "to_count": ((DAY, "A"), "MARKS", "2026-11-22#A"),
    "town_chunk": (("v1", 2), "TOWN#v1", "CHUNK#002"),
    "town_claim": ((), "TOWN", "CLAIM"),
    "town_pointer": ((), "TOWN", "POINTER"),
    "town_points": (("v1", 2), "TOWN#v1", "POINTS#002"),
    "town_text": (("v1", 2), "TOWN#v1", "TEXT#002"),
    "day_root": ((DAY,), "ROOTS", "2026-11-22"),
    "ledger_entry": ((AT, "01T", "01X"), "LEDGER", f"{STAMP}#01T#01X"),
    "words_of_trace": (("01T", "s"), "WHY#01T", "s"),
    "trace": (("01T", AT, "a", "01X"), "AUDIT#01T", f"{STAMP}#a#01X"),
    "shop_found": (("S1", AT, "w1"), "SHOP#S1", f"{STAMP}#w1"),
    "shop_said": (("S1", "trade"), "SHOPS", "S1#trade"),
    "shop_in_order": (("w1", "S1"), "WALK#w1", "FINDING#in_order_shop#S1"),
    "visit": (("plan", DAY, "P1", "w1"), "VISITS#plan#2026-11-22", "P1#w1"),
    "volunteer": (("v1",), "VOLUNTEER#v1", "VOLUNTEER"),
    "volunteer_at": (("ST", "asked", AT, "v1"), "VOLUNTEERS#ST", f"asked#{STAMP}#v1"),
    "volunteer_contact": (("v1",), "VOLUNTEER#v1", "CONTACT"),
    "volunteer_of": (("r1",), "VOLUNTEEROF#r1", "VOLUNTEER"),
    "walk": (("w1",), "WALK#w1", "WALK"),
    "walk_of": (("a", AT, "w1"), "WALKS#a", f"{STAMP}#w1"),
    "walking": (("a",), "WALKING#a", "WALK"),
}


@pytest.mark.parametrize("name", keys.SHAPES)
def test_a_key_is_stored_byte_for_byte_as_its_example(name):
    given, pk, sk = EXAMPLES[name]
    assert keys.SHAPES[name].build(*given) == (pk, sk)


def test_every_example_is_of_a_shape():
    assert set(EXAMPLES) == set(keys.SHAPES)


@pytest.mark.parametrize("name", keys.SHAPES)
def test_a_shape_says_what_it_is_for(name):
    assert keys.SHAPES[name].build.__doc__


def test_an_item_is_written_with_the_entry_by_which_the_index_lists_it():
    listed = keys.queued("unit:U", AT, "01T")
    assert keys.attributes(keys.queue_entry("01T", "unit:U"), listed) == {
        "PK": "TICKET#01T",
        "SK": "QUEUE#unit:U",
        "GSI1PK": "QUEUE#unit:U",
        "GSI1SK": f"{STAMP}#01T",
    }
    assert keys.attributes(keys.ticket("01T")) == {"PK": "TICKET#01T", "SK": "TICKET"}


@pytest.mark.parametrize(
    ("sk", "is_event", "version", "is_beside"),
    [
        ("EVENT#000001", True, 1, False),
        ("EVENT#000012.01L", True, 12, True),
        ("EVENT#999999", True, 999999, False),
    ],
)
def test_a_line_of_history_says_its_version_and_whether_it_stands_beside_one(
    sk, is_event, version, is_beside
):
    assert (keys.is_event(sk), keys.version_of(sk), keys.is_beside(sk)) == (is_event, version, is_beside)


@pytest.mark.parametrize(
    ("pk", "sk", "is_ticket"),
    [
        ("TICKET#01T", "TICKET", True),
        ("TICKET#01T", "TICKETS", False),
        ("TICKET#01T", "ALARM", False),
        ("TICKETS#01T", "TICKET", False),
        ("NUMBER#1", "TICKET", False),
    ],
)
def test_a_ticket_is_told_from_what_stands_beside_it(pk, sk, is_ticket):
    assert keys.is_ticket(pk, sk) is is_ticket


# --- nowhere else -------------------------------------------------------------------------------------------------


@cache
def pieces() -> frozenset[str]:
    """Every text of which the builders put keys together."""
    return frozenset(text for file in HERE.glob("*.py") for _, text in texts(file))


@cache
def prefixes() -> frozenset[str]:
    """The beginnings that end in a #: TICKET#, inbox#, …, from keys.py itself, so that a new one is held too."""
    return frozenset(found for text in pieces() for found in re.findall(r"\b[A-Za-z_0-9]+#", text))


@cache
def whole_names() -> frozenset[str]:
    """Keys that are a word alone: TICKET, ALARM, MARKS, …"""
    return frozenset(text for text in pieces() if re.fullmatch(r"[A-Z][A-Z0-9]{2,}", text)) - keys.ATTRIBUTES


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """Each text of a file with its line; docstrings say what they like."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def names_a_key(text: str) -> bool:
    """Whether a text is, or begins with, a piece of a key, known or new."""
    return (
        text in whole_names()
        or any(re.search(rf"(?<![A-Za-z_0-9]){re.escape(each)}", text) for each in prefixes())
        or bool(re.match(r"[A-Z][A-Z0-9]+#", text))
    )


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_piece_of_a_key_stands_outside_the_builders(file):
    not_ours = OTHERS_WORDS.get(file.name, set())
    assert [found for found in texts(file) if names_a_key(found[1]) and found[1] not in not_ours] == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("TICKET#", True),
        ("inbox#", True),
        ("ALARM", True),
        ("A_NEW_ONE", False),
        ("NEWKIND#", True),
        ("open#000", True),
        ("ticket", False),
        ("#state = :sending", False),
        ("SET #number = :number", False),
        ("#fff", False),
    ],
)
def test_a_piece_of_a_key_is_recognised(text, is_one):
    assert names_a_key(text) is is_one


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_the_attributes_of_keys_are_written_by_the_builders_alone(file):
    if file.name == "table.py" or "chalicelib" not in file.parts:
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    written = [
        key.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in keys.ATTRIBUTES
    ]
    assert written == []


@pytest.mark.parametrize(
    "file", sorted((ROOT / "chalicelib/actions").rglob("*.py")), ids=lambda file: file.name
)
def test_an_action_builds_no_item(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chalicelib.store")
        for alias in node.names
        if alias.name in {"Item", "Table", "keys", "table", "put_op", "delete_op", "check_op", "from_wire"}
    ]
    assert found == []


def test_the_list_of_items_in_the_documents_is_current():
    text = docs.ARCHITECTURE.read_text(encoding="utf-8")
    assert text == docs.renewed(text), "run `make docs`"


def test_every_kind_that_the_access_patterns_name_is_a_shape():
    text = (ROOT / "docs/access-patterns.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([A-Z][A-Z0-9]+)#", text))
    assert {f"{kind}#" for kind in named} <= prefixes()


@pytest.mark.parametrize("build", [keys.event, keys.scans, keys.queued])
def test_a_shape_is_listed_by_the_names_of_its_parts(build):
    wanted = {
        keys.event: ("TICKET#<ticket_id>", "EVENT#<version, 6 digits>"),
        keys.scans: ("SCANS#<code>", "<day>"),
        keys.queued: ("QUEUE#<who>", "<due_at>#<ticket_id>"),
    }
    assert docs.key_of(build) == wanted[build]
