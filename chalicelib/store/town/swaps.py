"""Duty swaps 换班: one short list of the whole town, kept with the pointer so that reading the town reads them too."""

from collections.abc import Callable

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Swap
from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Table, get, update
from chalicelib.store.town import directory

_TRIES = 5


def change(decide: Callable[[Town], tuple[Swap, ...]]) -> None:
    """Put what `decide` answers for the town as it stands now in force. Raises what `decide` raises, and TryAgain."""
    for _ in range(_TRIES):
        item = get(Table.WORK, *keys.town_pointer(), consistent=True) or {}
        known = item.get("swaps", "")
        town = directory.town().model_copy(update={"swaps": directory.swaps_of(item)})
        wanted = directory.SWAPS.dump_json(decide(town)).decode()
        condition = "#swaps = :known" if known else "attribute_exists(PK) AND attribute_not_exists(#swaps)"
        try:
            values = {"wanted": wanted} | ({"known": known} if known else {})
            update(Table.WORK, *keys.town_pointer(), "SET #swaps = :wanted", condition=condition, **values)
        except ConditionFailed:
            continue
        directory.look_again()
        return
    raise TryAgain("值班正被多人同时调整，请再试一次")
