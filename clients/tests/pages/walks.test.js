// 走访巡查 and 平安志愿者, with and without a signal.

import { beforeEach, describe, expect, test } from "vitest";
import { backend, open, storage, until } from "./here.js";

const ME = { code: "gw-1", name: "网格员甲", unit: "ST-1", unit_name: "关港蓝湾工作站", roles: ["grid_worker"] };
const PAGE = {
  name: "网格员甲",
  open: null,
  items: [],
  next: null,
  plans: [{ code: "P1", name: "四百大走访", source: "visit", each: "building", times: 1, weeks: 4 }],
  hazards: [
    {
      code: "ash",
      name: "楼道里烧过的锡箔灰",
      where: "楼道",
      category: "C02",
      category_name: "锡箔灰",
      urgent: false,
      photograph: "灰堆和墙面",
    },
  ],
};
const PHOTO = { path: "wxfile://a.jpg", size: 1, type: "image/jpeg", id: "PH1" };
const AFTER = { path: "wxfile://b.jpg", size: 1, type: "image/jpeg", id: "PH2" };
const VOLUNTEER = {
  name: "志愿者 3F9K",
  state: "applied",
  state_name: "等待审核",
  place: "N",
  place_name: "盛华景苑",
  station_name: "关港蓝湾工作站",
  note: "",
};
const PLACES = [
  { code: "N", name: "盛华景苑" },
  { code: "L", name: "蓝湾苑" },
];

let town;
beforeEach(() => {
  localStorage.clear();
  storage.set("session.staff", { token: "staff-1", staff: ME });
  const walk = (request) => [201, { id: request.body.id, plan: "P1", plan_name: "四百大走访", open: true }];
  town = backend({
    "GET /api/walks": PAGE,
    "POST /api/walks": walk,
    "GET /api/shops": { items: [] },
    "GET /api/points/7K3QX9A": { code: "7K3QX9A", place: { full_name: "盛华景苑 4号楼" }, practice: false },
    "POST /api/sessions": [201, { token: "resident-1" }],
    "GET /api/volunteer": { volunteer: null, places: PLACES },
    "POST /api/volunteer": [201, VOLUNTEER],
    "POST /api/volunteer/leave": { ...VOLUNTEER, state: "left", state_name: "已退出" },
  });
  const found = (request) => [
    201,
    { in_order: Boolean(request.body.in_order), ticket: request.body.in_order ? null : { id: "T1", number: "MS-1" } },
  ];
  town.finds = found;
});

const staff = (page) => open(page, { keep: true });
const posts = () => town.asked.filter((each) => each.method === "POST" && each.path.startsWith("/api/walks"));
const walkId = () => posts().find((each) => each.path === "/api/walks")?.body.id;

/** At the first point, so that a walk is under way. */
async function atAPoint() {
  const phone = await staff("staff/walk/index");
  await phone.say("四百大走访");
  await phone.page().stand("7K3QX9A");
  await phone.say("盛华景苑 4号楼");
  if (walkId()) town.routes[`POST /api/walks/${walkId()}/findings`] = town.finds;
  return phone;
}

const SHOPS = [
  { code: "S1", name: "老陈水果店", trade: "open", trade_name: "营业" },
  { code: "S2", name: "兰州牛肉面", trade: "paused", trade_name: "停业" },
];
const finding = () =>
  posts()
    .filter((each) => each.path.endsWith("/findings"))
    .map((each) => each.body);
const change = (phone, name, value) => phone.page()[name]({ detail: { value } });

describe("the shops of a point", () => {
  beforeEach(() => (town.routes["GET /api/shops"] = { items: SHOPS }));

  test("are seen one after the other from where one stands, and what changed is said there", async () => {
    const phone = await atAPoint();
    await phone.say("不是哪一家商户");
    change(phone, "onShop", "1");
    await phone.page().onInOrder();
    change(phone, "onShop", "2");
    change(phone, "onTrade", "0");
    phone.page().put({ sign: "西北面馆" });
    await phone.page().onInOrder();
    const said = { point: "7K3QX9A", in_order: true };
    expect(finding()).toEqual([
      { ...said, shop: "S1", trade: "open" },
      { ...said, shop: "S2", trade: "open", shop_name: "西北面馆" },
    ]);
    expect(phone.page().data.shops.map((each) => each.label)).toEqual(["不是哪一家商户", "✓ 老陈水果店", "✓ 西北面馆"]);
    expect(phone.page().data.form).toMatchObject({ point: "7K3QX9A", shop: 0 });
  });

  test("a point is noted as before where no shop is meant", async () => {
    const phone = await atAPoint();
    await phone.say("不是哪一家商户");
    await phone.page().onInOrder();
    expect(finding()).toEqual([{ point: "7K3QX9A", in_order: true }]);
    expect(phone.page().data).toMatchObject({ form: { point: "" }, shops: [{ code: "" }] });
  });

  test("are those this phone has seen before where there is no signal", async () => {
    const phone = await atAPoint();
    await phone.say("不是哪一家商户");
    town.down = true;
    await phone.page().shopsAt("7K3QX9A");
    expect(phone.page().data.shops).toHaveLength(3);
  });
});

describe("a walk", () => {
  test("begins with the first point, under the plan that was chosen, once", async () => {
    await atAPoint();
    expect(posts().map((each) => [each.path, each.body.point, each.body.plan])).toEqual([
      ["/api/walks", "7K3QX9A", "P1"],
    ]);
    expect(walkId()).toMatch(/^[0-9a-z-]{16,64}$/);
  });

  test("a point that is in order is one tap", async () => {
    const phone = await atAPoint();
    await phone.tap("in-order");
    await phone.say("请扫下一个点位");
    expect(posts()[1].body).toEqual({ point: "7K3QX9A", in_order: true });
    await phone.say("正常");
  });

  test("a finding says what is missing, in the checklist's words", async () => {
    const phone = await atAPoint();
    await phone.tap("finding");
    await phone.say("请拍：灰堆和墙面");
    await phone.tap("submit");
    await phone.say("请拍一张现场照片：灰堆和墙面");
    phone.page().put({ settled: true });
    phone.page().setData({ photos: [PHOTO] });
    await phone.tap("submit");
    await phone.say("请再拍一张处置后的照片");
    phone.page().setData({ after: [AFTER] });
    await phone.tap("submit");
    await phone.say("请写几个字说明怎么处置的");
    expect(posts().length).toBe(1);
  });

  test("what was put right goes with both photos, before and after", async () => {
    const phone = await atAPoint();
    await phone.tap("finding");
    phone.page().put({ settled: true, how: "已清扫" });
    phone.page().setData({ photos: [PHOTO], after: [AFTER] });
    await phone.tap("submit");
    await phone.say("MS-1");
    expect(posts()[1].body).toEqual({
      point: "7K3QX9A",
      hazard: "ash",
      text: "",
      how: "已清扫",
      photos: ["PH1"],
      after: ["PH2"],
    });
    expect(posts()[1].key).toBeTruthy();
    expect(phone.page().data.photos).toEqual([]);
  });

  test("without a signal all of it waits on the phone and goes in order", async () => {
    await (await staff("staff/walk/index")).say("四百大走访");
    town.down = true;
    const phone = await staff("staff/walk/index");
    await phone.say("没有信号，可以照常走");
    await phone.page().stand("7K3QX9A");
    await phone.tap("in-order");
    await phone.say("待发送");
    const [begun, found] = storage.get("outbox");
    town.routes[`POST ${found.path}`] = town.finds;
    town.down = false;
    window.dispatchEvent(new Event("online"));
    await until(() => posts().length === 2);
    expect(posts().map((each) => [each.path, each.key])).toEqual([
      ["/api/walks", begun.id],
      [found.path, found.id],
    ]);
    expect(found.path).toBe(`/api/walks/${begun.body.id}/findings`);
  });

  test("a walk that goes on elsewhere is taken up, and nothing is sent twice", async () => {
    town.routes["POST /api/walks"] = [409, { code: "still_open", message: "您还有一趟没有结束", walk_id: "W-OLD" }];
    const phone = await staff("staff/walk/index");
    await phone.say("四百大走访");
    town.routes["GET /api/walks"] = {
      ...PAGE,
      open: { id: "w-old-0000000000000", plan: "P1", plan_name: "四百大走访", open: true },
    };
    await phone.page().stand("7K3QX9A");
    await phone.say("已接着走");
    expect(phone.page().data.walk.id).toBe("w-old-0000000000000");
    expect(storage.get("outbox") || []).toEqual([]);
  });

  test("a refused finding stays in the form with its reason", async () => {
    const phone = await atAPoint();
    town.routes[`POST /api/walks/${walkId()}/findings`] = [
      409,
      { code: "already_done", message: "这个点位这一趟已经记过正常，不用再记" },
    ];
    await phone.tap("in-order");
    await phone.say("已经记过正常");
    expect(phone.page().data.form.point).toBe("7K3QX9A");
  });

  test("a walk that is over by itself makes room for the next, with what was typed", async () => {
    const phone = await atAPoint();
    town.routes[`POST /api/walks/${walkId()}/findings`] = [
      409,
      { code: "too_late", message: "这一趟已经结束，请扫码开始新的一趟" },
    ];
    await phone.tap("finding");
    phone.page().put({ text: "三楼" });
    phone.page().setData({ photos: [PHOTO] });
    await phone.tap("submit");
    await phone.say("扫第一个点位就开始");
    expect(phone.page().data).toMatchObject({ walk: null, photos: [PHOTO], form: { text: "三楼", point: "" } });
  });

  test("it ends, and the next begins afresh", async () => {
    const phone = await atAPoint();
    town.routes[`POST /api/walks/${walkId()}/end`] = { id: walkId(), open: false };
    await phone.page().end();
    await phone.say("这一趟已结束");
    await phone.say("扫第一个点位就开始");
    expect((await staff("staff/walk/index")).page().data.walk).toBe(null);
  });
});

describe("a volunteer", () => {
  test("signs up only with consent, and the answer says what comes next", async () => {
    const phone = await staff("volunteer/index");
    await phone.type("name", "王阿姨");
    await phone.type("phone", "13900001111");
    await phone.tap("submit");
    await phone.say("请先阅读并同意");
    expect(town.of("POST", "/api/volunteer").length).toBe(0);
    phone.page().setData({ consent: true });
    await phone.tap("submit");
    await phone.say("等待审核");
    const [sent] = town.of("POST", "/api/volunteer");
    expect(sent.body).toEqual({ place: "N", name: "王阿姨", phone: "13900001111", consent: true });
    expect(sent.token).toBe("resident-1");
    expect(phone.find("submit")).toBe(null);
  });

  test("what was typed is a draft until it has arrived", async () => {
    await (await staff("volunteer/index")).type("name", "王阿姨");
    expect((await staff("volunteer/index")).page().data.form.name).toBe("王阿姨");
  });

  test("who was refused reads why and may ask again", async () => {
    town.routes["GET /api/volunteer"] = {
      volunteer: { ...VOLUNTEER, state: "refused", state_name: "未通过", note: "请先到工作站登记" },
      places: PLACES,
    };
    const phone = await staff("volunteer/index");
    await phone.say("工作站说明：请先到工作站登记");
    expect(await phone.see("submit")).toBeTruthy();
  });

  test("who was approved goes out as a resident, not as staff", async () => {
    town.routes["GET /api/volunteer"] = {
      volunteer: { ...VOLUNTEER, state: "approved", state_name: "已通过" },
      places: PLACES,
    };
    const phone = await staff("volunteer/index");
    await phone.tap("walk");
    await until(() => town.of("GET", "/api/walks").length);
    expect(town.of("GET", "/api/walks")[0].token).toBe("resident-1");
    await phone.page().stand("7K3QX9A");
    expect(posts()[0].token).toBe("resident-1");
  });

  test("leaving says that name and phone are gone", async () => {
    town.routes["GET /api/volunteer"] = {
      volunteer: { ...VOLUNTEER, state: "approved", state_name: "已通过" },
      places: PLACES,
    };
    const phone = await staff("volunteer/index");
    await phone.see("leave");
    await phone.page().act("/api/volunteer/leave", {});
    await phone.say("姓名和电话已删除");
  });
});
