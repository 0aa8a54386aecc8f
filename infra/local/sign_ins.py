"""Demo sign-ins: one session for each role, as if each had bound a phone. Only the local cloud has this door."""

from dataclasses import dataclass

from infra.local import inside

TITLES = {
    "first_contact": "首问接待",
    "station_head": "站长",
    "grid_worker": "网格员",
    "property_manager": "物业",
    "volunteer": "志愿者",
    "handler": "承办人",
    "unit_head": "承办部门负责人",
    "area_leader": "片区领导",
    "town_leader": "镇领导",
    "city_operations": "城运中心",
    "confidential_contact": "保密受理",
    "admin": "管理员",
}


@dataclass(frozen=True)
class SignIn:
    role: str
    code: str
    name: str
    token: str


def mint() -> list[SignIn]:
    """A fresh session for the first of each role, in the order of TITLES. Inside the local cloud's environment only."""
    from chalicelib import clock
    from chalicelib.store.identity import sessions
    from chalicelib.store.town import directory

    town = directory.town()
    chosen = {role: person for person in reversed(town.staff) for role in person.roles}
    return [
        SignIn(
            role,
            who.code,
            who.name,
            sessions.start(sessions.Kind.STAFF, who.code, channel="console", now=clock.now()),
        )
        for role, who in sorted(chosen.items(), key=lambda pair: list(TITLES).index(pair[0]))
    ]


def issue_code(sign_ins: list[SignIn], role: str) -> str:
    """A sign-in code for the one of that role, as a desk hands it out: used once, good for a quarter of an hour."""
    from chalicelib import clock
    from chalicelib.store.identity import sign_in_codes

    return sign_in_codes.issue(next(each.code for each in sign_ins if each.role == role), clock.now())


def show(sign_ins: list[SignIn]) -> None:
    print("演示登录（请求头 Authorization: Bearer 后接令牌）：")
    for each in sign_ins:
        print(f"  {each.token}  {each.role:16} {TITLES[each.role]} {each.name}（{each.code}）")


if __name__ == "__main__":
    inside.enter()
    show(mint())
