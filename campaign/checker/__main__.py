"""`python -m campaign.checker FOLDER`: judges what a campaign left behind. Exit 1 where a claim is contradicted."""

import sys
from pathlib import Path

from campaign.checker import claims, evidence

MOST_SHOWN = 10


def main(folder: Path) -> int:
    seen = evidence.read(folder)
    verdict = claims.judge(seen)
    said = seen.said
    dealt = "、".join(f"{what} {count}" for what, count in sorted(said["dealt"].items()) if count)
    print(f"{'✗' if any(verdict.values()) else '✓'} 种子 {said['seed']}：{len(seen.tickets)} 张工单，"
          f"{len(seen.requests)} 次请求，故障：{dealt}")  # fmt: skip
    for claim in claims.CLAIMS:
        if found := verdict[claim.__name__]:
            print(f"  ✗ {(claim.__doc__ or '').strip()}（{len(found)}）")
            for each in found[:MOST_SHOWN]:
                print(f"      {each}")
    return 1 if any(verdict.values()) else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
