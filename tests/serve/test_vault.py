"""The vault: who may ask it what, and one act over two files that a kill never leaves half done."""

import json
import socket
import threading

import boto3
import pytest
from moto import mock_aws

from infra.local.runtime.judge import Denied
from infra.serve import apart, secrets, tables
from infra.serve.home import table
from infra.serve.talk import BadMessage, hear, say
from infra.serve.vault import GRACE, PENDING, Door, Pending

IDENTITIES = table("identities")
NOW = 2_000_000_000.0


# --- who may ask what ---


@pytest.fixture
def door(home):
    return Door(home)


def message(home, process, operation, pk="TICKET#T", **more):
    key = {"PK": {"S": pk}, "SK": {"S": "x"}}
    request = {"TableName": IDENTITIES}
    if operation == "PutItem":
        request["Item"] = key
    elif operation == "Query":
        request |= {"KeyConditionExpression": "#pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
    elif operation != "Scan":
        request["Key"] = key
    own = secrets.read(home.keys)[f"vault_{process}"]
    return {
        "what": "table",
        "process": process,
        "key": own,
        "operation": operation,
        "request": request,
        **more,
    }


@pytest.mark.parametrize(
    ("process", "operation", "pk"),
    [
        ("web", "PutItem", "TICKET#T"),
        ("web", "Query", "WHY#T"),
        ("consumer", "GetItem", "PERSON#p"),
        ("clock", "GetItem", "TICKET#T"),
        ("clock", "DeleteItem", "TICKET#T"),
        ("keeper", "Scan", ""),
    ],
)
def test_a_process_may_what_the_policies_of_its_functions_allow(door, home, process, operation, pk):
    door.check(message(home, process, operation, pk))


@pytest.mark.parametrize(
    ("process", "operation", "pk"),
    [
        ("web", "GetItem", "TICKET#T"),
        ("web", "Query", "TICKET#T"),
        ("web", "Query", "PHONE#h"),
        ("web", "Scan", ""),
        ("web", "DeleteItem", "TICKET#T"),
        ("consumer", "GetItem", "TICKET#T"),
        ("consumer", "Query", "TICKET#T"),
        ("consumer", "Scan", ""),
        ("clock", "Scan", ""),
        ("clock", "PutItem", "TICKET#T"),
        ("keeper", "DeleteTable", ""),
        ("keeper", "TransactWriteItems", ""),
    ],
)
def test_and_nothing_else(door, home, process, operation, pk):
    asked = message(home, process, operation, pk)
    with pytest.raises(Denied):
        door.check(asked)


@pytest.mark.parametrize(
    "change", [{"key": ""}, {"key": "x" * 43}, {"process": "clock"}, {"process": "vault"}, {"process": None}]
)
def test_nobody_is_known_by_another_key(door, home, change):
    with pytest.raises(Denied, match="no key"):
        door.check(message(home, "web", "PutItem") | change)


def test_those_whose_functions_invoke_reveal_ask_it_and_no_others(door, home):
    for process in ("web", "consumer"):
        door.check(message(home, process, "PutItem", what="reveal", event={}))
    with pytest.raises(Denied):
        door.check(message(home, "clock", "PutItem", what="reveal", event={}))


def test_the_identity_key_is_for_the_vault_and_for_a_keeper_alone(home, monkeypatch):
    name = "/mslj/town/secrets/identity_key"
    for process in ("web", "consumer", "clock"):
        monkeypatch.setattr(secrets, "process", lambda process=process: process)
        with pytest.raises(KeyError):
            secrets.parameter(home, name)
        assert secrets.parameter(home, "/mslj/town/secrets/slip_key")
    assert "identity_key" not in home.secrets.read_text()
    for process in ("vault", "keeper"):
        monkeypatch.setattr(secrets, "process", lambda process=process: process)
        assert secrets.parameter(home, name)


def test_no_other_table_is_reached_through_the_vault(door, home):
    asked = message(home, "web", "PutItem")
    asked["request"]["TableName"] = table("tickets")
    with pytest.raises(Denied, match="only identities"):
        door.check(asked)


# --- one act over two files ---


@pytest.fixture
def engine(monkeypatch):
    """The vault's tables and the town's, in one."""
    with mock_aws():
        made = boto3.client(
            "dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        for name in (IDENTITIES, PENDING, tables.MARKS, table("tickets")):
            tables.make_plain(made, name)
        monkeypatch.setattr("infra.serve.vault.time.time", lambda: NOW)
        yield made


class Cut(Exception):
    """The power is gone."""


class World:
    """`cut`: before which step everything ends."""

    def __init__(self, engine, cut):
        self.engine, self.cut, self.steps = engine, cut, []
        self.pending = Pending(engine, engine)

    def step(self, name):
        self.steps.append(name)
        if name == self.cut:
            raise Cut

    def ask(self, what, *, token, request, **_):
        self.step(what)
        if what == "set_down":
            self.pending.set_down(token, request["TransactItems"])
        elif what == "put_in_force":
            self.pending.put_in_force(token)
        else:
            self.pending.drop(token)

    def call(self, _operation, request):
        self.step("call")
        try:
            self.engine.transact_write_items(TransactItems=request["TransactItems"])
        except self.engine.exceptions.TransactionCanceledException as refused:
            from chalicelib.store import direct

            reasons = [each["Code"] for each in refused.response["CancellationReasons"]]
            raise direct.Cancelled(reasons) from None

    def there(self):
        """Whether the ticket is there, and whether its contact is."""
        return tuple(
            "Item" in self.engine.get_item(TableName=name, Key={"PK": {"S": "T"}, "SK": {"S": "T"}})
            for name in (table("tickets"), IDENTITIES)
        )

    def rows(self, name):
        return self.engine.scan(TableName=name)["Count"]


def put(name, **more):
    return {"Put": {"TableName": name, "Item": {"PK": {"S": "T"}, "SK": {"S": "T"}}, **more}}


def act(world, monkeypatch, **more):
    monkeypatch.setattr(apart.VAULT, "ask", world.ask)
    apart._both(world.call, {"TransactItems": [put(IDENTITIES), put(table("tickets"), **more)]})


def test_a_report_and_its_contact_are_written_together(engine, monkeypatch):
    world = World(engine, cut="")
    act(world, monkeypatch)
    assert world.there() == (True, True)
    assert world.rows(PENDING) == 0


@pytest.mark.parametrize(
    ("cut", "there"),
    [
        ("set_down", (False, False)),
        ("call", (False, False)),
        ("put_in_force", (True, True)),
    ],
)
def test_after_a_kill_both_are_there_or_neither(engine, monkeypatch, cut, there):
    world = World(engine, cut)
    if cut == "put_in_force":  # a failure after it was written is no failure of the act
        act(world, monkeypatch)
    else:
        with pytest.raises(Cut):
            act(world, monkeypatch)
    world.pending.look(NOW + GRACE - 1)
    assert world.there() in (there, (there[0], False)), "somebody may still be writing"
    world.pending.look(NOW + GRACE)
    assert world.there() == there
    assert world.rows(PENDING) == 0


def test_a_writer_that_comes_after_the_vault_has_given_it_up_writes_nothing(engine, monkeypatch):
    world = World(engine, cut="")
    call = world.call

    def late(operation, request):
        world.pending.look(NOW + GRACE)
        return call(operation, request)

    monkeypatch.setattr(apart.VAULT, "ask", world.ask)
    from chalicelib.store import direct

    with pytest.raises(direct.Cancelled) as cancelled:
        apart._both(late, {"TransactItems": [put(IDENTITIES), put(table("tickets"))]})
    assert cancelled.value.reasons == ["TransactionConflict"] * 2, "it is tried again"
    assert world.there() == (False, False)


def test_a_condition_that_does_not_hold_is_told_for_the_operation_that_had_it(engine, monkeypatch):
    from chalicelib.store import direct

    world = World(engine, cut="")
    with pytest.raises(direct.Cancelled) as cancelled:
        act(world, monkeypatch, ConditionExpression="attribute_exists(PK)")
    assert cancelled.value.reasons == ["None", "ConditionalCheckFailed"]
    assert (world.there(), world.rows(PENDING)) == ((False, False), 0)


def test_marks_go_once_nothing_hangs_on_them(engine, monkeypatch):
    world = World(engine, cut="")
    monkeypatch.setattr("infra.serve.tables.time.time", lambda: NOW)
    act(world, monkeypatch)
    world.pending.look(NOW + 10 * GRACE - 1)
    assert world.rows(tables.MARKS) == 1
    world.pending.look(NOW + 10 * GRACE)
    assert world.rows(tables.MARKS) == 0


def test_what_is_put_in_force_twice_is_in_force_once(engine):
    pending = Pending(engine, engine)
    pending.set_down("t", [put(IDENTITIES)])
    pending.put_in_force("t")
    engine.delete_item(TableName=IDENTITIES, Key={"PK": {"S": "T"}, "SK": {"S": "T"}})
    pending.put_in_force("t")
    assert engine.scan(TableName=IDENTITIES)["Count"] == 0


# --- how they talk ---


def test_what_is_said_is_heard_whole():
    one, other = socket.socketpair()
    said = {"request": {"B": b"\x00\xff", "text": "楼" * 100_000}}
    threading.Thread(target=say, args=(one, said)).start()
    assert hear(other) == {"request": {"B": "AP8=", "text": "楼" * 100_000}}
    one.close()
    assert hear(other) is None


@pytest.mark.parametrize("raw", [b"\x7f\xff\xff\xff", b"\x00\x00\x00\x05{", b"\x00\x00\x00\x01{"])
def test_what_is_no_message_is_refused(raw):
    one, other = socket.socketpair()
    one.sendall(raw)
    one.close()
    with pytest.raises(BadMessage):
        hear(other)


def test_the_policies_are_those_of_the_deployment(door):
    assert json.dumps(door._rules.functions["reveal"]).count(IDENTITIES) >= 1
