// Whatever the server has not said yet is not said to be nothing: every page, while no answer has come.

import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import { useGate } from "../../desk/src/api/http";
import { live } from "../../desk/src/state/live";
import { session } from "../../desk/src/state/session";

vi.stubGlobal("ResizeObserver", class { observe() {} unobserve() {} disconnect() {} }); // prettier-ignore

document.adoptedStyleSheets ??= []; // which jsdom lacks
const PAGES = import.meta.glob<{ default: object }>("../../desk/src/pages/*/*.vue", { eager: true });
const GIVEN = { id: "T1", name: "desk" }; // what an address may name
const SAYS_NOTHING = /^(现在|这里|这一页|今天|这些天|您负责的范围里)?(还)?没有(?!选)/;
const plugins = [
  { install: useElement },
  createRouter({ history: createMemoryHistory(), routes: [{ path: "/:all(.*)*", component: { template: "<i />" } }] }),
];

beforeEach(() => {
  localStorage.clear();
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  live.queues = {};
  live.names = [];
  const roles = ["first_contact", "station_head"];
  session.me = { code: "fc1", name: "首问接待甲", unit: "ST", unit_name: "工作站", roles, lock: null };
});
afterEach(() => vi.unstubAllGlobals());

test.each(Object.keys(PAGES).map((path) => [/(\w+)\.vue$/.exec(path)![1]!, PAGES[path]!.default]))(
  "%s claims nothing before it knows",
  async (_, page) => {
    const shown = mount(page, { props: GIVEN, global: { plugins } });
    await flushPromises();
    const claims = shown.findAll(".quiet").map((each) => each.text());
    expect(claims.filter((words) => SAYS_NOTHING.test(words))).toEqual([]);
    shown.unmount();
  },
);
