// What staff do on their phones, with and without a signal.

import { beforeEach, describe, expect, test, vi } from "vitest";
import declared from "../acts.json";
import { backend, open, soon, storage, until } from "./here.js";

/** Acts as the server offers them: `now` those that may be done, `then` what taking opens. */
const offer = (name, more = {}) => ({ ...declared.find((act) => act.name === name), ...more });
const offers = (...names) => names.map((name) => offer(name));
const PHOTO = { code: "photo", words: "公共设施类工单办结须附照片，请拍一张处理后的照片", field: "photos", met_by: [] };
const FEEDBACK = {
  code: "unit_feedback",
  words: "还没有向居民作初步反馈",
  field: "feedback",
  met_by: ["unit-feedback"],
};
const assist = offer("add-assisting", {
  fields: offer("add-assisting").fields.map((field) => ({ ...field, excluded: ["PM-1"] })),
});

const ME = { code: "pm-a", name: "物业经理甲", unit: "PM-1", unit_name: "盛华景苑物业", roles: ["property_manager"] };
const LEADER = {
  code: "al-1",
  name: "片区党委负责人",
  unit: "ST-1",
  unit_name: "关港蓝湾工作站",
  roles: ["area_leader"],
};
const ROW = {
  ticket_id: "T1",
  number: "MS261122-7K3QX9-4",
  stage: "dispatched",
  stage_name: "已派单",
  category: "B01",
  category_name: "楼道照明",
  place: "4号楼 2楼",
  urgent: true,
  practice: false,
  paused: "",
  clock: "response",
  clock_name: "响应",
  due_at: new Date(Date.now() + 600_000).toISOString(),
  rings_at: [],
};
const TICKET = {
  id: "T1",
  number: ROW.number,
  version: 3,
  stage: "dispatched",
  stage_name: "已派单",
  category_name: "楼道照明",
  urgent: true,
  confidential: false,
  practice: false,
  round: 1,
  text: "<b>灯</b>不亮",
  photos: [],
  where: { name: "4号楼 2楼" },
  place_path: [
    { code: "A", name: "关港蓝湾片区", kind: "area" },
    { code: "N", name: "盛华景苑", kind: "neighbourhood" },
  ],
  arrived: false,
  running: [{ kind: "response", name: "响应", due_at: ROW.due_at, rings_at: [], paused: false }],
  supervision_orders: [],
  assisting: [],
  similar: [],
  extension: null,
  pause: null,
  members: 2,
  has_reporter: true,
  may_reveal: false,
  history: [],
  lead_unit_id: "PM-1",
  station: { code: "ST-1", name: "关港蓝湾工作站", phone: "021-00000001" },
  viewer: { code: "pm-a", name: "物业经理甲" },
};
const DIRECTORY = {
  version: "v1",
  units: [
    { code: "PM-1", name: "盛华景苑物业" },
    { code: "OF-CJ", name: "城建中心" },
  ],
  categories: [
    { code: "B", parent: "", name: "公共设施" },
    { code: "B01", parent: "B", name: "楼道照明" },
  ],
  return_reasons: [
    { code: "属地不符", name: "属地不符" },
    { code: "权属不清", name: "权属不清" },
  ],
  reveal_reasons: [
    { code: "urgent", name: "紧急处置" },
    { code: "arrange_visit", name: "约时间上门" },
    { code: "other", name: "其他" },
  ],
};
const DONE = { id: "T1", number: ROW.number, stage: "handling", version: 4, round: 1 };
const THEN = ["on-my-way", "arrived", "resolve", "unit-feedback", "comment"];
TICKET.offers = [
  offer("take", { then: THEN, meets: ["take"] }),
  ...offers("on-my-way"),
  offer("arrived", { meets: ["response"] }),
  ...offers("unit-feedback", "return"),
  assist,
  ...offers("comment", "relocate"),
  offer("resolve", { now: false }),
];
const TAKEN = { ...TICKET, stage: "handling", stage_name: "处置中", offers: offers(...THEN) };
const orderOffer = (orders) => {
  const open = orders.filter((order) => !order.answered_at).map((order) => ({ code: order.id, name: order.text }));
  const fields = offer("answer-supervision").fields.map((field) =>
    field.name === "order_id" ? { ...field, options: open, initial: open[0].code } : field,
  );
  const quick = [{ name: "收到，今天办结", filled: { text: "收到，今天办结" } }];
  return offer("answer-supervision", { fields, quick });
};
const acts = () => town.asked.filter((each) => each.method === "POST" && each.path.startsWith("/staff/tickets"));

let town;
beforeEach(() => {
  localStorage.clear();
  storage.set("session.staff", { token: "staff-1", staff: ME });
  town = backend({
    "GET /staff/queues/mine": { items: [ROW], next: null },
    "GET /staff/queues/escalated": { items: [ROW], next: null },
    "GET /staff/statements": { items: [] },
    "GET /staff/inbox": { items: [], next: null, unread: 2 },
    "GET /staff/watch": { items: [], now: "" },
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
/** What a page that stays open asks for every ten seconds. */
const look = (phone) => phone.page().listening.look();

async function resolveWithoutSignal() {
  town.routes["GET /staff/tickets/T1"] = TAKEN;
  const phone = await staff("staff/ticket/index?id=T1");
  await phone.tap("more-acts");
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
    const phone = await staff("staff/sign-in/index");
    await phone.type("code", "K7Q2M9");
    await phone.tap("sign-in");
    await phone.say("派给我的");
    expect(town.of("GET", "/staff/queues/mine")[0].token).toBe("staff-2");
  });

  test("a wrong code says where to get one", async () => {
    town.routes["POST /staff/sessions"] = [
      401,
      { code: "not_signed_in", message: "登录码不对或已过期，请向工作站索取新的登录码" },
    ];
    const phone = await staff("staff/sign-in/index");
    await phone.type("code", "wrong");
    await phone.tap("sign-in");
    await phone.say("请向工作站索取新的登录码");
  });

  test("nobody signed in is sent to the sign-in", async () => {
    localStorage.clear();
    const phone = await staff("staff/work/index");
    await phone.say("工作人员登录");
  });
});

describe("the queue", () => {
  test("counts its clocks, under the viewer's watermark", async () => {
    const phone = await staff("staff/work/index");
    for (const words of ["楼道照明", "紧急", "响应", "还剩 9分", "2 条未读", "物业经理甲 pm-a"]) await phone.say(words);
  });

  test("a leader begins with what climbed", async () => {
    storage.set("session.staff", { token: "staff-1", staff: LEADER });
    const phone = await staff("staff/work/index");
    await phone.say("楼道照明");
    expect(town.of("GET", "/staff/queues/escalated").length).toBe(1);
  });

  test("the urgent stand on top, red, and are heard and felt once", async () => {
    const felt = (navigator.vibrate = vi.fn());
    const soonDue = {
      ...ROW,
      ticket_id: "T2",
      urgent: false,
      category_name: "垃圾清运",
      due_at: new Date(Date.now() + 60_000).toISOString(),
    };
    town.routes["GET /staff/queues/mine"] = { items: [soonDue, ROW], next: null };
    town.routes["GET /staff/queues/unit"] = { items: [soonDue], next: null };
    town.routes["GET /staff/watch"] = { items: [soonDue, ROW], now: "" };
    const phone = await staff("staff/work/index");
    await phone.say("垃圾清运");
    expect(
      phone.all("queue-row").map((row) => [row.textContent.includes("楼道照明"), row.classList.contains("urgent")]),
    ).toEqual([
      [true, true],
      [false, false],
    ]);
    await phone.tap("queue-unit");
    await look(phone);
    await phone.tap("queue-mine");
    await phone.say("楼道照明");
    expect(felt).toHaveBeenCalledTimes(1);
  });

  test("what is pressing in a queue that is not looked at is rung for, and shown above the list that has it not", async () => {
    const felt = (navigator.vibrate = vi.fn());
    const elsewhere = { ...ROW, ticket_id: "T9", category_name: "电梯故障", place: "5号楼" };
    town.routes["GET /staff/watch"] = { items: [ROW, elsewhere], now: "" };
    const phone = await staff("staff/work/index");
    await phone.say("楼道照明");
    expect((await phone.see("pressing")).textContent).toContain("电梯故障");
    expect(phone.all("pressing")).toHaveLength(1); // the other stands in the list, red
    expect(felt).toHaveBeenCalledTimes(1);
  });

  describe("of what climbed to a leader", () => {
    const quick = [{ name: "派给盛华景苑物业", filled: { unit_id: "PM-1", track: "simple" } }];
    const climbed = (id) => ({
      ...TICKET,
      id,
      stage: "received",
      escalation: { why: "反馈居民超时 5 分", who: "首问接待甲", unit_name: "关港蓝湾工作站", phone: "021-00000001" },
      offers: [offer("dispatch", { quick }), ...offers("answer", "remind")],
    });
    beforeEach(() => {
      storage.set("session.staff", { token: "staff-1", staff: LEADER });
      town.routes["GET /staff/queues/escalated"] = {
        items: ["T1", "T2"].map((id) => ({ ...ROW, ticket_id: id })),
        next: null,
      };
      town.routes["GET /staff/directory"] = { ...DIRECTORY, acts: declared };
      for (const id of ["T1", "T2"]) town.routes[`GET /staff/tickets/${id}`] = climbed(id);
      for (const act of ["dispatch", "remind"]) town.routes[`POST /desk/tickets/T1/${act}`] = DONE;
    });
    const sent = () => town.asked.filter((each) => each.method === "POST");

    test("the card says why it is here and with whom it lies, and urging, dispatching and calling are one tap", async () => {
      const phone = await staff("staff/work/index");
      expect((await phone.see("why")).textContent).toContain(
        "升级原因：反馈居民超时 5 分；在关港蓝湾工作站首问接待甲手里",
      );
      expect(phone.find("call").textContent).toContain("021-00000001");
      await phone.tap("tap-remind");
      await phone.say("已催办");
      await phone.tap("tap-dispatch");
      await until(() => sent().length === 2);
      expect(sent().map((each) => [each.path, each.body])).toEqual([
        ["/desk/tickets/T1/remind", { version: 3 }],
        ["/desk/tickets/T1/dispatch", { unit_id: "PM-1", track: "simple", version: 3 }],
      ]);
    });

    test("all of them, or those that are chosen, are urged at once, and what was refused is told", async () => {
      town.routes["POST /desk/bulk/remind"] = { results: [{ id: "T2", ok: false, message: "工单刚结束" }] };
      const phone = await staff("staff/work/index");
      await phone.see("why");
      await phone.tap("many");
      await until(() => phone.all("choose").length === 2);
      phone.all("choose")[0].click();
      await phone.say("1 张：催办");
      await phone.tap("many-remind");
      await phone.say("1 张没有成功：工单刚结束");
      expect(sent()[0].body).toEqual({ ticket_ids: ["T2"], given: {} });
    });
  });

  test("whom to call for the place of an urgent one is one tap away, in the list and on the ticket", async () => {
    const emergency = {
      rows: [
        { name: "电梯维保", number: "021-55550000", text: "021-55550000" },
        { name: "电梯编号", number: "", text: "A-7" },
      ],
      numbers: [],
      called: [],
    };
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, emergency };
    const phone = await staff("staff/work/index");
    expect((await phone.see("call-urgent")).textContent).toContain("电梯维保 021-55550000");
    const ticket = await staff("staff/ticket/index?id=T1");
    await ticket.see("call-emergency");
    expect([ticket.all("call-emergency").length, ticket.find("emergency-sheet").textContent.includes("A-7")]).toEqual([
      1,
      true,
    ]);
  });

  test("what comes between the first reading and the first look is seen, and rung for", async () => {
    let mark = "1";
    town.routes["GET /staff/watch"] = (request) =>
      request.mark === mark ? [304] : { items: mark === "1" ? [] : [ROW], mark };
    const felt = (navigator.vibrate = vi.fn());
    town.routes["GET /staff/queues/mine"] = () => {
      const items = mark === "1" ? [] : [ROW];
      mark = "2"; // it comes while the empty queue is on its way
      return { items, next: null };
    };
    const phone = await staff("staff/work/index");
    await phone.say("现在没有派给您的工单");
    await look(phone);
    await phone.say("楼道照明");
    expect(felt).toHaveBeenCalledTimes(1);
  });

  test("a queue whose mark stays is read again after five minutes all the same", async () => {
    town.routes["GET /staff/watch"] = (request) => (request.mark ? [304] : { items: [ROW], mark: "1" });
    const phone = await staff("staff/work/index");
    await phone.say("楼道照明");
    const read = () => town.of("GET", "/staff/queues/mine").length;
    await look(phone);
    expect(read()).toBe(1);
    const later = Date.now() + 5 * 60_000;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => later);
    await look(phone);
    expect(read()).toBe(2);
    clock.mockRestore();
  });

  test("once what waited has gone the rows are read again", async () => {
    await (await staff("staff/work/index")).say("楼道照明");
    await resolveWithoutSignal();
    const phone = await staff("staff/work/index");
    await phone.say("没有信号，这是");
    expect(phone.find("queue-row").textContent).toContain("待发送：办结");
    town.down = false;
    town.routes["GET /staff/queues/mine"] = () => ({ items: acts().length ? [] : [ROW], next: null });
    window.dispatchEvent(new Event("online"));
    await phone.say("现在没有派给您的工单");
  });

  test("without a signal shows what was last seen and says when", async () => {
    await (await staff("staff/work/index")).say("楼道照明");
    town.down = true;
    const phone = await staff("staff/work/index");
    await phone.say("没有信号，这是 今天");
    await phone.say("楼道照明");
  });

  test("a session that ended asks to sign in and keeps the rest", async () => {
    town.routes["GET /staff/queues/mine"] = [401, { code: "not_signed_in", message: "登录已失效，请重新登录" }];
    const phone = await staff("staff/work/index");
    await phone.say("登录已失效");
    await phone.tap("notice-act");
    await phone.say("工作人员登录");
  });
});

describe("whatever page of a member of staff is open", () => {
  const LIFT = {
    ...ROW,
    ticket_id: "T9",
    number: "MS261122-TTTTTT-9",
    category_name: "电梯故障",
    place: "5号楼 1单元",
  };
  const comes = (row = LIFT) => (town.routes["GET /staff/watch"] = { items: [row], now: "" });
  let felt;
  beforeEach(() => {
    felt = navigator.vibrate = vi.fn();
    for (const path of ["GET /api/walks", "GET /api/shops"]) town.routes[path] = { items: [], plans: [], hazards: [] };
    town.routes["GET /api/points/7K3QX9A"] = { code: "7K3QX9A", place: { full_name: "4号楼" }, practice: false };
  });

  test.each([
    "ticket/index?id=T1",
    "act/index?id=T1&act=take",
    "reveal/index?id=T1",
    "find/index",
    "walk/index",
    "outbox/index",
  ])("%s: another, urgent ticket is heard, felt once and shown, and one tap opens it", async (page) => {
    const phone = await staff(`staff/${page}`);
    await until(() => town.of("GET", "/staff/watch").length);
    expect([phone.find("pressing"), felt.mock.calls.length]).toEqual([null, 0]);
    comes();
    await look(phone);
    await look(phone);
    expect((await phone.see("pressing")).textContent).toContain("电梯故障");
    expect(felt).toHaveBeenCalledTimes(1);
    town.routes["GET /staff/tickets/T9"] = { ...TICKET, id: "T9" };
    await phone.tap("pressing");
    await until(() => phone.path() === "staff/ticket/index" && phone.page().id === "T9");
    await look(phone);
    expect(phone.find("pressing")).toBeNull(); // it is what is being looked at
  });

  test("it rings for a ticket that was there and has become urgent, and for one that may be a danger", async () => {
    comes({ ...LIFT, urgent: false, number: "", place: "", category_name: "" });
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("stage");
    expect(felt).not.toHaveBeenCalled();
    comes({ ...LIFT, urgent: false, clock: "danger" });
    await look(phone);
    expect((await phone.see("pressing")).textContent).toContain("请确认紧急");
    comes();
    await look(phone);
    expect(felt).toHaveBeenCalledTimes(1); // of one ticket once
    expect(phone.find("pressing").textContent).not.toContain("请确认紧急");
  });

  test("of a confidential one nothing is shown but that it is there; 知道了 takes it away until another comes", async () => {
    comes({ ...LIFT, confidential: true, place: "", category_name: "" });
    const phone = await staff("staff/ticket/index?id=T1");
    expect((await phone.see("pressing")).textContent).toContain("保密工单");
    await phone.tap("pressing-seen");
    await until(() => !phone.find("pressing"));
    await look(phone);
    expect(phone.find("pressing")).toBeNull();
    town.routes["GET /staff/watch"] = { items: [LIFT, { ...LIFT, ticket_id: "T8" }], now: "" };
    await look(phone);
    await phone.see("pressing");
    expect(felt).toHaveBeenCalledTimes(2);
  });

  test("what the colleague has ended is shown no more", async () => {
    comes();
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("pressing");
    town.routes["GET /staff/watch"] = { items: [], now: "" };
    await look(phone);
    await until(() => !phone.find("pressing"));
  });

  test("the next page asks only whether anything is another since the page before, and shows what is still pressing", async () => {
    town.routes["GET /staff/watch"] = (request) => (request.mark ? [304] : { items: [LIFT], mark: "1" });
    const phone = await staff("staff/walk/index");
    await phone.see("pressing");
    await phone.wx.navigateTo({ url: "/staff/outbox/index" });
    await until(() => phone.path() === "staff/outbox/index" && phone.find("pressing"));
    expect(town.of("GET", "/staff/watch").map((each) => each.mark)).toEqual([undefined, "1"]);
    expect(felt).toHaveBeenCalledTimes(1);
  });

  test("nobody signed in is asked about nothing", async () => {
    localStorage.clear();
    const phone = await staff("staff/walk/index");
    await phone.see("place");
    expect(town.of("GET", "/staff/watch")).toEqual([]);
  });
});

describe("a ticket", () => {
  test("offers what the server allows, and only that", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    expect((await phone.see("step")).textContent).toContain("签收");
    expect(phone.find("act-return")).toBeNull(); // folded
    await phone.tap("more-acts");
    for (const act of ["on-my-way", "arrived", "return", "add-assisting", "comment"]) await phone.see(`act-${act}`);
    expect(phone.find("act-resolve")).toBeNull();
    expect(phone.find("act-transfer")).toBeNull();
    expect(phone.find("reveal")).toBeNull();
    await phone.say("其余操作请在工作站电脑上办理");
    await phone.say("<b>灯</b>不亮");
    await phone.say("转接 021-00000001");
  });

  test("shows what was merged into it, and what that brought", async () => {
    const merged = [{ id: "T2", number: "MS261122-AAAAAA-4", text: "门口也黑着", photos: [], received_at: ROW.due_at }];
    const came = "并入1件，时限提前到11月23日 18:00，新增照片2张、来话1条";
    const line = { version: 4, kind: "absorbed", at: ROW.due_at, by: "fc1", what: "已并入本单", note: "", photos: [] };
    const history = [
      { ...line, details: { came: "并入1件" } },
      { ...line, details: { came } },
    ];
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, merged, history };
    const phone = await staff("staff/ticket/index?id=T1");
    expect((await phone.see("merged")).textContent).toContain("门口也黑着");
    expect(phone.find("came").textContent).toContain(came);
  });

  test("asks for the others of the place when they are opened, and not at every look", async () => {
    const similar = [{ id: "T9", number: "MS261122-BBBBBB-4", category_name: "楼道照明", stage_name: "处置中" }];
    town.routes["GET /staff/tickets/T1/beside"] = { similar, issue_class: null, rung: "前后10分钟另有1件报了这里" };
    const beside = () => town.asked.filter((each) => each.path === "/staff/tickets/T1/beside").length;
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("step");
    await phone.page().load(true);
    expect(beside()).toBe(0);
    await phone.tap("beside");
    expect((await phone.see("similar")).textContent).toContain("MS261122-BBBBBB-4");
    expect(phone.find("rung").textContent).toContain("另有1件");
    await phone.page().load(true);
    expect(beside()).toBe(1);
    await phone.tap("beside");
    expect(phone.find("similar")).toBeNull();
  });

  test("says where the place has no other tickets, and why they could not be asked for", async () => {
    town.routes["GET /staff/tickets/T1/beside"] = { similar: [], issue_class: null, rung: "" };
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.tap("beside");
    await phone.say("这里没有其他工单");
  });

  test.each([
    ["<b>灯</b>不亮", true], // only later words wait
    ["工作站看过就转来", false], // it stands in the place of the words
  ])("says once why there are no words and when they come: %s", async (text, isBeside) => {
    const withheld = { waits: true, title: "暂时看不到居民原话", text: "工作站看过就转来" };
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, text, withheld };
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.say("工作站看过就转来");
    expect(Boolean(phone.find("withheld"))).toBe(isBeside);
  });

  test("says nothing of merges where there were none", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("step");
    expect(phone.find("merged")).toBeNull();
  });

  test("asks what the one whose matter it is says of the proxy, once", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, proxy: { agreed: null, by: "", at: null } };
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.tap("proxy-no");
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/proxy", body: { agreed: false } });
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, proxy: { agreed: false, by: "pm-a", at: ROW.due_at } };
    const again = await staff("staff/ticket/index?id=T1");
    await again.see("step");
    expect(again.find("ask-proxy")).toBeNull();
  });

  test("shows a meeting with what was undertaken, and one's own is reported done with words", async () => {
    const one = {
      id: "H1-1",
      unit_id: "PM-1",
      unit_name: "盛华景苑物业",
      what: "换灯",
      outside: "",
      due_at: ROW.due_at,
    };
    const mine = { ...one, done_at: null, done_by: "", note: "", is_own: true };
    const other = { ...mine, id: "H1-2", unit_name: "交警", what: "立牌", is_own: false };
    const meeting = {
      id: "H1",
      at: ROW.due_at,
      place: "工作站",
      question: "怎么治",
      units: ["交警"],
      outside: ["房东"],
    };
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, meetings: [{ ...meeting, undertakings: [mine, other] }] };
    const phone = await staff("staff/ticket/index?id=T1");
    expect((await phone.see("meeting")).textContent).toContain("交警、房东");
    expect(phone.all("undertaking-done").length).toBe(1);
    await phone.tap("undertaking-done");
    await phone.say("请写一句怎么办的");
    expect(acts()).toEqual([]);
    await phone.type("undertaking-note", "灯已换好");
    await phone.tap("undertaking-done");
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/undertakings/H1-1", body: { note: "灯已换好" } });
  });

  test("is taken in one tap, with the version that was looked at", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.tap("act-take");
    await phone.say("已签收");
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/take", body: { version: 3 }, token: "staff-1" });
  });

  test("what was done just now is said once, and not when one comes back from another page", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.tap("act-take");
    await phone.say("已签收");
    phone.wx.navigateTo({ url: "/staff/reveal/index?id=T1" });
    await until(() => phone.path() === "staff/reveal/index");
    phone.wx.navigateBack();
    await until(() => phone.path() === "staff/ticket/index" && phone.find("stage"));
    expect(phone.find("notice")).toBeNull();
  });

  test("on my way is told to the resident", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.tap("more-acts");
    await phone.tap("act-on-my-way");
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/comment", body: { public: true } });
  });

  test("is returned with a reason of the list", async () => {
    const phone = await staff("staff/act/index?id=T1&act=return");
    await phone.see("reason-权属不清");
    await phone.tap("submit");
    await phone.say("请填写“理由”");
    await phone.tap("reason-权属不清");
    await phone.tap("submit");
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({ path: "/staff/tickets/T1/return", body: { reason: "权属不清", version: 3 } });
  });

  test("the unit that has it is not offered as its own helper", async () => {
    const phone = await staff("staff/act/index?id=T1&act=add-assisting");
    await until(() => phone.page().data.choices.unit_id);
    expect(phone.page().data.choices.unit_id.map((unit) => unit.code)).toEqual(["OF-CJ"]);
  });

  test.each([
    ["", false],
    ["换", false],
    ["换灯", true],
  ])("words %j are enough to resolve: %s", async (words, enough) => {
    const phone = await staff("staff/act/index?id=T1&act=resolve");
    await phone.say(ROW.number);
    if (words) await phone.type("field-note", words);
    await phone.tap("submit");
    await until(() => acts().length || phone.find("notice"));
    expect(acts().length).toBe(enough ? 1 : 0);
  });

  test("somebody was faster: what changed is told, the words stay, and the next try is made to the ticket as it is now", async () => {
    town.routes["POST /staff/tickets/T1/resolve"] = [
      409,
      { code: "stale", message: "工单刚被站长改派，请刷新后再操作", changes: [] },
    ];
    const phone = await staff("staff/act/index?id=T1&act=resolve");
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
    const orders = [
      { id: "D1", text: "旧的", answered_at: "2026-11-22T10:00:00+08:00" },
      { id: "D2", text: "请今天办结", answered_at: null },
    ];
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, offers: [orderOffer(orders)], supervision_orders: orders };
    town.routes["POST /staff/tickets/T1/answer-supervision"] = DONE;
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.say("请今天办结");
    await phone.tap("quick");
    await until(() => acts().length);
    expect(acts()[0].body).toEqual({ text: "收到，今天办结", order_id: "D2", version: 3 });
  });

  test("a leader agrees to an extension in one tap", async () => {
    town.routes["GET /staff/tickets/T1"] = {
      ...TICKET,
      offers: offers("decide-extension"),
      extension: { working_days: 3, reason: "等配件" },
    };
    town.routes["POST /desk/tickets/T1/decide-extension"] = DONE;
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.say("申请延期 3 个工作日：等配件");
    await phone.tap("quick");
    await until(() => town.of("POST", "/desk/tickets/T1/decide-extension").length);
    expect(town.of("POST", "/desk/tickets/T1/decide-extension")[0].body).toEqual({ approved: true, version: 3 });
  });

  test("an identity is shown for a reason, and kept nowhere", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, may_reveal: true, urgent: false };
    town.routes["POST /staff/tickets/T1/reveal"] = { phone: "13812345678" };
    const phone = await staff("staff/ticket/index?id=T1");
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
    const phone = await staff("staff/ticket/index?id=T1");
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
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-take");
    town.routes["POST /staff/tickets/T1/take"] = () => Promise.reject(new TypeError("Failed to fetch"));
    await phone.tap("act-take");
    await until(() => acts().length === 1 && !phone.page().data.busy);
    town.routes["POST /staff/tickets/T1/take"] = DONE;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length === 2);
    expect(new Set(acts().map((each) => each.key)).size).toBe(1);
  });

  test("several acts go in their order; only the first carries the version, the rest follow on it", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-take");
    town.down = true;
    await phone.tap("act-take");
    await until(() => storage.get("outbox")?.length === 1 && !phone.page().data.busy);
    await phone.tap("more-acts");
    await phone.tap("act-on-my-way");
    await until(() => storage.get("outbox").length === 2);
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length === 2);
    expect(acts().map((each) => [each.path.split("/").pop(), each.body.version])).toEqual([
      ["take", 3],
      ["comment", undefined],
    ]);
  });

  test("the box survives a reload and belongs to whoever filled it", async () => {
    await resolveWithoutSignal();
    storage.set("session.staff", { token: "staff-9", staff: LEADER });
    town.down = false;
    const other = await staff("staff/outbox/index");
    await other.say("都已发送");
    expect(acts().length).toBe(0);
    storage.set("session.staff", { token: "staff-1", staff: ME });
    await staff("staff/outbox/index");
    await until(() => acts().length === 1);
    expect(acts()[0].token).toBe("staff-1");
  });

  test("what the server refuses meanwhile stays with its reason, until it is sent anyway or given up", async () => {
    const phone = await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [
      409,
      { code: "stale", message: "工单刚被站长改派，请刷新后再操作" },
    ];
    window.dispatchEvent(new Event("online"));
    await phone.say("没有成功");
    const box = await staff("staff/outbox/index");
    await box.say("工单刚被站长改派");
    town.routes["POST /staff/tickets/T1/resolve"] = DONE;
    await box.tap("again");
    await box.say("都已发送");
    const [first, second] = acts();
    expect(second.body).toEqual({ note: "已换灯泡" });
    expect(second.key).not.toBe(first.key);
  });

  test("taken, arrived, resolved: the work goes on to its end, and all of it goes out in order when the signal is back", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-take");
    town.down = true;
    await phone.tap("act-take");
    await phone.say("处置中（待发送）");
    await until(() => !phone.page().data.busy);
    await phone.tap("act-arrived");
    await phone.tap("submit");
    await until(() => storage.get("outbox")?.length === 2);
    await phone.see("act-resolve");
    expect(phone.find("clock-response").textContent).toContain("待发送"); // the hand has kept it: nobody is hurried
    expect(phone.find("clock-response").textContent).not.toMatch(/还剩|超时/);
    await phone.tap("act-resolve");
    await phone.type("field-note", "已换灯泡");
    await phone.tap("submit");
    await until(() => storage.get("outbox")?.length === 3);
    await phone.say("已办结（待发送）");
    expect(phone.find("step")).toBeNull();
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length === 3);
    expect(acts().map((each) => each.path.split("/").pop())).toEqual(["take", "arrived", "resolve"]);
  });

  test("what an act needs is asked for at once, in the words that the server would refuse with", async () => {
    town.routes["GET /staff/tickets/T1"] = { ...TAKEN, offers: [offer("resolve", { needs: [PHOTO, FEEDBACK] })] };
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-resolve");
    town.down = true;
    await phone.tap("act-resolve");
    await phone.say(PHOTO.words);
    await phone.type("field-note", "已换灯泡");
    await phone.tap("submit");
    await phone.say(PHOTO.words);
    phone.page().setData({ photos: [{ path: "x", size: 1 }] });
    await phone.tap("submit");
    await phone.say(FEEDBACK.words);
    expect(storage.get("outbox") ?? []).toEqual([]);
  });

  test("what was refused later is red, first on the page, felt, and goes back into its form with what was typed", async () => {
    const felt = (navigator.vibrate = vi.fn());
    await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [
      422,
      { code: "invalid", message: PHOTO.words, fields: ["photos"] },
    ];
    const work = await staff("staff/work/index");
    window.dispatchEvent(new Event("online"));
    await work.say("“办结”没有成功");
    expect(felt).toHaveBeenCalled();
    expect(
      work.find("queue-row").compareDocumentPosition(work.find("refused")) & Node.DOCUMENT_POSITION_PRECEDING,
    ).toBeTruthy();
    expect(work.find("queue-row").textContent).toContain("没有成功：办结");
    await work.tap("to-refused");
    await work.say(PHOTO.words);
    await work.tap("mend");
    const note = await work.see("field-note");
    await until(() => (note.querySelector("textarea") ?? note).value === "已换灯泡");
    expect(storage.get("outbox")).toEqual([]);
  });

  test("of a ticket that went into other hands: one card that says which, what is lost and whom to tell; its words are gone", async () => {
    await staff("staff/work/index");
    await until(() => storage.get("seen.ticket.T1"));
    let phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-take");
    town.down = true;
    await phone.tap("act-take");
    await until(() => storage.get("outbox")?.length === 1 && !phone.page().data.busy);
    await phone.tap("more-acts");
    await phone.tap("act-on-my-way");
    await until(() => storage.get("outbox").length === 2);
    town.down = false;
    const gone = [404, { code: "not_found", message: "没有这张工单，请核对编号" }];
    for (const path of ["GET /staff/tickets/T1", "POST /staff/tickets/T1/take", "POST /staff/tickets/T1/comment"])
      town.routes[path] = gone;
    window.dispatchEvent(new Event("online"));
    await phone.say("这张工单已不在您手里");
    expect(phone.text()).not.toContain(TICKET.text);
    expect(storage.get("seen.ticket.T1")).toBeNull();
    expect(phone.find("mend")).toBeNull();
    phone = await staff("staff/work/index");
    const card = (await phone.see("refused")).textContent;
    expect(card).toContain(`${TICKET.where.name}：“签收、我已出发”没有成功`);
    expect(card.match(/已经做了的，请告诉关港蓝湾工作站 021-00000001/g)).toHaveLength(1);
  });

  test("what was refused stays on the page while it looks again, and over a sentence that goes", async () => {
    await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [422, { code: "invalid", message: PHOTO.words }];
    const box = await staff("staff/outbox/index");
    await box.tap("send");
    await box.say(PHOTO.words);
    const work = await staff("staff/work/index");
    await work.see("queue-row");
    expect(work.find("refused").textContent).toContain("“办结”没有成功");
    const ticket = await staff("staff/ticket/index?id=T1");
    await ticket.see("mend");
    ticket.page().say("一句话");
    ticket.page().quiet();
    await ticket.see("mend");
  });

  test("what stood on the page without a signal goes when it was sent", async () => {
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("act-take");
    town.down = true;
    await phone.tap("act-take");
    await phone.say("没有信号。已保存在手机上");
    await phone.see("old");
    town.down = false;
    town.routes["GET /staff/tickets/T1"] = TAKEN;
    window.dispatchEvent(new Event("online"));
    await until(() => !phone.text().includes("没有信号") && !phone.find("old"));
  });

  test("the first ten of the queue are on the phone before the signal goes, and are asked for once", async () => {
    const rows = Array.from({ length: 12 }, (_, n) => ({
      ...ROW,
      ticket_id: `T${n}`,
      urgent: false,
      due_at: new Date(Date.now() + n * 60_000).toISOString(),
    }));
    town.routes["GET /staff/queues/mine"] = { items: rows, next: null };
    for (const row of rows) town.routes[`GET /staff/tickets/${row.ticket_id}`] = { ...TICKET, id: row.ticket_id };
    const kept = () => town.asked.filter((each) => each.method === "GET" && each.path.startsWith("/staff/tickets/"));
    const work = await staff("staff/work/index");
    await until(() => kept().length === 10);
    expect(kept().map((each) => [each.path, each.query.keep])).toEqual(
      rows.slice(0, 10).map((row) => [`/staff/tickets/${row.ticket_id}`, "true"]),
    );
    await work.page().load();
    await soon(30);
    expect(kept().length).toBe(10);
    town.down = true;
    const phone = await staff("staff/ticket/index?id=T9");
    await phone.see("act-take");
    const other = await staff("staff/ticket/index?id=T11");
    await other.say("还没有存到手机上");
    expect(other.text()).not.toContain("您填写的内容");
  });

  test("a session that ended meanwhile loses nothing", async () => {
    await resolveWithoutSignal();
    town.down = false;
    town.routes["POST /staff/tickets/T1/resolve"] = [401, { code: "not_signed_in", message: "登录已失效" }];
    const box = await staff("staff/outbox/index");
    await box.say("请重新登录");
    expect(storage.get("outbox").length).toBe(1);
    expect(storage.get("outbox")[0].state).toBe("waiting");
  });

  test("a finding is reported from the code alone", async () => {
    town.routes["POST /staff/tickets"] = [201, DONE];
    const phone = await staff("staff/find/index");
    town.down = true;
    phone.page().put({ point: "7K3QX9A" });
    await phone.type("text", "楼道里有锡箔灰");
    await phone.tap("submit");
    await until(() => storage.get("outbox")?.length === 1);
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => acts().length);
    expect(acts()[0]).toMatchObject({
      path: "/staff/tickets",
      body: { source: "patrol", text: "楼道里有锡箔灰", point: "7K3QX9A" },
    });
  });

  test("what a leader has put to somebody is read and answered among the messages", async () => {
    const asked = {
      id: "c1",
      text: "请说明近期收费是否都开了票据",
      by_name: "片区书记",
      due_at: ROW.due_at,
      practice: false,
    };
    town.routes["GET /staff/statements"] = { items: [asked] };
    town.routes["POST /staff/statements/c1"] = { id: "c1" };
    const phone = await staff("inbox/index?who=staff");
    await phone.say("请说明近期收费是否都开了票据");
    await phone.tap("state");
    await phone.say("请先写几个字");
    await phone.type("words", "都开了票据");
    town.routes["GET /staff/statements"] = { items: [] };
    await phone.tap("state");
    await phone.say("已交给提出的领导");
    expect(town.of("POST", "/staff/statements/c1").map((each) => each.body)).toEqual([{ text: "都开了票据" }]);
    expect(document.body.textContent).not.toContain("请说明近期收费");
  });

  test.each([
    ["the desk and leaders are asked to check what was odd in a partner's order", LEADER, 1],
    ["nobody else is", ME, 0],
  ])("%s", async (_, person, asked) => {
    const odd = { id: "a.1", number: "SH-1", partner_title: "12345热线", to_check: "时限“下周”看不懂" };
    const external_ids = [{ partner: "hotline", number: "SH-1", due_at: null, sent_at: null, digest: "", status: "" }];
    storage.set("session.staff", { token: "staff-1", staff: person });
    town.routes["GET /staff/tickets/T1"] = { ...TICKET, external_ids };
    town.routes["GET /desk/tickets/T1/exchanges"] = { items: [odd, { ...odd, id: "a.2", to_check: "" }], next: null };
    town.routes["POST /desk/exchanges/a.1/checked"] = odd;
    const phone = await staff("staff/ticket/index?id=T1");
    await phone.see("stage");
    expect(town.of("GET", "/desk/tickets/T1/exchanges")).toHaveLength(asked);
    if (!asked) return;
    await phone.say("时限“下周”看不懂");
    expect(document.querySelectorAll("[data-test=checked]")).toHaveLength(1);
    town.routes["GET /desk/tickets/T1/exchanges"] = { items: [], next: null };
    await phone.tap("checked");
    await phone.say("已核对");
    await until(() => !document.querySelector("[data-test=to-check]"));
    expect(town.of("POST", "/desk/exchanges/a.1/checked")).toHaveLength(1);
  });
});
