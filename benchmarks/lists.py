"""Budget: any list page of 50 is one query and at most 30 read units, however many tickets there are."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from rich.progress import Progress

from benchmarks import filling
from benchmarks.life import DESK, HANDLER, UNIT, UNSURE, dispatch
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world

PAGE = 50
DEEP = 10  # a later page is asked for too: a cursor must not cost what lies before it
MOST_UNITS = 30
PLACE, STATION = "YDL-EXIT", "ST-GGLW"

Cursor = str | None
List = Callable[[Cursor], tuple[list[Any], Cursor]]  # a cursor -> a page and the next cursor


class Asked(NamedTuple):
    """The dearest page of a list."""

    requests: int
    units: float
    shown: int


def run(size: Size) -> list[Row]:
    found: dict[str, list[Asked]] = {}
    with a_world() as world, Progress(transient=True) as progress:
        like = _a_ticket_in_every_list(world)
        bar = progress.add_task("filling tables", total=size.tickets[-1])
        for before, tickets in pairwise((0, *size.tickets)):
            world.stand.engine.stop()
            for filled in filling.fill(world.stand, like, before, tickets):
                progress.update(bar, completed=filled)
            world.stand.start()
            for name, ask in _lists(like).items():
                found.setdefault(name, []).append(_dearest(world, ask))
    return [_row(name, asked, size.tickets) for name, asked in found.items()]


def _a_ticket_in_every_list(world: World) -> filling.Model:
    """Someone without a smartphone phones; the desk enters it and dispatches it."""
    desk = world.staff(DESK)
    contact = {"name": "王阿姨", "phone": "13812345678"}
    body = {"place": PLACE, "text": UNSURE, "contact": contact, "source": "phone"}
    made = world.ask("POST", "/staff/tickets", desk, body)
    world.settle()
    dispatch(world, made["id"])
    world.settle()
    return filling.model(world.stand, made["id"], made["number"], inbox_of=f"staff:{HANDLER}")


def _lists(like: filling.Model) -> dict[str, List]:
    from chalicelib.store import keys
    from chalicelib.store.notices import deliveries, inbox
    from chalicelib.store.table import Table, query
    from chalicelib.store.tickets import lists

    def page_of(partition: str) -> List:
        def ask(after: Cursor) -> tuple[list[Any], Cursor]:
            page = query(Table.TICKETS, partition, index="GSI1", newest_first=True, limit=PAGE, after=after)
            return page, page.next

        return ask

    def queue(who: str) -> List:
        def ask(after: Cursor) -> tuple[list[Any], Cursor]:
            page = lists.list_queue(who, after=after, limit=PAGE)
            return page, page.next

        return ask

    return {
        "a unit's queue": queue(f"unit:{UNIT}"),
        "a person's queue": queue(f"staff:{HANDLER}"),
        "open at a place": page_of(keys.open_at_pk(PLACE)),
        "alarms due": page_of(like.due),
        "a staff inbox": lambda after: inbox.list_inbox(f"staff:{HANDLER}", after=after, limit=PAGE),
        "calls to make": lambda after: deliveries.list_calls(STATION, after=after, limit=PAGE),
        "my tickets": lambda after: lists.list_mine(like.reporter_id, after=after, limit=PAGE),
    }


def _dearest(world: World, ask: List) -> Asked:
    """Of the first page and a deep one."""
    cursor: Cursor = None
    asked = []
    for n in range(DEEP):
        with world.meter.counting() as meter:
            page, cursor = ask(cursor)
            if n in (0, DEEP - 1) or cursor is None:
                asked.append(Asked(sum(meter.requests.values()), meter.read_units, len(page)))
        if cursor is None:
            break
    return max(asked, key=lambda page: page.units)


def _row(name: str, asked: list[Asked], tickets: tuple[int, ...]) -> Row:
    units = " / ".join(f"{page.units:g}" for page in asked)
    requests = max(page.requests for page in asked)
    sizes = " / ".join(f"{count:,}" for count in tickets)
    kept = max(page.units for page in asked) <= MOST_UNITS and requests == 1
    how = (
        f"the dearer of page 1 and page {DEEP}, all {sizes} tickets in this one list; ReturnConsumedCapacity"
    )
    asks = f"{requests} request{'s' if requests > 1 else ''}"
    return Row(
        f"list page of {PAGE}: {name}",
        f"1 query, ≤ {MOST_UNITS} read units",
        f"{asks}, {units} units ({asked[-1].shown} shown)",
        how,
        kept,
    )
