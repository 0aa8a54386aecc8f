"""A class of ten thousand: announcing, splitting and merging lose nobody and tell nobody twice; how long each takes."""

from datetime import datetime
from time import perf_counter
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.meter import Meter
from benchmarks.row import Row, Size
from benchmarks.stand import a_stand, import_sample_town
from chalicelib.domain.classes import acts, classes
from chalicelib.domain.classes.issue_class import IssueClass, Member
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.jobs import Job
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage, Ticket, Where
from chalicelib.domain.town.vocabulary import Source

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
MOST_MEMBERS, OTHERS, SPLIT, CHUNK = 10_000, 1_000, 24, 50
MOST_SECONDS = 5.0  # of an act that somebody waits for
HERE = Where(place="SHJY-GATE", path=("HJ", "GGLW", "SHJY", "SHJY-GATE"), name="盛华景苑南门")


class Announced(NamedTuple):
    told: int
    seconds: float
    slowest: float
    units: float


def run(size: Size) -> list[Row]:
    many = min(MOST_MEMBERS, size.tickets[1])
    few = min(OTHERS, many // 2)
    with a_stand():
        import_sample_town(NOW)
        from chalicelib.store import table

        meter = Meter(table.client())
        _fill("MANY", 0, many)
        _fill("FEW", many, many + few)
        announced = _announce("MANY", meter)
        again = _announce("MANY", meter)
        split = _timed(lambda: _split("MANY", "SPLIT"))
        merged = _timed(lambda: _merge("SPLIT", "MANY") and _merge("FEW", "MANY"))
        lost, twice = _missing("MANY", many + few), _inboxes() - many
    whole = lost == twice == 0 and again.told == announced.told == many
    return [
        Row(f"a class of {many:,}: nobody lost, nobody told twice", "0 and 0", f"{lost} and {twice}", f"announced, every chunk twice; {SPLIT} split off and merged back, then {few:,} more merged in", whole),
        Row(f"a class of {many:,}: everyone is told", "–", f"{announced.seconds:.0f} s, the slowest chunk {announced.slowest:.1f} s, {announced.units / many:.1f} write units a member", f"{many // CHUNK} chunks of {CHUNK} one after another, inbox alone; history, claim and message"),
        Row(f"a class of {many:,}: splitting", f"≤ {MOST_SECONDS:g} s", f"{split:.2f} s", f"{SPLIT} tickets, one transaction", split <= MOST_SECONDS),
        Row(f"a class of {many:,}: merging", f"≤ {MOST_SECONDS:g} s", f"{merged:.2f} s", f"{SPLIT} and {few:,}: their members are read, and the larger's when they have many reporters", merged <= MOST_SECONDS),
    ]  # fmt: skip


def _fill(class_id: str, first: int, last: int) -> None:
    """A class with so many members, each a ticket of somebody else."""
    from chalicelib.store.classes import items
    from chalicelib.store.table import Table, batch_write, put
    from chalicelib.store.tickets import members, tickets

    found = [_member(n) for n in range(first, last)]
    made = classes.founded(class_id, class_id, found, by="gglw-head", what="begin", now=NOW)
    entered = [op for one in found for op in items.enter_ops(class_id, one)]
    batch_write(Table.WORK, map(_item, entered))
    reported = [tickets._ticket_op(_ticket(n)) for n in range(first, last)]
    people = [
        members.member_op(
            _id(n), members.Member(reporter_id=f"r{n}", reachable="in_app", is_reporter=True), NOW
        )
        for n in range(first, last)
    ]
    batch_write(Table.TICKETS, map(_item, [*reported, *people]))
    put(Table.WORK, _item(items.class_op(made)))


def _announce(class_id: str, meter: Meter) -> Announced:
    from chalicelib.actions.classes import announcing
    from chalicelib.gateways import queue
    from chalicelib.store.classes import classes
    from chalicelib.store.classes import members as class_members

    measure = Measure(
        id="M1",
        what="每周四设便民菜场",
        place="南门",
        schedule="每周四",
        unit_id="OF-PA",
        from_on=NOW.date(),
        announced_at=NOW,
        by="gglw-head",
    )
    cls = classes.change(class_id, lambda c: c if c.measures else acts.announce(c, measure, now=NOW))
    rows = [{"ticket_id": member.ticket_id} for member in class_members.all_members(cls)]
    job = Job(
        id="announcing",
        kind=announcing.KIND,
        by="gglw-head",
        at=NOW,
        total=len(rows),
        cuts=(),
        about={"class_id": class_id, "measure_id": "M1"},
    )
    took, told = [], 0
    with mock.patch.object(queue, "wake", len), meter.counting():
        for start in range(0, len(rows), CHUNK):
            begun = perf_counter()
            told += announcing.tell(job, rows[start : start + CHUNK], NOW).counts["told"]
            took.append(perf_counter() - begun)
    return Announced(told, sum(took), max(took), meter.write_units)


def _split(class_id: str, new_id: str) -> IssueClass:
    from chalicelib.store.classes import splits

    return splits.split(
        class_id,
        [_id(n) for n in range(SPLIT)],
        lambda moved: classes.founded(new_id, new_id, moved, by="gglw-head", what="split_off", now=NOW),
        lambda cls: acts.split_line(cls, by="gglw-head", name=new_id, now=NOW),
    )


def _merge(class_id: str, into_id: str) -> IssueClass:
    from chalicelib.store.classes import splits

    return splits.merge(class_id, into_id, lambda c, into: acts.merge(c, into, by="gglw-head", now=NOW))


def _missing(class_id: str, expected: int) -> int:
    """How many members, or reporters, the class does not hold or count."""
    from chalicelib.store.classes import classes
    from chalicelib.store.classes import members as class_members

    cls = classes.get_class(class_id)
    found = {member.ticket_id for member in class_members.all_members(cls)}
    return sum(abs(expected - held) for held in (len(found), cls.members, cls.reporters))


def _inboxes() -> int:
    """How many lines lie in all inboxes together."""
    from chalicelib.store import keys
    from chalicelib.store.table import Table, client

    pages = client().get_paginator("scan").paginate(TableName=Table.WORK.full_name, ProjectionExpression="SK")
    return sum(item["SK"]["S"].startswith(f"{keys.INBOX}2") for page in pages for item in page["Items"])


def _timed(act: Any) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def _item(operation: dict[str, Any]) -> Any:
    from chalicelib.store.table import from_wire

    return from_wire(operation["Put"]["Item"])


def _id(n: int) -> str:
    return f"01BENCH{n:019d}"


def _member(n: int) -> Member:
    return Member(
        ticket_id=_id(n), voice=classes.voice_of(f"r{n}"), at=NOW, area="GGLW", scope="SHJY", category="C01"
    )


def _ticket(n: int) -> Ticket:
    return Ticket(
        id=_id(n),
        number=f"MS261123-{n:06d}-4",
        version=1,
        stage=Stage.RECEIVED,
        source=Source.QR,
        reporter_id=f"r{n}",
        where=HERE,
        text="南门口流动菜摊占了人行道",
        station_id="ST-GGLW",
        received_at=NOW,
    )
