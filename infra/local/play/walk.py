"""The smoke walk: one ticket from scan to close over HTTP, and at every stage an act that must be refused."""

import time
from collections.abc import Callable
from typing import Any

from infra.local.platform.page import text_of
from infra.local.play.caller import Answer, Caller
from infra.local.play.judge import PACED, Judge, Surprise, within
from infra.local.play.people import People, take_photo
from infra.local.play.phones import Phones

TEXT = "四号楼一单元楼道灯不亮，老人看不清台阶，请来修。我的电话13812345678"
PLACE = "SHJY-4-1"
OTHER_UNIT = "of-zf-head"
LEADER = "gglw-leader"


class Walk(Judge):
    """Nine stages, each with what must work and what must not."""

    def __init__(
        self,
        caller: Caller,
        people: People,
        say: Callable[[str], None] = print,
        phones: Phones | None = None,
    ) -> None:
        super().__init__(say)
        self.caller, self.people, self.phones = caller, people, phones
        self.resident = ""
        self.ticket: dict[str, Any] = {}

    def run(self) -> int:
        """The whole walk. Answers how many surprises there were."""
        stages = (
            self._scan,
            self._sign_in,
            self._upload,
            self._report,
            self._assigned,
            self._handle,
            self._resolve,
            self._close,
            self._return_too_often,
        )
        return self.tell(stages, goes_on=False)

    # --- stages -------------------------------------------------------------------------------------------------------

    def _scan(self) -> None:
        """扫码"""
        from chalicelib.store.town import points

        codes = points.active_codes([PLACE])
        if PLACE not in codes:
            raise Surprise(f"现行的镇没有点位 {PLACE}；冒烟测试需要示例镇，请在新的 MSLJ_HOME 里运行")
        self.point = codes[PLACE]
        wrong = self.point[:-1] + ("2" if self.point[-1] != "2" else "3")
        page = self.expect("打开码上的网页", self.caller.get(f"/s/{self.point}"), 200)
        self.check("是一个网页", b"<html" in page.raw[:500].lower())
        shown = self.expect("点位资料", self.caller.get(f"/api/points/{self.point}"), 200)
        self.check(f"地点不用手填：{shown.body['place']['full_name']}", shown.body["place"]["code"] == PLACE)
        mistyped = self.expect("输错一位的码也能打开", self.caller.get(f"/api/points/{wrong}"), 200)
        self.check("并且说是输错了", mistyped.body["state"] == "mistyped" and mistyped.body["place"] is None)
        report = {"point": self.point, "text": TEXT}
        self.refuse("没有登录就上报", self._post("/api/tickets", report), 401, "not_signed_in")

    def _sign_in(self) -> None:
        """登录"""
        self.refuse("不是 JSON", self.caller.post("/api/sessions", b"{"), 400, "bad_request")
        answer = self.expect("居民登录", self.caller.post("/api/sessions", {}), 201)
        self.resident = answer.body["token"]
        self.refuse("伪造的令牌", self.caller.get("/api/tickets", "forged-token-000"), 401, "not_signed_in")
        self.refuse("居民进工作台", self.caller.get("/staff/queues/mine", self.resident), 403, "not_allowed")

    def _upload(self) -> None:
        """照片"""
        asked: dict[str, Any] = {"content_type": "application/pdf", "size": 10}
        self.refuse("不是照片类型", self._post("/api/uploads", asked), 422, "invalid")
        asked = {"content_type": "image/jpeg", "size": 50_000_000}
        self.refuse("照片太大", self._post("/api/uploads", asked), 422, "invalid")
        self.photo, stored = take_photo(self.caller, self.resident)
        self.expect("上传到存储", stored, 201)
        self.soon("照片去掉拍摄信息后可以看了", lambda: self._photo(self.photo), 200)
        self.expect("看照片", self.caller.get(self._photo(self.photo).body["url"]), 200)
        false = self._post("/api/uploads", {"content_type": "image/jpeg", "size": 100}).body
        self.expect(
            "上传一份冒充照片的文字",
            self.caller.upload(false["url"], false["fields"], b"not a photo", "image/jpeg"),
            201,
        )
        self.soon("冒充的照片被拒绝", lambda: self._photo(false["photo_id"]), 404)

    def _report(self) -> None:
        """上报"""
        report: dict[str, Any] = {"point": self.point, "text": TEXT, "photos": [self.photo]}
        self.refuse("内容太短", self._post("/api/tickets", report | {"text": "灯"}), 422, "invalid")
        self.refuse("内容太长", self._post("/api/tickets", report | {"text": "灯" * 2001}), 422, "invalid")
        self.refuse("码输错", self._post("/api/tickets", report | {"point": "ABCDEFG"}), 422, "invalid")
        self.refuse("没有请求编号", self._post("/api/tickets", report, key=None), 422, "invalid")
        key = f"smoke-{time.time_ns()}"
        report |= {"contact": {"phone": "13812345678"}}
        self.ticket = self.expect("上报", self._post("/api/tickets", report, key=key), 201).body
        self.say(f"    工单 {self.ticket['number']}，{self.ticket['stage']}")
        again = self.expect("同一份再送一次", self._post("/api/tickets", report, key=key), 201)
        self.check("得到同一张工单", again.body["id"] == self.ticket["id"])
        self.refuse(
            "同一编号换了内容",
            self._post("/api/tickets", report | {"text": "另一件事情"}, key=key),
            422,
            "invalid",
        )
        stranger = self.caller.post("/api/sessions", {}).body["token"]
        self.refuse(
            "别人的工单",
            self.caller.get(f"/api/tickets/{self.ticket['id']}", stranger),
            404,
            "not_found",
        )
        mine = self.expect("看自己的工单", self._mine(), 200)
        self.check("手机号没有留在工单里", "13812345678" not in mine.body["text"])

    def _assigned(self) -> None:
        """派单"""
        from chalicelib.store.tickets import tickets

        ticket = tickets.get(self.ticket["id"])
        if ticket.handler_id is None:
            raise Surprise("工单没有自动派给任何人")
        self.handler = ticket.handler_id
        self.soon_told(
            f"{self.handler} 的收件箱有了这张工单", self._handlers_inbox, self.ticket["id"], "assigned"
        )
        self.soon_told(
            "居民的收件箱说明由谁办、何时办好", self._residents_inbox, self.ticket["id"], "dispatched"
        )
        if self.phones:
            rang = within(PACED, lambda: self._phone_rang() or self._waits_in_a_storm())
            self.check(f"{self.handler} 的企业微信响了，或在一刻钟内与同类工单合成一条", rang)
        self.refuse("别的单位签收", self._act("take", OTHER_UNIT), 404, "not_found")
        self.refuse("还没签收就办结", self._act("resolve", note="换好了"), 409, "wrong_stage")
        self.refuse("还没办结就评价", self._rate(), 409, "wrong_stage")

    def _handle(self) -> None:
        """处置"""
        self.expect("签收", self._act("take"), 200)
        self.refuse("再签收一次", self._act("take"), 409, "already_done")
        self.refuse("照旧版本操作", self._act("arrived", version=1), 409, "stale")
        self.expect("到场", self._act("arrived"), 200)
        self.refuse("没有这个操作", self._act("fly"), 404, "not_found")

    def _resolve(self) -> None:
        """办结"""
        self.refuse("公共设施没有照片", self._act("resolve", note="换好了"), 422, "invalid")
        after, stored = take_photo(self.caller, self.people.token(self.handler), shade=30)
        self.expect("上传办好后的照片", stored, 201)
        done: dict[str, Any] = {"note": "灯泡换好了", "photos": [after]}
        self.refuse("用别人的照片", self._act("resolve", note="好了", photos=[self.photo]), 403, "not_yours")
        self.refuse("还没作初步反馈", self._act("resolve", **done), 409, "follow_up_missing")
        self.expect("初步反馈", self._act("unit-feedback", text="已到现场，今天下午换好"), 200)
        self.refuse("还没办结就结案", self._desk("close"), 409, "wrong_stage")
        self.expect("办结", self._act("resolve", **done), 200)

    def _close(self) -> None:
        """回访与结案"""
        self.refuse("没有回访就结案", self._desk("close"), 409, "follow_up_missing")
        self.refuse("自己回访自己", self._act("verify", ok=True), 403, "not_allowed")
        self.soon_told("居民被问是否解决", self._residents_inbox, self.ticket["id"], "resolved_ask")
        closed = self.expect("居民说已解决", self._rate(), 200)
        self.check("工单结案", closed.body.get("stage") == "closed")
        self.refuse("再评价一次", self._rate(), 409, "already_done")
        withdraw = self._post(f"/api/tickets/{self.ticket['id']}/withdraw", {})
        self.refuse("结案后撤回", withdraw, 409, "wrong_stage")
        self.soon_told("居民被告知结案", self._residents_inbox, self.ticket["id"], "closed")

    def _return_too_often(self) -> None:
        """退单太多次（另一张工单）"""
        report = {"point": self.point, "text": "四号楼一单元声控灯拍手也不亮，晚上黑漆漆的。"}
        self.ticket = self.expect("上报", self._post("/api/tickets", report), 201).body
        self.refuse("没有理由的退单", self._act("return", reason="不想办"), 422, "invalid")
        returned: dict[str, Any] = {"reason": "属地不符", "note": "灯属于供电公司"}
        self.expect("第一次退单", self._act("return", **returned), 200)
        again: dict[str, Any] = {"unit_id": "PM-SHJY", "handler_id": self.handler}
        self.expect("工作站再派", self._desk("dispatch", **again), 200)
        self.expect("第二次退单", self._act("return", **returned), 200)
        self.refuse("工作站第三次派", self._desk("dispatch", **again), 409, "no_more_returns")
        self.expect("片区签派", self._desk("assign-finally", LEADER, note="由物业先行处理", **again), 200)
        self.refuse("签派后再退", self._act("return", **returned), 409, "no_more_returns")
        self.expect("居民撤回", self._post(f"/api/tickets/{self.ticket['id']}/withdraw", {}), 200)

    # --- asking -------------------------------------------------------------------------------------------------------

    def _post(self, path: str, body: Any, key: str | None = "") -> Answer:
        return self.caller.post(path, body, self.resident, key)

    def _act(self, act: str, by: str = "", **body: Any) -> Answer:
        token = self.people.token(by or self.handler)
        return self.caller.post(f"/staff/tickets/{self.ticket['id']}/{act}", body, token)

    def _desk(self, act: str, by: str = "gglw-fc1", **body: Any) -> Answer:
        return self.caller.post(f"/desk/tickets/{self.ticket['id']}/{act}", body, self.people.token(by))

    def _mine(self) -> Answer:
        return self.caller.get(f"/api/tickets/{self.ticket['id']}", self.resident)

    def _photo(self, photo_id: str) -> Answer:
        return self.caller.get(f"/api/photos/{photo_id}", self.resident)

    def _rate(self) -> Answer:
        said = {"solved": True, "satisfied": True, "words": "很快，谢谢"}
        return self._post(f"/api/tickets/{self.ticket['id']}/rating", said)

    def _residents_inbox(self) -> Answer:
        return self.caller.get("/api/inbox", self.resident)

    def _handlers_inbox(self) -> Answer:
        return self.caller.get("/staff/inbox", self.people.token(self.handler))

    def _phone_rang(self) -> bool:
        messages = self.phones.shown().phones.get(f"wecom:{self.handler}", []) if self.phones else []
        return any(self.ticket["number"] in text_of(message) for message in messages)

    def _waits_in_a_storm(self) -> bool:
        """In a busy town it is the fourth of its kind within the quarter, and told with the others at its end."""
        from chalicelib.store import keys
        from chalicelib.store.notices import deliveries
        from chalicelib.store.table import Table, query_all

        told = query_all(Table.WORK, keys.recipient_pk(f"staff:{self.handler}"), begins=keys.OUTWARD)
        gathered = (member for item in told for member in deliveries.load(item).members)
        return any(member.endswith(f"|{self.ticket['number']}") for member in gathered)
