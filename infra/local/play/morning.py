"""A morning at the counter 柜台的一个上午: what the station of the article does for whoever comes in, calls or is called together.

Played after the first day of `make demo`, over HTTP. Questions are those of `questions.csv`, drawn by lot from everyday
ones that others wrote; reports are worded as people talk, and the desk says what the machine does not know. What must
hold of it afterwards, from the tables alone: `counter_check.py`.
"""

import csv
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from infra.local import partners, push_order
from infra.local.cloud import LocalCloud
from infra.local.play import counter_check, tables
from infra.local.play.caller import Caller
from infra.local.play.judge import Surprise, within
from infra.local.play.people import People, now, take_photo
from infra.local.play.townspeople import DESK, HEAD, LEADER, Ticket, Townspeople

QUESTIONS = Path(__file__).with_name("questions.csv")
PHONE, MOTHERS = "13812345678", "13987654321"
GRID_WORKER = "gglw-gw4"  # of 望月路
STREET, SHOPS = "WYL", 20
FIRST_DUE = 15.0  # seconds until the first undertaking is due; the others are not, then
SETTLE = 60.0
Push = Callable[[dict[str, str]], tuple[int, dict[str, Any]]]


class Told(NamedTuple):
    """A line of the morning's table."""

    what: str
    amount: str
    words: str


def play(cloud: LocalCloud, console: Console) -> int:
    """The stories on a cloud with the demo's town, their table, then the claims. Answers the exit code."""
    console.print("\n[bold]柜台的一个上午[/bold]：问政策、小票、代反映、会商、权属、信访、望月路")
    partners.know(cloud.place)
    key = push_order.key_of(cloud.place, "petition")
    morning = Morning(
        Caller(cloud.url, patience=30),
        People(),
        lambda order: push_order.push(cloud.url, key, "petition", order, now()),
        lambda line: console.print(line, markup=False, highlight=False),
    )
    surprises = morning.run()
    end = time.monotonic() + SETTLE
    while any((verdict := counter_check.judge(tables.read())).values()) and time.monotonic() < end:
        time.sleep(2)
    shown = Table("这一上午", "数", "说明", title="码上就来 · 柜台的一个上午")
    for line in morning.lines:
        shown.add_row(*line)
    console.print(shown)
    for claim, contradictions in verdict.items():
        console.print(f"{'✗' if contradictions else '✓'} {(claim.__doc__ or '').strip()}", markup=False)
        for each in contradictions[:15]:
            console.print(f"    {each}", markup=False)
    failed = bool(surprises or any(verdict.values()))
    console.print("柜台的上午核对未通过" if failed else "柜台的上午核对通过：问有依据，来有凭据，会后有人办")
    return 1 if failed else 0


class Morning(Townspeople):
    """`push` sends an order of the petition office as its partner does, and answers status and body."""

    def __init__(
        self, caller: Caller, people: People, push: Push, say: Callable[[str], None] = print
    ) -> None:
        super().__init__(caller, people, say)
        self.push = push
        self.lines: list[Told] = []

    def run(self) -> int:
        """All stories; one that cannot go on ends alone. Answers how many surprises there were."""
        stories = (
            self._asks_about_policy,
            self._takes_a_slip_along,
            self._son_for_mother,
            self._horns_at_the_tunnel,
            self._whose_duty,
            self._petition,
            self._shops_of_the_street,
        )
        return self.tell(stories, goes_on=True)

    # --- stories ------------------------------------------------------------------------------------------------------

    def _asks_about_policy(self) -> None:
        """电话里问政策：旁边三条带依据，选一条就答；都没答上的，记给维护知识的人"""
        with QUESTIONS.open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        answered = missing = 0
        for row in rows:
            entry = self._beside(row["question"]).get(row["code"])
            if entry:
                self._answered(row["question"], entry)
                answered += 1
            else:
                kept = self._as_clerk("/desk/knowledge/missing", text=row["question"])
                self.expect(f"都没答上，记下来：{row['question'][:12]}…", kept, 201)
                missing += 1
        known = sum(bool(row["code"]) for row in rows)
        self.check(f"知识里有的 {known} 问，答上 {answered} 问（至少七成）", answered >= known * 0.7)
        owed = self.caller.get("/staff/knowledge", self.people.token(DESK)).body["drafts"]
        asked = {draft["question"] for draft in owed}
        unanswered = [row["question"] for row in rows if row["question"] in asked]
        self.check(f"没答上的 {missing} 问都在待补的单子上", len(unanswered) == missing)
        self._line("问政策", len(rows), f"{answered} 问当场答复，都写明依据；{missing} 问记给维护人")

    def _takes_a_slip_along(self) -> None:
        """来访的人拿一张小票回家：扫一扫，输电话后四位，这件事就在自己手机上"""
        visitor = self._enters(
            "我们楼底下那根排水管老往外返水，臭得不得了，来讲过一趟了", "SHJY-3-1", "王阿姨", PHONE
        )
        slip = self._prints(visitor)
        self.check("小票上有编号、期限和工作站电话", bool(slip["promises"] and slip["station"]["phone"]))
        self.check("小票上没有反映的内容", "排水管" not in str(slip))
        phone = self._claims(visitor, slip, PHONE)
        self.check("在自己的手机上看得到", self.mine(phone)["text"].startswith("我们楼底下"))
        again = self.caller.post("/api/slips", _claim(slip, PHONE), self.resident())
        self.refuse("别人拿到这张纸，再认领", again, 409, "already_done")
        handler = self._with_unit(visitor, "B04", "PM-SHJY", "simple")
        self.staff(visitor, "take", handler, must=True)
        self.staff(visitor, "unit-feedback", handler, must=True, text="下午来疏通，管子要是堵在底下就开挖")
        self.told(phone, "unit_feedback", "承办的初步反馈到了自己的手机")
        self._line("来访登记", 1, "小票一张，认领一次，进展到了手机上")

    def _son_for_mother(self) -> None:
        """儿子替老母亲来说：两个人都算一份，母亲说不要，他就看不到了"""
        mother = {"name": "陈老太", "phone": MOTHERS}
        ticket = self._enters(
            "我妈一个人住六楼，走廊灯全灭了，她摸黑走路我不放心", "SHJY-6-1", "小陈", PHONE, on_behalf=mother
        )
        son = self._claims(ticket, self._prints(ticket), PHONE)
        self.check("儿子看得到，写明是替别人反映", self.mine(son)["proxy"] == "own")
        self.staff(ticket, "proxy", DESK, must=True, agreed=True)
        own = self._claims(ticket, self._prints(ticket, holder="self"), MOTHERS)
        ended = self.resident_act(own, "proxy/end")
        self.expect("母亲说以后我自己来", ended, 200)
        self.check(
            "儿子看不到了", self.caller.get(f"/api/tickets/{ticket['id']}", son["token"]).status == 404
        )
        self.check("母亲照常看得到", self.mine(own)["is_reporter"])
        self._line("代反映", 1, "儿子替母亲来，本人同意过，后来由本人收回")

    def _horns_at_the_tunnel(self) -> None:
        """隧道口的喇叭声：片区约交警、城建会商，定两件事，各有各的期限，到期各响各的"""
        text = "出隧道第五条道，前头车子看不懂灯就停牢，后头一个劲儿揿，从早揿到夜里，家里人心烦"
        resident = self._enters(text, "SHJY-5-1", "五号楼居民", PHONE)
        phone = self._claims(resident, self._prints(resident), PHONE)
        police = self._with_unit(resident, "D01", "DA-JJ", "joint")
        self.staff(resident, "take", police, must=True)
        meeting = self._convened(
            resident,
            question="出口第五车道又直行又右转，后车就揿喇叭，怎么治",
            public="已请交警和城建一起商量出口车道的事",
            unit_ids=["DA-JJ", "OF-CJ"],
            outside=["隧道公司"],
        )
        self.staff_told(police, resident["id"], "meeting_invited", "交警接到会商通知")
        self.told(phone, "meeting_called", "居民知道已约有关单位会商")
        soon, later = _at(FIRST_DUE), _at(3600)
        self._recorded(
            resident,
            meeting,
            present="交警支队、城建中心、隧道公司、五号楼居民代表",
            minutes="现场看了两个早高峰：直行车等灯，右转车被堵。先装声呐取证，再改标线。",
            public="会商定了：先装设备查乱鸣号，再改出口标线",
            decided=[
                {"unit_id": "OF-CJ", "what": "第五车道出口装电子声呐", "due_at": soon, "outside": "隧道公司"},
                {"unit_id": "DA-JJ", "what": "重画出口标线，右转和直行分开", "due_at": later},
            ],
        )
        self.told(phone, "meeting_recorded", "居民知道定了什么")
        self.staff(resident, "unit-feedback", police, must=True, text="已现场查看，正按会商分工做")
        early = self.staff(resident, "resolve", police, note="都办好了")
        self.refuse("任务没做完就办结", early, 409, "still_open")
        self._passes(resident, FIRST_DUE)
        self.check(
            "城建的到期了，城建负责人收到", within(90, lambda: self._hears_task("of-cj-head", resident))
        )
        self.check("交警的没到期，没有响", not self._hears_task("da-jj-head", resident))
        self._done(resident, f"{meeting}-1", "of-cj-a", "声呐已装好，夜里试了两晚")
        self._done(resident, f"{meeting}-2", police, "标线重画完成")
        self.staff(resident, "resolve", police, must=True, note="声呐取证查处，标线已分开，早晚高峰安静多了")
        self.told(phone, "resolved_ask", "居民在手机上被问解决了没有")
        self.expect("居民说解决了", self.resident_act(phone, "rating", solved=True, satisfied=True), 200)
        printed = self._minutes(resident, meeting)
        self.check("纪要印得出：谁来、定了什么、谁办、几时", len(printed) == 2 and all(printed))
        self._line("会商（隧道口）", 2, "两项任务各有期限，到期自己响；纪要可打印")

    def _whose_duty(self) -> None:
        """权属不清：退单写明理由，先办着；片区听两边的话，一个工作日内裁定，下次看得到"""
        first = self.report_at("LWY-2-1", "底楼那家拿铝合金把外头一圈围起来，上头还浇了顶，变成他家一间房了")
        handler = self._with_unit(first, "I02", "OF-ZF", "joint")
        words = "围的是小区公用绿地，属房管的物业管理，不是执法队的事"
        self.staff(first, "return", handler, must=True, reason="权属不清", note=words)
        view = self.seen(first)
        self.check("先办后议：还在执法队手里", view["lead_unit_id"] == "OF-ZF")
        self.staff_told(LEADER, first["id"], "ruling_needed", "片区被请来裁定")
        said = "已经搭成，属违法搭建，拆除决定只有执法队能作"
        self.staff(first, "dispute", DESK, must=True, text=said)
        shown = self._mandate(first, LEADER)["dispute"]
        self.check("片区看到两边的话", (shown["words"], shown["answer"]) == (words, said))
        ground = "上海市拆除违法建筑若干规定：由城管执法部门查处"
        self.desk_act(first, "ruling", by=LEADER, unit_id="OF-ZF", ground=ground)
        self.staff_told(handler, first["id"], "duty_ruled", "执法队知道裁定了")
        again = self.staff(first, "return", handler, reason="权属不清", note=words)
        self.refuse("裁定以后不能再退", again, 409, "no_more_returns")
        other = self.report_at("LWY-3-1", "楼顶有人用彩钢板搭棚养鸽子，风一吹哐哐响")
        self._with_unit(other, "I02", "OF-ZF", "joint")
        grounds = [each["ground"] for each in self._mandate(other, DESK)["precedents"]]
        self.check("下一件同类的单，先例就在旁边", ground in grounds)
        self._line("权属裁定", 1, "两边说理，片区裁定，先例留给下一次")

    def _petition(self) -> None:
        """信访派来一件：受理告知书、答复意见书从工单填好，都是草稿"""
        order = {
            "number": f"XF{now():%Y%m%d%H%M%S}",
            "text": "小区东门外头的空地讲好造口袋公园，围了三年没动静，反映过多趟，要一个说法",
            "place": "盛华景苑",
            "name": "李某",
            "phone": "13700001234",
            "sent_at": now().isoformat(timespec="seconds"),
        }
        status, body = self.push(order)
        self.check(f"信访件进来（{status}）", status == 201)
        if status != 201:
            raise Surprise(str(body))
        number = str(body["ticket"])
        ticket = {"id": self._by_number(number), "token": ""}
        received = self._letter(ticket, "received")
        self.check("受理告知书写明是草稿、编号和期限", _is_draft(received, number))
        missing = self.caller.get(
            f"/desk/tickets/{ticket['id']}/letter?kind=replied", self.people.token(DESK)
        )
        self.refuse("还没有答复就出意见书", missing, 409, "wrong_stage")
        said = "口袋公园已列入明年一季度开工计划，围挡本月先清理，施工前在小区公示图纸"
        self.desk_act(ticket, "answer", text=said)
        replied = self._letter(ticket, "replied")
        self.check("答复意见书写明办了什么", said in str(replied) and _is_draft(replied, number))
        self.check(
            "两份文书里没有信访人的名字和原话",
            "李某" not in f"{received}{replied}" and "围了三年" not in f"{received}{replied}",
        )
        self._line("信访文书", 2, "告知书、意见书各一份草稿，写明法定期限")

    def _shops_of_the_street(self) -> None:
        """望月路：街区书记走访店铺，居民也扫码说；房东、商户坐到一起；再开一个每周的便民小菜场"""
        seen = self._walks_the_street()
        voices = [
            self.report_at("WYL-YF", "听讲药店下个月要搬走了，老人家配药要跑到哪里去"),
            self.report_at("WYL-E", "租金一年涨一趟，生意又清淡，我这爿理发店恐怕做不下去了"),
            self.report_at("WYL-W", "这条街关了好几家，晚上黑漆漆没人，房东也不肯让一点"),
        ]
        first = voices[0]
        handler = self._with_unit(first, "F02", "OF-YS", "difficult")
        self.staff(first, "take", handler, must=True)
        meeting = self._convened(
            first,
            question="房东愿不愿意降租，店能不能留下来",
            public="已请房东和商户坐下来谈租金",
            unit_ids=["OF-YS"],
            outside=["房东代表", "商户代表"],
        )
        self._recorded(
            first,
            meeting,
            present="营商办、两位房东、药房和理发店",
            minutes="空一间影响一条街，房东同意降；药房愿意留。",
            public="房东同意降租，正在签补充协议",
            decided=[
                {
                    "unit_id": "OF-YS",
                    "what": "和房东签降租补充协议",
                    "due_at": _at(3600),
                    "outside": "房东代表",
                }
            ],
        )
        self.told(first, "meeting_recorded", "说药店要搬的居民知道谈成了")
        self._done(first, f"{meeting}-1", handler, "两家都签了，药房留下来")
        cls, measure = self._market(voices)
        self.check(
            "街上的人都被告知一次", within(60, lambda: all(self._was_told_of_market(each) for each in voices))
        )
        day = date.fromisoformat(measure["days"][0]["day"])
        path = f"/desk/classes/{cls}/measures/{measure['id']}/call-off"
        off = self.caller.post(path, {"day": day.isoformat(), "reason": "台风"}, self.people.token(HEAD))
        self.expect("台风，这个星期四停一次", off, 200)
        page = self.caller.get(f"/api/points/{self.code_of('WYL-E')}").body
        self.check("在街上扫码就看到停一次", any("停一次：台风" in each["text"] for each in page["outages"]))
        notes = " ".join(line["note"] for line in self.mine(voices[1])["timeline"])
        self.check("说过的人在自己的工单里也看到", "停一次：台风" in notes)
        self._line("望月路商户", seen, f"清单 {SHOPS} 家，走访 {seen} 家；降租签了，药房留下")
        self._line("便民小菜场", len(measure["days"]), "每周四一次，台风停一次，扫码和工单里都写明")

    # --- the counter --------------------------------------------------------------------------------------------------

    def _line(self, what: str, count: int, words: str) -> None:
        self.lines.append(Told(what, str(count), words))

    def _as_clerk(self, path: str, by: str = DESK, **body: Any) -> Any:
        return self.caller.post(path, body, self.people.token(by))

    def _beside(self, question: str) -> dict[str, dict[str, Any]]:
        """The three entries that stand beside what the clerk types, by their codes."""
        found = self._as_clerk("/desk/knowledge", text=question)
        return {each["code"]: each for each in found.body["items"]}

    def _answered(self, question: str, entry: dict[str, Any]) -> None:
        """The call is entered, and the chosen entry put into the answer with one key."""
        ticket = self._enters(question, "SHJY-4-1", "来电", "", source="phone", answered_at_entry=True)
        self.desk_act(ticket, "answer", text=entry["answer"][:500], knowledge=entry["code"])
        (cited,) = [line["details"] for line in self.seen(ticket)["history"] if line["kind"] == "answered"]
        same = (cited["knowledge"], cited["knowledge_version"]) == (entry["code"], entry["version"])
        self.check(
            f"答复写明依据《{cited['knowledge_source'][:16]}》", same and bool(cited["knowledge_source"])
        )

    def _enters(
        self, text: str, place: str, name: str, phone: str, *, source: str = "walk_in", **more: Any
    ) -> Ticket:
        """The clerk enters what somebody says; it is on nobody's phone yet."""
        contact: dict[str, Any] = {"contact": {"name": name, "phone": phone}} if phone else {}
        entered = self._as_clerk("/staff/tickets", place=place, text=text, source=source, **contact, **more)
        return {"id": str(self.expect(f"登记“{text[:14]}…”", entered, 201).body["id"]), "token": ""}

    def _prints(self, ticket: Ticket, **holder: str) -> dict[str, Any]:
        return dict(self.expect("打印小票", self.desk(ticket, "slip", **holder), 201).body)

    def _claims(self, ticket: Ticket, slip: dict[str, Any], phone: str) -> Ticket:
        """The QR of the paper, scanned at home: the last four digits, and it is "mine"."""
        who = self.resident()
        if not slip["qr"]:
            raise Surprise("小票上没有二维码")
        wrong = self.caller.post("/api/slips", _claim(slip, "00000000000"), who)
        self.refuse("输错后四位", wrong, 422, "invalid")
        self.expect("扫小票认领", self.caller.post("/api/slips", _claim(slip, phone), who), 200)
        return {"id": ticket["id"], "token": who}

    def _with_unit(self, ticket: Ticket, category: str, unit: str, track: str) -> str:
        """The desk sees to it that this unit has it, whatever the machine thought. Answers who handles it."""
        view = self.seen(ticket)
        if view["danger"] and view["danger"]["is_open"]:  # the machine asks rather once too often
            self.desk_act(ticket, "deny-danger", why="隐患，没有人有危险")
            view = self.seen(ticket)
        if (view["category"], view["track"]) != (category, track):
            self.desk_act(ticket, "classify", category=category, track=track)
            view = self.seen(ticket)
        if not view["lead_unit_id"]:
            self.desk_act(ticket, "dispatch", unit_id=unit, track=track)
        elif view["lead_unit_id"] != unit:
            self.desk_act(ticket, "transfer", unit_id=unit, note="按派单目录，由这家主办")
        handler = self.seen(ticket)["handler_id"]
        if not handler:
            raise Surprise(f"{unit} 没有人接到这张工单")
        return str(handler)

    def _mandate(self, ticket: Ticket, by: str) -> dict[str, Any]:
        shown = self.caller.get(f"/staff/tickets/{ticket['id']}/mandate", self.people.token(by))
        return dict(self.expect("看派单目录", shown, 200).body)

    def _letter(self, ticket: Ticket, kind: str) -> dict[str, Any]:
        path = f"/desk/tickets/{ticket['id']}/letter?kind={kind}"
        return dict(self.expect("出文书", self.caller.get(path, self.people.token(DESK)), 200).body)

    def _by_number(self, number: str) -> str:
        from chalicelib.store.tickets import lists

        return lists.find_id_by_number(number) or ""

    # --- meetings -----------------------------------------------------------------------------------------------------

    def _convened(self, ticket: Ticket, **about: Any) -> str:
        """召集会商 by the area's leader. Answers the meeting's id."""
        body = {"at": _at(60), "place": "关港蓝湾工作站二楼", **about}
        self.expect("片区召集会商", self.desk(ticket, "meetings", by=LEADER, **body), 201)
        return str(self.seen(ticket, LEADER)["meetings"][-1]["id"])

    def _recorded(self, ticket: Ticket, meeting: str, **said: Any) -> None:
        self.expect(
            "会商记录", self.desk(ticket, "meetings/record", by=LEADER, meeting_id=meeting, **said), 200
        )

    def _done(self, ticket: Ticket, undertaking: str, by: str, note: str) -> None:
        self.staff(ticket, f"undertakings/{undertaking}", by, must=True, note=note)

    def _minutes(self, ticket: Ticket, meeting: str) -> list[bool]:
        """What the printed minutes are filled from: for each task whether unit, what and day stand there."""
        (held,) = [each for each in self.seen(ticket, LEADER)["meetings"] if each["id"] == meeting]
        if not (held["present"] and held["minutes"] and held["outside"] and held["units"]):
            return []
        return [bool(each["unit_name"] and each["what"] and each["due_at"]) for each in held["undertakings"]]

    def _hears_task(self, who: str, ticket: Ticket) -> bool:
        lines = self.caller.get("/staff/inbox", self.people.token(who)).body["items"]
        return any(line["ticket_id"] == ticket["id"] and "会商任务" in line["text"] for line in lines)

    def _passes(self, ticket: Ticket, seconds: float) -> None:
        """Until a clock of the ticket is due."""
        self.say(f"  … 工单 {ticket['id'][-6:]} 的任务 {seconds:g} 秒后到期")
        time.sleep(seconds)

    # --- the street ---------------------------------------------------------------------------------------------------

    def _walks_the_street(self) -> int:
        """The grid worker looks into the shops of three codes. Answers how many have a finding now."""
        by, token = GRID_WORKER, self.people.token(GRID_WORKER)
        body = {"id": f"morning-{now():%Y%m%d%H%M%S}", "point": self.code_of("WYL-YF"), "plan": "PATROL-G"}
        walk = self.expect("开始走访望月路", self.caller.post("/api/walks", body, token), 201).body["id"]
        visits = [
            ("WYL-YF", {"shop": "WYL-S01", "in_order": True}),
            ("WYL-YF", {"shop": "WYL-S02", "in_order": True}),
            ("WYL-E", {"shop": "WYL-S07", "in_order": True, "trade": "paused"}),
            ("WYL-W", {"shop": "WYL-S03", "in_order": True}),
        ]
        for place, found in visits:
            answer = self.caller.post(
                f"/api/walks/{walk}/findings", {"point": self.code_of(place), **found}, token
            )
            self.expect(f"走访 {found['shop']}", answer, 201)
        boxes = {"shop": "WYL-S04", "text": "后门口纸箱堆到半人高，门推不开", "photos": [self._photo(by)]}
        reported = self.caller.post(
            f"/api/walks/{walk}/findings", {"point": self.code_of("WYL-W"), **boxes}, token
        )
        self.expect("小饭店后门堆纸箱，报一件", reported, 201)
        self.caller.post(f"/api/walks/{walk}/end", {}, token)
        rows = self.caller.get(f"/desk/shops?place={STREET}", self.people.token(LEADER)).body["items"]
        seen = [row for row in rows if row["seen_at"]]
        self.check(
            f"街上 {SHOPS} 家店都在清单上，{len(seen)} 家有走访记录", len(rows) == SHOPS and len(seen) == 5
        )
        state = {row["code"]: row["trade"] for row in rows}
        self.check("理发店停业，走访的人当场改了", state["WYL-S07"] == "paused")
        return len(seen)

    def _photo(self, by: str) -> str:
        photo, stored = take_photo(self.caller, self.people.token(by), shade=40)
        self.check("现场照片", stored.ok)
        return photo

    def _market(self, voices: list[Ticket]) -> tuple[str, dict[str, Any]]:
        """一件事归成一类事, with a measure that recurs. Answers the class and the measure."""
        token, start = self.people.token(HEAD), now().date() + timedelta(days=1)
        cls = self._class_of(voices)
        measure = {
            "what": "开“泾彩汇”便民小菜场，嘉陵菜场供菜",
            "place": "望月路东口",
            "unit": "OF-YS",
            "from": start.isoformat(),
            "weekdays": [4],
            "hours": "8:00–11:00",
        }
        answer = self.caller.post(f"/desk/classes/{cls}/announce", measure, token)
        told = self.expect("公布每周四便民小菜场", answer, 200).body["measures"][-1]
        return cls, dict(told)

    def _class_of(self, voices: list[Ticket]) -> str:
        """The class that holds all of them: what the machine proposed of some is confirmed, the others are put to it."""
        token, name = self.people.token(HEAD), "望月路商户经营和买菜难"
        stands = {each["id"]: self.beside(each, HEAD)["issue_class"] for each in voices}
        alone = [ticket_id for ticket_id, cls in stands.items() if cls is None]
        known = [cls for cls in stands.values() if cls]
        if not known:
            body = {"name": name, "ticket_ids": alone}
            begun = self.expect("归成一类事", self.caller.post("/desk/classes", body, token), 201)
            return str(begun.body["id"])
        first, path = known[0], f"/desk/classes/{known[0]['id']}"
        if first["state"] == "proposed":
            body = {"name": name, "owner": HEAD}
            self.expect("确认系统提的一类事", self.caller.post(f"{path}/confirm", body, token), 200)
        if alone:
            self.expect(
                "另外几件归进来", self.caller.post(f"{path}/members", {"ticket_ids": alone}, token), 200
            )
        for other in {cls["id"] for cls in known} - {first["id"]}:
            merged = self.caller.post(f"/desk/classes/{other}/merge", {"into": first["id"]}, token)
            self.expect("两类事并成一类", merged, 200)
        return str(first["id"])

    def _was_told_of_market(self, ticket: Ticket) -> bool:
        lines = self.caller.get("/api/inbox", ticket["token"]).body["items"]
        return [line["template"] for line in lines].count("measure_announced") == 1


def _claim(slip: dict[str, Any], phone: str) -> dict[str, str]:
    return {"code": str(slip["url"]).partition("slip=")[2], "digits": phone[-4:]}


def _at(seconds: float) -> str:
    return (now() + timedelta(seconds=seconds)).isoformat()


def _is_draft(letter: dict[str, Any], number: str) -> bool:
    return "草稿" in letter["mark"] and number in str(letter["paragraphs"]) and bool(letter["terms"])
