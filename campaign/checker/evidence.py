"""What a campaign left behind, read from its files alone. Nothing here comes from the product, so that nothing is believed."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

Data = dict[str, Any]
ENDED = frozenset({"closed", "answered", "declined", "forwarded", "withdrawn", "merged", "divided"})


@dataclass
class Ticket:
    """One ticket at the end: its state, its lines of history (by version, and those beside one), and its other items."""

    state: Data = field(default_factory=dict)
    lines: list[tuple[int, Data]] = field(default_factory=list)
    beside: list[tuple[str, Data]] = field(default_factory=list)
    items: dict[str, Data] = field(default_factory=dict)

    @property
    def all_lines(self) -> list[Data]:
        return [line for _, line in self.lines] + [line for _, line in self.beside]

    @property
    def has_ended(self) -> bool:
        return self.state["stage"] in ENDED


@dataclass
class Evidence:
    """`requests` in the order in which they were sent; `arrived` what phones and the subscriber got."""

    said: Data
    requests: list[Data]
    arrived: list[Data]
    planted: list[Data]
    people: dict[str, Data]
    tickets: dict[str, Ticket]
    told: dict[str, list[Data]]  # inbox lines by recipient
    outward: list[Data]
    raw: dict[str, list[str]]  # every item as text, by table
    work: list[Data]
    photos: list[Data]  # what was taken, and whether it got there whole
    files: list[Data]  # the bucket at the end
    phones: list[Data]  # whose WeChat is whose

    def phone_of(self, recipient: str) -> str | None:
        """What a platform calls whoever a delivery is for."""
        if recipient.startswith("staff:"):
            return str(self.people.get(recipient.removeprefix("staff:"), {}).get("wecom") or "") or None
        return self._openids.get(recipient.removeprefix("reporter:"))

    @cached_property
    def _openids(self) -> dict[str, str]:
        return {str(each["reporter"]): str(each["openid"]) for each in self.phones}

    @cached_property
    def stations(self) -> dict[str, list[tuple[int, str]]]:
        """Whose desk a ticket was at which version, by its id, as it was shown to staff."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for each in self.requests:
            shown = each["answer"] if isinstance(each.get("answer"), dict) else {}
            if shown.get("station_id") and "version" in shown:
                found[shown["id"]].append((shown["version"], shown["station_id"]))
        return found

    @cached_property
    def acts(self) -> list[Data]:
        """What people asked to be done to a ticket: path /x/tickets/<id>/<act>."""
        return [each for each in self.requests if each["method"] == "POST" and each["path"].count("/") == 4]

    def messages(self, platform: str) -> Iterator[Data]:
        return (each for each in self.arrived if each["kind"] == "message" and each["platform"] == platform)


def read(folder: Path) -> Evidence:
    tickets: dict[str, Ticket] = defaultdict(Ticket)
    told: dict[str, list[Data]] = defaultdict(list)
    outward, work, raw = [], [], defaultdict(list)
    for item in _lines(folder / "tables.jsonl"):
        raw[item["table"]].append(json.dumps(item, ensure_ascii=False))
        kind, _, of = item["PK"].partition("#")
        if item["table"] == "tickets" and kind == "TICKET":
            _put(tickets[of], item)
        elif item["table"] == "work":
            work.append(item)
            if kind == "TO" and item["SK"].startswith("inbox#"):
                told[of].append(json.loads(item["document"]))
            elif kind == "TO" and item["SK"].startswith("out#"):
                outward.append(item | {"document": json.loads(item["document"])})
    return Evidence(
        said=json.loads((folder / "said.json").read_text(encoding="utf-8")),
        requests=sorted(_lines(folder / "history.jsonl"), key=lambda each: each["sent"]),
        arrived=list(_lines(folder / "arrived.jsonl")),
        planted=list(_lines(folder / "planted.jsonl")),
        people={each["code"]: each for each in _lines(folder / "people.jsonl")},
        tickets={name: _in_order(ticket) for name, ticket in tickets.items() if ticket.state},
        told=told,
        outward=outward,
        raw=raw,
        work=work,
        photos=list(_lines(folder / "photos.jsonl")),
        files=list(_lines(folder / "files.jsonl")),
        phones=list(_lines(folder / "phones.jsonl")),
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _put(ticket: Ticket, item: Data) -> None:
    sk = item["SK"]
    if sk == "TICKET":
        ticket.state = json.loads(item["document"])
    elif sk.startswith("EVENT#"):
        name, line = sk.removeprefix("EVENT#"), json.loads(item["document"])
        if "." in name:
            ticket.beside.append((name, line))
        else:
            ticket.lines.append((int(name), line))
    else:
        ticket.items[sk] = item


def _in_order(ticket: Ticket) -> Ticket:
    ticket.lines.sort(key=lambda each: each[0])
    ticket.beside.sort(key=lambda each: each[0])
    return ticket


def _lines(path: Path) -> Iterator[Data]:
    """Of a file, or of what it was packed into."""
    packed = path.with_name(f"{path.name}.gz")
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    elif packed.exists():
        with gzip.open(packed, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
