"""A large town 大批量导入: checked at once, put in force by a job, for a request behind API Gateway may take 29 seconds only."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions import jobs
from chalicelib.actions.identity import confirming
from chalicelib.actions.town import importing
from chalicelib.actions.town.importing import Checked, ImportReport
from chalicelib.domain.errors import Invalid, Refusal, WrongStage
from chalicelib.domain.identity.confirmations import Kind
from chalicelib.domain.jobs import Job, Outcome, Row, Trouble
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.town_import.plan import check_plan
from chalicelib.domain.town_import.power import power_gained
from chalicelib.ids import new_id
from chalicelib.store.town import directory

KIND = "town"
MOST_AT_ONCE = 2000  # points to be written: 5,000 took ten seconds


class Yes(NamedTuple):
    """What was said yes to: the id of the plan, and how many removals were spelled out."""

    plan: str
    removes: int | None


def import_or_begin(
    files: Mapping[str, bytes],
    *,
    by: Staff,
    hand_over_to: Mapping[str, str],
    yes: Yes | None = None,
    now: datetime,
    allowed: Callable[[Checked], str] = lambda _: "",
) -> tuple[ImportReport, Job | None]:
    """The import and what it did; or, where more than `MOST_AT_ONCE` points are to be written, what it will do and its job.

    Either way whatever is wrong is refused at once, as by `importing.import_town`. `yes`: our own starts
    have none. `allowed` raises where the
    import waits for somebody's yes, before anything is written, and answers what it is in force by in an emergency.
    Raises PlanOver (rule 86).
    """
    checked = importing.check(files, hand_over_to=hand_over_to, now=now)
    if checked.report.unchanged:
        return checked.report, None
    if yes is not None and checked.plan is not None:
        check_plan(yes.plan, yes.removes, checked.plan)
    asked = allowed(checked)
    if len(checked.changed) <= MOST_AT_ONCE:
        return importing.put_in_force(checked, by=by.code, now=now, asked=asked), None
    rows = [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files.items()]
    about = {"hand_over_to": json.dumps(dict(hand_over_to))}
    job = Job(id=new_id(), kind=KIND, by=by.code, unit=by.unit, at=now, about=about)
    job = jobs.start(job, rows, rows_in_a_chunk=len(rows))
    return checked.report.model_copy(
        update={"version": ""}
    ), job  # its version is the instant it comes into force


def by_two(by: Staff, now: datetime, emergency: str = "") -> Callable[[Checked], str]:
    """One yes for a whole import that makes power, bound to its files and to the town in force (rule 93).

    `emergency`: why it cannot wait for that; then it holds twelve hours (`lapsing`), and places stay as they are.
    """

    def allowed(checked: Checked) -> str:
        """Raises NeedsConfirmation; in an emergency Invalid where places change, WrongStage while another one runs, TooMany."""
        if checked.before is None:
            return ""
        gained = power_gained(directory.town(), checked.town)
        digest = confirming.digest_of(checked.digest, checked.before.version)
        if checked.before.asked:
            raise WrongStage("上一次紧急导入还在等确认：请另一位站长或领导先在“待确认”里同意或不同意，再导入")
        given = confirming.Power(Kind.TOWN, digest, gained.lines, gained.gains)
        if not (emergency and gained.lines):
            confirming.need(given, by=by, now=now)
            return ""
        if checked.changed or checked.removed or checked.leaving.people or checked.leaving.units:
            raise Invalid(
                "紧急导入只能增改人员、单位和订阅方，不能同时改点位、删人员或单位；请分两次导入",
                fields=["emergency"],
            )
        asked = confirming.in_emergency(given, why=emergency, by=by, now=now)
        return asked.id

    return allowed


def put_in_force(job: Job, rows: list[Row], now: datetime) -> Outcome:
    """The whole town is one chunk. Killed, it comes again and goes on; what is refused meanwhile is a trouble of the job."""
    files = {row["name"]: base64.b64decode(row["content"]) for row in rows}
    try:
        report = importing.import_town(
            files, by=job.by, hand_over_to=json.loads(job.about["hand_over_to"]), now=now
        )
    except Refusal as refusal:
        if refusal.http_status >= 500:
            raise  # a passing fault: the chunk comes again
        return Outcome(counts={"refused": 1}, troubles=(Trouble(row=0, message=refusal.message),))
    done = {"points": report.points, "new_codes": report.new_codes, "removed_points": report.removed_points}
    return Outcome(counts=done | {"handed_over": report.handed_over})
