"""Reporting as each source does: a resident on the page, the desk for whoever comes or calls, staff for what they find."""

from typing import Any, NamedTuple
from uuid import uuid4

from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.town.vocabulary import Source
from infra.local.play.caller import Answer, Caller, Unanswered, is_passing
from infra.local.play.mini_program import MiniProgram
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


def name_of(report: Report) -> str:
    """Who reports through WeChat, "" for anyone else. WeChat scans into the mini-program, the camera into the browser."""
    in_wechat = report.source == Source.MINI_PROGRAM or (report.source == Source.QR and report.n % 2 == 0)
    return f"r{report.n}" if in_wechat else ""


class Reporting:
    """`mark` makes this run's idempotency keys its own."""

    def __init__(self, caller: Caller, people: People, mini_program: MiniProgram | None = None) -> None:
        self.caller, self.people, self.mini_program = caller, people, mini_program
        self.mark = uuid4().hex[:10]
        self._begun: dict[int, tuple[str, dict[str, Any]]] = {}
        self._codes: dict[str, str] = {}
        self._early: dict[int, str] = {}  # tokens by report
        self._in_wechat: set[str] = set()  # tokens

    def learn_codes(self, places: list[str]) -> None:
        """The codes that hang at these places; a resident reads them off the wall."""
        from chalicelib.store.town import points

        self._codes = points.active_codes([place for place in places if place])

    def sign_in_early(self, reports: list[Report]) -> None:
        """Half of those who come through WeChat have used the mini-program before this day."""
        for report in (each for each in reports if name_of(each) and each.n % 4 == 0):
            self._early[report.n] = self._session(name_of(report), accepts=report.n % 7 != 0)

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
        self.caller.post(f"/api/tickets/{ticket_id}/join", {}, self._session(f"n-{ticket_id.lower()[-16:]}"))

    def once_more(self, report: Report, token: str) -> None:
        """Who has reported is asked again whether to be told, and every third one allows another message."""
        if self.mini_program and token in self._in_wechat and report.n % 3 == 0:
            self.mini_program.answer_dialog(f"r{report.n}", token, accepts=True)

    def _resident(self, report: Report) -> str:
        """Scan, then a session: what the page does when it opens."""
        if code := self._codes.get(report.point):
            self.caller.get(f"/api/points/{code}")
        return self._early.get(report.n) or self._session(name_of(report), accepts=report.n % 7 != 0)

    def _session(self, name: str = "", *, accepts: bool = True) -> str:
        """Signed in by WeChat where `name` is given and WeChat lets anyone in; otherwise anonymous."""
        if name and self.mini_program and (token := self.mini_program.sign_in(name)):
            self._in_wechat.add(token)
            self.mini_program.answer_dialog(name, token, accepts=accepts)
            return token
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
        source = Source.WALK_IN if report.source == Source.WALK_IN else Source.PHONE
        return {"source": source, "contact": {"name": "王女士", "phone": phone}} | more

    def _enters(self, report: Report) -> str:
        """Who types it in: the first contact of the place's station, a volunteer, a grid worker on the round."""
        is_north = report.point[:2] in ("XN", "HJ")
        station = "hjb" if is_north else "gglw"
        if report.source == Source.VOLUNTEER and not is_north:
            return "vo-gglw-a"
        return f"{station}-gw1" if report.source in FOUND else f"{station}-fc2"
