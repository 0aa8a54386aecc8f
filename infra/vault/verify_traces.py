"""`make verify-traces [STAGE=local]`: whether any trace or line of history was changed, removed or added since it was written.

Compares the tables with the digests that the streams brought into the locked bucket, and the bucket with the roots of
its days. Reads only. Exit 1 and a line for each finding: codes, never words. What was erased counts with its entry in the
ledger alone.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.identity import chain
from chalicelib.domain.identity.chain import Entry, Finding, Kept, Name, Root, Why
from chalicelib.domain.identity.traces import Trace, Words, digest_of
from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways.kept_lines import LINES, ROOTS
from chalicelib.store import keys
from infra.production import aws, whole
from infra.production.aws import Deployment, Refused
from infra.production.lines import Item

ON_ITS_WAY = timedelta(minutes=10)  # the streams are read every five minutes
LOCALLY = timedelta(seconds=0)
LOCAL_WAIT = 6.0  # seconds: three windows of the local pump

ASKED_FOR = {Why.ASKED: "本人要求删除，等审定", Why.ERASED: "按要求删除了内容", Why.RESTORED: "从备份恢复"}


@dataclass
class Seen:
    """Everything that the tables hold of lines."""

    lines: dict[Name, str] = field(default_factory=dict)
    said: dict[Name, str] = field(default_factory=dict)  # digests of words, as the traces have them
    vault: dict[Name, str] = field(default_factory=dict)  # of the words that lie in the vault
    versions: dict[str, int] = field(default_factory=dict)
    history: dict[str, set[int]] = field(default_factory=dict)
    noted: dict[date, str] = field(default_factory=dict)
    ledger: list[Entry] = field(default_factory=list)
    at: dict[Name, datetime] = field(default_factory=dict)  # when a line says that it was written


def verify(
    deployment: Deployment,
    *,
    now: datetime,
    on_its_way: timedelta = ON_ITS_WAY,
    kept_for: timedelta,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[int, list[Finding]]:
    """How many lines were looked at, and what is wrong. The bucket is read last: what the tables hold is in it by then.

    `say` is told by which entries of the ledger something may differ: what somebody asked for one by one, so that a person
    can hold it against the request; what went by its term as a number.
    """
    seen = _tables(deployment)
    _tell_of_ledger(seen.ledger, say)
    objects, kept, roots, broken = _bucket(deployment)
    since = (now - kept_for).astimezone(SHANGHAI).date()
    # What was there before the first object, or went from the bucket with its term, has no digest to be held against.
    oldest = max(min((each.at for each in kept), default=now - kept_for), now - kept_for)
    outside = frozenset(name for name, at in seen.at.items() if at > now - on_its_way or at < oldest)
    found = [Finding(chain.Wrong.DAY, day.isoformat()) for day in broken]
    found += chain.check_days(objects, roots, seen.noted, since=since)
    found += chain.check_lines(kept, seen.lines, seen.ledger, outside=outside)
    found += chain.check_history(seen.versions, seen.history)
    found += chain.check_words(seen.said, seen.vault, seen.ledger)
    return len(seen.lines), list(dict.fromkeys(found))


def _tables(deployment: Deployment) -> Seen:
    seen = Seen()
    for item in whole.scan(deployment, "identities"):
        if keys.is_words(item["PK"]["S"]):
            name = Name(keys.worded_subject_of(item["PK"]["S"]), item["SK"]["S"])
            seen.vault[name] = digest_of(Words(salt=item["salt"]["S"], words=item["words"]["S"]))
    for item in whole.scan(deployment, "traces"):
        _note_trace(seen, item)
    for item in whole.scan(deployment, "tickets"):
        _note_history(seen, item)
    return seen


def _note_trace(seen: Seen, item: Item) -> None:
    pk, sk, name = item["PK"]["S"], item["SK"]["S"], _name(item)
    seen.lines[name] = chain.digest_of(item)
    document = item.get("document", {}).get("S", "{}")
    if pk == keys.ROOTS:
        seen.noted[date.fromisoformat(sk)] = Root.model_validate_json(document).root
    elif pk == keys.LEDGER:
        seen.ledger.append(Entry.model_validate_json(document))
    elif said := json.loads(document).get("said"):
        seen.said[Name(keys.traced_subject_of(pk), sk)] = Trace.model_validate_json(document).said or said
    _note_age(seen, name, document)


def _note_history(seen: Seen, item: Item) -> None:
    pk, sk = item["PK"]["S"], item["SK"]["S"]
    if not keys.is_ticket_pk(pk):
        return
    ticket_id = keys.ticket_id_of(pk)
    if keys.is_ticket(pk, sk):
        seen.versions[ticket_id] = int(item["version"]["N"])
    elif keys.is_event(sk):
        seen.lines[_name(item)] = chain.digest_of(item)
        if not keys.is_beside(sk):
            seen.history.setdefault(ticket_id, set()).add(keys.version_of(sk))
        _note_age(seen, _name(item), item.get("document", {}).get("S", "{}"))


def _note_age(seen: Seen, name: Name, document: str) -> None:
    try:
        seen.at[name] = datetime.fromisoformat(json.loads(document)["at"])
    except (ValueError, KeyError, TypeError):
        return


def _name(item: Item) -> Name:
    return Name(keys.ticket_id_of(item["PK"]["S"]), item["SK"]["S"])


def _bucket(deployment: Deployment) -> tuple[dict[date, set[str]], list[Kept], list[Root], list[date]]:
    """The objects of each day, the lines in them, the roots, and the days with an object that is not what its name says."""
    objects: dict[date, set[str]] = {}
    kept, roots, broken = [], [], []
    for key, body in _objects(deployment):
        if key.startswith(ROOTS):
            roots.append(Root.model_validate_json(body))
            continue
        day, _, name = key.removeprefix(LINES).partition("/")
        objects.setdefault(date.fromisoformat(day), set()).add(name)
        if chain.object_name(body) != name:
            broken.append(date.fromisoformat(day))
        kept += [Kept.model_validate_json(line) for line in body.splitlines()]
    return objects, kept, roots, broken


def _objects(deployment: Deployment) -> Iterator[tuple[str, bytes]]:
    s3 = deployment.client("s3")
    for prefix in (LINES, ROOTS):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=deployment.traces, Prefix=prefix)
        for each in (each for page in pages for each in page.get("Contents", [])):
            yield each["Key"], s3.get_object(Bucket=deployment.traces, Key=each["Key"])["Body"].read()


def _tell_of_ledger(ledger: list[Entry], say: Callable[[str], None]) -> None:
    for entry in sorted(ledger, key=lambda each: each.at):
        if entry.why in ASKED_FOR:
            say(_entry(entry))
    if by_term := sum(entry.why not in ASKED_FOR for entry in ledger):
        say(f"台账 到期删除：{by_term} 次")


def _entry(entry: Entry) -> str:
    """By codes, as everything here."""
    what = (
        f"{entry.subject}，{len(entry.lines)} 条流水"
        if entry.subject
        else f"{entry.as_of:%Y-%m-%d %H:%M} 的备份"
    )
    at = entry.at.astimezone(SHANGHAI)
    return f"台账 {at:%Y-%m-%d %H:%M} {ASKED_FOR[entry.why]}：{what}，经办 {entry.by}"


def _told(findings: list[Finding], say: Callable[[str], None]) -> None:
    for finding in findings:
        say(f"{finding.what.words}：{finding.where}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="local")
    aws.add_account(parser)
    parser.add_argument("--kept-days", type=int, default=1826, help="KeepCaseDays of the stage")
    chosen = parser.parse_args()

    def run() -> None:
        found = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        is_local = found.stage == "local"
        if is_local:
            time.sleep(LOCAL_WAIT)  # what was just written reaches the bucket meanwhile
        on_its_way = LOCALLY if is_local else ON_ITS_WAY
        kept_for = timedelta(days=chosen.kept_days)
        now = datetime.now(UTC)
        count, findings = verify(found, now=now, on_its_way=on_its_way, kept_for=kept_for, say=print)
        if findings:
            _told(findings, print)
            raise Refused(
                f"核对了 {count} 条留痕和流水，{len(findings)} 处不符。请保留现场，按上面的编号查明"
            )
        print(f"核对了 {count} 条留痕和流水，和封存的一致。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
