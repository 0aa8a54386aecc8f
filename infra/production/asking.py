"""Before a town is replaced: is it the right one, is nobody in it, does whoever asks know its name, is there a way back."""

import json
from datetime import datetime, timedelta

from chalicelib.store import keys
from infra.production import whole
from infra.production.aws import TABLES, Deployment, Refused

QUIET = timedelta(hours=1)


def same_stage(deployment: Deployment, of: str, named: str) -> None:
    """Raises Refused for a backup of another stage that was not named."""
    if of not in (deployment.stage, named):
        raise Refused(
            f"这份备份是环境 {of} 的，要恢复到的是 {deployment.stage}。确实要这样，请加上 OTHER_STAGE={of}"
        )


def to_replace(deployment: Deployment, *, now: datetime, in_use: bool, confirmed: str) -> None:
    """Raises Refused unless the stage's name was typed, and nobody did anything in the last hour."""
    newest = newest_act(deployment)
    if newest and now - newest < QUIET and not in_use:
        raise Refused(
            f"{deployment.stage} 正在使用：最近一次办理在 {newest:%m-%d %H:%M}（不到一小时）。"
            "没有改动任何数据；确实要替换，请加上 IN_USE=1"
        )
    print(f"{deployment.stage} 现有的工单、身份和照片会全部删除，换成备份里的。")
    if deployment.stage == "local":
        return
    typed = confirmed or input(f"请输入环境名 {deployment.stage} 确认：").strip()
    if typed != deployment.stage:
        raise Refused("环境名不对，没有改动任何数据")
    back_up_first(deployment, now)


def newest_act(deployment: Deployment) -> datetime | None:
    """The instant of the newest line of history. Reads the whole table, as removing it does."""
    found = None
    for item in whole.scan(deployment, "tickets"):
        if keys.is_event(item["SK"]["S"]) and "document" in item:
            at = datetime.fromisoformat(json.loads(item["document"]["S"])["at"])
            found = max(found or at, at)
    return found


def back_up_first(deployment: Deployment, now: datetime) -> None:
    """A snapshot of each table at AWS, kept until somebody removes it: the way back from a mistake."""
    tables = deployment.client("dynamodb")
    for name in TABLES:
        table = deployment.table(name)
        tables.create_backup(TableName=table, BackupName=f"{table}-before-restore-{now:%Y%m%d-%H%M%S}")
    print("替换之前已给每张表各存了一份快照（DynamoDB 控制台 → 备份）。")
