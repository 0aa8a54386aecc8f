"""Those outside the town: the hotline, which sends orders and their later versions, and a subscriber who fetches the feed."""

from datetime import timedelta
from typing import Any

from campaign import record
from campaign.people import People, Resident
from campaign.stage import Answer, Stage
from chalicelib.domain.model import stamp

HOTLINE, PULLER = "hotline", "puller"
FETCHES_EVERY = timedelta(minutes=20)
CHANGES = 0.3  # the share of orders of which a later version comes
AGAIN = timedelta(minutes=3)  # what was not answered is sent again, as docs/partners.md asks for
MOST_TRIES = 20


class Hotline:
    """12345: each order under a number of its own, sent until it is acknowledged."""

    def __init__(self, stage: Stage, people: People) -> None:
        self.stage, self.people, self.chance = stage, people, stage.chance
        self._orders = 0

    def order(self) -> None:
        self._orders += 1
        chance, number = self.chance, f"SH{20261123000000 + self._orders}"
        caller = Resident(100_000 + self._orders, chance)
        self.people.plant(caller)
        text = f"{chance.choice(self.people.texts)}{caller.mark}"
        body = {
            "number": number,
            "text": text,
            "place": chance.choice(("华泾镇盛华景苑", "关港蓝湾", "")),
            "due_at": f"{self.stage.now + timedelta(days=chance.randrange(1, 6)):%Y-%m-%d %H:%M}",
            "sent_at": f"{self.stage.now:%Y-%m-%d %H:%M:%S}",
            "name": caller.name if chance.random() < 0.7 else "",
            "phone": caller.phone if chance.random() < 0.7 else "",
            "confidential": "是" if chance.random() < 0.05 else "",
        }
        self._send(body)
        if chance.random() < CHANGES:
            self.stage.later(timedelta(minutes=chance.randrange(5, 600)), lambda: self._change(body))

    def _change(self, body: dict[str, str]) -> None:
        sent_at = f"{self.stage.now:%Y-%m-%d %H:%M:%S}"
        self._send(body | {"text": body["text"] + "，来电人又来催过", "sent_at": sent_at})

    def _send(self, body: dict[str, str], tries: int = 1) -> None:
        answer = self.stage.signed(HOTLINE, "POST", "/orders", body)
        if answer.ok:
            self._look(body["number"], answer)
        elif not 400 <= answer.status < 500 and tries < MOST_TRIES:
            self.stage.later(AGAIN, lambda: self._send(body, tries + 1))

    def _look(self, number: str, answer: Answer) -> None:
        """The town goes on with it."""
        if answer.body["how"] == "made":
            self.people.begin(self._ticket_of(number))

    def _ticket_of(self, number: str) -> str:
        from chalicelib.store.tickets import lists

        with self.stage.unharmed():
            return str(lists.find_id_by_external(HOTLINE, number))


class Puller:
    """Fetches from its cursor on, page after page."""

    def __init__(self, stage: Stage, people: People) -> None:
        self.stage, self.people, self._after = stage, people, ""

    def fetch(self) -> None:
        """A page, and then again for as long as pages come."""
        query = f"?after={self._after}" if self._after else ""
        answer = self.stage.signed(PULLER, "GET", f"/events{query}")
        if not answer.ok:
            return
        self._after = str(answer.body["next"])
        for each in answer.body["items"]:
            self._keep(each)
        if answer.body["items"]:
            self.fetch()

    def _keep(self, event: dict[str, Any]) -> None:
        stage = self.stage
        stage.record.note(
            record.ARRIVED, kind="message", platform=PULLER, to="", body=event, order=stage.record.tick(),
            at=stamp(stage.now),
        )  # fmt: skip

    def every_while(self) -> None:
        self.fetch()
        if not self.people.is_fair:
            self.stage.later(FETCHES_EVERY, self.every_while)
