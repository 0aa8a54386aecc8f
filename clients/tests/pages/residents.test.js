// What residents do, on the pages that they see.

import { beforeEach, describe, expect, test, vi } from "vitest";
import { backend, open, soon, storage, until } from "./here.js";

const EMERGENCY = [
  { name: "报警", number: "110" },
  { name: "燃气抢修", number: "962777" },
];
const POINT = {
  place: { code: "P1", name: "2楼", full_name: "盛华景苑 4号楼 2楼", inside_wall: true, point: "7K3QX9A" },
  state: "active",
  message: "",
  practice: false,
  station: { name: "关港蓝湾工作站", phone: "021-00000001" },
  emergency: EMERGENCY,
  categories: [
    { code: "B", name: "公共设施", parent: "" },
    { code: "B01", name: "楼道照明", parent: "B" },
    { code: "E", name: "噪声", parent: "" },
  ],
  outages: [{ text: "今晚停水到 22 点", since: "2026-11-22T18:00:00+08:00" }],
  open: [
    {
      ticket_id: "T9",
      category: "电梯故障",
      stage: "handling",
      stage_name: "处置中",
      received_on: "2026-11-20",
      public_text: "<img src=x onerror=alert(1)>",
      standing: "电梯公司正在办，最迟11月25日 18:00 办好",
      reports: 3,
    },
  ],
};
const TICKET = {
  id: "T1",
  number: "MS261122-7K3QX9-4",
  practice: false,
  stage: "dispatched",
  stage_name: "已派单",
  place: "盛华景苑 4号楼 2楼",
  category: "B01",
  category_name: "楼道照明",
  round: 1,
  received_at: "2026-11-22T10:00:00+08:00",
  closed_at: null,
  text: "灯不亮<script>alert(1)</script>",
  photos: [],
  standing: "物业签收了，正在办，最迟今天 18:00 办好",
  holder: {
    unit: "盛华景苑物业",
    role: "物业经理甲",
    phone: "021-1",
    due_at: new Date(Date.now() + 42 * 60000).toISOString(),
    due_what: "响应",
    paused: false,
  },
  timeline: [{ at: "2026-11-22T10:00:00+08:00", what: "已收到", note: "", photos: [] }],
  viewers: [
    {
      role: "首问接待",
      code: "gglw-fc1",
      unit: "关港蓝湾工作站",
      at: "2026-11-22T10:01:00+08:00",
      what: "revealed",
      what_name: "查看了联系方式",
      fields: ["phone"],
      through: "",
    },
  ],
  may: { comment: true, withdraw: true, rate: false, reopen: false },
  is_reporter: true,
  confidential: false,
};
const CREATED = [201, { id: "T1", number: TICKET.number, stage: "received", feedback_due_at: null }];

let town;
beforeEach(() => {
  town = backend({
    "POST /api/sessions": [201, { token: "resident-1" }],
    "GET /api/points/7K3QX9A": POINT,
    "GET /api/points/0": { ...POINT, place: null, state: "mistyped", message: "编码好像输错了", open: [] },
    "GET /api/subscriptions": { items: [] },
    "POST /api/tickets": CREATED,
    "GET /api/tickets/T1": TICKET,
    "GET /api/tickets": { items: [TICKET], next: null },
  });
});

describe("landing", () => {
  test("a scanned code shows its place, station, emergency numbers, outage and what is open, as text", async () => {
    const phone = await open();
    await phone.say("盛华景苑 4号楼 2楼");
    for (const words of [
      "021-00000001",
      "110",
      "962777",
      "今晚停水到 22 点",
      "电梯故障",
      "<img src=x onerror=alert(1)>",
      "电梯公司正在办，最迟11月25日 18:00 办好",
      "3 次反映，最早",
    ])
      await phone.say(words);
    expect(phone.root.querySelector("wx-page img[onerror]")).toBeNull();
  });

  test("me too is one tap, and makes the session that it needs", async () => {
    town.routes["POST /api/tickets/T9/join"] = { id: "T9", stage: "handling" };
    town.routes["GET /api/tickets/T9"] = { ...TICKET, id: "T9", is_reporter: false, text: "" };
    const phone = await open();
    await phone.tap("join");
    await phone.say("已记下“我也是”");
    expect(town.of("POST", "/api/tickets/T9/join")[0].token).toBe("resident-1");
  });

  test("what nobody has classified yet is shown, and is no matter that one could have too", async () => {
    const [known] = POINT.open;
    const unknown = { ...known, ticket_id: "T8", category: "", public_text: "" };
    const told = { ...unknown, ticket_id: "T7", public_text: "雨棚漏水，已在修" };
    town.routes["GET /api/points/7K3QX9A"] = { ...POINT, open: [unknown, told, known] };
    const phone = await open();
    await phone.say("一件还没分类的事");
    const joined = phone.all("matter").map((row) => Boolean(row.querySelector("[data-test=join]")));
    expect(joined).toEqual([false, true, true]);
    const { title } = phone.page().onShareAppMessage();
    expect(title).toContain("雨棚漏水，已在修，点“我也是”");
  });

  test("without a code the place is typed, and nobody is told that a code was wrong", async () => {
    const phone = await open("point/index");
    await phone.say("有事，码上就来");
    expect(phone.find("hint")).toBeNull();
  });

  test("large type stays on", async () => {
    const phone = await open();
    (await phone.see("large")).click();
    await until(() => phone.root.querySelector(".page_large, [class*=page_large]"));
    expect(storage.get("large")).toBe(true);
  });

  test("without a signal it is what it was, says of when, and is as it is now once the signal is back", async () => {
    await (await open()).say("盛华景苑 4号楼 2楼");
    town.down = true;
    const phone = await open("", { keep: true });
    expect((await phone.see("old")).textContent).toContain("没有信号，这是 今天");
    expect(phone.find("notice")).toBeNull();
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => !phone.find("old"));
  });

  async function kept() {
    await (await open()).say("盛华景苑 4号楼 2楼");
    town.down = true;
    const phone = await open("", { keep: true });
    await phone.see("old");
    return phone;
  }

  test("a signal that comes back while another page is in front is not missed", async () => {
    const phone = await kept();
    await phone.tap("settings");
    await until(() => phone.find("old") === null && phone.path() === "pages/settings/index");
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await phone.wx.navigateBack();
    await until(() => phone.find("place") && !phone.find("old"));
  });

  test("a signal that is told of before it carries anything is tried again", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const phone = await kept();
    window.dispatchEvent(new Event("online")); // and the request still fails
    await soon(50);
    expect(phone.find("old")).not.toBeNull();
    town.down = false;
    vi.advanceTimersByTime(10_000);
    await until(() => !phone.find("old"));
    vi.useRealTimers();
  });

  test("a card for the neighbours' group can be sent before the page has come", async () => {
    town.down = true;
    const phone = await open();
    expect(phone.page().onShareAppMessage()).toEqual({ title: "有事码上反映", path: "/pages/point/index" });
  });

  test("an old scan that WeChat brings back says so", async () => {
    const long = Math.floor(Date.now() / 1000) - 3 * 3600;
    const phone = await open(`point/index?code=7K3QX9A&scancode_time=${long}`);
    await phone.say("如果现在在别处，请重新扫码");
  });
});

test.each(["mine/index", "ticket/index?id=T1", "inbox/index"])(
  "%s could not be opened without a signal, and opens by itself as it says",
  async (page) => {
    town.down = true;
    const phone = await open(page);
    await phone.say("有信号后会自动打开");
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => !phone.find("notice"));
  },
);

describe("reporting", () => {
  async function waits(phone) {
    town.down = true;
    await phone.tap("submit");
    await phone.see("kept");
  }
  async function filled() {
    const phone = await open("report/index?code=7K3QX9A");
    await phone.say("盛华景苑 4号楼 2楼");
    await phone.type("text", "二楼灯不亮");
    return phone;
  }

  test("takes words, a category and a contact, and not the place", async () => {
    const phone = await filled();
    await phone.tap("group-B");
    await phone.tap("category-B01");
    await phone.type("phone", "13812345678");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    const [sent] = town.of("POST", "/api/tickets");
    expect(sent.body).toEqual({
      text: "二楼灯不亮",
      confidential: false,
      category: "B01",
      point: "7K3QX9A",
      contact: { name: "", phone: "13812345678" },
    });
    expect(sent.key.length).toBeGreaterThanOrEqual(8);
    expect(storage.get("draft.report.7K3QX9A")).toBeNull();
  });

  test("asks for the room only where somebody must come in, and sends it apart from the words", async () => {
    const phone = await filled();
    await phone.tap("may-enter");
    await phone.type("room", "302室");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    const [sent] = town.of("POST", "/api/tickets");
    expect(sent.body).toMatchObject({ text: "二楼灯不亮", may_enter: true, room: "302室" });
  });

  test("names whom it is to be kept from, and a second tap takes that back", async () => {
    const phone = await filled();
    await phone.tap("avoid-property");
    await phone.tap("avoid-grid");
    await phone.tap("avoid-grid");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/tickets")[0].body.avoid).toEqual(["property"]);
  });

  test.each([
    ["", "请按住说话"],
    ["灯", "请按住说话"],
    ["灯坏", ""],
  ])("words %j: %s", async (words, refusal) => {
    const phone = await filled();
    await phone.type("text", words);
    await phone.tap("submit");
    if (refusal) await phone.say(refusal);
    else await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/tickets").length).toBe(refusal ? 0 : 1);
  });

  /** A phone's microphone: `hold` presses the button and lets it go after so many milliseconds. */
  function microphone({ allows = true } = {}) {
    const stream = { getTracks: () => [{ stop: () => {} }] };
    const asked = () => (allows ? Promise.resolve(stream) : Promise.reject(new Error("denied")));
    Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: asked }, configurable: true });
    class Recorder {
      static isTypeSupported = () => true;
      start() {
        this.state = "recording";
      }
      stop() {
        this.state = "inactive";
        this.ondataavailable({ data: new Blob(["said"]) });
        this.onstop();
      }
    }
    vi.stubGlobal("MediaRecorder", Recorder);
  }

  async function hold(phone, milliseconds) {
    const button = await phone.see("speak");
    button.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true, button: 0 }));
    await soon(milliseconds);
    window.dispatchEvent(new MouseEvent("pointerup", { button: 0 }));
    await soon(50);
  }

  async function agreed(phone) {
    await hold(phone, 10);
    for (let asked = 0; asked < 2; asked += 1) {
      const yes = [...document.querySelectorAll("dialog button")].find((each) => each.textContent === "同意");
      yes.click(); // to be recorded, and to the privacy guide
      await soon(20);
    }
  }

  const SIGNED = { recording_id: "REC1", url: "https://photos.example.cn/", fields: { key: "recordings/REC1" } };

  test("nothing is recorded before its owner has agreed, and a no is no consent", async () => {
    microphone();
    const phone = await open("report/index?code=7K3QX9A");
    await hold(phone, 10);
    expect(phone.text()).toContain("按住说话");
    const no = [...document.querySelectorAll("dialog button")].find((each) => each.textContent === "不同意");
    no.click();
    await soon(20);
    expect(storage.get("speak.agreed")).toBeNull();
    expect(phone.find("spoken")).toBeNull();
  });

  test("what was spoken is sent with its consent, and the report names it without a word typed", async () => {
    microphone();
    town.routes["POST /api/recordings"] = [201, SIGNED];
    town.routes["POST https://photos.example.cn"] = [201, {}];
    const phone = await open("report/index?code=7K3QX9A");
    await agreed(phone);
    await hold(phone, 1300);
    await phone.see("spoken");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/recordings")[0].body).toMatchObject({ seconds: 1, agreed: true, size: 4 });
    expect(town.of("POST", "/api/tickets")[0].body).toMatchObject({ recording: "REC1", text: "", point: "7K3QX9A" });
  });

  test("a short touch goes on until the next one, for a hand that cannot hold", async () => {
    microphone();
    const phone = await open("report/index?code=7K3QX9A");
    await agreed(phone);
    await hold(phone, 20);
    await phone.say("正在听");
    await soon(1200);
    await hold(phone, 20);
    await phone.see("spoken");
  });

  test("a slip of the finger, and a microphone that is refused, say what to do", async () => {
    microphone({ allows: false });
    const phone = await open("report/index?code=7K3QX9A");
    await agreed(phone);
    await hold(phone, 700);
    await phone.say("打不开话筒");
  });

  test("a report without a signal leaves by itself when it returns, once and with its own key", async () => {
    const phone = await filled();
    town.down = true;
    await phone.tap("submit");
    await phone.say("有信号后自动发送");
    town.down = false;
    window.dispatchEvent(new Event("online"));
    window.dispatchEvent(new Event("online"));
    await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/tickets").length).toBe(1);
  });

  test("it leaves also when its form was left, and is found until then under one's own reports and at the point", async () => {
    await waits(await filled());
    for (const page of ["", "mine/index"])
      expect((await (await open(page, { keep: true })).see("unsent")).textContent).toContain("有信号后自动提交");
    town.down = false;
    const phone = await open("mine/index", { keep: true });
    window.dispatchEvent(new Event("online"));
    await until(() => town.of("POST", "/api/tickets").length === 1 && storage.get("outbox").length === 0);
    expect(town.of("POST", "/api/tickets")[0].body).toMatchObject({ text: "二楼灯不亮", point: "7K3QX9A" });
    await until(() => !phone.find("unsent"));
    await until(() => town.of("GET", "/api/tickets").length > 1); // and the list has it
  });

  test("what waits can be mended; a second one can be written meanwhile, and is not lost by that", async () => {
    let phone = await filled();
    await waits(phone);
    await phone.tap("another");
    expect((await phone.see("text")).value).toBe("");
    await phone.type("text", "三楼的门关不上");
    phone = await open("mine/index", { keep: true });
    await phone.tap("unsent");
    await phone.tap("mend");
    const [no, yes] = (await until(() => document.querySelector("dialog"))).querySelectorAll("button");
    no.click();
    await phone.see("kept");
    await phone.tap("mend");
    await until(() => document.querySelectorAll("dialog").length);
    [...document.querySelectorAll("dialog button")].pop().click();
    await until(() => phone.find("text")?.value === "二楼灯不亮");
    expect([storage.get("outbox"), yes.textContent]).toEqual([[], "换掉"]);
  });

  test("what is refused once its form was left says why, and goes back into the form, its field marked", async () => {
    await waits(await filled());
    town.down = false;
    town.routes["POST /api/tickets"] = [422, { code: "invalid", message: "电话号码不对", fields: ["contact.phone"] }];
    const phone = await open("mine/index", { keep: true });
    await phone.say("没有成功");
    await phone.tap("unsent");
    await phone.say("电话号码不对");
    await phone.tap("mend");
    expect((await phone.see("text")).value).toBe("二楼灯不亮");
    await until(() => phone.find("phone").getAttribute("aria-invalid") === "true");
  });

  test("a session of staff that has ended holds up no resident's report", async () => {
    const { state, ...staff } = {
      who: "staff",
      by: "pm-a",
      id: "k1",
      path: "/staff/tickets/T5/take",
      state: "waiting",
    };
    const phone = await filled();
    storage.set("session.staff", { token: "old", staff: { code: "pm-a", name: "甲", roles: [] } });
    storage.set("outbox", [{ ...staff, state, body: {}, photos: [], recording: null, title: "签收" }]);
    town.routes["POST /staff/tickets/T5/take"] = [401, { code: "not_signed_in", message: "登录已失效" }];
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    expect(storage.get("outbox").map((entry) => entry.id)).toEqual(["k1"]);
  });

  test("a phone that is full sends what it cannot keep", async () => {
    const phone = await filled();
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await phone.tap("submit");
    await until(() => town.of("POST", "/api/tickets").length === 1);
    full.mockRestore();
  });

  test("a lost answer is asked for again with the same key, so that nothing is reported twice", async () => {
    const phone = await filled();
    town.routes["POST /api/tickets"] = () => Promise.reject(new TypeError("Failed to fetch"));
    await phone.tap("submit");
    await phone.say("没有信号。已保存在手机上");
    town.routes["POST /api/tickets"] = CREATED;
    await phone.tap("send-now");
    await phone.say("这一页会自己更新");
    const keys = town.of("POST", "/api/tickets").map((each) => each.key);
    expect(keys.length).toBe(2);
    expect(new Set(keys).size).toBe(1);
  });

  test("a changed report after a refusal has a key of its own", async () => {
    const phone = await filled();
    town.routes["POST /api/tickets"] = [422, { code: "invalid", message: "text：内容太短" }];
    await phone.tap("submit");
    await phone.say("内容太短");
    town.routes["POST /api/tickets"] = CREATED;
    await phone.type("text", "二楼灯不亮，很黑");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    const keys = town.of("POST", "/api/tickets").map((each) => each.key);
    expect(new Set(keys).size).toBe(2);
  });

  test("what is refused is marked where it stands and has the focus, until it is typed anew", async () => {
    const phone = await filled();
    const field = () => phone.find("phone");
    town.routes["POST /api/tickets"] = [422, { code: "invalid", message: "电话不对", fields: ["contact.phone"] }];
    await phone.tap("submit");
    await phone.say("电话不对");
    expect(field().className).toContain("refused");
    await until(() => field().contains(document.activeElement), "the focus");
    expect(phone.find("text").className).not.toContain("refused");
    await phone.type("phone", "13800000000");
    expect(field().className).not.toContain("refused");
    await until(() => town.of("POST", "/api/tickets/similar").length, "the page's own question"); // else it comes later
  });

  test("what is left empty has the focus before anything is sent", async () => {
    const phone = await filled();
    await phone.type("text", "");
    await phone.tap("submit");
    await until(() => phone.find("text").contains(document.activeElement), "the focus");
    expect(town.of("POST", "/api/tickets")).toEqual([]);
  });

  const ALIKE = {
    ticket_id: "T9",
    category: "楼道照明",
    stage_name: "处置中",
    received_on: "2026-11-20",
    public_text: "",
    standing: "物业正在办，最迟11月25日 18:00 办好",
    reports: 1,
    reason: "同一地点，类别相同",
  };

  test("once the words stand still, what neighbours have open is offered; joining takes the words along and reports nothing", async () => {
    town.routes["POST /api/tickets/similar"] = { items: [ALIKE] };
    town.routes["POST /api/tickets/T9/join"] = { id: "T9", stage: "handling" };
    town.routes["GET /api/tickets/T9"] = { ...TICKET, id: "T9", is_reporter: false, text: "" };
    const phone = await filled();
    await phone.say("同一地点，类别相同");
    await phone.say("物业正在办，最迟11月25日 18:00 办好");
    await phone.say("11月20日反映");
    const asked = town.of("POST", "/api/tickets/similar").map((each) => each.body);
    expect(asked).toEqual([{ point: "7K3QX9A", text: "二楼灯不亮" }]);
    await phone.tap("join");
    await phone.say("已记下“我也是”");
    expect(phone.page().data.comment).toBe("二楼灯不亮");
    expect(storage.get("draft.report.7K3QX9A")).toBeNull();
    expect(town.of("POST", "/api/tickets")).toEqual([]);
  });

  const ENTRY = {
    code: "K002",
    version: "ab",
    title: "居住证签注与补领",
    answer: "丢失的到居住地补领。",
    steps: "带身份证",
    phone: "12345",
    owner: "派出所",
    source_title: "居住证暂行条例",
    source_url: "",
    source_date: "2015-11-26",
    valid_until: null,
  };

  test("a question of policy is answered with its source before sending; yes ends without a ticket", async () => {
    town.routes["POST /api/knowledge"] = { items: [ENTRY] };
    town.routes["POST /api/knowledge/answered"] = { code: "K002" };
    const phone = await filled();
    await phone.say("依据：居住证暂行条例（2015年11月26日）");
    await phone.tap("known-yes");
    await phone.say("没有生成工单");
    expect(town.of("POST", "/api/knowledge/answered")[0].body).toEqual({ code: "K002" });
    expect(town.of("POST", "/api/tickets")).toEqual([]);
    expect(phone.page().data.form.text).toBe("");
  });

  test("no goes on, and the same is not asked again", async () => {
    town.routes["POST /api/knowledge"] = { items: [ENTRY] };
    const phone = await filled();
    await phone.tap("known-no");
    await phone.type("text", "二楼灯不亮，很黑");
    await until(() => town.of("POST", "/api/knowledge").length === 2);
    await soon(20);
    expect(phone.find("known")).toBeNull();
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
  });

  test("one question at most: what neighbours have open goes first", async () => {
    town.routes["POST /api/tickets/similar"] = { items: [ALIKE] };
    town.routes["POST /api/knowledge"] = { items: [ENTRY] };
    const phone = await filled();
    await phone.say("同一地点，类别相同");
    await soon(50);
    expect(town.of("POST", "/api/knowledge")).toEqual([]);
  });

  test("danger is asked before both, without holding anything up, and one tap says what it is", async () => {
    town.routes["POST /api/tickets/similar"] = { items: [], danger: true };
    town.routes["POST /api/knowledge"] = { items: [ENTRY] };
    const phone = await filled();
    await phone.say("听起来可能有人有危险");
    await soon(50);
    expect(town.of("POST", "/api/knowledge")).toEqual([]);
    await phone.tap("danger-lift");
    await until(() => town.of("POST", "/api/tickets").length === 1);
    expect(town.of("POST", "/api/tickets")[0].body).toMatchObject({
      danger: "lift",
      text: "有人有危险：被困。二楼灯不亮",
    });
  });

  test("where it cannot be asked, nothing is offered and nothing is said", async () => {
    town.routes["POST /api/tickets/similar"] = [429, { code: "too_many", message: "太频繁" }];
    const phone = await filled();
    await until(() => town.of("POST", "/api/tickets/similar").length === 1);
    await soon(50);
    expect(phone.find("matter")).toBeNull();
    expect(phone.find("notice")).toBeNull();
  });

  test("what was typed survives a reload", async () => {
    const phone = await filled();
    await phone.tap("group-B");
    await phone.tap("category-B01");
    const again = await open("report/index?code=7K3QX9A", { keep: true });
    await again.say("楼道照明");
    expect(again.page().data.form).toMatchObject({ text: "二楼灯不亮", category: "B01" });
  });

  test.each([
    [429, { code: "too_many", message: "提交太频繁了，请3分钟后再试；着急请拨打 021-1" }, "着急请拨打 021-1"],
    [500, {}, "系统正忙。已保存在手机上，稍后自动发送"],
    [413, {}, "照片太大"],
    [503, { code: "try_again", message: "系统繁忙，请稍后再试" }, "系统正忙。已保存在手机上，稍后自动发送"],
  ])("an answer of %i says what to do and loses nothing", async (status, body, words) => {
    const phone = await filled();
    town.routes["POST /api/tickets"] = [status, body];
    await phone.tap("submit");
    await phone.say(words);
    const [waiting] = storage.get("outbox") ?? [];
    const kept = waiting ? waiting.filled : storage.get("draft.report.7K3QX9A").fields.form;
    expect(kept.text).toBe("二楼灯不亮");
  });

  test("a session that ended in the middle is renewed, and the report arrives", async () => {
    const phone = await filled();
    town.routes["POST /api/sessions"] = [201, { token: "resident-2" }];
    town.routes["POST /api/tickets"] = ({ token }) =>
      token === "resident-2" ? CREATED : [401, { code: "not_signed_in", message: "登录已失效" }];
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    const keys = town.of("POST", "/api/tickets").map((each) => each.key);
    expect(new Set(keys).size).toBe(1);
  });

  test("without a code the place is asked for", async () => {
    const phone = await open("report/index");
    await phone.type("text", "路灯不亮");
    await phone.tap("submit");
    await phone.say("请写明在哪里");
    await phone.type("place-text", "望月路公交站");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/tickets")[0].body).toMatchObject({ place_text: "望月路公交站" });
  });
});

const ASKED = {
  level: "possible",
  asks: true,
  question: "已收到。现在有人有危险吗？",
  answer: "",
  known: "",
  watched: "值班员也在看这一条",
  numbers: EMERGENCY,
  answers: [
    { code: "yes", name: "有，现在就有" },
    { code: "no", name: "没有，是隐患或已经过去" },
    { code: "unsure", name: "说不清，请打给我" },
  ],
};

describe("danger", () => {
  test("two taps on the first page send it, with nothing typed, and lead to the numbers to call", async () => {
    town.routes["POST /api/tickets"] = [201, { ...CREATED[1], danger: { ...ASKED, asks: false } }];
    const phone = await open();
    await phone.tap("danger");
    await phone.tap("danger-fire");
    await phone.say("已发出，正在叫人");
    const sent = town.of("POST", "/api/tickets")[0].body;
    expect(sent).toMatchObject({ danger: "fire", point: "7K3QX9A", text: "有人有危险：着火" });
  });

  test("where it could not be sent the page says whom to call", async () => {
    town.routes["POST /api/tickets"] = [500, { code: "fault", message: "系统出错" }];
    const phone = await open();
    await phone.tap("danger");
    await phone.tap("danger-other");
    await phone.say("请马上拨打 110、119 或 120");
  });

  test("after sending, the page asks once, under the numbers, and the answer goes out", async () => {
    town.routes["GET /api/tickets/T1"] = { ...TICKET, danger: ASKED };
    town.routes["POST /api/tickets/T1/danger"] = { id: "T1", stage: "received", danger: ASKED };
    const phone = await open("ticket/index?id=T1");
    for (const words of ["现在有人有危险吗", "值班员也在看这一条", "962777"]) await phone.say(words);
    await phone.tap("answer-unsure");
    await soon();
    expect(town.of("POST", "/api/tickets/T1/danger")[0].body).toEqual({ answer: "unsure" });
  });
});

describe("one's own ticket", () => {
  test("says how long its like usually took, where enough is known", async () => {
    town.routes["GET /api/tickets/T1"] = {
      ...TICKET,
      usual: "近一年这一带同类（楼道照明）居民确认解决的 20 件：一半在 4 天内",
    };
    const phone = await open("ticket/index?id=T1");
    await phone.say("一半在 4 天内");
  });

  test("says who has it, by when, who looked, in text only", async () => {
    const phone = await open("ticket/index?id=T1");
    for (const words of ["物业签收了，正在办", "物业经理甲", "还剩 41分", "查看了联系方式", "灯不亮<script>"])
      await phone.say(words);
    expect(phone.root.querySelector("wx-page script")).toBeNull();
  });

  test("shows only what the server allows", async () => {
    const phone = await open("ticket/index?id=T1");
    await phone.see("withdraw");
    expect(phone.find("rate")).toBeNull();
    expect(phone.find("reopen")).toBeNull();
  });

  test("says whom it is kept from, and the reporter takes that back in one tap and a word", async () => {
    const secrecy = {
      kept_from: ["盛华景苑物业"],
      by_area: false,
      notes: ["要找对方核实，会先问您。"],
      may_lift: true,
    };
    town.routes["GET /api/tickets/T1"] = {
      ...TICKET,
      confidential: true,
      secrecy,
      may: { ...TICKET.may, avoid: true },
    };
    town.routes["POST /api/tickets/T1/avoid"] = { id: "T1" };
    const phone = await open("ticket/index?id=T1");
    for (const words of ["看不到这张工单的：盛华景苑物业", "会先问您"]) await phone.say(words);
    await phone.tap("avoid-nobody");
    (await until(() => document.querySelector(".wx-modal__button_main"))).click();
    await until(() => town.of("POST", "/api/tickets/T1/avoid").length === 1);
    await phone.tap("avoid-grid");
    await until(() => town.of("POST", "/api/tickets/T1/avoid").length === 2);
    expect(town.of("POST", "/api/tickets/T1/avoid").map((each) => each.body)).toEqual([
      { avoid: [] },
      { avoid: ["grid"] },
    ]);
  });

  test("reads the very words that would be put to whom it is kept from, and says yes or no to them", async () => {
    town.routes["GET /api/tickets/T1"] = {
      ...TICKET,
      confront: { id: "c1", to: "盛华景苑物业", text: "请说明近期收费是否都开了票据" },
    };
    town.routes["POST /api/tickets/T1/confront"] = { id: "T1" };
    const phone = await open("ticket/index?id=T1");
    for (const words of ["转告盛华景苑物业", "请说明近期收费是否都开了票据", "不同意，就不转告"])
      await phone.say(words);
    await phone.tap("confront-no");
    await until(() => town.of("POST", "/api/tickets/T1/confront").length === 1);
    await phone.tap("confront-yes");
    await until(() => town.of("POST", "/api/tickets/T1/confront").length === 2);
    expect(town.of("POST", "/api/tickets/T1/confront").map((each) => each.body)).toEqual([
      { id: "c1", agreed: false },
      { id: "c1", agreed: true },
    ]);
  });

  test("a comment that could not be sent stays", async () => {
    const phone = await open("ticket/index?id=T1");
    await phone.type("comment", "三楼也不亮");
    town.routes["POST /api/tickets/T1/comments"] = [503, { code: "try_again", message: "系统繁忙，请稍后再试" }];
    await phone.tap("send-comment");
    await phone.say("系统繁忙，请稍后再试");
    expect(phone.page().data.comment).toBe("三楼也不亮");
    town.routes["POST /api/tickets/T1/comments"] = [201, { id: "T1" }];
    await phone.tap("send-comment");
    await until(() => phone.page().data.comment === "");
    expect(new Set(town.of("POST", "/api/tickets/T1/comments").map((each) => each.key)).size).toBe(1);
  });

  test("what an act leads to is said once, and not at each reload of the page", async () => {
    storage.set("hello", { id: "T1", what: "reported" });
    const phone = await open("ticket/index?id=T1", { keep: true });
    await phone.say("已收到，这一页会自己更新");
    const again = await open("ticket/index?id=T1", { keep: true });
    await again.see("stage");
    expect(document.body.textContent).not.toContain("这一页会自己更新");
  });

  test("a practice ticket says so", async () => {
    town.routes["GET /api/tickets/T1"] = { ...TICKET, practice: true };
    const phone = await open("ticket/index?id=T1");
    await phone.see("practice");
  });
});

describe("rating", () => {
  test("needs solved or not, and sends the words with it", async () => {
    town.routes["POST /api/tickets/T1/rating"] = { id: "T1", stage: "resolved" };
    const phone = await open("rate/index?id=T1");
    await phone.tap("submit");
    await phone.say("请先选");
    await phone.tap("solved-no");
    await phone.type("words", "晚上还是不亮");
    await phone.tap("submit");
    await phone.say("谢谢您的评价");
    expect(town.of("POST", "/api/tickets/T1/rating")[0].body).toEqual({
      solved: false,
      satisfied: null,
      words: "晚上还是不亮",
    });
  });
});

test("my tickets are listed, and an empty list says what to do", async () => {
  const phone = await open("mine/index");
  await phone.say("MS261122-7K3QX9-4");
  town.routes["GET /api/tickets"] = { items: [], next: null };
  const other = await open("mine/index");
  await other.say("还没有反映过");
});

test("ten pages at once ask at most six things at a time", async () => {
  let running = 0;
  let most = 0;
  town.routes["GET /api/tickets/T1"] = async () => {
    running += 1;
    most = Math.max(most, running);
    await soon(5);
    running -= 1;
    return TICKET;
  };
  const phone = await open();
  const api = phone.require("lib/api.js");
  await Promise.all(Array.from({ length: 30 }, () => api.ask({ path: "/api/tickets/T1" })));
  expect(most).toBe(6);
});

describe("one report among others", () => {
  test("what was merged says that nothing was cancelled, and is parted with a reason", async () => {
    town.routes["GET /api/tickets/T1"] = {
      ...TICKET,
      stage: "merged",
      stage_name: "已并案",
      holder: null,
      may: { ...TICKET.may, split: true },
    };
    const phone = await open("ticket/index?id=T1");
    await phone.say("您反映的没有取消");
    expect(phone.find("split")).not.toBeNull();
  });

  test("what was divided shows its other matters, and one number", async () => {
    const parts = [{ id: "T2", number: "MS-OTHER", title: "门口垃圾", stage: "handling", stage_name: "处置中" }];
    town.routes["GET /api/tickets/T1"] = { ...TICKET, title: "楼道灯不亮", parts };
    const phone = await open("ticket/index?id=T1");
    for (const words of ["楼道灯不亮", "门口垃圾", "处置中", TICKET.number]) await phone.say(words);
    expect(phone.root.textContent).not.toContain("MS-OTHER");
  });
});

describe("a slip of the counter", () => {
  const SCANNED = `point/index?q=${encodeURIComponent("https://x.example/s/app?slip=01ABCSECRET")}`;

  test("asks for the last four digits, and then the ticket is one's own", async () => {
    town.routes["POST /api/slips"] = ({ body }) =>
      body.digits ? { id: "T1" } : [422, { code: "invalid", message: "请输入后四位", fields: ["digits"] }];
    const phone = await open(SCANNED);
    await phone.type("digits", "5678");
    await phone.tap("submit");
    await phone.say("已放到您的手机上");
    expect(town.of("POST", "/api/slips").map((each) => each.body)).toEqual([
      { code: "01ABCSECRET", digits: "" },
      { code: "01ABCSECRET", digits: "5678" },
    ]);
  });

  test("without a phone the paper alone is enough", async () => {
    town.routes["POST /api/slips"] = { id: "T1" };
    const phone = await open(SCANNED);
    await phone.say("已放到您的手机上");
  });

  test("what cannot be claimed says why", async () => {
    town.routes["POST /api/slips"] = [409, { code: "too_late", message: "小票上的码7天内有效，已经过期" }];
    const phone = await open(SCANNED);
    await phone.say("已经过期");
  });
});

describe("for somebody else", () => {
  test("both are sent", async () => {
    const phone = await open("report/index?code=7K3QX9A");
    await phone.say("盛华景苑 4号楼 2楼");
    await phone.type("text", "二楼灯不亮");
    await phone.tap("for-other");
    await phone.type("other-phone", "13987654321");
    await phone.tap("submit");
    await phone.say("这一页会自己更新");
    expect(town.of("POST", "/api/tickets")[0].body.on_behalf).toEqual({ name: "", phone: "13987654321" });
  });

  test("the one it is about may end it", async () => {
    town.routes["GET /api/tickets/T1"] = { ...TICKET, proxy: "other" };
    town.routes["POST /api/tickets/T1/proxy/end"] = { id: "T1" };
    const phone = await open("ticket/index?id=T1");
    await phone.tap("end-proxy");
    (await until(() => document.querySelector(".wx-modal__button_main"))).click();
    await until(() => town.of("POST", "/api/tickets/T1/proxy/end").length === 1);
  });
});
