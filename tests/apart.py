"""A ticket in every stage with every kind of party, which then turns 避开; and what everybody is asked of it afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from chalicelib.store import photos
from tests.service import Service

PLACE, CONCERNED_UNIT = "SHJY-4-1", "PM-SHJY"
DESK, HEAD, LEADER, TOWN_LEADER = "gglw-fc1", "gglw-head", "gglw-leader", "town-leader"
HANDLER = "pm-shjy-a"
CONCERNED = ("pm-shjy-a", "pm-shjy-b", "pm-shjy-head")
OFFICE, OFFICE_HEAD = "OF-CJ", "of-cj-head"
ORDINARY, COMPLAINT = "四号楼楼道灯不亮，晚上看不见", "物业的人收钱不办事，还骂我"


class Life:
    """One ticket: its id and number, whose it is, who joined it, and the reports that were merged into it."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name
        answer = service.report(ORDINARY, token=self.token("reporter"), place=PLACE)
        assert answer.status == 201, answer.raw
        self.id, self.number = answer.body["id"], answer.body["number"]
        self.merged = ""
        service.settle()

    def token(self, who: str) -> str:
        return self.service.resident(f"{self.name} {who}")

    def ticket(self) -> Any:
        return self.service.ticket(self.id)

    def staff(self, act: str, by: str, **given: Any) -> None:
        self._done(self.service.staff_act(self.id, act, by, **given))

    def desk(self, act: str, by: str = HEAD, **given: Any) -> None:
        self._done(self.service.desk_act(self.id, act, by, **given))

    def own(self, act: str, who: str = "reporter", **given: Any) -> None:
        self._done(self.service.post(f"/api/tickets/{self.id}/{act}", given, self.token(who)))

    def photo(self, by: str) -> str:
        granted = photos.grant(by, "image/jpeg", self.service.now)
        photos.mark(granted.id, photos.PhotoState.READY)
        return granted.id

    def joined_by(self, *names: str) -> None:
        for name in names:
            self.service.later(seconds=30)
            self.own("join", name)

    def merges(self, who: str) -> None:
        """Somebody else's report, merged into it."""
        other = self.service.report(f"{ORDINARY}，{who}", token=self.token(who), place=PLACE)
        assert other.status == 201, other.raw
        self.merged = other.body["id"]
        self._done(self.service.desk_act(self.merged, "merge", HEAD, into=self.id, sure=True))

    def _done(self, answer: Any) -> None:
        assert answer.status in (200, 201), answer.raw
        self.service.settle()


# --- the stages ---------------------------------------------------------------------------------------------------


def _received(life: Life) -> None:
    life.staff("return", HANDLER, reason="属地不符", note="不归我们")


def _dispatched(life: Life) -> None:
    assert life.ticket().lead_unit_id == CONCERNED_UNIT


def _handling(life: Life) -> None:
    life.staff("take", HANDLER)
    life.staff("unit-feedback", HANDLER, text="下午去修")


def _waiting(life: Life) -> None:
    _handling(life)
    life.staff("wait", HANDLER, question="是哪一层？")


def _assisting(life: Life) -> None:
    life.staff("transfer", HEAD, unit_id=OFFICE, note="归城建")
    life.staff("add-assisting", "of-cj-a", unit_id=CONCERNED_UNIT, note="配合开门")


def _escalated(life: Life) -> None:
    _handling(life)
    life.desk("supervise", LEADER, text="请尽快")


def _suspended(life: Life) -> None:
    _handling(life)
    until = (life.service.now + timedelta(days=30)).isoformat()
    life.staff("suspend", HEAD, reason="等配件到货", review_at=until)


def _resolved(life: Life) -> None:
    _handling(life)
    life.staff("arrived", HANDLER)
    life.staff("resolve", HANDLER, note="换了灯泡", photos=[life.photo(HANDLER)])


def _closed(life: Life) -> None:
    _resolved(life)
    for who in ("reporter", "merged"):
        life.own("rating", who, solved=True, satisfied=True)


STAGES: dict[str, Callable[[Life], None]] = {
    "received": _received,
    "dispatched": _dispatched,
    "handling": _handling,
    "waiting": _waiting,
    "assisting": _assisting,
    "escalated": _escalated,
    "suspended": _suspended,
    "resolved": _resolved,
    "closed": _closed,
}


# --- how it turns -------------------------------------------------------------------------------------------------


def _chosen(life: Life) -> None:
    life.own("avoid", avoid=["property"])


def _told_by_the_reporter(life: Life) -> None:
    life.own("comments", text=COMPLAINT)


def _told_by_who_joined(life: Life) -> None:
    life.own("comments", "second", text=COMPLAINT)


def _named_by_the_desk(life: Life) -> None:
    category = life.ticket().category
    life.desk("classify", HEAD, category=category, confidential=True, concerns=[CONCERNED_UNIT])


TURNS: dict[str, Callable[[Life], None]] = {
    "chosen by the reporter": _chosen,
    "told by the reporter": _told_by_the_reporter,
    "told by who joined": _told_by_who_joined,
    "named by the desk": _named_by_the_desk,
}
