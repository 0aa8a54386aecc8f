"""What was written stays as it was: digests of traces and of histories, a root for each day, and what differs from them.

A line is told by a digest of all that it holds. Its digest goes into a bucket where nothing can be changed, and by night
a day's digests into a root that hangs on the root of the day before. Whoever changes, removes or adds a line afterwards
is found by comparing the tables with the bucket; what an erasure changed is accepted with its entry in the ledger alone.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import Field

from chalicelib.domain.model import Frozen, Instant, Worded

_NOT_SAID = frozenset({"restored"})  # a mark of infra/production/restore.py: what the line says is the same
GONE = ""  # the digest of a line that was taken away


class Name(NamedTuple):
    """Which line: of a ticket's history by the ticket's id, of another partition by that."""

    subject: str
    sk: str


class Kept(Frozen):
    """One write of a line as the stream brought it. `order`: the stream's own number, which only grows for one line."""

    subject: str
    sk: str
    digest: str
    at: Instant
    order: str = ""

    @property
    def name(self) -> Name:
        return Name(self.subject, self.sk)


class Root(Frozen):
    """A day that is over: the objects of that day, and the root that hangs on the one `before`; "" for the first."""

    day: date
    before: str
    objects: tuple[str, ...]
    root: str


class Why(StrEnum):
    """Why lines may differ from what was first written."""

    ASKED = "asked"  # name and phone were taken out, and the desk is to approve a summary
    ERASED = "erased"  # words were taken out on demand
    FORGOTTEN = "forgotten"  # who reported is not known any more; the words of traces went with it
    REMOVED = "removed"  # the case went after its term
    RESTORED = "restored"  # all of it, from a backup


class Entry(Frozen):
    """A line of the ledger of erasures: what went, when, by whom.

    `lines`: sort key -> digest of each line that an erasure changed. `as_of`: of a restore, when its backup was taken.
    """

    at: Instant
    subject: str  # a ticket's id; "" of a restore
    why: Why
    by: str
    lines: dict[str, str] = Field(default_factory=dict)
    as_of: Instant | None = None


class Wrong(Worded):
    """What is not as it was written, and how it is said."""

    CHANGED = "changed", "被改过"
    REMOVED = "removed", "不见了"
    ADDED = "added", "来历不明（没有随数据流封存）"
    WORDS = "words", "查看理由和留痕对不上"
    NOT_ERASED = "not_erased", "应已删除的内容又出现了（恢复备份后要重做删除）"
    DAY = "day", "这一天的封存和链对不上"


class Finding(NamedTuple):
    """Something is not as it was written; `where`: a code."""

    what: Wrong
    where: str


def digest_of(item: Mapping[str, Any]) -> str:
    """Of a line in DynamoDB's own notation, whatever the order of its attributes."""
    said = {name: value for name, value in item.items() if name not in _NOT_SAID}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def object_name(body: bytes) -> str:
    """An object is named by what it holds: whoever lists a day has its digests."""
    return hashlib.sha256(body).hexdigest()


def root_of(day: date, before: str, objects: Iterable[str]) -> Root:
    """The root of a day, of its objects' names and the root before it."""
    names = tuple(sorted(set(objects)))
    said = "\n".join((before, day.isoformat(), *names))
    return Root(day=day, before=before, objects=names, root=hashlib.sha256(said.encode()).hexdigest())


def check_lines(
    kept: Iterable[Kept],
    present: Mapping[Name, str],
    ledger: Sequence[Entry],
    *,
    outside: frozenset[Name] = frozenset(),
) -> list[Finding]:
    """What the tables hold against what was kept of it. `outside`: lines that nobody kept: on their way, or too old."""
    seen: dict[Name, list[Kept]] = {}
    for each in sorted(set(kept), key=lambda one: (len(one.order), one.order)):
        seen.setdefault(each.name, []).append(each)
    allowed = _Allowed(ledger)
    found = []
    for name in sorted(seen.keys() | present.keys()):
        what = allowed.judge(name, seen.get(name, []), present.get(name, GONE))
        if what and not (what is Wrong.ADDED and name in outside):
            found.append(Finding(what, f"{name.subject} {name.sk}"))
    return found


class _Allowed:
    """What the ledger lets differ."""

    def __init__(self, ledger: Sequence[Entry]) -> None:
        self.erased: dict[Name, list[str]] = {}
        for entry in sorted(ledger, key=lambda one: one.at):
            for sk, digest in entry.lines.items():
                self.erased.setdefault(Name(entry.subject, sk), []).append(digest)
        self.removed = {each.subject for each in ledger if each.why is Why.REMOVED}
        self.restored = [each.as_of for each in ledger if each.why is Why.RESTORED and each.as_of]

    def judge(self, name: Name, seen: list[Kept], now: str) -> Wrong | None:
        """What is wrong with a line; None for nothing."""
        if not seen:
            return Wrong.ADDED
        erased, digests = self.erased.get(name, []), {each.digest for each in seen} - {GONE}
        fine = {seen[0].digest, *erased}
        if not digests <= fine or now not in fine | {GONE}:
            return Wrong.CHANGED
        if now == GONE:
            is_fine = name.subject in self.removed or self._went_with_a_restore(seen[0])
            return None if is_fine else Wrong.REMOVED
        if name.subject in self.removed or (erased and now != erased[-1]):
            return Wrong.NOT_ERASED
        was_gone = any(each.digest == GONE for each in seen)
        return Wrong.CHANGED if was_gone and not self.restored else None

    def _went_with_a_restore(self, first: Kept) -> bool:
        return any(first.at > as_of for as_of in self.restored)


def check_words(
    said: Mapping[Name, str], vault: Mapping[Name, str], ledger: Sequence[Entry]
) -> list[Finding]:
    """The digests that traces hold of their words, against the digests of the words that lie in the vault."""
    gone = {each.subject for each in ledger}
    return [
        Finding(Wrong.WORDS, f"{name.subject} {name.sk}")
        for name, digest in sorted(said.items())
        if (vault[name] != digest if name in vault else name.subject not in gone)
    ]


def check_history(versions: Mapping[str, int], lines: Mapping[str, set[int]]) -> list[Finding]:
    """A ticket of version n has the lines 1 to n: no line lies where no version is, and none is missing."""
    found = []
    for ticket_id in sorted(versions.keys() | lines.keys()):
        wanted, there = set(range(1, versions.get(ticket_id, 0) + 1)), lines.get(ticket_id, set())
        found += [Finding(Wrong.REMOVED, f"{ticket_id} {version}") for version in sorted(wanted - there)]
        found += [Finding(Wrong.ADDED, f"{ticket_id} {version}") for version in sorted(there - wanted)]
    return found


def check_days(
    objects: Mapping[date, Iterable[str]],
    roots: Iterable[Root],
    noted: Mapping[date, str],
    *,
    since: date,
) -> list[Finding]:
    """The days' roots against the objects that lie there, one another, and the roots noted in the table.

    `since`: the oldest day that the bucket still keeps; what is older has gone with its term.
    """
    known = {each.day: each for each in roots}
    found = []
    before = None
    for day in sorted(known):
        root = known[day]
        whole = root_of(day, root.before, objects.get(day, ()))
        hangs = before is None or root.before == before
        if root != whole or not hangs or noted.get(day) != root.root:
            found.append(Finding(Wrong.DAY, day.isoformat()))
        before = root.root
    kept_days = {day for day in noted if day >= since}
    found += [Finding(Wrong.DAY, day.isoformat()) for day in sorted(kept_days - known.keys())]
    last = max(known, default=None)
    unsealed = {day for day in objects if last is not None and day <= last and day not in known}
    return found + [Finding(Wrong.DAY, day.isoformat()) for day in sorted(unsealed - kept_days)]
