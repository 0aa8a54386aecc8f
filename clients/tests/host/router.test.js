// Pages and the browser's history.

import { expect, test } from "vitest";
import { compiled, fault, host, soon } from "./here.js";

const told = (here) => here.getApp().told;
const second = "/pages/second/index?a=1";
const titles = (here) => here.root.querySelector("h1").textContent;

async function back() {
  const gone = new Promise((resolve) => window.addEventListener("popstate", resolve, { once: true }));
  history.back();
  await gone;
  await soon();
}

test("the first page opens with what was scanned, percent-encoded as WeChat gives it", () => {
  const here = host({ query: "?q=http%3A%2F%2Fx%2Fs%2F7K3QX9A&scancode_time=1" });
  expect(here.page().data.query).toEqual({ q: "http%3A%2F%2Fx%2Fs%2F7K3QX9A", scancode_time: "1" });
  expect(told(here)).toEqual(["onLaunch", "first onLoad", "first onShow", "first onReady"]);
  expect(location.pathname + location.hash).toBe("/v1/s/7K3QX9A");
});

test("a link into the middle opens that page", () => {
  const here = host({ address: "/v1/s/app#/pages/second/index?a=3" });
  expect(here.router.top.path).toBe("pages/second/index");
  expect(here.page().data.a).toBe("3");
});

test("a link to no page of ours opens the first", () => {
  expect(host({ address: "/v1/s/app#/pages/nowhere/index" }).router.top.path).toBe("pages/first/index");
});

test("navigateTo covers a page and the browser's back button uncovers it", async () => {
  const here = host();
  await here.wx.navigateTo({ url: second });
  expect(location.hash).toBe("#/pages/second/index?a=1");
  expect(here.root.querySelectorAll("wx-page:not([hidden])")).toHaveLength(1);
  expect(document.title).toBe("试验");
  await back();
  expect(here.router.stack).toHaveLength(1);
  expect(titles(here)).toBe("第一页");
  expect(told(here).slice(4)).toEqual([
    "first onHide",
    "second onLoad",
    "second onShow",
    "second onUnload",
    "first onShow",
  ]);
});

test("navigateBack answers when the page below is shown", async () => {
  const here = host();
  await here.wx.navigateTo({ url: second });
  await here.wx.navigateBack();
  expect(here.router.top.path).toBe("pages/first/index");
});

test("redirectTo takes the place of a page", async () => {
  const here = host();
  const long = history.length;
  await here.wx.redirectTo({ url: second });
  expect(here.router.stack.map((entry) => entry.path)).toEqual(["pages/second/index"]);
  expect(history.length).toBe(long);
  expect(told(here)).toContain("first onUnload");
});

test("reLaunch leaves one page, and the browser's back button brings the others again", async () => {
  const here = host();
  await here.wx.navigateTo({ url: second });
  await here.wx.reLaunch({ url: "/pages/first/index" });
  expect(here.router.stack).toHaveLength(1);
  await back();
  expect(here.router.stack.map((entry) => entry.path)).toEqual(["pages/first/index", "pages/second/index"]);
});

test("a reload keeps the stack", async () => {
  const here = host();
  await here.wx.navigateTo({ url: second });
  const kept = history.state;
  const again = host({ address: location.href });
  again.router.follow(kept);
  expect(again.router.stack.map((entry) => entry.path)).toEqual(["pages/first/index", "pages/second/index"]);
  expect(again.page().data.a).toBe("1");
});

test("the page a navigator names is a link, and opens", async () => {
  const here = host();
  const link = here.root.querySelector("a");
  expect(link.getAttribute("href")).toBe("#/pages/second/index?a=1");
  link.click();
  await soon();
  expect(here.router.top.path).toBe("pages/second/index");
});

test("from the first page nothing leads back; from a page opened by a link the bar leads to the first", async () => {
  const here = host();
  expect(here.root.querySelector(".wx-bar__back").hidden).toBe(true);
  expect((await fault(here.wx.navigateBack())).errMsg).toBe("navigateBack:fail cannot navigate back at first page.");
  const there = host({ address: "/v1/s/app#/pages/second/index" });
  there.root.querySelector(".wx-bar__back").click();
  await soon();
  expect(there.router.top.path).toBe("pages/first/index");
});

test("pulling down is a button of the bar, where the page asks for it", async () => {
  const here = host();
  here.root.querySelector(".wx-bar__refresh").click();
  expect(told(here)).toContain("first onPullDownRefresh");
  await here.wx.navigateTo({ url: second });
  expect(here.root.querySelector(".wx-bar__refresh").hidden).toBe(true);
});

test("relative addresses are those of the page", async () => {
  const here = host();
  await here.wx.navigateTo({ url: "../second/index" });
  expect(here.router.top.path).toBe("pages/second/index");
});

test.each([
  ["/pages/nowhere/index", 'navigateTo:fail page "pages/nowhere/index" is not found'],
  ["pages/second/index", 'navigateTo:fail page "pages/first/pages/second/index" is not found'],
  ["", "navigateTo:fail parameter error: parameter.url should be String"],
])("a page that is not in app.json is refused: %s", async (url, errMsg) => {
  const here = host();
  expect((await fault(here.wx.navigateTo({ url }))).errMsg).toBe(errMsg);
  expect(here.router.stack).toHaveLength(1);
});

test("ten pages may lie on each other, and no eleventh", async () => {
  const here = host();
  for (let n = 2; n <= 10; n += 1) await here.wx.navigateTo({ url: second });
  expect(here.router.stack).toHaveLength(10);
  expect((await fault(here.wx.navigateTo({ url: second }))).errMsg).toContain("webview count limit exceed");
});

test("a tab is switched to, and nothing else is", async () => {
  const here = host({ changed: { tabBar: { list: [{ pagePath: "pages/second/index" }] } } });
  expect((await fault(here.wx.navigateTo({ url: second }))).errMsg).toContain("can not navigateTo a tabbar page");
  expect((await fault(here.wx.redirectTo({ url: second }))).errMsg).toContain("can not redirectTo a tabbar page");
  expect((await fault(here.wx.switchTab({ url: "/pages/first/index" }))).errMsg).toContain("no-tabBar");
  expect((await fault(here.wx.switchTab({ url: second }))).errMsg).toContain("parameters");
  await here.wx.switchTab({ url: "/pages/second/index" });
  expect(here.router.stack.map((entry) => entry.path)).toEqual(["pages/second/index"]);
});

const NOTHING = { configs: {}, templates: {}, scripts: {} }; // a part that is fetched at once, as the form is

/** The app with its second page in a part that is fetched as `fetch` says. */
function apart(fetch) {
  const { "pages/second/index": page, ...configs } = compiled.configs;
  const part = { configs: { "pages/second/index": page }, templates: compiled.templates, scripts: {} };
  return { configs, later: [() => Promise.resolve(NOTHING), () => fetch(part)] };
}

test("a page of another part is opened once that was fetched, and it is fetched once", async () => {
  let fetched = 0;
  const here = host({ parts: apart((part) => Promise.resolve(part, (fetched += 1))) });
  await here.wx.navigateTo({ url: second });
  await soon();
  expect(here.page().data.a).toBe("1");
  await back();
  await here.wx.navigateTo({ url: second });
  expect([here.page().data.a, fetched]).toEqual(["1", 1]);
});

test("a reload in the middle of another part opens it", async () => {
  const here = host({ address: "/v1/s/app#/pages/second/index?a=3", parts: apart((part) => Promise.resolve(part)) });
  await soon();
  expect(here.page().data.a).toBe("3");
});

test("a part that cannot be fetched says so, and the page before stays", async () => {
  const here = host({ parts: apart(() => Promise.reject(new Error("offline"))) });
  await here.wx.navigateTo({ url: second });
  await soon();
  expect(here.router.top.path).toBe("pages/first/index");
  expect(document.body.textContent).toContain("页面没有打开，请检查网络后再试");
});
