import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import FeedsPage from "../../desk/src/pages/partners/FeedsPage.vue";
import { useGate } from "../../desk/src/api/http";
import { feedState, feedTone, LATE_SECONDS } from "../../desk/src/words/partners/feeds";
import { aServer, type Heard } from "./cases";

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
const at = "2026-11-23T10:00:00+08:00";
const fine = {
  name: "cy",
  title: "城运中心",
  sends: true,
  identity: [],
  acknowledged: { event: "e", at },
  fetched_at: null,
  waiting: 0,
  waiting_more: false,
  waiting_since: null,
  lag_seconds: 0,
  failing: null,
  dead: 0,
  dead_more: false,
};
const sick = {
  ...fine,
  name: "qu",
  title: "区平台",
  identity: ["phone"],
  acknowledged: null,
  waiting: 100,
  waiting_more: true,
  waiting_since: at,
  lag_seconds: 7200,
  failing: { detail: "没有应答", since: at, attempts: 9, retry_at: at },
  dead: 2,
  dead_more: false,
};
const dead = [1, 2].map((n) => ({
  ticket_id: `T${n}`,
  number: `MS-${n}`,
  version: 3,
  latest: 5,
  attempts: 40,
  detail: "应答看不懂（HTTP 500）",
  since: at,
  tried_at: at,
}));
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) }));
afterEach(() => {
  page?.unmount();
  vi.useRealTimers();
});

async function open(feeds: unknown[], letters: unknown[] = dead): Promise<void> {
  heard = aServer((one) => {
    if (one.method === "POST") return { body: { resent: 1, more: false } };
    return { body: { items: one.path.includes("dead-letters") ? letters : feeds, next: null } };
  });
  page = mount(FeedsPage, { global: { plugins: [{ install: useElement }, router] } });
  await flushPromises();
}

const posts = () => heard.filter((one) => one.method === "POST");

test("each subscriber says how far it is, and the one that fails says why and since when", async () => {
  await open([fine, sick]);
  const [first, second] = page.findAll("[data-test=feed]").map((one) => one.text());
  expect(first).toContain("正常");
  expect(first).toContain("最近确认：11月23日 10:00");
  expect(first).not.toContain("放弃");
  expect(second).toContain("含身份信息");
  expect(second).toContain("等待发送 100+ 张工单，最早的已等 2小时00分");
  expect(second).toContain("没有应答（从 11月23日 10:00 起试了 9 次");
});

test("what was given up is opened, and sent again one by one or all", async () => {
  await open([sick]);
  expect(page.find("[data-test=feed-dead]").exists()).toBe(false);
  await page.get("[data-test=feed-open]").trigger("click");
  await flushPromises();
  expect(page.get("[data-test=feed-dead]").text()).toContain("第 3 个变化，共 5 个");
  await page.findAll("[data-test=feed-resend]")[1]!.trigger("click");
  await flushPromises();
  await page.get("[data-test=feed-resend-all]").trigger("click");
  await flushPromises();
  expect(posts().map((one) => [one.path, one.body])).toEqual([
    ["/desk/feeds/qu/resend", { ticket_id: "T2" }],
    ["/desk/feeds/qu/resend", {}],
  ]);
  expect(heard.filter((one) => one.path.endsWith("/desk/feeds"))).toHaveLength(3);
});

test("the page looks again every minute", async () => {
  vi.useFakeTimers();
  await open([fine]);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(heard).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toHaveLength(2);
});

test("without subscribers it says where one is entered", async () => {
  await open([]);
  expect(page.text()).toContain("“订阅方”表");
});

test.each([
  [{ dead: 1, failing: null, lag_seconds: 0 }, "danger", "有放弃的，请重发"],
  [{ dead: 0, failing: sick.failing, lag_seconds: 0 }, "warning", "对方没有确认，正在重试"],
  [{ dead: 0, failing: null, lag_seconds: LATE_SECONDS }, "success", "正常"],
  [{ dead: 0, failing: null, lag_seconds: LATE_SECONDS + 1 }, "warning", "滞后"],
])("%o is %s: %s", (feed, tone, words) => {
  expect([feedTone(feed), feedState(feed)]).toEqual([tone, words]);
});
