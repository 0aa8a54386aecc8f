"""`make rollback STAGE=prod`: code, pages and template of the package before. Data is never rolled back."""

import argparse
import sys

from infra.production import aws, changes, packages, smoke
from infra.production.aws import Account, Refused
from infra.production.deploy import deploy


def rollback(account: Account, stage: str, bucket: packages.Bucket, *, yes: bool) -> bool:
    """False when somebody said no. Raises Refused when nothing was deployed before what the stack says is live."""
    before = packages.before(bucket, stage, live(account, stage))
    if before is None:
        raise Refused(f"{stage} 没有更早的版本可以退回")
    print(f"退回到 {before['at']} 部署的版本（{before['digest']}）。表、照片、镇的资料和参数都不动。")
    if not deploy(account, stage, bucket, before["digest"], {}, yes=yes, is_rollback=True):
        return False
    packages.note_rolled_back(bucket, stage, before)
    return True


def live(account: Account, stage: str) -> str:
    """The digest of the package that the stack runs. Raises Refused for a stage that was never deployed."""
    stack = changes.find_stack(account.client("cloudformation"), f"mslj-{stage}")
    if stack is None:
        raise Refused(f"环境 {stage} 还没有部署过，没有可以退回的版本")
    return changes.live_digest(stack)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    aws.add_account(parser)
    parser.add_argument("--bucket", default="")
    parser.add_argument("--yes", action="store_true")
    chosen = parser.parse_args()

    def run() -> None:
        aws.check_stage(chosen.stage)
        account = aws.account(chosen.region, chosen.profile)
        if rollback(account, chosen.stage, packages.bucket_of(account, chosen.bucket), yes=chosen.yes):
            smoke.ask(account, chosen.stage)

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
