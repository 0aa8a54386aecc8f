"""Notes every AWS call of a Lambda, as (function, action, resource, kind of key), so that a test can say what was asked.

Never what was written: of a DynamoDB key only the kind, the part before its first "#".
"""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.local.runtime.asked import Asked
else:
    try:  # on a worker's path
        from asked import Asked
    except ImportError:
        from infra.local.runtime.asked import Asked


def note(file: str, function: str, calls: list[Asked]) -> None:
    with open(file, "a") as out:  # one short line a call: appended whole, whoever else writes
        out.writelines(json.dumps([function, *_short(call)]) + "\n" for call in calls)


def _short(call: Asked) -> tuple[str, str, str]:
    kind = call.keys[0].partition("#")[0] if call.keys else ""
    return call.action, call.resource, kind
