import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import ExchangesPage from "../../desk/src/pages/partners/ExchangesPage.vue";
import OrdersPage from "../../desk/src/pages/partners/OrdersPage.vue";
import ExchangeCard from "../../desk/src/parts/partners/ExchangeCard.vue";
import { useGate } from "../../desk/src/api/http";
import { loadDirectory } from "../../desk/src/state/directory";
import { session } from "../../desk/src/state/session";
import { badRows, countsText, toneOf } from "../../desk/src/words/partners/partners";
import { MOST_BYTES } from "../../desk/src/words/town/townFiles";
import { aServer, aTicket, UNSENT, type Heard } from "./cases";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:rest(.*)", component: { template: "<div />" } }],
});
const plugins = [{ install: useElement }, router];
const at = "2026-11-23T10:00:00+08:00";
const partners = [
  { name: "hotline", title: "12345热线", source: "hotline_12345", has_interface: true },
  { name: "petition", title: "信访", source: "petition", has_interface: false },
];
const order = {
  number: "SH-1",
  at,
  ticket_id: "T1",
  ticket_number: "MS-1",
  stage: "dispatched",
  stage_name: "已派单",
  category_name: "路灯",
  place: "盛华景苑",
  their_due_at: "2026-11-24T18:00:00+08:00",
  due_at: "2026-11-24T12:00:00+08:00",
  to_check: "是否保密写的是“?”，先按保密办",
  standing: "stuck",
  detail: "没有应答",
};
const exchange = {
  id: "a.1",
  partner: "hotline",
  partner_title: "12345热线",
  number: "SH-1",
  ticket_id: "T1",
  ticket_number: "MS-1",
  state: "waiting",
  at,
  act: "taken",
  code: "签收",
  note: "",
  attempts: 4,
  detail: "没有应答：超时",
  retry_at: at,
  done_at: null,
  done_by: "",
  copy: "工单编号：SH-1\n处理动作：签收",
};
const job = {
  id: "J1",
  kind: "orders",
  about: { partner: "hotline" },
  by: "fc1",
  at,
  total: 120,
  chunks: 3,
  chunks_done: 1,
  counts: { made: 48, refused: 2 },
  finished_at: null,
};
let page: VueWrapper;
let heard: Heard[];

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
});
afterEach(() => {
  page?.unmount();
  vi.useRealTimers();
});

type Said = { status?: number; body?: unknown };

function answering(given: Record<string, unknown> = {}, posted: (one: Heard) => Said = () => ({ body: {} })) {
  const lists: Record<string, unknown> = {
    "/desk/partners": partners,
    "/orders": [order],
    "/desk/jobs": [job],
    "/exchanges": [exchange],
    ...given,
  };
  heard = aServer((one) => {
    if (one.method === "POST") return posted(one);
    if (/\/desk\/jobs\/./.test(one.path))
      return { body: { ...job, troubles: [{ row: 7, message: "缺少工单编号" }], next: null } };
    const found = Object.entries(lists).find(([end]) => one.path.split("?")[0]!.endsWith(end));
    return { body: { items: found?.[1] ?? [], next: null } };
  });
}

const asked = (end: string) => heard.filter((one) => one.path.includes(end));
const posts = () => heard.filter((one) => one.method === "POST");

async function open(what: typeof OrdersPage | typeof ExchangesPage): Promise<void> {
  page = mount(what, { global: { plugins }, attachTo: document.body });
  await flushPromises();
}

/** jsdom's files cannot be read as bytes. */
function aFile(text: string): File {
  return Object.assign(new File([text], "orders.csv"), {
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer),
  });
}

async function choose(file: File): Promise<void> {
  const input = page.get<HTMLInputElement>("[data-test=orders-file]");
  Object.defineProperty(input.element, "files", { value: [file], configurable: true });
  await input.trigger("change");
}

async function submit(): Promise<void> {
  await page.get("form").trigger("submit");
  await vi.waitFor(() => expect(posts().length).toBeGreaterThan(0));
  await flushPromises();
}

test("a job's counts stand in one order, whatever order the store returns", () => {
  expect(countsText({ refused: 1, later: 3, made: 2 })).toBe("新建 2，没有导入 1，later 3");
});

describe("orders of partners", () => {
  test("an order shows both deadlines, its ticket, and why its answer does not arrive", async () => {
    answering();
    await open(OrdersPage);
    const row = page.get("[data-test=order]");
    expect(row.text()).toContain("11月24日 18:00");
    expect(row.text()).toContain("11月24日 12:00");
    expect(row.text()).toContain("回传卡住");
    expect(row.text()).toContain("没有应答");
    expect(row.get("[data-test=order-to-check]").text()).toBe("待核 是否保密写的是“?”，先按保密办");
    expect(row.get("a").attributes("href")).toBe("/tickets/T1");
  });

  test("another partner's orders are asked for when it is chosen", async () => {
    answering();
    await open(OrdersPage);
    await page.findAll("input[type=radio]")[1]!.setValue(true);
    await flushPromises();
    expect(asked("/desk/partners/petition/orders")).toHaveLength(1);
  });

  test("what was read of a file is said back: first and last, what to check, and every row that is not taken", async () => {
    const body = {
      job: "J2",
      rows: 120,
      taken: 118,
      first: "SH-1",
      last: "SH-120",
      to_check: [{ row: 7, message: "是否保密写的是“保密”，先按保密办" }],
      troubles: [{ row: 4, message: "缺少工单编号" }],
      passed_over: [{ line: 122, why: "合计" }],
      other_sheets: ["二月"],
    };
    answering({}, () => ({ status: 202, body }));
    await open(OrdersPage);
    await choose(aFile("工单编号\n"));
    await submit();
    await vi.waitFor(() => expect(page.find("[data-test=orders-begun]").exists()).toBe(true));
    const told = page.get("[data-test=orders-begun]").text();
    for (const said of ["读到 120 行", "导入 118 行", "SH-1", "SH-120", "第 122 行（合计）", "二月"])
      expect(told).toContain(said);
    const lists = page.findAll("[data-test=troubles]").map((one) => one.text());
    expect(lists[0]).toContain("第 7 行是否保密");
    expect(lists[1]).toContain("第 4 行缺少工单编号");
    expect(posts().map((one) => Object.keys(one.body))).toEqual([["file"]]);
    expect(atob(posts()[0]!.body.file)).toHaveLength(13);
  });

  test("a file of which no row can be taken lists them all, and nothing is begun", async () => {
    const fields = [{ row: 4, message: "缺少工单编号" }];
    answering({}, () => ({
      status: 422,
      body: { code: "invalid", message: "1 行都有错，没有导入任何一行", fields, errors: 1 },
    }));
    await open(OrdersPage);
    await choose(aFile("工单编号\n"));
    await submit();
    expect(page.get("[data-test=orders-refused]").text()).toContain("没有导入任何一行");
    expect(page.get("[data-test=troubles]").text()).toContain("第 4 行缺少工单编号");
    expect(page.find("[data-test=orders-begun]").exists()).toBe(false);
  });

  test.each([
    [MOST_BYTES, false],
    [MOST_BYTES + 1, true],
  ])("a file of %i bytes is too large to send: %s", async (size, refused) => {
    answering();
    await open(OrdersPage);
    const file = new File(["x"], "orders.csv");
    Object.defineProperty(file, "size", { value: size });
    await choose(file);
    expect(page.find("[data-test=orders-refused]").exists()).toBe(refused);
    expect(page.get("[data-test=orders-import]").attributes("disabled") !== undefined).toBe(refused);
  });

  test("a leader sees the orders and cannot upload", async () => {
    session.me!.roles = ["area_leader"];
    answering();
    await open(OrdersPage);
    expect(page.find("[data-test=order]").exists()).toBe(true);
    expect(page.find("[data-test=orders-file]").exists()).toBe(false);
  });

  test("a job that runs is looked at again until it is through, and its bad rows can be read", async () => {
    vi.useFakeTimers();
    const jobs = [{ ...job }];
    answering({ "/desk/jobs": jobs });
    await open(OrdersPage);
    expect(page.get("progress").attributes()).toMatchObject({ value: "1", max: "3" });
    expect(page.get("[data-test=job]").text()).toContain("新建 48，没有导入 2");
    jobs[0] = { ...job, chunks_done: 3, finished_at: at as never };
    await vi.advanceTimersByTimeAsync(2_000);
    expect(page.get("[data-test=job]").text()).toContain("完成，共 120 行");
    const before = asked("/desk/jobs").length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked("/desk/jobs")).toHaveLength(before);
    await page.get("[data-test=job] button").trigger("click");
    await flushPromises();
    expect(page.get("[data-test=troubles]").text()).toContain("第 7 行缺少工单编号");
  });

  test("without partners it says whom to ask", async () => {
    answering({ "/desk/partners": [] });
    await open(OrdersPage);
    expect(page.text()).toContain("请管理员先登记");
    expect(asked("/orders")).toHaveLength(0);
  });
});

describe("what is stuck", () => {
  test("shows why, how often it was tried, and sends it again at once", async () => {
    answering({}, () => ({ body: { ...exchange, state: "acknowledged" } }));
    await open(ExchangesPage);
    expect(page.get("[data-test=exchange]").text()).toContain("没有应答：超时（已试 4 次");
    await page.get("[data-test=resend]").trigger("click");
    await flushPromises();
    expect(posts()[0]!.path).toBe("/desk/exchanges/a.1/resend");
    expect(asked("/desk/exchanges?state=waiting&partner=hotline")).toHaveLength(2);
  });

  test("what has to be entered there is copied as text, and ticked only after a second look", async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    answering({ "/exchanges": [{ ...exchange, state: "by_hand" }] }, () => ({
      body: { ...exchange, state: "entered" },
    }));
    await open(ExchangesPage);
    expect(page.find("[data-test=resend]").exists()).toBe(false);
    await page.get("[data-test=copy]").trigger("click");
    await flushPromises();
    expect(writeText).toHaveBeenCalledWith("工单编号：SH-1\n处理动作：签收");
    await page.get("[data-test=entered]").trigger("click");
    await flushPromises();
    expect(posts()).toHaveLength(0);
    await vi.waitFor(() => expect(document.querySelector(".el-popconfirm .el-button--primary")).toBeTruthy());
    document.querySelector<HTMLElement>(".el-popconfirm .el-button--primary")!.click();
    await flushPromises();
    expect(posts()[0]!.path).toBe("/desk/exchanges/a.1/entered");
  });

  test("where the browser does not allow copying, the text is there to be selected", async () => {
    Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
    answering();
    await open(ExchangesPage);
    await page.get("[data-test=copy]").trigger("click");
    await flushPromises();
    expect(page.get("[data-test=copy-text]").text()).toBe("工单编号：SH-1\n处理动作：签收");
  });

  test("only partners without an interface have an answer file, and leaders have none", async () => {
    answering();
    await open(ExchangesPage);
    expect(page.findAll("[data-test=answer-file]").map((one) => one.text())).toEqual(["下载 信访 的回复文件"]);
    page.unmount();
    session.me!.roles = ["area_leader"];
    await open(ExchangesPage);
    expect(page.findAll("[data-test=answer-file]")).toHaveLength(0);
  });

  test("nothing stuck is said in words", async () => {
    answering({ "/exchanges": [] });
    await open(ExchangesPage);
    expect(page.text()).toContain("没有卡住的，一切正常");
  });
});

describe("the exchange on the ticket", () => {
  test("stands in order with the partner's number, its deadline, and who entered it there", async () => {
    const lines = [
      { ...exchange, state: "received", act: "made", code: "" },
      { ...exchange, id: "a.2", state: "entered", done_by: "fc9", done_at: at },
      { ...exchange, id: "a.3" },
    ];
    aServer(() => ({ body: { version: "1", staff: [{ code: "fc9", name: "首问接待乙" }] } }));
    await loadDirectory();
    answering({ "/exchanges": lines });
    const ticket = aTicket({
      external_ids: [{ partner: "hotline", number: "SH-1", due_at: "2026-11-24T18:00:00+08:00", ...UNSENT }],
    });
    page = mount(ExchangeCard, { props: { ticket }, global: { plugins } });
    await flushPromises();
    expect(page.text()).toContain("对方编号 SH-1，对方时限 11月24日 18:00");
    expect(page.findAll("[data-test=exchange-line]").map((one) => one.find("b").text())).toEqual([
      "对方派来",
      "签收",
      "签收",
    ]);
    expect(page.text()).toContain("首问接待乙 11月23日 10:00");
    expect(page.findAll("[data-test=resend]")).toHaveLength(1);
  });

  test("what was odd is ticked as checked after a second look, and stays to be read", async () => {
    const odd = { ...exchange, state: "received", detail: "时限看不懂", to_check: "时限看不懂" };
    const lines = [odd];
    answering({ "/exchanges": lines }, () => {
      lines[0] = { ...odd, to_check: "" };
      return { body: lines[0] };
    });
    page = mount(ExchangeCard, { props: { ticket: aTicket() }, global: { plugins }, attachTo: document.body });
    await flushPromises();
    expect(page.get("[data-test=exchange-to-check]").text()).toBe("待核 时限看不懂");
    await page.get("[data-test=checked]").trigger("click");
    await flushPromises();
    await vi.waitFor(() => expect(document.querySelector(".el-popconfirm .el-button--primary")).toBeTruthy());
    document.querySelector<HTMLElement>(".el-popconfirm .el-button--primary")!.click();
    await flushPromises();
    expect(posts()[0]!.path).toBe("/desk/exchanges/a.1/checked");
    expect(page.get("[data-test=exchange-to-check]").text()).toBe("已核对 时限看不懂");
    expect(page.find("[data-test=checked]").exists()).toBe(false);
  });
});

test.each([
  ["stuck", "danger"],
  ["waiting", "warning"],
  ["by_hand", "warning"],
  ["done", "success"],
  ["nothing_owed", "info"],
  ["?", "info"],
])("%s is shown as %s", (standing, tone) => {
  expect(toneOf(standing)).toBe(tone);
});

test("only rows count as rows", () => {
  expect(badRows(["file", { row: 2, message: "x" }, null, 3])).toEqual([{ row: 2, message: "x" }]);
  expect(badRows("file")).toEqual([]);
});
