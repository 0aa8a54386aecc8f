import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import EnterPage from "../../desk/src/pages/ticket/EnterPage.vue";
import { useGate } from "../../desk/src/api/http";
import { live } from "../../desk/src/state/live";
import { session } from "../../desk/src/state/session";
import { aServer, type Heard } from "./cases";

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:rest(.*)", component: { template: "<div />" } }],
});
let page: VueWrapper;
let heard: Heard[];
let arrive: (status: number) => void;

/** A clerk has written what was said, chosen a photo whose bytes are still on their way, and sends the form. */
beforeEach(async () => {
  localStorage.clear();
  document.body.innerHTML = "";
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = { code: "fc1", name: "甲", unit: "ST", unit_name: "站", roles: ["first_contact"], lock: null };
  live.names = [];
  heard = aServer((one) => {
    if (one.path === "/api/uploads") return { body: { photo_id: "P1", url: "https://bucket.invalid/", fields: {} } };
    if (one.path === "/staff/tickets") return { body: { id: "T1", number: "MS-1" } };
    return { body: { items: [], next: null } };
  });
  const answer = globalThis.fetch;
  globalThis.fetch = ((address: string, init: RequestInit) =>
    String(address).startsWith("https://bucket.invalid")
      ? new Promise((resolve) => (arrive = (status) => resolve(new Response("", { status }))))
      : answer(address, init)) as typeof fetch;
  await router.push("/enter");
  page = mount(EnterPage, { global: { plugins: [{ install: useElement }, router] }, attachTo: document.body });
  await page.get("textarea").setValue("楼下停着一辆僵尸车");
  await page.get("[data-test=enter-place-text]").setValue("望月路");
  const input = page.get<HTMLInputElement>("input[type=file]");
  Object.defineProperty(input.element, "files", { value: [new File(["x"], "a.jpg", { type: "image/jpeg" })] });
  Object.defineProperty(input.element, "value", { value: "", writable: true });
  await input.trigger("change");
  await flushPromises();
  await page.get("form").trigger("submit");
  await flushPromises();
});
afterEach(() => page.unmount());

const entered = () => heard.filter((one) => one.path === "/staff/tickets");

test("a form waits for the photo that is still on its way, and takes it along", async () => {
  expect(entered()).toEqual([]);
  arrive(201);
  await flushPromises();
  expect(entered()).toHaveLength(1);
  expect(entered()[0]!.body).toMatchObject({ photos: ["P1"] });
});

test("of a photo that did not arrive nothing is sent without it, and the field says so", async () => {
  arrive(503);
  await flushPromises();
  expect(entered()).toEqual([]);
  expect(page.get("[role=alert]").text()).toContain("照片没有传上去");
});
