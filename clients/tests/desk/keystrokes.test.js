/** 19.6: what one exchange with a partner without an interface costs at the desk, counted on the buttons themselves. */
import { flushPromises, mount } from "@vue/test-utils";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useGate } from "../../desk/src/api/http";
import OrderUpload from "../../desk/src/parts/partners/OrderUpload.vue";
import ExchangeActs from "../../desk/src/parts/partners/ExchangeActs.vue";
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
afterEach(() => page?.unmount());

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
