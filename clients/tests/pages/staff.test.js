// What staff do on their phones, with and without a signal.

import { beforeEach, describe, expect, test } from "vitest";
import { backend, open, soon, storage, until } from "./here.js";

const ME = { code: "pm-a", name: "物业经理甲", unit: "PM-1", unit_name: "盛华景苑物业", roles: ["property_manager"] };
const LEADER = { code: "al-1", name: "片区党委负责人", unit: "ST-1", unit_name: "关港蓝湾工作站", roles: ["area_leader"] };
const ROW = {
  ticket_id: "T1", number: "MS261122-7K3QX9-4", stage: "dispatched", stage_name: "已派单", category: "B01", category_name: "楼道照明", place: "4号楼 2楼", urgent: true,
  practice: false, paused: "", clock: "response", clock_name: "响应", due_at: new Date(Date.now() + 600_000).toISOString(),
};
const TICKET = {
  id: "T1", number: ROW.number, version: 3, stage: "handling", stage_name: "处置中", category_name: "楼道照明", urgent: true, confidential: false, practice: false, round: 1,
  text: "<b>灯</b>不亮", photos: [], where: { name: "4号楼 2楼" }, place_path: [{ code: "A", name: "关港蓝湾片区", kind: "area" }, { code: "N", name: "盛华景苑", kind: "neighbourhood" }],
  arrived: false, acts: ["take", "arrived", "resolve", "return", "add-assisting", "comment", "classify"], running: [{ kind: "response", name: "响应", due_at: ROW.due_at, paused: false }],
  supervision_orders: [], assisting: [], similar: [], extension: null, pause: null, members: 2, has_reporter: true, may_reveal: false, history: [],
  lead_unit_id: "PM-1", station: { code: "ST-1", name: "关港蓝湾工作站", phone: "021-00000001" }, viewer: { code: "pm-a", name: "物业经理甲" },
};
const DIRECTORY = {
  version: "v1", units: [{ code: "PM-1", name: "盛华景苑物业" }, { code: "OF-CJ", name: "城建中心" }], categories: [{ code: "B", parent: "", name: "公共设施" }, { code: "B01", parent: "B", name: "楼道照明" }],
  return_reasons: [{ code: "属地不符", name: "属地不符" }, { code: "权属不清", name: "权属不清" }],
};
const DONE = { id: "T1", number: ROW.number, stage: "handling", version: 4, round: 1 };
const acts = () => town.asked.filter((each) => each.method === "POST" && each.path.startsWith("/staff/tickets"));

let town;
beforeEach(() => {
  localStorage.clear();
  storage.set("session.staff", { token: "staff-1", staff: ME });
  town = backend({
    "GET /staff/queues/mine": { items: [ROW], next: null },
    "GET /staff/queues/escalated": { items: [ROW], next: null },
    "GET /staff/inbox": { items: [], next: null, unread: 2 },
    "GET /staff/live": { queues: {}, town: "v1", now: "" },
    "GET /staff/tickets/T1": TICKET,
    "GET /staff/directory": DIRECTORY,
    "POST /staff/tickets/T1/take": DONE,
    "POST /staff/tickets/T1/arrived": DONE,
    "POST /staff/tickets/T1/resolve": DONE,
    "POST /staff/tickets/T1/return": DONE,
    "POST /staff/tickets/T1/add-assisting": DONE,
    "POST /staff/tickets/T1/comment": [201, { id: "T1" }],
  });
});
const staff = (page) => open(page, { keep: true });

async function resolveWithoutSignal() {
  const phone = await staff("staff-ticket/index?id=T1");
  await phone.see("act-resolve");
  town.down = true;
  await phone.tap("act-resolve");
  await phone.type("field-note", "已换灯泡");
  await phone.tap("submit");
  await phone.say("待发送");
  return phone;
}

describe("signing in", () => {
  test("a code of the desk opens the queue", async () => {
    localStorage.clear();
    town.routes["POST /staff/sessions"] = [201, { token: "staff-2", staff: ME }];
    const phone = await staff("staff-sign-in/index");
    await phone.type("code", "K7Q2M9");
    await phone.tap("sign-in");
    await phone.say("派给我的");
    expect(town.of("GET", "/staff/queues/mine")[0].token).toBe("staff-2");
  });

  test("a wrong code says where to get one", async () => {
    town.routes["POST /staff/sessions"] = [401, { code: "not_signed_in", message: "登录码不对或已过期，请向工作站索取新的登录码" }];
    const phone = await staff("staff-sign-in/index");
    await phone.type("code", "wrong");
    await phone.tap("sign-in");
    await phone.say("请向工作站索取新的登录码");
  });

  test("nobody signed in is sent to the sign-in", async () => {
    localStorage.clear();
    const phone = await staff("staff-work/index");
    await phone.say("工作人员登录");
  });
});

describe("the queue", () => {
  test("counts its clocks, under the viewer's watermark", async () => {
    const phone = await staff("staff-work/index");
    for (const words of ["楼道照明", "紧急", "响应", "还剩 9分", "2 条未读", "物业经理甲 pm-a"]) await phone.say(words);
  });

  test("a leader begins with what climbed", async () => {
    storage.set("session.staff", { token: "staff-1", staff: LEADER });
    const phone = await staff("staff-work/index");
    await phone.say("楼道照明");
    expect(town.of("GET", "/staff/queues/escalated").length).toBe(1);
  });

  test("without a signal shows what was last seen and says when", async () => {
    await (await staff("staff-work/index")).say("楼道照明");
    town.down = true;
    const phone = await staff("staff-work/index");
    await phone.say("没有信号，这是 今天");
    await phone.say("楼道照明");
  });

  test("a session that ended asks to sign in and keeps the rest", async () => {
    town.routes["GET /staff/queues/mine"] = [401, { code: "not_signed_in", message: "登录已失效，请重新登录" }];
    const phone = await staff("staff-work/index");
    await phone.say("登录已失效");
    await phone.tap("notice-act");
    await phone.say("工作人员登录");
  });
});

describe("a ticket", () => {
  test("offers what the server allows, and only that", async () => {
    const phone = await staff("staff-ticket/index?id=T1");
    for (const act of ["take", "on-my-way", "arrived", "resolve", "return", "add-assisting", "comment"]) await phone.see(`act-${act}`);
    expect(phone.find("act-transfer")).toBeNull();
    expect(phone.find("reveal")).toBeNull();
    await phone.say("其余操作请在工作站电脑上办理");
    await phone.say("<b>灯</b>不亮");
    await phone.say("转接 021-00000001");
  });

  test("is taken in one tap, with the version that was looked at", async () => {
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.tap("act-take");
    await phone.say("已签收");
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/take", body: { version: 3 }, token: "staff-1" });
  });

  test("on my way is told to the resident", async () => {
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.tap("act-on-my-way");
    await phone.say("已出发");
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/comment", body: { public: true } });
  });

  test("is returned with a reason of the list", async () => {
    const phone = await staff("staff-act/index?id=T1&act=return");
    await until(() => phone.page().data.choices.reason);
    await phone.tap("submit");
    await phone.say("请填写“原因”");
    phone.page().onPick({ currentTarget: { dataset: { name: "reason" } }, detail: { value: "1" } });
    await phone.tap("submit");
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/return", body: { reason: "权属不清", version: 3 } });
  });

  test("the unit that has it is not offered as its own helper", async () => {
    const phone = await staff("staff-act/index?id=T1&act=add-assisting");
    await until(() => phone.page().data.choices.unit_id);
    expect(phone.page().data.choices.unit_id.map((unit) => unit.code)).toEqual(["OF-CJ"]);
  });

  test.each([["", false], ["换", false], ["换灯", true]])("words %j are enough to resolve: %s", async (words, enough) => {
    const phone = await staff("staff-act/index?id=T1&act=resolve");
    await phone.say(ROW.number);
    if (words) await phone.type("field-note", words);
    await phone.tap("submit");
    await until(() => acts().length || phone.find("notice"));
    expect(acts().length).toBe(enough ? 1 : 0);
  });

  test("somebody was faster: what changed is told, the words stay, and the next try is made to the ticket as it is now", async () => {
    town.routes["POST /staff/tickets/T1/resolve"] = [409, { code: "stale", message: "工单刚被站长改派，请刷新后再操作", changes: [] }];
    const phone = await staff("staff-act/index?id=T1&act=resolve");
    await phone.type("field-note", "已换灯泡");
    await phone.say(ROW.number);
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, version: 5 };
    await phone.tap("submit");
    await phone.say("工单刚被站长改派");
    expect(storage.get("outbox")).toEqual([]);
    expect(storage.get("draft.act.T1.resolve").fields.filled.note).toBe("已换灯泡");
    town.routes["POST /staff/tickets/T1/resolve"] = DONE;
    await until(() => phone.page().ticket && phone.page().ticket.version === 5);
    await phone.tap("submit");
    await until(() => acts().length === 2);
    expect(acts()[1].body).toEqual({ note: "已换灯泡", version: 5 });
  });

  test("a supervision order is answered in one tap", async () => {
    const orders = [{ id: "D1", text: "旧的", answered_at: "2026-11-22T10:00:00+08:00" }, { id: "D2", text: "请今天办结", answered_at: null }];
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, acts: ["answer-supervision"], supervision_orders: orders };
    town.routes["POST /staff/tickets/T1/answer-supervision"] = DONE;
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.say("请今天办结");
    await phone.tap("quick");
    await until(() => acts().length);
    expect(acts()[0].body).toEqual({ text: "收到，今天办结", order_id: "D2", version: 3 });
  });

  test("a leader agrees to an extension in one tap", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, acts: ["decide-extension"], extension: { working_days: 3, reason: "等配件" } };
    town.routes["POST /desk/tickets/T1/decide-extension"] = DONE;
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.say("申请延期 3 个工作日：等配件");
    await phone.tap("quick");
    await until(() => town.of("POST", "/desk/tickets/T1/decide-extension").length);
    expect(town.of("POST", "/desk/tickets/T1/decide-extension")[0].body).toEqual({ approved: true, version: 3 });
  });

  test("an identity is shown for a reason, and kept nowhere", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, may_reveal: true, urgent: false };
    town.routes["POST /staff/tickets/T1/reveal"] = { phone: "13812345678" };
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.tap("reveal");
    await phone.tap("submit");
    await phone.say("请选择理由");
    await phone.tap("why-arrange_visit");
    await phone.tap("submit");
    await phone.say("13812345678");
    expect(town.of("POST", "/staff/tickets/T1/reveal")[0].body).toEqual({ fields: ["phone"], reason: "arrange_visit" });
    expect(JSON.stringify({ ...localStorage })).not.toContain("13812345678");
  });
});

describe("an urgent ticket", () => {
  test("shows the number at once, its reason filled in", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, may_reveal: true, urgent: true };
    town.routes["POST /staff/tickets/T1/reveal"] = { phone: "13812345678" };
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.tap("reveal");
    await phone.say("13812345678");
    expect(town.of("POST", "/staff/tickets/T1/reveal")[0].body).toEqual({ fields: ["phone"], reason: "urgent" });
  });
});

describe("without a signal", () => {
  test("an act waits, is seen to wait, and is sent once when the signal returns", async () => {
    const phone = await resolveWithoutSignal();
    expect(acts().length).toBe(0);
    expect(phone.find("act-resolve")).toBeNull();
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length);
    await until(() => storage.get("outbox").length === 0);
    window.dispatchEvent(new Event("online"));
    await soon(50);
    expect(acts().length).toBe(1);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/resolve", body: { note: "已换灯泡", version: 3 } });
  });

  test("a lost answer is sent again with the same key", async () => {
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.see("act-take");
    town.routes["POST /staff/tickets/T1/take"] = () => Promise.reject(new TypeError("Failed to fetch"));
    await phone.tap("act-take");
    await phone.say("待发送");
    town.routes["POST /staff/tickets/T1/take"] = DONE;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length === 2);
    expect(new Set(acts().map((each) => each.key)).size).toBe(1);
  });

  test("several acts go in their order; only the first carries the version, the rest follow on it", async () => {
    const phone = await staff("staff-ticket/index?id=T1");
    await phone.see("act-take");
    town.down = true;
    await phone.tap("act-take");
    await until(() => storage.get("outbox")?.length === 1 && !phone.page().data.busy);
    await phone.tap("act-on-my-way");
    await until(() => storage.get("outbox").length === 2);
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length === 2);
    expect(acts().map((each) => [each.path.split("/").pop(), each.body.version])).toEqual([["take", 3], ["comment", undefined]]);
  });

  test("the box survives a reload and belongs to whoever filled it", async () => {
    await resolveWithoutSignal();
    storage.set("session.staff", { token: "staff-9", staff: LEADER });
    town.down = false;
    const other = await staff("outbox/index");
    await other.say("都已发送");
    expect(acts().length).toBe(0);
    storage.set("session.staff", { token: "staff-1", staff: ME });
    await staff("outbox/index");
    await until(() => acts().length === 1);
    expect(acts()[0].token).toBe("staff-1");
  });

  test("what the server refuses meanwhile stays with its reason, until it is sent anyway or given up", async () => {
    const phone = await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [409, { code: "stale", message: "工单刚被站长改派，请刷新后再操作" }];
    window.dispatchEvent(new Event("online"));
    await phone.say("没有成功");
    const box = await staff("outbox/index");
    await box.say("工单刚被站长改派");
    town.routes["POST /staff/tickets/T1/resolve"] = DONE;
    await box.tap("again");
    await box.say("都已发送");
    const [first, second] = acts();
    expect(second.body).toEqual({ note: "已换灯泡" });
    expect(second.key).not.toBe(first.key);
  });

  test("a session that ended meanwhile loses nothing", async () => {
    await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [401, { code: "not_signed_in", message: "登录已失效" }];
    const box = await staff("outbox/index");
    await box.say("请重新登录");
    expect(storage.get("outbox").length).toBe(1);
    expect(storage.get("outbox")[0].state).toBe("waiting");
  });

  test("a finding is reported from the code alone", async () => {
    town.routes["POST /staff/tickets"] = [201, DONE];
    const phone = await staff("staff-find/index");
    town.down = true;
    phone.page().put({ point: "7K3QX9A" });
    await phone.type("text", "楼道里有锡箔灰");
    await phone.tap("submit");
    await until(() => storage.get("outbox")?.length === 1);
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets", body: { source: "patrol", text: "楼道里有锡箔灰", point: "7K3QX9A" } });
  });
});
