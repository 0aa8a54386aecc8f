"""What every store relies on: pages and their cursors, conditions, batches, and which faults pass."""

import base64
import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from chalicelib.domain.errors import BadRequest, TryAgain
from chalicelib.store import direct, table
from chalicelib.store.faults import is_passing
from chalicelib.store.table import (
    ConditionFailed,
    Table,
    batch_get,
    batch_write,
    check_op,
    get,
    put,
    put_op,
    query,
    query_all,
    transact,
    update,
)
from chalicelib.store.tickets import lists, tickets
from tests.asked import operations_asked
from tests.domain.life import received_with


def rows(count, pk="A"):
    return [
        {"PK": pk, "SK": f"{n:03}", "GSI1PK": f"LIST#{pk}", "GSI1SK": f"{n:03}", "n": n} for n in range(count)
    ]


def cursor_of(**key):
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


@pytest.mark.parametrize("index", [None, "GSI1"])
def test_a_list_crosses_its_pages_without_loss_or_repetition(town_table, index):
    batch_write(Table.WORK, rows(53))
    seen, after = [], None
    while True:
        page = query(Table.WORK, "LIST#A" if index else "A", index=index, limit=10, after=after)
        assert len(page) <= 10
        seen += [item["n"] for item in page]
        after = page.next
        if after is None:
            break
    assert seen == list(range(53))
    assert [item["n"] for item in query_all(Table.WORK, "A", limit=10)] == seen


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({"begins": "00"}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"begins": "0", "after_sk": "009"}, [10, 11]),
        ({"until": "002"}, [0, 1, 2]),  # inclusive
        ({"newest_first": True, "limit": 2}, [11, 10]),
        ({"begins": "9"}, []),
    ],
)
def test_what_a_query_asks_for(town_table, how, found):
    batch_write(Table.WORK, rows(12))
    assert [item["n"] for item in query(Table.WORK, "A", **how)] == found


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "%%%", "你好", "=" * 9, "e30=", "W10=", "bnVsbA==", base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        cursor_of(PK="B", SK="001"),  # another list's
        cursor_of(PK="A"), cursor_of(PK="A", SK=""), cursor_of(PK="A", SK=1), cursor_of(PK="A", SK="001", n="2"),
        cursor_of(PK="A", SK="001", GSI1PK="LIST#A", GSI1SK="001"),
        base64.urlsafe_b64encode(b"[" * 5000).decode(),
    ],
)  # fmt: skip
def test_a_cursor_that_is_not_this_lists_own_is_refused(town_table, cursor):
    batch_write(Table.WORK, rows(3))
    with pytest.raises(BadRequest):
        query(Table.WORK, "A", limit=1, after=cursor)


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of(GSI1PK="LIST#A"),
        cursor_of(PK="A", SK="001"),
        cursor_of(PK="A", SK="001", GSI1PK="LIST#B", GSI1SK="001"),
    ],
)
def test_a_cursor_of_an_index_names_both_keys_and_belongs_to_its_list(town_table, cursor):
    batch_write(Table.WORK, rows(3))
    with pytest.raises(BadRequest):
        query(Table.WORK, "LIST#A", index="GSI1", limit=1, after=cursor)


def test_a_cursor_outside_of_what_the_list_shows_is_no_fault_of_ours(town_table, monkeypatch):
    def refusing(**request):
        error = {
            "Code": "ValidationException",
            "Message": "The provided starting key is outside query boundaries",
        }
        raise ClientError({"Error": error}, "Query")

    monkeypatch.setattr(table.client(), "query", refusing)
    with pytest.raises(BadRequest):
        query(Table.WORK, "A", begins="00", after=cursor_of(PK="A", SK="999"))
    with pytest.raises(ClientError):  # without a cursor it is ours
        query(Table.WORK, "A", begins="00")


def test_what_stands_already_is_not_written_over(town_table):
    assert put(Table.WORK, {"PK": "A", "SK": "1", "n": 1}, if_absent=True)
    assert not put(Table.WORK, {"PK": "A", "SK": "1", "n": 2}, if_absent=True)
    assert get(Table.WORK, "A", "1", consistent=True)["n"] == 1


class AtOnce(direct.GoBetween):
    at_once = True


@pytest.mark.parametrize(
    ("between", "standing", "asked"),
    [
        ([], [], ["PutItem"] * 3),
        ([], ["2"], ["PutItem"] * 3),
        ([AtOnce()], [], ["TransactWriteItems"]),
        ([AtOnce()], ["2"], ["TransactWriteItems", *["PutItem"] * 3]),
        ([AtOnce()], ["1", "2", "3"], ["TransactWriteItems", *["PutItem"] * 3]),
    ],
)
def test_each_of_several_is_written_unless_it_stands_at_once_where_that_costs_nothing(
    town_table, monkeypatch, between, standing, asked
):
    for sk in standing:
        put(Table.WORK, {"PK": "A", "SK": sk, "n": 0})
    monkeypatch.setattr(direct, "GO_BETWEENS", [*direct.GO_BETWEENS, *between])
    names = operations_asked(monkeypatch)
    items = [{"PK": "A", "SK": sk, "n": 1} for sk in ("1", "2", "3", "1")]
    assert table.put_each(Table.WORK, items) == {("A", sk) for sk in standing}
    assert names == asked
    kept = {item["SK"]: item["n"] for item in query(Table.WORK, "A", consistent=True)}
    assert kept == {sk: 0 if sk in standing else 1 for sk in ("1", "2", "3")}


def test_one_or_nothing_is_no_transaction(town_table, monkeypatch):
    monkeypatch.setattr(direct, "GO_BETWEENS", [*direct.GO_BETWEENS, AtOnce()])
    names = operations_asked(monkeypatch)
    assert table.put_each(Table.WORK, []) == table.put_each(Table.WORK, [{"PK": "A", "SK": "1"}]) == set()
    assert names == ["PutItem"]


def test_an_update_whose_condition_fails_changes_nothing(town_table):
    put(Table.WORK, {"PK": "A", "SK": "1", "n": 1})
    with pytest.raises(ConditionFailed):
        update(Table.WORK, "A", "1", "SET #n = :n", condition="#n = :seen", n=3, seen=2)
    assert update(Table.WORK, "A", "1", "SET #n = :n", condition="#n = :seen", n=3, seen=1)["n"] == 3


def test_a_transaction_is_whole_or_nothing_and_says_what_failed(town_table):
    put(Table.WORK, {"PK": "A", "SK": "1", "n": 1})
    operations = [
        put_op(Table.WORK, {"PK": "B", "SK": "1"}),
        check_op(Table.WORK, "A", "1", "#n = :n", n=2),
        put_op(Table.TICKETS, {"PK": "A", "SK": "1"}, if_absent=True),
    ]
    with pytest.raises(ConditionFailed) as failed:
        transact(operations)
    assert failed.value.which == (1,)
    assert get(Table.WORK, "B", "1", consistent=True) is None


def test_what_a_batch_left_unprocessed_is_asked_again(town_table, monkeypatch):
    real_write, real_get = table.client().batch_write_item, table.client().batch_get_item
    name = Table.WORK.full_name

    def half_written(RequestItems):
        (operations,) = RequestItems.values()
        middle = (len(operations) + 1) // 2
        real_write(RequestItems={name: operations[:middle]})
        return {"UnprocessedItems": {name: operations[middle:]} if operations[middle:] else {}}

    def half_read(RequestItems):
        asked = RequestItems[name]
        middle = (len(asked["Keys"]) + 1) // 2
        answer = real_get(RequestItems={name: {**asked, "Keys": asked["Keys"][:middle]}})
        left = asked["Keys"][middle:]
        return answer | {"UnprocessedKeys": {name: {**asked, "Keys": left}} if left else {}}

    monkeypatch.setattr(table.client(), "batch_write_item", half_written)
    monkeypatch.setattr(table.client(), "batch_get_item", half_read)
    batch_write(Table.WORK, rows(60))
    assert len(batch_get(Table.WORK, [("A", f"{n:03}") for n in range(60)] + [("A", "missing")])) == 60


def test_a_table_that_takes_nothing_ends_in_try_again_and_not_in_a_loop(town_table, monkeypatch):
    monkeypatch.setattr(
        table.client(), "batch_write_item", lambda RequestItems: {"UnprocessedItems": RequestItems}
    )
    with pytest.raises(TryAgain):
        batch_write(Table.WORK, rows(3))


def test_a_queue_shows_only_its_own_soonest_due_first_in_pages(town_table):
    for n in range(7):
        ticket, event = received_with("小区门口乱糟糟", id=f"01JD00000000000000000000{n:02}")
        tickets.save(ticket, event, before=None)
    page = lists.list_queue("desk:ST", limit=5)
    rest = lists.list_queue("desk:ST", limit=5, after=page.next)
    assert [item["ticket_id"][-2:] for item in (*page, *rest)] == [f"{n:02}" for n in range(7)]
    assert list(lists.list_queue("desk:ST2")) == []
    with pytest.raises(BadRequest):
        lists.list_queue("desk:ST2", after=page.next)


@pytest.mark.parametrize(
    ("fault", "passes"),
    [
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"), True),
        (ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "Query"), True),
        (ClientError({"Error": {"Code": "TransactionInProgressException"}}, "Query"), True),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "Query"), False),
        (ClientError({"Error": {"Code": "ValidationException"}}, "Query"), False),
        (EndpointConnectionError(endpoint_url="x"), True),
        (KeyError("document"), False),
    ],
)
def test_which_faults_pass_by_themselves(fault, passes):
    assert is_passing(fault) is passes


@pytest.mark.parametrize("town_table", ["moto"], indirect=True)
def test_the_contract_is_held_under_botocores_own_look_at_every_parameter(town_table):
    with pytest.raises(ParamValidationError):
        table.client().get_item(TableName=Table.WORK.full_name, Key={"PK": {"S": 1}})
    with pytest.raises(ParamValidationError):
        table.client().query(TableName=Table.WORK.full_name, Limit="5")
