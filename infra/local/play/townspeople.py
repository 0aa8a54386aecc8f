"""What residents, the desk and handlers do over HTTP, and what each of them then sees: shared by the stories after the first day."""

from collections.abc import Callable
from typing import Any

from infra.local.play.caller import Answer, Caller
from infra.local.play.judge import Judge
from infra.local.play.people import People

DESK, DESK_TOO, HEAD, LEADER, ADMIN = "gglw-fc1", "gglw-fc2", "gglw-head", "gglw-leader", "town-admin"
Ticket = dict[str, Any]  # its id, and whose token opens it as "mine"


class Townspeople(Judge):
    """`caller` asks over HTTP; `people` are signed in. A ticket is its id with the token of who reported it."""

    def __init__(self, caller: Caller, people: People, say: Callable[[str], None] = print) -> None:
        super().__init__(say)
        self.caller, self.people = caller, people

    # --- acts ---------------------------------------------------------------------------------------------------------

    def resident(self) -> str:
        """Somebody new, by their token."""
        return str(self.caller.post("/api/sessions", {}).body["token"])

    def report_at(self, place: str, text: str, *, token: str = "", **more: Any) -> Ticket:
        """Somebody, new where no token is given, scans the code there and reports."""
        who = token or self.resident()
        body = {"point": self.code_of(place), "text": text, **more}
        answer = self.expect(f"上报“{text[:14]}…”", self.caller.post("/api/tickets", body, who), 201)
        return {"id": str(answer.body["id"]), "token": who}

    def code_of(self, place: str) -> str:
        from chalicelib.store.town import points

        return points.active_codes([place])[place]

    def resident_act(self, ticket: Ticket, act: str, **body: Any) -> Answer:
        return self.caller.post(f"/api/tickets/{ticket['id']}/{act}", body, ticket["token"])

    def staff(self, ticket: Ticket, act: str, by: str, *, must: bool = False, **body: Any) -> Answer:
        answer = self.caller.post(f"/staff/tickets/{ticket['id']}/{act}", body, self.people.token(by))
        return self.expect(act, answer, 200) if must else answer

    def desk(self, ticket: Ticket, act: str, *, by: str = DESK, **body: Any) -> Answer:
        return self.caller.post(f"/desk/tickets/{ticket['id']}/{act}", body, self.people.token(by))

    def desk_act(self, ticket: Ticket, act: str, *, by: str = DESK, **body: Any) -> Answer:
        return self.expect(f"工作站 {act}", self.desk(ticket, act, by=by, **body), 200)

    # --- what they see ------------------------------------------------------------------------------------------------

    def mine(self, ticket: Ticket) -> dict[str, Any]:
        return dict(self.caller.get(f"/api/tickets/{ticket['id']}", ticket["token"]).body)

    def seen(self, ticket: Ticket, by: str = DESK_TOO) -> dict[str, Any]:
        return dict(self.caller.get(f"/staff/tickets/{ticket['id']}", self.people.token(by)).body)

    def beside(self, ticket: Ticket, by: str) -> dict[str, Any]:
        """What stands beside it on the same screen."""
        return dict(self.caller.get(f"/staff/tickets/{ticket['id']}/beside", self.people.token(by)).body)

    def told(self, ticket: Ticket, template: str, what: str, *, about: Ticket | None = None) -> None:
        """`about`: the ticket that theirs went into, of which they are told from then on."""
        inbox = lambda: self.caller.get("/api/inbox", ticket["token"])  # noqa: E731
        self.soon_told(what, inbox, (about or ticket)["id"], template)

    def staff_told(self, code: str, ticket_id: str, template: str, what: str) -> None:
        inbox = lambda: self.caller.get("/staff/inbox", self.people.token(code))  # noqa: E731
        self.soon_told(what, inbox, ticket_id, template)
