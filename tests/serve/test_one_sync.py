"""A batch of writes is one transaction on a town hall's own machine; what that refuses goes as it came."""

import pytest

from chalicelib.store import direct
from infra.serve.one_sync import OneSync

PUT = {"PutRequest": {"Item": {"PK": {"S": "A"}, "SK": {"S": "1"}}}}
DELETE = {"DeleteRequest": {"Key": {"PK": {"S": "B"}, "SK": {"S": "2"}}}}


class Engine:
    def __init__(self, refuses=""):
        self.refuses, self.heard = refuses, []

    def __call__(self, operation, request):
        self.heard.append((operation, request))
        if operation == self.refuses:
            raise direct.Cancelled(["TransactionConflict"])
        return {"UnprocessedItems": {"as it": "answers"}} if operation == "BatchWriteItem" else {}


def test_what_a_batch_writes_is_written_by_one_transaction():
    engine = Engine()
    answer = OneSync().ask(engine, "BatchWriteItem", {"RequestItems": {"work": [PUT, DELETE]}})
    [(operation, request)] = engine.heard
    assert answer == {"UnprocessedItems": {}}
    assert operation == "TransactWriteItems"
    assert request.pop("ClientRequestToken")
    assert request == {
        "TransactItems": [
            {"Put": {"TableName": "work", "Item": PUT["PutRequest"]["Item"]}},
            {"Delete": {"TableName": "work", "Key": DELETE["DeleteRequest"]["Key"]}},
        ]
    }


def test_what_the_transaction_refuses_goes_as_it_came():
    engine, batch = Engine(refuses="TransactWriteItems"), {"RequestItems": {"work": [PUT, DELETE]}}
    answer = OneSync().ask(engine, "BatchWriteItem", batch)
    assert engine.heard[-1] == ("BatchWriteItem", batch)
    assert answer == {"UnprocessedItems": {"as it": "answers"}}


@pytest.mark.parametrize(
    ("operation", "request_"),
    [("BatchWriteItem", {"RequestItems": {"work": [PUT]}}), ("PutItem", {"TableName": "work"})],
)
def test_one_write_is_asked_as_it_came(operation, request_):
    engine = Engine()
    OneSync().ask(engine, operation, request_)
    assert engine.heard == [(operation, request_)]
