"""Reporting as each source does: a resident on the page, the desk for whoever comes or calls, staff for what they find."""

from typing import Any, NamedTuple
from uuid import uuid4

from chalicelib.domain.scrub import scrub
from infra.local.play.caller import Answer, Caller, Unanswered, is_passing
from infra.local.play.people import People, take_photo
from infra.local.play.plans import Plan
from infra.local.play.reports import Report

ON_THE_PAGE = frozenset({"qr", "mini_program", "browser"})
FOUND = frozenset({"visit", "patrol", "volunteer"})
PARTNERS = frozenset(
    {"hotline_12345", "petition"}
)  # until partners have their own door, the desk types them in
ELSEWHERE = "电话里说的地方"


class Sent(NamedTuple):
    """What was sent by whom. `text` as it must stand in the ticket; `phone` must never stand there."""

    token: str
    text: str
    phone: str


class Reporting:
    """`mark` makes this run's idempotency keys its own."""

    def __init__(self, caller: Caller, people: People) -> None:
        self.caller, self.people = caller, people
        self.mark = uuid4().hex[:10]
        self._begun: dict[int, tuple[str, dict[str, Any]]] = {}
        self._codes: dict[str, str] = {}

    def learn_codes(self, places: list[str]) -> None:
        """The codes that hang at these places; a resident reads them off the wall."""
        from chalicelib.store import points

        self._codes = points.active_codes([place for place in places if place])

    def send(self, report: Report, plan: Plan) -> tuple[Sent, Answer]:
        """Send it; again after Unanswered, by the same person with the same key and content. Raises Unanswered."""
        phone = f"138{report.n:08d}"
        text = f"{report.text}\n我的电话{phone}"[:2000] if plan.extra == "photo" else report.text
        if report.n not in self._begun:
            self._begun[report.n] = self._prepare(report, plan, text, phone)
        token, body = self._begun[report.n]
        path = "/api/tickets" if report.source in ON_THE_PAGE else "/staff/tickets"
        answer = self.caller.post(path, body, token, f"report-{report.n}-{self.mark}")
        return Sent(token, scrub(text.strip()), phone), answer

    def _prepare(self, report: Report, plan: Plan, text: str, phone: str) -> tuple[str, dict[str, Any]]:
        """Who sends it, and what: photos are uploaded first."""
        body: dict[str, Any] = {"text": text} | self._where(report)
        if report.source not in ON_THE_PAGE:
            return self.people.token(self._enters(report)), body | self._entered(report, phone)
        token = self._resident(report)
        if plan.extra == "photo":
            body |= {"photos": [take_photo(self.caller, token)[0]], "contact": {"phone": phone}}
        return token, body

    def join(self, ticket_id: str) -> None:
        """附议: a neighbour has the same trouble. A ticket that has ended or is confidential refuses."""
        self.caller.post(f"/api/tickets/{ticket_id}/join", {}, self._session())

    def _resident(self, report: Report) -> str:
        """Scan, then a session: what the page does when it opens."""
        if code := self._codes.get(report.point):
            self.caller.get(f"/api/points/{code}")
        return self._session()

    def _session(self) -> str:
        answer = self.caller.post("/api/sessions", {})
        if is_passing(answer):
            raise Unanswered("no session")
        return str(answer.body["token"])

    def _where(self, report: Report) -> dict[str, str]:
        if report.source in ON_THE_PAGE and report.point in self._codes:
            return {"point": self._codes[report.point]}
        return {"place": report.point} if report.point in self._codes else {"place_text": ELSEWHERE}

    def _entered(self, report: Report, phone: str) -> dict[str, Any]:
        if report.source in FOUND:
            return {"source": report.source}
        external = {"partner": report.source, "number": f"{self.mark}-{report.n}"}
        more = {"external": external} if report.source in PARTNERS else {}
        source = "walk_in" if report.source == "walk_in" else "phone"
        return {"source": source, "contact": {"name": "王女士", "phone": phone}} | more

    def _enters(self, report: Report) -> str:
        """Who types it in: the first contact of the place's station, a volunteer, a grid worker on the round."""
        is_north = report.point[:2] in ("XN", "HJ")
        station = "hjb" if is_north else "gglw"
        if report.source == "volunteer" and not is_north:
            return "vo-gglw-a"
        return f"{station}-gw1" if report.source in FOUND else f"{station}-fc2"
