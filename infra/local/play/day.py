"""A day in the town: reports come as the file says, and simulated people act on them over HTTP, as their plans say.

"The phone rings" by reading the tickets table directly; everything that people do goes through the API.
"""

import base64
import threading
import zlib
from collections import Counter
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from infra.local.play.acts import Act, Seat, named
from infra.local.play.acts_check import Acted
from infra.local.play.agenda import Agenda
from infra.local.play.caller import Answer, Caller, Unanswered, is_passing
from infra.local.play.case import Case
from infra.local.play.check import Known
from infra.local.play.habits import next_acts
from infra.local.play.mini_program import MiniProgram
from infra.local.play.people import People, now, take_photo
from infra.local.play.plans import Plan
from infra.local.play.reporting import Reporting
from infra.local.play.reports import Report
from infra.local.play.scaled import demo_town
from infra.local.play.weather import Lived

OFF_DUTY = frozenset({"pm-shjy-a", "gglw-fc1", "of-zf-a"})  # whose shifts end at midday
# Refusals that a busy day brings about: somebody else was faster. The first come again, the others are over.
AGAIN = frozenset({"stale", "still_open", "try_again"})
OVER = frozenset({"wrong_stage", "already_done", "too_late", "no_more_returns", "not_found"})
MOST_TRIES = 6
LOOK_EVERY = 0.7  # seconds
ADMIN = "town-admin"
TAPS_TWICE = 6  # every so many acts the finger slips, and the same request goes out twice at once


class Day:
    def __init__(
        self,
        caller: Caller,
        people: People,
        files: dict[str, bytes],
        agenda: Agenda,
        mini_program: MiniProgram | None = None,
    ) -> None:
        self.caller, self.people, self.files, self.agenda = caller, people, files, agenda
        self.cases: dict[str, Case] = {}  # by the ticket's id
        self.ids: dict[int, str] = {}  # the ticket's id by the report's index
        self.off_duty: frozenset[str] = frozenset()
        self.acted: Counter[Acted] = Counter()  # answered with success
        self.uncertain: set[Acted] = set()  # sent and not answered yet
        self.refused: Counter[str] = Counter()
        self.surprises: list[str] = []
        self.refused_reports: list[str] = []
        self.reporting = Reporting(caller, people, mini_program)
        self.tapped_twice = 0
        self._lock = threading.Lock()

    def begin(self, reports: list[Report], plans: list[Plan], speed: float) -> None:
        """Put the day on the agenda: every report at its time, and the end of some shifts at midday."""
        for report, plan in zip(reports, plans, strict=True):
            self.agenda.later(report.second / speed, self._report, report, plan)
        self.agenda.later(reports[-1].second / speed / 2, self._midday)
        self.agenda.later(LOOK_EVERY, self._look)

    @property
    def count_ended(self) -> int:
        return sum(case.has_ended for case in list(self.cases.values()))

    @property
    def count_reported(self) -> int:
        return len(self.cases) + len(self.refused_reports)

    def known(self, weather: tuple[Lived, ...], slack: timedelta) -> Known:
        sent = {ticket_id: case.sent for ticket_id, case in self.cases.items()}
        return Known(sent, self.acted, frozenset(self.uncertain), weather, slack)

    def is_over(self, total: int) -> bool:
        return self.count_reported == total and self.count_ended == len(self.cases)

    # --- what happens by itself ---------------------------------------------------------------------------------------

    def _report(self, report: Report, plan: Plan) -> None:
        try:
            sent, answer = self.reporting.send(report, plan)
        except Unanswered:
            answer = Answer(503, b"")
        if is_passing(answer):  # nobody gives up reporting: the same once more, with the same key
            self.agenda.later(LOOK_EVERY, self._report, report, plan)
            return
        if not answer.ok:
            self.refused_reports.append(f"report {report.n}: {_said(answer)}")
            return
        ticket_id = answer.body["id"]
        if ticket_id in self.cases:
            self.surprises.append(f"report {report.n} answered the ticket of another report")
        self.cases[ticket_id] = Case(report, plan, sent)
        self.ids[report.n] = ticket_id
        self.agenda.later(2, self.reporting.once_more, report, sent.token)
        if plan.extra == "joined":
            self.agenda.later(1, self.reporting.join, ticket_id)

    def _midday(self) -> None:
        """Some shifts end: the admin imports the town with a new roster, while tickets are with those who leave."""
        files = demo_town(self.files, OFF_DUTY)
        sent = {name: base64.b64encode(data).decode() for name, data in files.items()}
        try:
            answer = self.caller.post("/admin/town", {"files": sent}, self.people.token(ADMIN))
        except Unanswered:
            answer = Answer(503, b"")
        if answer.ok:
            self.off_duty = OFF_DUTY
        else:  # an import that was killed holds its claim for ten minutes, and those who leave stay on duty
            self.refused["town import"] += 1

    def _look(self) -> None:
        try:
            self._ring()
        except (BotoCoreError, ClientError):  # the tables are down: no phone rings
            pass
        finally:
            self.agenda.later(LOOK_EVERY, self._look)

    def _ring(self) -> None:
        """Whose ticket has changed looks at it, and sees what is to do."""
        from chalicelib.store.tickets import lists
        from chalicelib.store.town import directory

        watched = [ticket_id for ticket_id, case in list(self.cases.items()) if not case.has_ended]
        town = directory.town()
        for ticket in lists.get_many(watched):
            case = self.cases[ticket.id]
            case.ticket = ticket
            if ticket.version != case.looked_at:
                case.looked_at = ticket.version
                seat = Seat(town, now(), self.off_duty, frozenset(case.done), self._twin(case))
                for act in next_acts(ticket, case.plan, seat):
                    self._plan(case, act, ticket)

    def _twin(self, case: Case) -> str | None:
        """The open ticket about the same thing, if an earlier report was one."""
        twin = self.ids.get(case.report.twin_of) if case.report.twin_of is not None else None
        other = self.cases[twin].ticket if twin else None
        return other.id if other and other.stage not in ENDED else None

    def _plan(self, case: Case, act: Act, ticket: Ticket) -> None:
        name = named(act.name, ticket)
        with self._lock:
            if name in case.begun:
                return
            case.begun.add(name)
        self.agenda.later(act.delay * case.plan.pace, self._do, case, act, name)

    # --- what people do -----------------------------------------------------------------------------------------------

    def _do(self, case: Case, act: Act, name: str) -> None:
        try:
            answer = self._act(case, act, name)
        except Unanswered:
            answer = Answer(503, b"")
        _, _, _, ticket_id, done = act.path.split("/")
        acted = (ticket_id, act.who, done)
        if is_passing(answer):  # it may have happened: the same once more, with the same key
            self.uncertain.add(acted)
            self.agenda.later(LOOK_EVERY, self._do, case, act, name)
            return
        self.uncertain.discard(acted)
        case.tries[name] += 1
        # A photo is still drawn anew: it is sent again, as a phone's outbox does.
        if answer.again_in and case.tries[name] < MOST_TRIES:
            self.agenda.later(answer.again_in, self._do, case, act, name)
            return
        if not answer.ok:
            self._refused(case, act, name, answer)
        with self._lock:
            self.acted[acted] += answer.ok
            if answer.code in AGAIN and case.tries[name] < MOST_TRIES:
                case.begun.discard(name)
            else:
                case.done.add(name)
            case.looked_at = 0  # look again, also when nothing was changed

    def _act(self, case: Case, act: Act, name: str) -> Answer:
        token = case.sent.token if act.who == Actor.REPORTER else self.people.token(act.who)
        body: dict[str, Any] = dict(act.body)
        if act.photo and name not in case.photos:
            photo, stored = take_photo(self.caller, token)
            if not stored.ok:
                return stored
            case.photos[name] = photo
        if act.photo:
            body["photos"] = [case.photos[name]]
        key = f"{self.reporting.mark}-{case.report.n}-{name}-{case.tries[name]}"
        if zlib.crc32(f"{case.report.n}-{name}".encode()) % TAPS_TWICE:
            return self.caller.post(act.path, body, token, key)
        self.tapped_twice += 1
        answer, differs = self.caller.post_twice(act.path, body, token, key)
        if differs:
            self.surprises.append(f"report {case.report.n}, {name} tapped twice was answered {differs}")
        return answer

    def _refused(self, case: Case, act: Act, name: str, answer: Answer) -> None:
        self.refused[answer.code or str(answer.status)] += 1
        if answer.code not in AGAIN | OVER or (answer.code in AGAIN and case.tries[name] == MOST_TRIES):
            self.surprises.append(f"report {case.report.n}, {name} by {act.who}: {_said(answer)}")


def _said(answer: Answer) -> str:
    told = (
        answer.body.get("message", "")
        if isinstance(answer.body, dict)
        else answer.raw[:200].decode(errors="replace")
    )
    return f"{answer.status} {answer.code} {told}"
