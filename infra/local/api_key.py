"""`make api-key NAME=program [PER_HOUR=60]`: a key for an Open311 client of the running local cloud, shown this once."""

import argparse
import sys

from infra.local import inside


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--per-hour", type=int, default=60)
    chosen = parser.parse_args()
    inside.enter_or_end()
    from pydantic import ValidationError

    from chalicelib import clock
    from chalicelib.api.open311.api_keys import ApiKeyBody
    from chalicelib.store.feed import api_keys

    try:
        asked = ApiKeyBody(name=chosen.name, reports_per_hour=chosen.per_hour)
    except ValidationError:
        print("名称只能用小写字母、数字和 -，2 到 40 个字符；每小时次数为 1 到 100000", file=sys.stderr)
        return 1
    print(
        api_keys.issue(
            asked.name, reports_per_hour=asked.reports_per_hour, by="make api-key", now=clock.now()
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
