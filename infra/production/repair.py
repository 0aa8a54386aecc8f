"""`make repair STAGE=prod [YES=1]`: tickets that lie behind their own history go on after it.

A restore that was interrupted by an older version of this tool could put an old ticket beside a newer history: then every
act on it is refused for ever. Shown first, with what their history holds and they do not; mended after a yes, each by a
condition, so that nobody's act of this moment is lost.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from infra.production import aws, first_town, whole
from infra.production.aws import Deployment, Refused

MOST_SHOWN = 200


def suspects(deployment: Deployment) -> Iterator[str]:
    """The ids of the tickets whose newest line is younger than they are. Reads the whole table."""
    found = whole.Tickets(datetime.now(UTC))
    some = {"ProjectionExpression": "PK, SK, #version", "ExpressionAttributeNames": {"#version": "version"}}
    for _ in found.note(whole.scan(deployment, "tickets", **some)):
        pass
    return (ticket_id for ticket_id, seen in sorted(found.seen.items()) if 0 < seen.version < seen.newest)


def repair(ids: list[str], *, ask: bool) -> int:
    """How many were mended. Inside the deployment's settings."""
    from chalicelib import clock
    from chalicelib.store.table import ConditionFailed
    from chalicelib.store.tickets import catching_up

    found = [behind for ticket_id in ids if (behind := catching_up.find(ticket_id)) is not None]
    if not found:
        print("没有落后于流水的工单。")
        return 0
    for behind in found[:MOST_SHOWN]:
        told = "、".join(f"{line.at:%m-%d %H:%M} {line.kind}" for line in behind.lines)
        print(
            f"{behind.ticket.number}　现在是 {behind.ticket.stage}（第 {behind.ticket.version} 步），流水里还有：{told}"
        )
    print(
        f"共 {len(found)} 张。修复后可以继续办理；流水里有、工单里没有的，请工作站逐张核对，需要的重新办一次。"
    )
    if ask and input("修复吗？输入 y 执行：").strip().lower() != "y":
        raise Refused("没有改动")
    mended = 0
    for behind in found:
        try:
            mended += catching_up.catch_up(behind.ticket.id, now=clock.now()) is not None
        except ConditionFailed:
            print(f"{behind.ticket.number} 正好有人办理，请再执行一次")
    return mended


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="local")
    aws.add_account(parser)
    parser.add_argument("--yes", action="store_true")
    chosen = parser.parse_args()

    def run() -> None:
        ids = list(suspects(aws.deployment(chosen.stage, chosen.region, chosen.profile)))
        if chosen.stage == "local":
            from infra.local import inside

            inside.enter()
        else:
            first_town.enter(aws.account(chosen.region, chosen.profile), chosen.stage, chosen.profile)
        print(f"修复了 {repair(ids, ask=not chosen.yes)} 张。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
