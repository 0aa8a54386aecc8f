"""A local cloud for the tests of the clients: says in one line of JSON where it is and who may sign in, until its input ends.

Then answers lines: {"code": staff} a sign-in code for that person, {"token": staff} a session, {"furnish": true} days of
made-up figures, {"set_aside": ticket} a line of it that the system could not process, {"petition": text} the ticket of
a petition as its partner sends it, {"order": text} one of the hotline.
"""

import json
import os
import sys

from furnish import furnish, set_aside  # beside this file

from infra import clients
from infra.local import inside, partners, push_order, sign_ins, town
from infra.local.cloud import LocalCloud
from infra.local.place import from_environment


def main() -> None:
    with clients.one_build_at_a_time():
        clients.build()  # these tests are of the clients as they are now, or of none
    place = from_environment()
    with LocalCloud(place, say=lambda line: print(line, file=sys.stderr, flush=True)) as cloud:
        inside.enter()
        town.import_sample()
        partners.know(cloud.place)
        people = {
            each.role: {"code": each.code, "name": each.name, "token": each.token} for each in sign_ins.mint()
        }
        say({"url": cloud.url, "points": points(), "people": people, "units": units()})
        for line in sys.stdin:
            asked = json.loads(line)
            say(ordered(cloud, *sent) if (sent := _sent(asked)) else answer(asked))


def _sent(asked: dict[str, str]) -> tuple[str, str, str] | None:
    """Partner, letters of its numbers, and text, where a partner sends something."""
    if "petition" in asked:
        return "petition", "XF", asked["petition"]
    return ("hotline", "SH", asked["order"]) if "order" in asked else None


def ordered(cloud: LocalCloud, partner: str, letters: str, text: str) -> dict[str, object]:
    """What a partner sends, signed; its ticket's id."""
    from chalicelib import clock
    from chalicelib.store.tickets import lists

    now = clock.now()
    order = push_order.an_order(f"{letters}{now:%Y%m%d%H%M%S}", text, now) | {"category": ""}
    key = push_order.key_of(cloud.place, partner)
    _, made = push_order.push(cloud.url, key, partner, order, now)
    return {"id": lists.find_id_by_number(str(made["ticket"]))}


def points() -> dict[str, str]:
    """The active code of every point of the sample town, by place."""
    from chalicelib.store.town import directory
    from chalicelib.store.town import points as store

    return store.active_codes(place.code for place in directory.list_points())


def units() -> dict[str, list[dict[str, object]]]:
    """Who works where, by unit, and whether that person's own shift runs."""
    from chalicelib import clock
    from chalicelib.store.town import directory

    town, now = directory.town(), clock.now()
    of: dict[str, list[dict[str, object]]] = {}
    for person in town.staff:
        on_duty = town.is_on_duty(person.code, now)
        said = {"code": person.code, "roles": list(person.roles), "on_duty": on_duty}
        of.setdefault(person.unit, []).append(said)
    return of


def answer(asked: dict[str, str]) -> dict[str, object]:
    from chalicelib import clock
    from chalicelib.store.identity import sessions, sign_in_codes

    if "furnish" in asked:
        return {"made": furnish(clock.now())}
    if "set_aside" in asked:
        return {"id": set_aside(asked["set_aside"], clock.now())}
    if "token" in asked:
        kind = sessions.Kind.STAFF
        return {"token": sessions.start(kind, asked["token"], channel="console", now=clock.now())}
    forget_sign_ins()
    return {"code": sign_in_codes.issue(asked["code"], clock.now())}


def forget_sign_ins() -> None:
    """All people of the tests come from this machine, more of them in ten minutes than one address may sign in."""
    from chalicelib import clock
    from chalicelib.store import table
    from chalicelib.store.requests import limits

    limit = limits.CODES_FROM_ADDRESS
    window = int(clock.now().timestamp() // limit.window.total_seconds())
    for shard in range(limit.shards):
        table.delete(table.Table.WORK, f"LIMIT#{limit.kind}#127.0.0.1#{window}", str(shard))


def say(what: dict[str, object]) -> None:
    print(json.dumps(what, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("MSLJ_PHONES_PORT", "0")
    main()
