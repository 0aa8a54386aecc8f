"""Budget: twelve normal days in one day, twenty mean hours in one hour, one category a hundredfold: nothing lost, no hot key.

A normal day is the sample town's own: the reports of town/sample_reports.csv. All of it goes through the app's routes, the
stream consumer and `send` on dynoxide, in town time. What the workflows ring later is chaos's and the rulebook's to test.
"""

import csv
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from rich.progress import Progress

from benchmarks.life import LAMP
from benchmarks.row import Row, Size
from benchmarks.stand import SAMPLE
from benchmarks.world import MONDAY, World, a_world

PEAK = 20  # mean hours of a normal day in one hour
HOT = 1000  # write units a second that DynamoDB gives one partition key
_DAY = 24 * 3600


class Sent(NamedTuple):
    second: int
    point: int
    text: str


def run(size: Size) -> list[Row]:
    reports = plan(size)
    hot: Counter[str] = Counter()
    with a_world() as world, Progress(transient=True) as progress:
        bar = progress.add_task("a burst", total=len(reports))
        acknowledged: list[tuple[str, str]] = []
        world.has_workflows = False
        for sent in reports:
            acknowledged.append(_report(world, sent, hot))
            progress.advance(bar)
        wrong = _missing(acknowledged)
    return [
        Row(
            "burst: nothing lost",
            f"{size.days} × a normal day in a day, {PEAK} × the mean hour in an hour, one category × {size.storm}",
            f"{len(acknowledged)} acknowledged, {len(wrong)} not whole",
            "each has its number, its history, its queue entry or end, its alarm, and its reporter was told once"
            + _first(wrong),
            not wrong,
        ),
        _hot_row(hot),
    ]


def plan(size: Size) -> list[Sent]:
    """Twelve days' reports over one day, of which one hour holds twenty mean hours; in it the storm of one category."""
    with (SAMPLE / "sample_reports.csv").open(encoding="utf-8") as file:
        texts = [row["body"] for row in csv.DictReader(file)]
    normal = len(texts)
    peak = max(PEAK * normal // 24, size.storm)
    spread = max(0, size.days * normal - peak) if size.days > 1 else 4
    storm = [Sent(n * 3600 // peak, n, LAMP) for n in range(size.storm)]
    hour = [Sent(n * 3600 // peak, n, texts[n % normal]) for n in range(peak - size.storm)]
    day = [Sent(n * _DAY // spread, n, texts[n % normal]) for n in range(spread)]
    return sorted(storm + hour + day)


def _report(world: World, sent: Sent, hot: Counter[str]) -> tuple[str, str]:
    world.pass_to(max(world.now, MONDAY + timedelta(seconds=sent.second)))
    token = world.resident()
    with world.meter.counting() as meter:
        body = {"point": world.codes[sent.point % len(world.codes)], "text": sent.text}
        made = world.ask("POST", "/api/tickets", token, body)
        world.settle()
        minute = sent.second // 60
        for key, units in meter.keys.items():
            hot[f"{minute} {key}"] += units
    return str(made["id"]), str(made["number"])


def _missing(acknowledged: list[tuple[str, str]]) -> list[str]:
    """What is not as it must be, one line each."""
    from chalicelib.domain.tickets.ticket import ENDED
    from chalicelib.store import keys
    from chalicelib.store.notices import inbox
    from chalicelib.store.table import Table, query_all
    from chalicelib.store.tickets import lists, tickets

    wrong = []
    for ticket_id, number in acknowledged:
        ticket = tickets.get(ticket_id)
        found = [item["SK"] for item in query_all(Table.TICKETS, keys.ticket_pk(ticket_id), consistent=True)]
        lines = [
            key for key in found if keys.is_event(key) and not keys.is_beside(key)
        ]  # those that changed it
        received = [line for line, _ in inbox.list_inbox(f"reporter:{ticket.reporter_id}")[0]]
        first = [line for line in received if line.event_key.endswith("-000001")]
        checks = {
            "number": lists.find_id_by_number(number) == ticket_id,
            "history": lines == [keys.event_sk(version) for version in range(1, ticket.version + 1)],
            "queue": ticket.stage in ENDED or any(key.startswith(keys.QUEUES) for key in found),
            "alarm": ticket.stage in ENDED or any(map(keys.is_alarm, found)),
            "told once": len(first) == 1,
        }
        wrong += [f"{number}: {name}" for name, kept in checks.items() if not kept]
    return wrong


def _hot_row(hot: Counter[str]) -> Row:
    (key, units), *_ = hot.most_common(1)
    name = key.split(" ", 1)[1].split("#")
    measured = f"{units / 60:.2f} write units a second in the busiest minute, at {name[0]}#{name[1][:12]}…"
    how = f"writes by partition key of tables and indexes; DynamoDB gives one key {HOT} a second"
    return Row("burst: hottest partition key", f"≤ {HOT} write units/s", measured, how, units / 60 <= HOT)


def _first(wrong: list[str]) -> str:
    return f"; first: {wrong[0]}" if wrong else ""
