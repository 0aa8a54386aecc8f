"""What the stage of a campaign reads past every API: whether the sweep would find anything late."""

from datetime import timedelta

import pytest

from benchmarks.stand import a_stand
from benchmarks.world import MONDAY
from campaign.late import Late
from chalicelib.domain.model import stamp
from chalicelib.store import keys
from chalicelib.store.table import Table, delete, put
from infra.local import engines


@pytest.mark.parametrize("table", [Table.TICKETS, Table.WORK])
def test_whatever_stands_in_the_due_index_is_late_from_its_instant_on(table):
    if not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them")
    own, second = keys.Key("T#1", "ALARM"), timedelta(seconds=1)
    with a_stand() as stand:
        late = Late(stand)
        for shard in range(keys.SHARDS):
            assert not late.is_anything(MONDAY)
            listed = keys.Key(keys.due_pk(shard), f"{stamp(MONDAY)}#1")
            put(table, keys.attributes(own, listed))
            assert late.is_anything(MONDAY)
            assert not late.is_anything(MONDAY - second)
            delete(table, *own)
        late.close()
