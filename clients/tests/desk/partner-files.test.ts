import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import { useGate } from "../../desk/src/api/http";
import PartnerFilesPage from "../../desk/src/pages/partners/PartnerFilesPage.vue";
import { aServer, type Heard } from "./cases";

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:rest(.*)", component: { template: "<div />" } }],
});
const plugins = [{ install: useElement }, router];
type Said = { status?: number; body?: unknown };
const hotline = { name: "hotline", title: "12345热线", source: "hotline_12345", upward: false, has_interface: true };
const above = { name: "huizhili", title: "汇治理", source: "", upward: true, has_interface: false };
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) }));
afterEach(() => page.unmount());

const at = (name: string) => page.find(`[data-test=${name}]`);
const posts = () => heard.filter((one) => one.method === "POST");

/** The page with a file chosen and looked at; `plan` is what the server says that it would change. */
async function looked(plan: Said, saved: Said = { body: { items: [hotline] } }): Promise<void> {
  heard = aServer((one) => {
    if (one.path.endsWith("/desk/partners")) return { body: { items: [hotline, above], next: null } };
    return one.path.endsWith("/plan") ? plan : saved;
  });
  page = mount(PartnerFilesPage, { global: { plugins }, attachTo: document.body });
  await flushPromises();
  const input = at("partner-files");
  const bytes = new TextEncoder().encode("kind,key,value");
  const file = { name: "hotline.csv", size: bytes.length, arrayBuffer: async () => bytes.buffer };
  Object.defineProperty(input.element, "files", { value: [file], configurable: true });
  await input.trigger("change");
  await page.find("form").trigger("submit");
  await settled();
}

/** A file is read by the browser in its own time. */
async function settled(): Promise<void> {
  for (let n = 0; n < 5; n++) {
    await new Promise((resolve) => setTimeout(resolve));
    await flushPromises();
  }
}

const plan = {
  unchanged: false,
  id: "P1",
  removes: 1,
  must_say: false,
  lines: ["act：删去 1，这些动作以后不再回给对方"],
};

test("the partners in force are listed with what is exchanged with them", async () => {
  await looked({ body: { unchanged: true } });
  expect(at("partners").text()).toContain("12345热线");
  expect(at("partners").text()).toContain("上报到这里；没有接口");
  expect(at("partner-plan").text()).toContain("没有要改的");
  expect(at("partner-confirm").exists()).toBe(false);
});

test("a file is done only after a yes to what it was said to change", async () => {
  await looked({ body: plan });
  expect(at("partner-plan").text()).toContain("这些动作以后不再回给对方");
  expect(posts().map((one) => one.path.split("/admin/").at(-1))).toEqual(["partners/plan"]);
  await at("partner-plan").trigger("submit");
  await settled();
  expect(posts().at(-1)!.path).toMatch(/\/admin\/partners$/);
  expect(posts().at(-1)!.body).toMatchObject({ plan: "P1", files: { "hotline.csv": btoa("kind,key,value") } });
  expect(at("partner-saved").text()).toBe("已生效：12345热线");
});

test("more than a handful of lines that go are spelled out first", async () => {
  await looked({ body: { ...plan, removes: 9, must_say: true } });
  await at("partner-plan").trigger("submit");
  await settled();
  expect(posts()).toHaveLength(1);
  await page.find("[data-test=partner-removes]").setValue("9");
  await at("partner-plan").trigger("submit");
  await settled();
  expect(posts().at(-1)!.body).toMatchObject({ plan: "P1", removes: 9 });
});

test("what waits for a second person is told with whom it waits for, and keeps its plan; an emergency says it again", async () => {
  const confirmation = { lines: ["热线的回传地址改为 https://a.example.cn"], waits_for: ["片区负责人甲"] };
  const waits = { status: 409, body: { code: "needs_confirmation", message: "要另一位确认", confirmation } };
  await looked({ body: plan }, waits);
  await at("partner-plan").trigger("submit");
  await settled();
  expect(document.querySelector("[data-test=asked-whom]")!.textContent).toContain("片区负责人甲");
  expect(at("partner-plan").exists()).toBe(true);
  const why = document.querySelector<HTMLInputElement>("[data-test=emergency-why]")!;
  why.value = "台风来了";
  why.dispatchEvent(new Event("input"));
  await settled();
  why.closest("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  await settled();
  expect(posts().at(-1)!.body).toMatchObject({ plan: "P1", emergency: "台风来了" });
});

test("a bad line is named with its reason, and there is nothing to say yes to", async () => {
  const fields = [{ file: "hotline.csv", line: 3, reason: "第一列应为 setting 之一" }];
  await looked({ status: 422, body: { code: "invalid", message: "有 1 处错误", fields } });
  expect(at("partner-errors").text()).toContain("第一列应为 setting 之一");
  expect(at("partner-plan").exists()).toBe(false);
});
