"""`make verify-traces`: any one line that was changed, removed or added since it was written is found, and what is erased rightly is not."""

import json
from datetime import timedelta

import boto3
import pytest

from chalicelib.actions import nightly, retention
from chalicelib.actions.identity import sealing
from chalicelib.store import keys
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets
from infra.vault.verify_traces import verify

YEARS = timedelta(days=1826)
PHONE = "13812345678"


class Streams:
    """What the streams of both tables bring, in order."""

    def __init__(self, service):
        self.service, self.before, self.count = service, {}, 0

    def flow(self):
        now = {(which, item["PK"]["S"], item["SK"]["S"]): item for which, item in self._lines()}
        records = [self._record("REMOVE", key) for key in self.before if key not in now]
        records += [
            self._record("MODIFY" if key in self.before else "INSERT", key, item)
            for key, item in now.items()
            if self.before.get(key) != item
        ]
        self.before = now
        sealing.keep(records, now=self.service.now)

    def _lines(self):
        for which in (Table.TICKETS, Table.TRACES):
            for item in boto3.client("dynamodb").scan(TableName=which.full_name)["Items"]:
                if which is Table.TRACES or keys.is_event(item["SK"]["S"]):
                    yield which, item

    def _record(self, name, key, image=None):
        self.count += 1
        change = {
            "Keys": {"PK": {"S": key[1]}, "SK": {"S": key[2]}},
            "SequenceNumber": str(self.count),
            "ApproximateCreationDateTime": self.service.now.timestamp(),
        }
        return {"eventName": name, "dynamodb": change | ({"NewImage": image} if image else {})}


@pytest.fixture
def streams(service):
    return Streams(service)


@pytest.fixture
def sealed(service, streams):
    """A ticket whose reporter was looked up, written yesterday and sealed by night; one more from today."""
    streams.flow()  # the bucket begins
    ticket_id = service.report("楼道灯坏了", contact={"name": "王阿姨", "phone": PHONE}).body["id"]
    service.settle()
    body = {"fields": ["phone"], "reason": "other", "words": "核对门牌号码"}
    assert service.post(f"/staff/tickets/{ticket_id}/reveal", body, service.staff("gglw-fc1")).status == 200
    streams.flow()
    service.later(days=1)
    assert sealing.seal(now=service.now) == 1
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff("gglw-fc1")).status == 200
    streams.flow()
    service.later(hours=1)
    return ticket_id


def found(deployment, service):
    return [finding.what for finding in verify(deployment, now=service.now, kept_for=YEARS)[1]]


def lines_of(which):
    items = boto3.client("dynamodb").scan(TableName=which.full_name)["Items"]
    return [item for item in items if which is Table.TRACES or keys.is_event(item["SK"]["S"])]


def put(which, item):
    boto3.client("dynamodb").put_item(TableName=which.full_name, Item=item)


def take_away(which, item):
    boto3.client("dynamodb").delete_item(TableName=which.full_name, Key={"PK": item["PK"], "SK": item["SK"]})


def test_what_is_as_it_was_written_is_found_whole(service, deployment, sealed):
    count, wrong = verify(deployment, now=service.now, kept_for=YEARS)
    assert wrong == []
    assert count >= 4


@pytest.mark.parametrize("seen_by_the_stream", [False, True])
@pytest.mark.parametrize("which", [Table.TICKETS, Table.TRACES], ids=str)
def test_any_one_line_changed_or_removed_is_found(
    service, deployment, streams, sealed, which, seen_by_the_stream
):
    for item in lines_of(which):
        for mutated in (item | {"document": {"S": "{}"}} if item["PK"]["S"] != keys.ROOTS else None, None):
            put(which, mutated) if mutated else take_away(which, item)
            if seen_by_the_stream:
                streams.flow()
            assert found(deployment, service), item
            put(which, item)
            if seen_by_the_stream:
                assert found(deployment, service), "it was changed, and put back"


def test_a_line_added_is_found(service, deployment, sealed):
    for which, item in [(w, i) for w in (Table.TICKETS, Table.TRACES) for i in lines_of(w)]:
        last = "8" if item["SK"]["S"].endswith("9") else "9"
        added = item | {"SK": {"S": item["SK"]["S"][:-1] + last}}
        put(which, added)
        assert found(deployment, service), added
        take_away(which, added)
    assert found(deployment, service) == []


def test_a_line_of_a_version_that_never_was_is_found_though_the_stream_brought_it(
    service, deployment, streams, sealed
):
    last = max(lines_of(Table.TICKETS), key=lambda item: item["SK"]["S"])
    put(Table.TICKETS, last | {"SK": {"S": keys.event_sk(keys.version_of(last["SK"]["S"]) + 1)}})
    streams.flow()
    assert found(deployment, service) == ["added"]


def test_the_words_of_a_trace_are_those_that_were_said(service, deployment, sealed):
    [item] = [
        i
        for i in boto3.client("dynamodb").scan(TableName=Table.IDENTITIES.full_name)["Items"]
        if keys.is_words(i["PK"]["S"])
    ]
    put(Table.IDENTITIES, item | {"words": {"S": "别的理由"}})
    assert found(deployment, service) == ["words"]
    take_away(Table.IDENTITIES, item)
    assert found(deployment, service) == ["words"]


def test_an_object_taken_out_of_the_bucket_or_exchanged_is_found(service, deployment, sealed):
    s3 = boto3.client("s3")
    for each in s3.list_objects_v2(Bucket=deployment.traces)["Contents"]:
        body = s3.get_object(Bucket=deployment.traces, Key=each["Key"])["Body"].read()
        s3.delete_object(Bucket=deployment.traces, Key=each["Key"])
        assert found(deployment, service), each["Key"]
        s3.put_object(Bucket=deployment.traces, Key=each["Key"], Body=body)
    assert found(deployment, service) == []


def test_the_bucket_holds_codes_and_digests_and_no_word(service, deployment, sealed):
    s3 = boto3.client("s3")
    held = [
        s3.get_object(Bucket=deployment.traces, Key=each["Key"])["Body"].read().decode()
        for each in s3.list_objects_v2(Bucket=deployment.traces)["Contents"]
    ]
    for line in [line for text in held for line in text.splitlines()]:
        assert set(json.loads(line)) <= {
            "subject",
            "sk",
            "digest",
            "at",
            "order",
            "day",
            "before",
            "objects",
            "root",
        }
    assert not any("\u4e00" <= character <= "\u9fff" for text in held for character in text)


def test_who_is_forgotten_takes_the_words_along_and_nothing_is_found_wrong(
    service, deployment, streams, sealed
):
    retention.forget_people(tickets.get(sealed), now=service.now)
    streams.flow()
    said = []
    assert verify(deployment, now=service.now, kept_for=YEARS, say=said.append)[1] == []
    assert said == ["台账 到期删除：1 次"]


def test_what_the_desk_erases_is_accepted_and_any_change_besides_is_found(
    service, deployment, streams, sealed
):
    token = service.resident()
    assert service.post(f"/api/tickets/{sealed}/withdraw", {"reason": "自己修好了"}, token).status == 200
    streams.flow()
    body = {"text": "反映楼道照明，本人撤回", "checked": "called_back"}
    assert service.post(f"/desk/tickets/{sealed}/erase", body, service.staff("gglw-fc1")).status == 200
    streams.flow()
    said = []
    assert verify(deployment, now=service.now, kept_for=YEARS, say=said.append)[1] == []
    [line] = [each for each in said if "按要求删除了内容" in each]
    assert line.startswith(f"台账 2026-11-24 11:00 按要求删除了内容：{sealed}，")
    assert line.endswith("经办 gglw-fc1"), said
    for item in lines_of(Table.TICKETS):
        put(Table.TICKETS, item | {"salt": {"S": "0"}})
        assert found(deployment, service) == ["changed"]
        put(Table.TICKETS, item)


def test_a_case_that_goes_after_its_term_goes_whole_and_nothing_is_found_wrong(
    service, deployment, streams, sealed
):
    ticket = tickets.get(sealed)
    retention.forget_people(ticket, now=service.now)
    retention.remove_case(tickets.get(sealed), now=service.now)
    streams.flow()
    assert found(deployment, service) == []
    assert not lines_of(Table.TICKETS)


def test_the_night_seals_every_day_since_the_last_root_also_an_empty_one(
    service, deployment, streams, sealed
):
    service.later(days=3)
    nightly.run(now=service.now)
    assert sealing.seal(now=service.now) == 0
    streams.flow()
    assert found(deployment, service) == []
