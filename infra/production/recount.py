"""`make recount DAY=2026-11-20 [STAGE=prod]`: one day counted again from its tickets, by the `nightly` function of that stage."""

import argparse
import json
import sys
from datetime import date

from infra.production import aws
from infra.production.aws import Deployment, Refused

SCHEDULED = {
    "version": "0",
    "id": "recount",
    "source": "mslj",
    "account": "",
    "region": "",
    "time": "",
    "resources": [],
    "detail-type": "recount",
}


def recount(deployment: Deployment, day: date) -> bool:
    """Whether the counts of that day had been right. Raises Refused when it failed."""
    event = SCHEDULED | {"detail": {"recount": day.isoformat()}}
    answer = deployment.client("lambda").invoke(
        FunctionName=f"mslj-{deployment.stage}-nightly", Payload=json.dumps(event)
    )
    said = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise Refused(f"没有数完，请查看 nightly 函数的日志后再试：{said}")
    return bool(said["were_right"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("day")
    for name, usual in (("stage", "local"), ("region", ""), ("profile", "")):
        parser.add_argument(f"--{name}", default=usual)
    chosen = parser.parse_args()

    def run() -> None:
        try:
            day = date.fromisoformat(chosen.day)
        except ValueError:
            raise Refused("日期格式应为 DAY=2026-11-20") from None
        were_right = recount(aws.deployment(chosen.stage, chosen.region, chosen.profile), day)
        print(f"{day} 已按工单重新统计：" + ("原来的数是对的。" if were_right else "原来的数有误，已更正。"))

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
