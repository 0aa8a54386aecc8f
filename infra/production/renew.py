"""`make renew STAGE=prod`: a changed secret takes effect now, in every function that reads the secrets."""

import argparse
import sys

from infra.production import aws, holding


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        woken = holding.wake_afresh(aws.deployment(chosen.stage, chosen.region, chosen.profile))
        if not woken:
            raise aws.Refused(f"环境 {chosen.stage} 没有函数，请检查 STAGE 和 REGION")
        print(f"{len(woken)} 个函数已换新进程，新的密钥从现在起生效；旧的密钥请同时在对方那里作废。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
