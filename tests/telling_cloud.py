"""The cloud around the stream consumer: tables and queue by moto, workflows that are only written down."""

import json
from contextlib import contextmanager

import boto3

from chalicelib.actions.notices import notifying
from chalicelib.gateways import clients
from chalicelib.settings import settings
from chalicelib.store import keys, table
from chalicelib.store.table import Table
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory
from tests.moto_cloud import moto_cloud
from tests.telling_town import a_ticket, a_town


class Workflows:
    """Stands for the gateway: a used name is success, as there; `refuses` makes it fail."""

    def __init__(self):
        self.started = set()
        self.stopped = []
        self.asked = 0
        self.refuses = None

    def start_escalation(self, ticket_id, generation, wake_at):
        self._start(f"{ticket_id}-{generation}", wake_at)

    def start_follow_up(self, ticket_id, round_):
        self._start(f"{ticket_id}-{round_}", None)

    def stop_escalation(self, ticket_id, generation):
        self.stopped.append(f"{ticket_id}-{generation}")

    def stop_follow_up(self, ticket_id, round_):
        self.stopped.append(f"follow-up {ticket_id}-{round_}")

    def _start(self, name, wake_at):
        self.asked += 1
        if self.refuses:
            raise self.refuses
        self.started.add((name, wake_at))


@contextmanager
def telling_cloud(patch, town=None):
    with moto_cloud(patch):
        patch.setenv("SEND_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="send")["QueueUrl"])
        settings.cache_clear()
        clients.client.cache_clear()
        workflows = Workflows()
        patch.setattr(notifying, "workflows", workflows)
        patch.setattr(directory, "town", lambda: town or a_town())
        yield workflows


def save(event, *, people=("r1",), **changes):
    """A ticket that exists, with its first line of history; answers the line as the stream brings it."""
    ticket = a_ticket(**{"version": 0} | changes)
    extra = tuple(
        members.member_op(ticket.id, Member(reporter_id=person, is_reporter=person == "r1"), event.at)
        for person in people
    )
    tickets.save(ticket, event, before=None, extra=extra)
    return record_of(ticket.id, 1)


def record_of(ticket_id, version):
    pk, sk = keys.event(ticket_id, version)
    key = {"PK": {"S": pk}, "SK": {"S": sk}}
    image = table.client().get_item(TableName=Table.TICKETS.full_name, Key=key)["Item"]
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": key,
            "NewImage": image,
            "SequenceNumber": f"{ticket_id}{version}",
            "ApproximateCreationDateTime": 1795312800.0,
        },
    }


def woken():
    """The messages in the send queue, taken out; as the Lambda would be given them."""
    found = []
    while (
        answer := boto3.client("sqs")
        .receive_message(QueueUrl=settings().send_queue_url, MaxNumberOfMessages=10)
        .get("Messages")
    ):
        found += answer
    return [{"messageId": message["MessageId"], "body": message["Body"]} for message in found]


def everything(prefix="TO#"):
    """The items of the work table under a prefix of the partition key, by key."""
    items = table.client().whole.scan(TableName=Table.WORK.full_name)["Items"]
    plain = [table.from_wire(item) for item in items]
    return {(item["PK"], item["SK"]): item for item in plain if item["PK"].startswith(prefix)}


def outward():
    return {
        key: json.loads(item["document"]) for key, item in everything().items() if key[1].startswith("out#")
    }


def lines_of(recipient):
    return [key for key in everything(f"TO#{recipient}") if key[1].startswith("inbox#")]
