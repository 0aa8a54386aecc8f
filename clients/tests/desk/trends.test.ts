import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import BulletinsPage from "../../desk/src/pages/figures/BulletinsPage.vue";
import TrendsPage from "../../desk/src/pages/figures/TrendsPage.vue";
import { useGate } from "../../desk/src/api/http";
import { aServer, type Heard } from "./cases";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const empty = { template: "<div />" };
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)", component: empty }] });
const plugins = [{ install: useElement }, router];
const alert = {
  id: "2026-11-23~trend~A~P~C",
  kind: "trend",
  kind_name: "趋势",
  place_name: "盛华景苑",
  category_name: "楼道照明",
  at: "2026-11-23T10:00:00+08:00",
  text: "盛华景苑“楼道照明”11月23日有6件，以往这一天不到1件",
  tickets: 6,
};
const behind = {
  ...alert,
  items: [{ id: "T1", number: "MS-1", place: "4号楼", stage_name: "处置中", received_at: "2026-11-23T09:00:00+08:00" }],
  hidden: 5,
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) }));
afterEach(() => page?.unmount());

test("an alert shows its count beside what was to be expected, and opens the tickets behind it", async () => {
  heard = aServer((one) => ({ body: one.path.endsWith("/desk/trends") ? { items: [alert], next: null } : behind }));
  page = mount(TrendsPage, { global: { plugins } });
  await flushPromises();
  expect(page.text()).toContain("有6件，以往这一天不到1件");
  await page.find("button").trigger("click");
  await flushPromises();
  expect(heard.at(-1)?.path).toContain(encodeURIComponent(alert.id));
  expect(page.find("a").attributes("href")).toBe("/tickets/T1");
  expect(page.text()).toContain("另有 5 件您不能查看");
});

test("the tickets behind an alert become one class of things", async () => {
  heard = aServer((one) =>
    one.method === "POST"
      ? { status: 201, body: { id: "C1" } }
      : { body: one.path.endsWith("/desk/trends") ? { items: [alert], next: null } : behind },
  );
  page = mount(TrendsPage, { global: { plugins } });
  await (await vi.waitFor(() => page!.get("button"))).trigger("click");
  await (await vi.waitFor(() => page!.get("[data-test=begin-class]"))).trigger("click");
  await vi.waitFor(() => expect(router.currentRoute.value.path).toBe("/classes/C1"));
  expect(heard.at(-1)).toMatchObject({
    path: "/desk/classes",
    body: { name: "盛华景苑：楼道照明", ticket_ids: ["T1"] },
  });
});

test("without alerts it says so", async () => {
  aServer(() => ({ body: { items: [], next: null } }));
  page = mount(TrendsPage, { global: { plugins } });
  await flushPromises();
  expect(page.text()).toContain("没有提醒");
});

test("a bulletin is a page to print and a sheet", async () => {
  const one = {
    area: "A",
    area_name: "关港蓝湾片区",
    from: "2026-11-16",
    to: "2026-11-22",
    page: "https://s3.example/p",
    sheet: "https://s3.example/x",
  };
  aServer(() => ({ body: { items: [one], next: null } }));
  page = mount(BulletinsPage, { global: { plugins } });
  await flushPromises();
  expect(page.findAll("a").map((link) => link.attributes("href"))).toEqual([one.page, one.sheet]);
  expect(page.text()).toContain("11月16日至11月22日");
});
