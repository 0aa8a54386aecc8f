import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import VisitsPage from "../../desk/src/pages/visits/VisitsPage.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import { dayAway, howOften, type VisitPlan } from "../../desk/src/words/visits/visits";
import { aServer, type Heard } from "./cases";
import { plugins } from "./plugins";

const PLAN: VisitPlan = { code: "SIBAI", name: "四百大走访", source: "visit", each: "building", times: 1, weeks: 4 };
const MONDAYS = ["2026-11-16", "2026-11-23", "2026-11-30", "2026-12-07"];
const weeks = (...times: number[]) => MONDAYS.map((monday, n) => ({ monday, times: times[n] ?? 0 }));
const COVERED = {
  plan: "SIBAI",
  name: "四百大走访",
  times: 1,
  mondays: MONDAYS,
  places: 2,
  done: 1,
  next: null,
  items: [
    { place: "B5", name: "盛华景苑 5号楼", times: 0, left: 1, weeks: weeks() },
    { place: "B4", name: "盛华景苑 4号楼", times: 1, left: 0, weeks: weeks(0, 1) },
  ],
};
const WAITS = {
  id: "volunteer.1",
  name: "志愿者 3F9K",
  state: "applied",
  state_name: "等待审核",
  place_name: "盛华景苑",
  since: "2026-11-23T10:00:00+08:00",
  history: [],
};
const SILENT = {
  from: "2026-08-25",
  to: "2026-11-23",
  looked_at: 12,
  by_chance: 0.1,
  items: [
    {
      area: "GG",
      area_name: "关港片区",
      place: "SH",
      place_name: "盛华景苑",
      inside_wall: true,
      found: 14,
      reported: 0,
      expected: 9.8,
      chance: 0.001,
    },
  ],
};
const FRUIT = {
  code: "S1",
  name: "老陈水果店",
  kind: "生鲜",
  place: "W",
  place_name: "西口公示栏",
  trade: "open",
  trade_name: "营业",
  seen_at: null,
  in_order: null,
  ticket: null,
};
const NOODLES = {
  ...FRUIT,
  code: "S2",
  name: "兰州牛肉面",
  trade: "paused",
  trade_name: "停业",
  seen_at: "2026-11-23T10:00:00+08:00",
  in_order: false,
  ticket: { id: "T1", number: "MS261123-1", stage: "received", stage_name: "已受理" },
};
const STREET = {
  items: [FRUIT, NOODLES],
  next: null,
  count: 2,
  trades: { open: 1, paused: 1, vacant: 0 },
  streets: [{ code: "WYL", name: "望月路" }],
};
const OPENED = {
  ...NOODLES,
  next: null,
  findings: [
    {
      at: "2026-11-23T10:00:00+08:00",
      by_name: "网格员甲",
      in_order: false,
      hazard_name: "商铺里堆的纸板",
      settled: false,
      changed: "营业改为停业",
      ticket: NOODLES.ticket,
    },
  ],
};
let page: VueWrapper;
let heard: Heard[];

function answering(given: (one: Heard) => { status?: number; body?: unknown } | undefined = () => undefined) {
  heard = aServer((one) => {
    const said = given(one);
    if (said) return said;
    if (one.method === "POST") return { body: { ...WAITS, state: "approved" } };
    if (one.path.endsWith("/desk/visits")) return { body: { items: [PLAN], next: null } };
    if (one.path.endsWith("/desk/figures/silent")) return { body: SILENT };
    if (one.path.includes("/desk/visits/")) return { body: COVERED };
    if (one.path.includes("/desk/shops/")) return { body: OPENED };
    if (one.path.includes("/desk/shops")) return { body: STREET };
    return { body: { items: [WAITS], next: null } };
  });
}

beforeEach(() => {
  localStorage.clear();
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = {
    code: "fc1",
    name: "首问接待甲",
    unit: "ST",
    unit_name: "工作站",
    roles: ["first_contact"],
    lock: null,
  };
  answering();
});
afterEach(() => page?.unmount());

async function open(): Promise<void> {
  page = mount(VisitsPage, { global: { plugins } });
  await flushPromises();
}

const sent = () => heard.filter((one) => one.method === "POST");

test("where walks find things and nobody reports is a list for the next walk, with what chance has to do with it", async () => {
  await open();
  const line = page.get("[data-test=silent-place]").text();
  for (const said of ["盛华景苑", "内", "14", "0", "约 9.8"]) expect(line).toContain(said);
  expect(page.get("[data-test=silent]").text()).toContain("碰巧也会有 0.1 处");
});

describe("coverage", () => {
  test("who still has to be visited stands first, week by week, under the plan's words", async () => {
    await open();
    expect(page.text()).toContain("每4周每个楼栋1次");
    expect(page.get("[data-test=done]").text()).toBe("2 个楼栋，走到 1 个，还差 1 个");
    const rows = page.findAll("[data-test=coverage-row]").map((row) => row.text());
    expect(rows[0]).toContain("5号楼");
    expect(rows[0]).toContain("1 次");
    expect(rows[1]).toContain("已走到");
  });

  test("the period before is that of a day four weeks earlier", async () => {
    await open();
    await page.get("[data-test=before]").trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toContain("/desk/visits/SIBAI?day=2026-10-19");
  });

  test("a longer list goes on by its cursor", async () => {
    answering((one) =>
      one.path.includes("/desk/visits/")
        ? { body: { ...COVERED, next: one.path.includes("after=") ? null : "B4" } }
        : undefined,
    );
    await open();
    await page.get("[data-test=more]").trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toContain("after=B4");
    expect(page.findAll("[data-test=coverage-row]")).toHaveLength(4);
  });

  test("without a plan it says where plans come from", async () => {
    answering((one) => (one.path.endsWith("/desk/visits") ? { body: { items: [], next: null } } : undefined));
    await open();
    expect(page.text()).toContain("“走访计划”表");
  });
});

describe("shops", () => {
  test("a street is a list of its shops: how many trade, who was not seen, what was found", async () => {
    await open();
    const rows = page.findAll("[data-test=shop-row]").map((row) => row.text());
    expect(rows[0]).toContain("还没走到");
    expect(rows[1]).toContain("MS261123-1（已受理）");
    expect(page.get("[data-test=trade-paused]").text()).toBe("停业 1");
  });

  test("one state is looked at by one click, and the same click takes it back", async () => {
    await open();
    await page.get("[data-test=trade-paused]").trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toContain("/desk/shops?trade=paused");
    await page.get("[data-test=trade-paused]").trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toMatch(/\/desk\/shops$/);
  });

  test("a shop opens with its findings and what each changed", async () => {
    await open();
    await page.findAll("[data-test=shop-row] button")[1]!.trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toContain("/desk/shops/S2");
    expect(page.get("[data-test=shop-finding]").text()).toContain("网格员甲：商铺里堆的纸板，营业改为停业");
  });
});

describe("volunteers", () => {
  test("one who waits is approved by one click, and the list is read again", async () => {
    await open();
    await page.get("[data-test=approve]").trigger("click");
    await flushPromises();
    expect(sent().map((one) => [one.path, one.body])).toEqual([["/desk/volunteers/volunteer.1/approve", {}]]);
    expect(heard.at(-1)?.path).toContain("/desk/volunteers?state=applied");
  });

  test("nobody is refused, and no phone is read, without a reason", async () => {
    await open();
    expect(page.get("[data-test=refuse]").attributes("disabled")).toBeDefined();
    expect(page.get("[data-test=reveal]").attributes("disabled")).toBeDefined();
    await page.get("[data-test=reason] input, input[data-test=reason]").setValue("审核前电话核实");
    await page.get("[data-test=refuse]").trigger("click");
    await flushPromises();
    expect(sent()[0]).toMatchObject({
      path: "/desk/volunteers/volunteer.1/refuse",
      body: { reason: "审核前电话核实" },
    });
  });

  test("name and phone are in the page only, and gone with the next look", async () => {
    answering((one) => (one.path.endsWith("/reveal") ? { body: { name: "王阿姨", phone: "13900001111" } } : undefined));
    await open();
    await page.get("[data-test=reason] input, input[data-test=reason]").setValue("审核前电话核实");
    await page.get("[data-test=reveal]").trigger("click");
    await flushPromises();
    expect(page.get("[data-test=revealed]").text()).toBe("王阿姨 13900001111");
    expect(JSON.stringify(localStorage)).not.toContain("13900001111");
    await page.get("[data-test=approve]").trigger("click");
    await flushPromises();
    expect(page.find("[data-test=revealed]").exists()).toBe(false);
  });

  test("a colleague who was faster is told in the server's words", async () => {
    answering((one) =>
      one.method === "POST"
        ? { status: 409, body: { code: "wrong_stage", message: "这位志愿者现在是“已通过”，不能通过；请刷新列表" } }
        : undefined,
    );
    await open();
    await page.get("[data-test=approve]").trigger("click");
    await flushPromises();
    expect(page.text()).toContain("现在是“已通过”");
  });

  test("a leader looks on and decides nothing", async () => {
    session.me = {
      code: "al",
      name: "片区党委负责人",
      unit: "ST",
      unit_name: "工作站",
      roles: ["area_leader"],
      lock: null,
    };
    await open();
    expect(page.get("[data-test=volunteer]").text()).toContain("志愿者 3F9K");
    expect(page.find("[data-test=approve]").exists()).toBe(false);
    expect(page.find("[data-test=reveal]").exists()).toBe(false);
  });
});

test.each([
  [{ ...PLAN, weeks: 1, times: 2, each: "point" }, "每周每个点位2次"],
  [PLAN, "每4周每个楼栋1次"],
])("how often a plan goes is one clause", (plan, words) => expect(howOften(plan)).toBe(words));

test.each([
  ["2026-11-16", -4, "2026-10-19"],
  ["2026-12-28", 1, "2027-01-04"],
])("%s and %i weeks", (day, away, then) => expect(dayAway(day, away)).toBe(then));
