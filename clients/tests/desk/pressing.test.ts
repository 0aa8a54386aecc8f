/** What is pressing is heard and seen above whatever page of the console is open. */
import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useElement } from "../../desk/src/element";
import PressingBar from "../../desk/src/parts/shell/PressingBar.vue";
import { router } from "../../desk/src/router";
import { listen } from "../../desk/src/state/arriving";
import { live } from "../../desk/src/state/live";
import { now } from "../../desk/src/state/now";
import { preferences } from "../../desk/src/state/preferences";
import { ring } from "../../desk/src/state/sound";
import type { Row } from "../../desk/src/api/types";
import { aRow, NOW } from "./cases";
import "./plugins";

vi.mock("../../desk/src/state/sound", async (original) => ({ ...(await original<object>()), ring: vi.fn() }));

const LIFT = aRow({ ticket_id: "T9", number: "MS-9", urgent: true, clock: "response", category_name: "电梯困人" });
let bar: VueWrapper;
let stop: () => void;

const comes = async (...rows: Row[]) => {
  live.queues = { desk: { rows: [aRow(), ...rows], more: false, mark: "" } };
  await flushPromises();
};
const shown = () => bar.findAll("[data-test=pressing-open]").map((link) => link.text());

beforeEach(async () => {
  Object.assign(live, { names: ["desk"], heardAt: NOW });
  now.value = NOW;
  preferences.sound = true;
  vi.mocked(ring).mockClear();
  await router.push("/tickets/T1");
  await comes();
  stop = listen();
  bar = mount(PressingBar, { global: { plugins: [{ install: useElement }, router] } });
  await comes();
  live.names = [...live.names]; // the first look, at which nothing has come
  await flushPromises();
});
afterEach(() => {
  bar.unmount();
  stop();
});

test.each(["/tickets/T1", "/enter", "/calls", "/dashboard", "/points", "/tickets/T1/slip"])(
  "on %s another, urgent ticket is heard and shown until it is opened",
  async (path) => {
    await router.push(path);
    await comes(LIFT);
    expect(vi.mocked(ring).mock.calls).toEqual([["danger"]]);
    expect(bar.text()).toContain("紧急 电梯困人 · 盛华景苑 5号楼");
    await bar.get("[data-test=pressing-open]").trigger("click");
    await vi.waitFor(() => expect(router.currentRoute.value.path).toBe("/tickets/T9"));
    await flushPromises();
    expect(shown()).toEqual([]);
  },
);

test("it is shown where the sound is off", async () => {
  preferences.sound = false;
  await comes(LIFT);
  expect([vi.mocked(ring).mock.calls, shown()]).toEqual([[], ["打开 MS-9"]]);
});

test("知道了 takes it away, and what comes after it is shown", async () => {
  await comes(LIFT);
  await bar.get("[data-test=pressing-seen]").trigger("click");
  expect(shown()).toEqual([]);
  await comes(LIFT, { ...LIFT, ticket_id: "T8", number: "MS-8" });
  expect(shown()).toEqual(["打开 MS-8"]);
});

test("it goes with its ticket, and a new one that is not pressing is heard alone", async () => {
  await comes(LIFT);
  await comes(aRow({ ticket_id: "T7" }));
  expect(shown()).toEqual([]);
  expect(vi.mocked(ring).mock.calls).toEqual([["danger"], ["new"]]);
});

test("of a confidential one it says nothing but that it is there", async () => {
  await comes({ ...LIFT, confidential: true });
  expect(bar.text()).toContain("保密工单");
  expect(bar.text()).not.toMatch(/电梯|盛华/);
});
