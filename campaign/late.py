"""Whether anything is late: asked of the engine's own file, past every API, at a hundredth of what a sweep's look costs."""

import sqlite3
from datetime import datetime

from benchmarks.stand import Stand
from chalicelib.domain.model import stamp
from chalicelib.store import keys

LISTED = ("TICKETS_TABLE", "WORK_TABLE")  # alarms, deliveries
OF_A_STRING = "S:"  # before a key in the engine's file


class Late:
    """Reads the due index 到期索引 of both tables, as dynoxide keeps it."""

    def __init__(self, stand: Stand) -> None:
        self._db = sqlite3.connect(stand.file)
        shards = ", ".join(f"'{OF_A_STRING}{keys.due_pk(shard)}'" for shard in range(keys.SHARDS))
        self._asked = " UNION ALL ".join(
            f'SELECT 1 FROM "{stand.environment[table]}::gsi::GSI1" WHERE gsi_pk IN ({shards}) AND gsi_sk <= :until'
            for table in LISTED
        )

    def is_anything(self, by: datetime) -> bool:
        """Whether an alarm or a delivery was due by then and stands there still."""
        found = self._db.execute(f"{self._asked} LIMIT 1", {"until": f"{OF_A_STRING}{stamp(by)}~"}).fetchone()
        return found is not None

    def close(self) -> None:
        self._db.close()
