"""`make restore FROM=folder [STAGE=local] [REPLACE=1] [GO_ON_SENDING=1]`: puts a backup into a deployment that holds nothing.

Nobody is told twice: every line of history is marked `restored`, and the stream's consumer leaves it alone; a message
that was on its way when the backup was taken is closed as what it is, unless the old deployment is known to have
stopped with it. What is late rings: the alarms come last, and the sweep finds them and starts the workflows afresh.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.domain.identity.chain import Entry, Why
from chalicelib.store import keys
from infra.production import asking, aws, filling, holding, lines, recount
from infra.production.aws import Deployment, Refused
from infra.production.backup import FORMAT, PREFIXES, Manifest
from infra.production.lines import Item


def verify(folder: Path) -> Manifest:
    """The manifest of a whole backup. Raises Refused for anything that is missing, changed or of another format."""
    file = folder / "manifest.json"
    if not file.is_file():
        raise Refused(f"{folder} 不是完整的备份：没有 manifest.json")
    try:
        manifest: Manifest = json.loads(file.read_text(encoding="utf-8"))
        _check(folder, manifest)
    except lines.Damaged as damage:
        raise Refused(f"备份已损坏，没有改动任何数据：{damage}。请换一份备份") from None
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as damage:
        raise Refused(f"备份读不出来，没有改动任何数据（{type(damage).__name__}）。请换一份备份") from None
    return manifest


def _check(folder: Path, manifest: Manifest) -> None:
    if manifest["format"] != FORMAT:
        raise lines.Damaged(f"格式 {manifest['format']} 是别的版本写的")
    for name in aws.TABLES:
        lines.check(folder / f"{name}.jsonl.gz", manifest["tables"][name])
        for line in lines.read(folder / f"{name}.jsonl.gz"):
            lines.item_of(line)
    lines.check(folder / "photos.jsonl.gz", manifest["photos"])
    lines.check(folder / "secrets.json", manifest["secrets"])
    for photo in photos(folder):
        if not photo["key"].startswith(PREFIXES) or photo["key"].count("/") != 1:
            raise lines.Damaged(f"照片名 {photo['key']} 不对")
        lines.check(folder / photo["key"], photo)


def restore(
    deployment: Deployment, folder: Path, *, replace: bool = False, go_on_sending: bool = False
) -> list[str]:
    """Put a backup into an empty deployment, or with `replace` into one whose content is removed first.

    The deployment is held still meanwhile. May run again after an interruption: what somebody did since stays. Answers
    the names of the secrets that the backup's deployment had and this one has not. Raises Refused, and then nothing
    was changed.
    """
    manifest = verify(folder)
    mark = lines.digest(folder / "manifest.json")
    found, phase = filling.mark_of(deployment)
    if found != mark and not replace and not filling.is_empty(deployment):
        raise Refused(
            f"{deployment.stage} 里已有资料，没有恢复。只补回没有了的工单，请加上 MISSING=1；"
            "确实要用备份替换，请加上 REPLACE=1（原有资料会全部删除）"
        )
    holding.hold(deployment)
    if found != mark and replace:
        filling.clear(deployment)
    again = found == mark
    if not again:
        phase = filling.FILLING
        filling.set_mark(deployment, mark, phase)
    there = filling.set_keys(deployment, json.loads((folder / "secrets.json").read_text()))
    if phase == filling.FILLING:
        _fill(deployment, folder, again=again, go_on_sending=go_on_sending)
        holding.wake_afresh(deployment)
        filling.set_mark(deployment, mark, filling.RINGING)
    # Now that every ticket is whole, the sweep may find what is late.
    _put_tickets(deployment, folder, rings, again=again)
    filling.put_missing(deployment, "traces", [ledger_entry(manifest, mark)])
    holding.wake_afresh(deployment)
    filling.remove_mark(deployment)
    holding.release(deployment)
    return sorted(set(manifest.get("secret_names", [])) - there)


def erase_again(deployment: Deployment) -> int:
    """What was erased since the backup was taken is erased again, by the ledger that stayed. Answers of how many tickets."""
    event = recount.SCHEDULED | {"detail": {"erase_again": True}}
    answer = deployment.client("lambda").invoke(
        FunctionName=f"mslj-{deployment.stage}-nightly", Payload=json.dumps(event)
    )
    said = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise Refused(
            f"已恢复，但恢复之前已删除的个人信息没有再删一遍：请看 nightly 函数的日志，今晚会再做一次（{said}）"
        )
    return int(said["erased"])


def _fill(deployment: Deployment, folder: Path, *, again: bool, go_on_sending: bool) -> None:
    put = filling.put_missing if again else filling.put
    put(deployment, "work", (closed(item, go_on_sending=go_on_sending) for item in items(folder, "work")))
    put(deployment, "identities", items(folder, "identities"))
    filling.put_missing(deployment, "traces", items(folder, "traces"))  # those since the backup stay
    for photo in photos(folder):
        filling.put_photo(deployment, photo["key"], (folder / photo["key"]).read_bytes(), photo["type"])
    _put_tickets(deployment, folder, lambda item: not rings(item), again=again)


def ledger_entry(manifest: Manifest, mark: str) -> Item:
    """That everything was put back to what it was, once for a backup: by it `make verify-traces` knows what went."""
    as_of = datetime.fromisoformat(manifest["started_at"])
    entry = Entry(at=datetime.now(UTC), subject="", why=Why.RESTORED, by="restore", as_of=as_of)
    return keys.wired(keys.ledger_entry(as_of, "", mark)) | {"document": {"S": entry.model_dump_json()}}


def _put_tickets(deployment: Deployment, folder: Path, which: Callable[[Item], bool], *, again: bool) -> None:
    """In a second run only what is missing, and nothing at all of a ticket that somebody acted on meanwhile."""
    wanted = (marked(item) for item in items(folder, "tickets") if which(item))
    if not again:
        filling.put(deployment, "tickets", wanted)
        return
    tickets = (item for item in items(folder, "tickets") if is_ticket(item))
    moved = filling.moved_on(deployment, {item["PK"]["S"]: item["version"]["N"] for item in tickets})
    filling.put_missing(deployment, "tickets", (item for item in wanted if item["PK"]["S"] not in moved))


def items(folder: Path, name: str) -> Iterator[Item]:
    return map(lines.item_of, lines.read(folder / f"{name}.jsonl.gz"))


def photos(folder: Path) -> Iterable[Item]:
    return map(json.loads, lines.read(folder / "photos.jsonl.gz"))


def is_ticket(item: Item) -> bool:
    return keys.is_ticket(item["PK"]["S"], item["SK"]["S"])


def rings(item: Item) -> bool:
    return keys.is_alarm(item["SK"]["S"])


def marked(item: Item) -> Item:
    """`stream.is_line` leaves a restored line alone: what it says was told when it happened."""
    return item | {"restored": {"BOOL": True}} if keys.is_event(item["SK"]["S"]) else item


def closed(item: Item, *, go_on_sending: bool) -> Item:
    """A message on its way: the old deployment may have sent it after the backup, so this one does not."""
    from chalicelib.domain.notices.deliveries import FINAL, State
    from chalicelib.domain.town.vocabulary import Channel

    if go_on_sending or not keys.is_outward(item["SK"]["S"]):
        return item
    final = {state.value for state in FINAL}
    if item["state"]["S"] in final or json.loads(item["document"]["S"])["way"] == Channel.CALL:
        return item
    left = {name: value for name, value in item.items() if name not in ("GSI1PK", "GSI1SK")}
    told = {"state": {"S": State.PERMANENT_FAILURE.value}, "detail": {"S": "从备份恢复，可能已送达，不重发"}}
    return left | told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stage", default="local")
    aws.add_account(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--replace", action="store_true")
    how.add_argument("--missing", action="store_true", help="only tickets that are not there any more")
    parser.add_argument(
        "--other-stage", default="", help="the stage that the backup is of, where it is another"
    )
    parser.add_argument(
        "--in-use", action="store_true", help="replace although somebody was active a moment ago"
    )
    parser.add_argument("--confirm", default="", help="the stage's name, instead of typing it")
    parser.add_argument("--go-on-sending", action="store_true")
    chosen = parser.parse_args()

    def run() -> None:
        found = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        manifest = verify(chosen.folder)
        asking.same_stage(found, manifest["stage"], chosen.other_stage)
        if chosen.missing:
            from infra.production import missing

            print(f"补回了 {missing.restore_missing(found, chosen.folder)} 张工单，其余一概没有动。")
            return
        if chosen.replace and filling.mark_of(found)[0] != lines.digest(chosen.folder / "manifest.json"):
            asking.to_replace(found, now=datetime.now(UTC), in_use=chosen.in_use, confirmed=chosen.confirm)
        lacking = restore(found, chosen.folder, replace=chosen.replace, go_on_sending=chosen.go_on_sending)
        told = "、".join(f"{name} {part['items']} 条" for name, part in manifest["tables"].items())
        print(
            f"已恢复到 {found.stage}：{told}、照片 {manifest['photos']['items']} 张。到点的提醒由巡检补上。"
        )
        print(f"备份之后按本人要求删除过的 {erase_again(found)} 张工单，已再删一遍。")
        if lacking:
            print(
                f"备份里没有这些密钥，{found.secrets} 里也没有：{'、'.join(lacking)}。"
                f"请补上（partner_ 开头的请和对方约定新密钥），再执行 make renew STAGE={found.stage}"
            )

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
