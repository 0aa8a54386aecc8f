import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useElement } from "../../desk/src/element";
import DashboardPage from "../../desk/src/pages/figures/DashboardPage.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import { besideOf, presets, type Dashboard, type DashboardRow } from "../../desk/src/words/figures/dashboard";
import type { Indicator } from "../../desk/src/words/figures/figures";
import { aServer, type Heard } from "./cases";

const chart = vi.hoisted(() => ({ template: "<div />" }));
vi.mock("../../desk/src/parts/figures/TimeChart.vue", () => ({ default: chart }));
vi.mock("../../desk/src/parts/figures/BarChart.vue", () => ({ default: chart }));
const saved = vi.hoisted(() => vi.fn());
vi.mock("../../desk/src/words/town/files", () => ({ saveTable: saved }));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const plugins = [{ install: useElement }];
let page: VueWrapper;
let heard: Heard[];

function part(numerator: number, denominator: number, more: Partial<Indicator> = {}): Indicator {
  return { numerator, denominator, open: 0, void: 0, enough: denominator >= 30, ...more };
}

function aRow(name: string, feedback: Indicator): DashboardRow {
  return {
    key: name,
    name,
    received: feedback.denominator,
    closed: 0,
    indicators: { feedback },
    promises: [],
    days: { of: 0, median: null, p90: null, open: 0 },
    stopped: { paused: 0, paused_days: 0, paused_now: 0, extended: 0, reworks: 0, disproved: 0, of: 0 },
    paused_by: [],
    beside: {
      declined: 0,
      forwarded: 0,
      withdrawn: 0,
      merged: 0,
      parted: 0,
      suspended: 0,
      arrived: 0,
      quick_arrivals: 0,
      quick_resolves: 0,
      one_hand: 0,
      typed: 0,
    },
    escalated: [],
    ended: [],
  };
}

function aView(given: Partial<Dashboard> = {}): Dashboard {
  const rows = [aRow("甲", part(15, 30)), aRow("乙", part(29, 29)), aRow("丙", part(31, 31))];
  const funnel = [
    { step: "received", step_name: "已受理", tickets: 88, lost: [] },
    { step: "fed_back", step_name: "已反馈", tickets: 85, lost: [{ why: "open", why_name: "还在办", tickets: 3 }] },
  ];
  const total = { ...aRow("", part(75, 90, { open: 3, void: 2, by_person: 70, by_machine: 5 })), received: 90 };
  return {
    from: "2026-10-25",
    to: "2026-11-23",
    by: "area",
    areas: [],
    minimum: 30,
    funnel,
    total,
    rows,
    days: [],
    ...given,
  };
}

async function open(view = aView()): Promise<void> {
  heard = aServer((one) => ({ body: one.path.includes("export") ? "编号,名称" : view }));
  page = mount(DashboardPage, { global: { plugins }, attachTo: document.body });
  await flushPromises();
}

const at = (name: string) => page.get(`[data-test=${name}]`);
const names = () => page.findAll("[data-test=split-row] td:first-child").map((cell) => cell.text());

beforeEach(() => {
  document.body.innerHTML = "";
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = { code: "l", name: "片区领导", unit: "ST", unit_name: "片区", roles: ["area_leader"], lock: null };
});
afterEach(() => page?.unmount());

test("a month is one request", async () => {
  await open();
  expect(heard.map((one) => one.path.replace(/from=.*&by/, "…&by"))).toEqual(["/desk/figures?…&by=area"]);
});

test("no figure stands without its denominator and what is in neither", async () => {
  await open();
  const line = at("indicators").find("tbody tr").text();
  for (const words of ["83%", "75 / 90", "已有结果的反馈承诺", "还在计时 3", "不计（撤回、改派等，不再承诺） 2"])
    expect(line).toContain(words);
});

test("each step of the funnel names what it lost, and what was counted before the funnel is said", async () => {
  await open();
  const steps = page.findAll("[data-test=funnel-step]").map((step) => step.text());
  expect(steps[1]).toContain("85 / 88");
  expect(steps[1]).toContain("还在办 3");
  expect(at("uncounted").text()).toContain("另有 2 件");
});

test("rows stand by name whatever their figures, and no figure can be asked to order them", async () => {
  await open();
  expect(names()).toEqual(["甲", "乙", "丙"]);
  expect(at("split").findAll("button")).toHaveLength(0);
  expect(at("split").text()).toContain("件数少");
});

test("a unit head asks for units alone, and sees the own row without a total", async () => {
  session.me = { ...session.me!, roles: ["unit_head"], lock: null };
  await open(aView({ total: null, funnel: [], rows: [aRow("本单位", part(3, 4))] }));
  expect(heard[0]!.path).toContain("by=unit");
  expect(page.find("[data-test=funnel]").exists()).toBe(false);
  expect(at("indicators").text()).toContain("3 / 4");
  expect(names()).toEqual(["本单位"]);
});

test("the same figures can be saved as CSV", async () => {
  await open();
  await at("export").trigger("click");
  await flushPromises();
  expect(heard.at(-1)!.path).toContain("/desk/figures/export?from=");
  expect(saved).toHaveBeenCalledWith(expect.stringMatching(/\.csv$/), "编号,名称");
});

test("days without a ticket say so", async () => {
  await open(aView({ rows: [] }));
  expect(at("empty").text()).toContain("请换个日期");
});

test("too many days are refused by the server's sentence, and what was shown stays", async () => {
  await open();
  aServer(() => ({ status: 422, body: { code: "invalid", message: "一次最多查看92天，请缩短日期范围" } }));
  await page
    .findAll("button")
    .find((button) => button.text() === "上月")!
    .trigger("click");
  await flushPromises();
  expect(at("failure").text()).toContain("最多查看92天");
  expect(names()).toHaveLength(3);
});

test.each([
  ["2026-11-23", ["2026-10-01", "2026-10-31"]],
  ["2027-01-05", ["2026-12-01", "2026-12-31"]],
  ["2028-03-31", ["2028-02-01", "2028-02-29"]],
])("seen from %s last month was %s", (today, days) => expect(presets(today)[3]!.days).toEqual(days));

test("thirty days are thirty", () => expect(presets("2026-11-23")[1]!.days).toEqual(["2026-10-25", "2026-11-23"]));

test("how many were asked and answered is shown even where nobody was", () => {
  expect(besideOf(part(0, 0, { asked: 0, answered: 0 }))).toBe("问了 0，答了 0");
});

test("each promise stands under its own name, and how long people waited is said with nothing taken off", async () => {
  const view = aView();
  const promise = (name: string, numerator: number, denominator: number) => ({
    ...part(numerator, denominator),
    clock: "feedback",
    amount: "5 minutes",
    open: 0,
    void: 0,
    name,
    disproved: 0,
  });
  view.total = {
    ...view.total!,
    promises: [promise("5分钟内反馈居民", 9, 10), promise("15天内反馈居民", 1, 1)],
    days: { of: 12, median: 3, p90: 21, open: 7 },
    stopped: { paused: 2, paused_days: 40, paused_now: 1, extended: 1, reworks: 1, disproved: 1, of: 90 },
  };
  await open(view);
  const text = at("indicators").text();
  expect(text).toContain("5分钟内反馈居民90%9 / 10");
  expect(text).toContain("15天内反馈居民100%1 / 1");
  expect(text).toContain("一半在 3 天内，九成在 21 天内，共 12 件；受理的还有 7 件没办完");
  expect(text).toContain("停过计时 2 件（现在还停着 1 件）、共 40 天");
});

test("each row of a split says in how many days people had their solution, and of how many", async () => {
  const view = aView();
  view.rows = [{ ...view.rows[0]!, days: { of: 12, median: 3, p90: 21, open: 7 } }, view.rows[1]!];
  await open(view);
  const cells = page.findAll('[data-test="split-days"]').map((cell) => cell.text());
  expect(cells).toEqual(["一半 3 天，九成 21 天 12 件，没办完 7 件", "— 0 件，没办完 0 件"]);
});
