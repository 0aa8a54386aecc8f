"""People of the sample town by whose eyes a life is judged: what each reads in the inbox, is pushed, and finds on page and row."""

import json
from typing import Any

from chalicelib.actions.tickets import escalating
from chalicelib.store import photos, table
from tests.moto_cloud import ENVIRONMENT, as_stored
from tests.service import Answer, Service

DESK, NEXT_DESK, HEAD, LEADER = "gglw-fc1", "gglw-fc2", "gglw-head", "gglw-leader"
OTHER_DESK = "hjb-fc1"
MANAGER, MANAGER_HEAD = "pm-shjy-a", "pm-shjy-head"
LIGHTS, LAWS, POLICE = "of-cj-a", "of-zf-a", "da-jj-a"
STAFF = "gglw-", "hjb-", "pm-", "of-", "da-", "town-"
LAMP, RUBBISH, HORN, MESS = (
    "四号楼楼道灯不亮",
    "门口垃圾桶没人清运",
    "隧道口有人一直按喇叭鸣笛",
    "小区门口乱糟糟",
)


class Lives:
    """Lives of one test, beside others in the same service: its residents are its own."""

    def __init__(self, service: Service, name: str) -> None:
        self.service, self.name = service, name

    def token(self, who: str) -> str:
        is_staff = who.startswith(STAFF)
        return self.service.staff(who) if is_staff else self.service.resident(f"{self.name} {who}")

    # --- what they do; each is settled, and was done ---

    def reports(self, who: str, text: str, unit: str = "", **more: Any) -> str:
        """The ticket of a report; given to `unit` by the desk where the machine left it."""
        ticket_id: str = self._done(self.service.report(text, token=self.token(who), **more)).body["id"]
        if unit and self.ticket(ticket_id).stage == "received":
            self.desk(ticket_id, "dispatch", unit_id=unit)
        return ticket_id

    def calls_in(self, text: str, phone: str = "13812345678", **more: Any) -> str:
        """The ticket that the desk enters for whoever is on the phone."""
        given = {"place": "SHJY-4-1", "text": text, "source": "phone", "contact": {"phone": phone}}
        entered = self.service.post("/staff/tickets", given | more, self.token(DESK))
        ticket_id: str = self._done(entered).body["id"]
        return ticket_id

    def desk(self, ticket_id: str, act: str, by: str = DESK, **given: Any) -> Answer:
        return self._done(self.service.desk_act(ticket_id, act, by, **given))

    def staff(self, ticket_id: str, act: str, by: str, **given: Any) -> Answer:
        return self._done(self.service.staff_act(ticket_id, act, by, **given))

    def own(self, ticket_id: str, act: str, who: str, **given: Any) -> Answer:
        return self._done(self.service.post(f"/api/tickets/{ticket_id}/{act}", given, self.token(who)))

    def refused(self, answer: Answer) -> str:
        """The words of a refusal."""
        assert 400 <= answer.status < 500, answer.raw
        message: str = answer.body["message"]
        return message

    def resolves(self, ticket_id: str, by: str = MANAGER) -> None:
        if not self.ticket(ticket_id).taken:
            self.staff(ticket_id, "take", by)
        self.staff(ticket_id, "unit-feedback", by, text="下午去修")
        self.staff(ticket_id, "arrived", by)
        granted = photos.grant(by, "image/jpeg", self.service.now)
        photos.mark(granted.id, photos.PhotoState.READY)
        self.staff(ticket_id, "resolve", by, note="修好了", photos=[granted.id])

    def nobody_answers(self, ticket_id: str) -> None:
        """The follow-up workflow after the time that residents have in the app."""
        round_ = self.ticket(ticket_id).round
        if escalating.look_for_answer(ticket_id, round_)["answer"] == "call_needed":
            escalating.put_on_call_list(ticket_id, round_, now=self.service.now)
        self.service.settle()

    def rings(self, ticket_id: str) -> None:
        escalating.ring_late(ticket_id, now=self.service.now)
        self.service.settle()

    # --- what they read and get ---

    def ticket(self, ticket_id: str) -> Any:
        return self.service.ticket(ticket_id)

    def reads(self, who: str, ticket_id: str) -> dict[str, str]:
        """The lines of an inbox about a ticket, by template: the latest of each."""
        path = "/staff/inbox" if who.startswith(STAFF) else "/api/inbox"
        items = self.service.get(path, self.token(who)).body["items"]
        number = self.ticket(ticket_id).number
        about = [i for i in items if i["ticket_id"] == ticket_id or number in i["text"]]
        return {item["template"]: item["text"] for item in reversed(about)}

    def pushed(self, who: str, ticket_id: str) -> list[str]:
        """What a phone of staff was sent about a ticket."""
        found = (i for i in as_stored(ENVIRONMENT["WORK_TABLE"]) if i["SK"]["S"].startswith("out#"))
        sent = [json.loads(table.from_wire(item)["document"]) for item in found]
        return [
            d["template"] for d in sent if (d["recipient"], d["ticket_id"]) == (f"staff:{who}", ticket_id)
        ]

    def page(self, who: str, ticket_id: str) -> Any:
        door = "staff" if who.startswith(STAFF) else "api"
        answer = self.service.get(f"/{door}/tickets/{ticket_id}", self.token(who))
        return answer.body if answer.status == 200 else None

    def row(self, who: str, queue: str, ticket_id: str) -> Any:
        rows = self.service.get(f"/staff/queues/{queue}", self.token(who)).body["items"]
        return next((row for row in rows if row["ticket_id"] == ticket_id), None)

    def due(self, ticket_id: str, kind: str) -> str:
        """When a running promise is due: 11-25 18:00; empty when none runs."""
        running = [c for c in self.ticket(ticket_id).clocks if c.kind == kind and c.is_open]
        return f"{running[0].due_at:%m-%d %H:%M}" if running else ""

    def _done(self, answer: Answer) -> Answer:
        assert answer.status in (200, 201), answer.raw
        self.service.settle()
        return answer
