"""Budget: opening a ticket on a staff screen is at most five requests, also where others went into it and it is somebody's danger.

What stands beside it (its like, its class, who else reported its danger) is asked once a ticket, not whenever the ticket is read
again: a row of its own, so that it is not out of sight.
"""

from collections import Counter
from typing import NamedTuple

from benchmarks.life import DESK
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world

MOST_REQUESTS = 5
PLACE = "SHJY-4-1"
TEXTS = (
    "四号楼一单元楼道里冒浓烟，下不去了",
    "四号楼一单元楼道里堆满了杂物",
    "楼道冒烟了，呛得很",
    "四号楼楼道灯不亮",
)


class Asked(NamedTuple):
    requests: Counter[str]
    units: float


def run(_: Size) -> list[Row]:
    with a_world() as world:
        ids = [_reported(world, text) for text in TEXTS]
        world.settle()
        world.ask("POST", f"/desk/tickets/{ids[1]}/merge", world.staff(DESK), {"into": ids[0], "sure": True})
        world.settle()
        opened = [_asked(world, f"/staff/tickets/{ticket_id}") for ticket_id in ids]
        beside = [_asked(world, f"/staff/tickets/{ticket_id}/beside") for ticket_id in ids]
    dearest, dearest_beside = max(opened, key=_count), max(beside, key=_count)
    how = "the dearest of four at one code: in danger, with another merged into it, merged, plain; the desk's screen; the town in memory"
    return [
        Row(
            "staff detail: requests",
            f"≤ {MOST_REQUESTS}",
            _words(dearest),
            how,
            _count(dearest) <= MOST_REQUESTS,
        ),
        Row(
            "staff detail: what stands beside it",
            "–",
            _words(dearest_beside),
            "the same; asked by itself, once a ticket and version and not at each look; of a plain one "
            f"{min(map(_count, beside))}",
        ),
    ]


def _reported(world: World, text: str) -> str:
    from chalicelib.store.town import points

    code = points.active_codes([PLACE])[PLACE]
    return str(world.ask("POST", "/api/tickets", world.resident(), {"point": code, "text": text})["id"])


def _asked(world: World, path: str) -> Asked:
    token = world.staff(DESK)
    with world.meter.counting() as meter:
        world.ask("GET", path, token)
        return Asked(Counter(meter.requests), meter.read_units)


def _count(asked: Asked) -> int:
    return sum(asked.requests.values())


def _words(asked: Asked) -> str:
    names = ", ".join(f"{name} {n}" for name, n in sorted(asked.requests.items()))
    return f"{_count(asked)} ({names}), {asked.units:g} read units"
