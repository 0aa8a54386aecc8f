"""A bad day: what goes wrong with tickets in a real town, story by story, and what everyone with a part in them was promised.

Played after the day of `make demo`, over HTTP, by people of its own. Every story ends in what each party must have by
then; the claims of `check.py` that need no first day are held over its tickets, too.
"""

import base64
import csv
import io
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from rich.console import Console

from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.holidays import is_statutory
from infra.local.cloud import LocalCloud
from infra.local.play import check, tables
from infra.local.play.caller import Answer, Caller
from infra.local.play.judge import Surprise, within
from infra.local.play.people import People, now, take_photo
from infra.local.play.townspeople import ADMIN, DESK, Townspeople

MANAGERS, MANAGERS_HEAD = ("pm-shjy-a", "pm-shjy-b"), "pm-shjy-head"
DOOR, NEXT_BUILDING = "SHJY-4-1", "SHJY-5"
LAMP = "四号楼一单元楼道灯不亮，老人看不清台阶"
LIFT = "四号楼电梯停在半中间，里面有人出不来"
SAME_LAMP = "1单元门口的灯坏了好几天，晚上一片黑"


# What must hold of every ticket, also of one that was never seen by the first day.
CLAIMS = (
    check.history_has_no_gaps,
    check.every_rung_rang_once,
    check.every_open_ticket_is_watched,
    check.queues_say_what_tickets_say,
    check.nothing_closed_against_the_policy,
    check.everyone_was_told_once,
    check.nobody_heard_of_a_complaint_about_himself,
    check.no_dead_letters,
)
KNOWN_WITHIN = 6.0  # seconds until every process knows of another town
SETTLE = 120.0  # seconds for what is on its way


def play(cloud: LocalCloud, files: dict[str, bytes], console: Console) -> int:
    """The stories on a cloud whose town is `files`, then the claims. Answers the exit code."""
    console.print("\n[bold]不顺的一天[/bold]：并错、分开、改地点、人走了、话送不到、说好了又没好")
    from chalicelib.store.town import directory

    before = directory.town()  # with everyone who will have left by the end
    surprises = BadDay(
        Caller(cloud.url, patience=30), People(), files, lambda line: _print(console, line)
    ).run()
    end = time.monotonic() + SETTLE
    while any(verdict := _judged(before)) and time.monotonic() < end:
        time.sleep(2)
    for claim, contradictions in zip(CLAIMS, verdict, strict=True):
        _print(console, f"{'✗' if contradictions else '✓'} {(claim.__doc__ or '').strip()}")
        for each in contradictions[:15]:
            _print(console, f"    {each}")
    failed = bool(surprises or any(verdict))
    console.print("不顺的一天核对未通过" if failed else "不顺的一天核对通过：每个有关的人都没有被忘")
    return 1 if failed else 0


def _judged(town: Town) -> list[list[str]]:
    day = check.Evidence(tables.read(), check.Known({}, {}), town, now())
    return [list(claim(day)) for claim in CLAIMS]


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False)


class BadDay(Townspeople):
    """`files`: the town's, from which somebody leaves. Each story has tickets of its own."""

    def __init__(
        self, caller: Caller, people: People, files: dict[str, bytes], say: Callable[[str], None] = print
    ) -> None:
        super().__init__(caller, people, say)
        self.files = files
        self.reported = 0

    def run(self) -> int:
        """All stories; one that cannot go on ends alone. Answers how many surprises there were."""
        stories = (
            self._merged_and_not_solved_for_one,
            self._parted_again,
            self._nothing_into_what_has_ended,
            self._urgent_into_ordinary,
            self._urgent_comes_back,
            self._a_building_wrong,
            self._what_cannot_arrive,
            self._years_end,
            self._who_left,
        )
        return self.tell(stories, goes_on=True)

    # --- stories ------------------------------------------------------------------------------------------------------

    def _merged_and_not_solved_for_one(self) -> None:
        """两个人报同一盏灯，并成一件：后来的人说没解决，就不能结案"""
        first, second = self._report(LAMP), self._report(SAME_LAMP)
        handler = self._taken(first)
        self.desk_act(second, "merge", into=first["id"])
        self.told(second, "merged", "并入的人知道由谁一起办、何时办好")
        self.staff_told(handler, first["id"], "absorbed", "承办的人知道又来了什么")
        mine = self.mine(second)
        self.check("没有取消，也能说不是同一件", mine["stage"] == "merged" and "split" in mine["acts"])
        self._resolve(first, handler)
        self.told(second, "resolved_ask", "并入的人也单独被问", about=first)
        self.expect("并入的人说没解决", self._rate(second, solved=False), 200)
        self._rate(first, solved=True)
        stage = self.mine(first)["stage"]
        self.check(f"先报的人说已解决，也没有结案（{stage}）", stage != Stage.CLOSED)
        waits = within(30, lambda: self._stands_in("calls", first["id"]) or self._is_handled_again(first))
        self.check("有人去问，或已退回重办", waits)

    def _parted_again(self) -> None:
        """并错了：居民说不是同一件，分开后各有各的时限"""
        first, second = self._report(LAMP), self._report("门禁坏了，四号楼一单元的门关不上")
        self.told(first, "dispatched", "先报的人知道由谁办")
        self.desk_act(second, "merge", into=first["id"])
        self.staff_told(self._dispatched(first), first["id"], "absorbed", "承办的人知道又来了一件")
        self.expect("居民说不是同一件", self.resident_act(second, "split", reason="说的是门禁，不是灯"), 200)
        mine = self.mine(second)
        self.check("分开后是自己的工单", mine["stage"] not in ("merged", "closed"))
        self.check("有自己的时限", bool(self._clocks(second)))
        self.told(second, "split", "居民知道已分开办")
        self.staff_told(DESK, second["id"], "new_for_desk", "工作站知道又有一件要派")

    def _nothing_into_what_has_ended(self) -> None:
        """已了结的工单里并不进别的"""
        ended, other = self._report(LAMP), self._report(SAME_LAMP)
        self.expect("居民撤回一件", self.resident_act(ended, "withdraw"), 200)
        answer = self.desk(other, "merge", into=ended["id"])
        self.refuse("并进已撤回的", answer, 409, answer.code)
        self.check("另一件照常办", self.mine(other)["stage"] not in ("merged", "withdrawn"))

    def _urgent_into_ordinary(self) -> None:
        """紧急的并进不紧急的，先问一声；并了以后，整件都是紧急的"""
        plain, urgent = self._report(LAMP), self._report(LIFT, danger="lift")
        self.refuse("没有先问", self.desk(urgent, "merge", into=plain["id"]), 409, "ask_first")
        self.desk_act(urgent, "merge", into=plain["id"], sure=True)
        self.check("并成的一件是紧急的", bool(self.seen(plain)["urgent"]))

    def _urgent_comes_back(self) -> None:
        """紧急的说好了又没好：回来时还是紧急，时限从分钟算起"""
        ticket = self._report(LIFT, danger="lift")
        handler = self._dispatched(ticket)
        self.staff(ticket, "take", handler, must=True)
        self._resolve(ticket, handler)
        self.told(ticket, "resolved_ask", "居民被问是否解决")
        self.expect("居民说没解决", self._rate(ticket, solved=False), 200)
        self._called_not_solved(ticket)
        view = self.seen(ticket)
        self.check("还是紧急的", bool(view["urgent"]))
        running = set(self._clocks(ticket))
        self.check(
            f"签收、响应的时限重新在走（{'、'.join(sorted(running))}）", bool(running & {"take", "response"})
        )

    def _a_building_wrong(self) -> None:
        """地点差了一栋楼：改过来以后，队列、片区和承办跟着走"""
        ticket = self._report(LAMP)
        before, due = self.seen(ticket)["where"]["place"], self._due(ticket)
        self.desk_act(ticket, "relocate", place=NEXT_BUILDING, note="电话核对，是五号楼")
        after = self.seen(ticket)
        self.check(
            f"地点从 {before} 改到 {after['where']['place']}", after["where"]["place"] == NEXT_BUILDING
        )
        self.check("扫的是哪个码还看得到", after["where"]["point_code"] == self.code_of(DOOR))
        later = {kind for kind, at in self._due(ticket).items() if kind in due and at > due[kind]}
        self.check("答应的时限没有往后挪", not later - {"feedback"})

    def _what_cannot_arrive(self) -> None:
        """没有微信、只留了电话的人：问他的话送不到，时限不停，工作站去打电话"""
        ticket = self._report(LAMP, contact={"name": "王阿姨", "phone": "13700001234"})
        handler = self._taken(ticket)
        answer = self.staff(ticket, "wait", handler, question="方便时能下楼指一下是哪盏灯吗")
        self.check(f"承办的人问居民（{answer.status}）", answer.ok)
        called = within(60, lambda: self._is_to_be_called(ticket))
        self.check("问话在工作站的待拨电话里", called)
        stopped = [clock["kind"] for clock in self.seen(ticket)["clocks"] if clock["paused_at"]]
        self.check("电话打通以前，办理时限不停", not stopped)

    def _years_end(self) -> None:
        """跨年：明年的放假安排还没有公布，法定节假日也不当工作日；公布以后时限顺延，居民和承办的人都知道"""
        self._put_in_force(self.files | {"clocks.csv": _over_new_year(self.files["clocks.csv"])})
        ticket = self._report(LAMP)
        handler = self._taken(ticket)
        due = self._resolution(ticket)
        promised = datetime.fromisoformat(due["due_at"])
        self.check(f"答应的 {promised:%Y-%m-%d} 不是法定节假日", not is_statutory(promised.date()))
        self.check("写明还可能变", bool(due["provisional"]))
        days = [promised.date() + timedelta(days=n) for n in range(3)]
        published = "".join(f"{day},休息,放假安排公布\n" for day in days)
        calendar = {"calendar.csv": self.files["calendar.csv"].rstrip() + b"\n" + published.encode()}
        self._put_in_force(self.files | {"clocks.csv": _over_new_year(self.files["clocks.csv"])} | calendar)
        self._reckoned_again()
        later = self._resolution(ticket)
        moved = datetime.fromisoformat(later["due_at"])
        self.check(f"顺延到 {moved:%Y-%m-%d}，在放假以后", moved.date() > days[-1])
        self.told(ticket, "due_moved", "居民知道时限顺延")
        self.staff_told(handler, ticket["id"], "due_changed", "承办的人知道时限变了")
        self._put_in_force(self.files)

    def _who_left(self) -> None:
        """承办的人走了：居民再说没好，工单不会回到走了的人手里"""
        ticket = self._report(LAMP)
        leaver = self._taken(ticket)
        self._resolve(ticket, leaver)
        other = next(code for code in MANAGERS if code != leaver)
        self._leaves(leaver, other)
        self.told(ticket, "resolved_ask", "居民被问是否解决")
        self.expect("居民说没解决", self._rate(ticket, solved=False), 200)
        self._called_not_solved(ticket)
        holder = self.seen(ticket)["handler_id"]
        self.check(f"现在由 {holder or '单位值班的人'} 办，不是走了的 {leaver}", holder != leaver)

    # --- people -------------------------------------------------------------------------------------------------------

    def _report(self, text: str, **more: Any) -> dict[str, Any]:
        """Somebody new reports at the door. Answers the ticket with the token of who it is."""
        self.reported += 1
        return self.report_at(DOOR, f"{text}（{self.reported}）", **more)

    def _dispatched(self, ticket: dict[str, Any]) -> str:
        """Who has it; the desk gives it to the property manager where the machine gave it to nobody."""
        view = self.seen(ticket)
        if not view["lead_unit_id"]:
            self.desk_act(ticket, "dispatch", unit_id="PM-SHJY")
            view = self.seen(ticket)
        if not view["handler_id"]:
            raise Surprise("物业里没有人接到这张工单")
        return str(view["handler_id"])

    def _taken(self, ticket: dict[str, Any]) -> str:
        handler = self._dispatched(ticket)
        self.staff(ticket, "take", handler, must=True)
        return handler

    def _resolve(self, ticket: dict[str, Any], handler: str) -> None:
        for act, body in (("arrived", {}), ("unit-feedback", {"text": "已到现场，今天就换"})):
            self.staff(ticket, act, handler, must=True, **body)
        photo, stored = take_photo(self.caller, self.people.token(handler), shade=30)
        self.check("办好后的照片", stored.ok)
        # A photo is drawn anew before it counts; until then the phone's outbox waits.
        is_done = within(60, lambda: self.staff(ticket, "resolve", handler, note="已换好", photos=[photo]).ok)
        self.check("resolve（200）", is_done)

    def _leaves(self, leaver: str, to: str) -> None:
        """The town without somebody: what is open goes to `to`, and so does what was promised by name."""
        files = self.files | {
            "staff.csv": _rewritten(
                self.files["staff.csv"], lambda row: None if row["code"] == leaver else row
            ),
            "duty.csv": _rewritten(self.files["duty.csv"], lambda row: _without(row, leaver, to)),
        }
        self._put_in_force(files, {leaver: to})

    def _put_in_force(self, files: dict[str, bytes], hand_over_to: dict[str, str] | None = None) -> None:
        """Another town, whole: planned first, then with a yes to that plan; every function knows it soon after."""
        sent = {name: base64.b64encode(content).decode() for name, content in files.items()}
        body: dict[str, Any] = {"files": sent, "hand_over_to": hand_over_to or {}}
        token = self.people.token(ADMIN)
        plan = self.expect("先看会改什么", self.caller.post("/admin/town/plan", body, token), 200).body
        body |= {"plan": plan["id"]} | ({"removes": plan["removes"]} if plan.get("removes") else {})
        self.expect("导入", self.caller.post("/admin/town", body, token), 201)
        time.sleep(KNOWN_WITHIN)

    def _called_not_solved(self, ticket: dict[str, Any]) -> None:
        """The desk calls who said so, and hears it again: whoever has it begins anew."""
        if not self._is_handled_again(ticket):
            self.check("工作站要打电话问", within(30, lambda: self._stands_in("calls", ticket["id"])))
            said: dict[str, Any] = {
                "outcome": "answered",
                "solved": False,
                "satisfied": False,
                "words": "还是不亮",
            }
            self.desk_act(ticket, "follow-up", **said)
        self.check("退回重办", within(30, lambda: self._is_handled_again(ticket)))

    def _rate(self, ticket: dict[str, Any], *, solved: bool) -> Answer:
        said = {"solved": solved, "satisfied": solved, "words": "" if solved else "还是老样子"}
        return self.resident_act(ticket, "rating", **said)

    # --- what they see ------------------------------------------------------------------------------------------------

    def _clocks(self, ticket: dict[str, Any]) -> list[str]:
        """The promises that run just now."""
        clocks = self.seen(ticket)["clocks"]
        return [clock["kind"] for clock in clocks if not (clock["met_at"] or clock["ended_at"])]

    def _due(self, ticket: dict[str, Any]) -> dict[str, str]:
        return {clock["kind"]: clock["due_at"] for clock in self.seen(ticket)["clocks"]}

    def _reckoned_again(self) -> None:
        """What the night does once working days were published."""
        from chalicelib.actions import nightly

        nightly.recalculate_provisional(now=now())

    def _resolution(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """The promise to have it done by then."""
        clocks = self.seen(ticket)["clocks"]
        return next(each for each in reversed(clocks) if each["kind"] == "resolution")

    def _is_handled_again(self, ticket: dict[str, Any]) -> bool:
        return self.seen(ticket)["stage"] in ("dispatched", "handling")

    def _is_to_be_called(self, ticket: dict[str, Any]) -> bool:
        calls = self.caller.get("/desk/calls", self.people.token(DESK)).body.get("items", [])
        return any(call["ticket_id"] == ticket["id"] for call in calls)

    def _stands_in(self, queue: str, ticket_id: str) -> bool:
        answer = self.caller.get(f"/staff/queues/{queue}", self.people.token(DESK))
        return any(row["ticket_id"] == ticket_id for row in answer.body.get("items", []))


Cells = dict[str, str]


def _over_new_year(clocks: bytes) -> bytes:
    """The town's clocks, with so many working days for what is to be resolved that the year ends before."""
    today = now().date()
    working_days = (date(today.year + 1, 1, 12) - today).days * 5 // 7
    return _rewritten(
        clocks,
        lambda row: (
            row | {"amount": str(working_days), "unit": "working_days"}
            if row["clock"] == "resolution"
            else row
        ),
    )


def _rewritten(content: bytes, change: Callable[[Cells], Cells | None]) -> bytes:
    """A file of the town with its rows changed; None takes a row out."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    rows = [row for each in reader if (row := change(each)) is not None]
    out = io.StringIO()
    writer = csv.DictWriter(out, reader.fieldnames or [])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _without(row: Cells, leaver: str, to: str) -> Cells | None:
    """A row of the roster without somebody: their own shifts go, where they were the backup another is."""
    if row["person"] == leaver:
        return None
    if row["backup"] != leaver:
        return row
    return row | {"backup": to if row["person"] != to else MANAGERS_HEAD}
