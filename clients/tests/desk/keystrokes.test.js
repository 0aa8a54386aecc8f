/** 19.6: what one exchange with a partner without an interface costs at the desk, counted on the buttons themselves. */
import { flushPromises, mount } from "@vue/test-utils";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useGate } from "../../desk/src/api/http";
import ExchangesPage from "../../desk/src/pages/partners/ExchangesPage.vue";
import OrderUpload from "../../desk/src/parts/partners/OrderUpload.vue";
import ExchangeActs from "../../desk/src/parts/partners/ExchangeActs.vue";
import StatusUpload from "../../desk/src/parts/partners/StatusUpload.vue";
import { session } from "../../desk/src/state/session";
import { aServer } from "./cases";
import { plugins } from "./plugins";

const MOST = 5;
const FOLDER = resolve(import.meta.dirname, "../../../town/partners");
const partners = readdirSync(FOLDER).map((file) => ({
  name: file.replace(".csv", ""),
  rows: readFileSync(resolve(FOLDER, file), "utf-8").split(/\r?\n/),
}));
const byHand = partners.filter(({ rows }) => !rows.some((row) => /^setting,address,.+/.test(row)));
let heard;
let page;

beforeEach(() => {
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  heard = aServer(() => ({ body: {} }));
});
afterEach(() => {
  page?.unmount();
  vi.restoreAllMocks();
});

test("some partner of the sample town has no interface", () => expect(byHand.length).toBeGreaterThan(0));

test.each(byHand.map(({ name }) => name))("an exchange with %s is copied, pasted there and ticked", async (name) => {
  const copied = vi.fn().mockResolvedValue();
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: copied } });
  const exchange = {
    id: "E1",
    partner: name,
    partner_title: name,
    state: "by_hand",
    copy: "工单编号：X",
    to_check: "",
  };
  page = mount(ExchangeActs, {
    props: { exchange: exchange },
    global: { plugins },
    attachTo: document.body,
  });
  const pressed = [];
  const press = async (selector, within = document) => {
    within.querySelector(selector).click();
    pressed.push(selector);
    await flushPromises();
    await new Promise((done) => setTimeout(done, 50));
  };
  await press("[data-test=copy]");
  expect(copied).toHaveBeenCalledWith("工单编号：X");
  pressed.push("Ctrl+V"); // on the partner's own page: one block, in the order of its fields
  await press("[data-test=entered]");
  await press(".el-popconfirm .el-button--primary");
  expect(heard.map((one) => one.path)).toEqual(["/desk/exchanges/E1/entered"]);
  console.info(`${name}: ${pressed.length} keystrokes an exchange (${pressed.join(", ")})`);
  expect(pressed.length).toBeLessThanOrEqual(MOST);
});

/** The page of exchanges with a partner's answer file of three rows; `marked` says what each mark meets. */
async function answersOf(name, marked = () => ({ body: {} })) {
  session.me = { code: "c", name: "c", unit: "U", roles: ["first_contact"], areas: [] };
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => {};
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  const lists = {
    "/desk/partners": [{ name, title: name, has_interface: false }],
    "/desk/exchanges": [],
  };
  heard = aServer((one) => {
    if (one.path.endsWith("/entered")) return marked(one.path);
    const items = lists[one.path.split("?")[0]];
    return { body: items ? { items, next: null } : { name: "x.xlsx", file: "AA==", exchanges: ["E1", "E2", "E3"] } };
  });
  page = mount(ExchangesPage, { global: { plugins }, attachTo: document.body });
  await flushPromises();
  const pressed = [];
  const press = async (selector) => {
    await page.get(selector).trigger("click");
    pressed.push(selector);
    await flushPromises();
  };
  return { pressed, press, marked: () => heard.map((one) => one.path).filter((path) => path.endsWith("/entered")) };
}

test.each(byHand.map(({ name }) => name))("a file of answers for %s is taken over and marked as one", async (name) => {
  const { pressed, press, marked } = await answersOf(name);
  await press("[data-test=answer-file]");
  pressed.push("选择文件", "Enter", "导入"); // on the partner's own page: its button, the browser's window, its yes
  await press("[data-test=all-entered]");
  expect(marked()).toEqual(["E1", "E2", "E3"].map((id) => `/desk/exchanges/${id}/entered`));
  expect(page.find("[data-test=all-entered]").exists()).toBe(false);
  console.info(`${name}: ${pressed.length} keystrokes for a file of 3 answers (${pressed.join(", ")})`);
  expect(pressed.length).toBeLessThanOrEqual(MOST);
});

test("a mark that was refused leaves the rest of the file to be marked again", async () => {
  const no = { status: 403, body: { code: "not_yours", message: "不是您的" } };
  const { press } = await answersOf(byHand[0].name, (path) => (path.includes("E2") ? no : { body: {} }));
  await press("[data-test=answer-file]");
  await press("[data-test=all-entered]");
  expect(page.get("[data-test=in-file]").text()).toContain("文件里有 2 条");
  expect(page.text()).toContain("不是您的");
});

test("what a platform above answers is one file, chosen and taken in", async () => {
  const { name } = byHand[0];
  heard = aServer(() => ({
    body: { rows: 3, taken: 2, same: 1, first: "1", last: "3", passed_over: [], other_sheets: [] },
  }));
  page = mount(StatusUpload, { props: { partner: { name, title: name } }, global: { plugins } });
  const pressed = ["选择答复文件", "Enter"];
  const bytes = { arrayBuffer: () => Promise.resolve(new TextEncoder().encode("a").buffer) };
  const input = page.get("[data-test=statuses-file]");
  Object.defineProperty(input.element, "files", { value: [Object.assign(new File(["a"], "a.csv"), bytes)] });
  await input.trigger("change");
  await vi.waitFor(() => expect(page.text()).toContain("新记入 2 条"));
  expect(heard.map((one) => one.path)).toEqual([`/desk/partners/${name}/statuses`]);
  expect(pressed.length).toBeLessThanOrEqual(MOST);
});

test.each(byHand.map(({ name }) => name))(
  "what comes in from %s is one file, however many orders it holds",
  async (name) => {
    const told = { job: "J1", rows: 3, first: "1", last: "3", troubles: [], to_check: [], passed_over: [] };
    heard = aServer((one) => ({ body: one.path.endsWith("/orders") ? told : {} }));
    const partner = { name, title: name };
    page = mount(OrderUpload, { props: { partner }, global: { plugins }, attachTo: document.body });
    const pressed = ["选择文件", "Enter"]; // the button, and the file in the browser's own window
    const bytes = { arrayBuffer: () => Promise.resolve(new TextEncoder().encode("a").buffer) };
    const file = Object.assign(new File(["a"], "orders.csv"), bytes);
    const input = page.get("[data-test=orders-file]");
    Object.defineProperty(input.element, "files", { value: [file] });
    await input.trigger("change");
    await page.get("form").trigger("submit");
    pressed.push("检查并导入");
    await vi.waitFor(() => expect(heard.map((one) => one.path)).toContain(`/desk/partners/${name}/orders`));
    // the worst row: one odd cell is looked at and ticked
    const exchange = { id: "E1", partner: name, state: "received", copy: "", to_check: "保密：看不懂" };
    const acts = mount(ExchangeActs, {
      props: { exchange: exchange },
      global: { plugins },
      attachTo: document.body,
    });
    await acts.get("[data-test=checked]").trigger("click");
    await flushPromises();
    await new Promise((done) => setTimeout(done, 50));
    document.querySelector(".el-popconfirm .el-button--primary").click();
    pressed.push("已核对", "确定");
    await vi.waitFor(() => expect(heard.map((one) => one.path)).toContain("/desk/exchanges/E1/checked"));
    acts.unmount();
    console.info(`${name}: ${pressed.length} keystrokes for a file of orders, one cell of it to be checked`);
    expect(pressed.length).toBeLessThanOrEqual(MOST);
  },
);
