import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useElement } from "../../desk/src/element";
import { useGate } from "../../desk/src/api/http";
import TownPage from "../../desk/src/pages/town/TownPage.vue";
import LongText from "../../desk/src/parts/common/LongText.vue";
import { aServer, type Heard } from "./cases";

const plugins = [{ install: useElement }];
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) }));
afterEach(() => page.unmount());

test.each([
  [900, false],
  [901, true],
  [20_000, true],
])("a text of %i characters is folded: %s, and opens whole", async (length, folded) => {
  const text = "长".repeat(length);
  page = mount(
    { components: { LongText }, data: () => ({ text }), template: '<p><LongText :text="text" /></p>' },
    { global: { plugins } },
  );
  const button = page.find("[data-test=unfold]");
  expect(button.exists()).toBe(folded);
  if (!folded) return expect(page.text()).toBe(text);
  expect(page.text().length).toBeLessThan(650);
  expect(button.text()).toContain(`${length} 字`);
  await button.trigger("click");
  expect(page.text()).toContain(text);
});

test.each(["xlsx", "csv"])("the tables in force can be had as %s", async (form) => {
  const saved = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  const town = {
    version: "v",
    places: 1,
    units: 1,
    staff: 1,
    categories: 1,
    imported_at: null,
    tables: [{ name: "places", title: "地点", needed: true }],
  };
  heard = aServer((one) => ({ body: one.path.includes("/files") ? { name: `town.${form}`, file: btoa("x") } : town }));
  page = mount(TownPage, { global: { plugins } });
  await flushPromises();
  await page.get(form === "csv" ? "[data-test=town-download-csv]" : "[data-test=town-download]").trigger("click");
  await flushPromises();
  expect(heard.at(-1)!.path).toContain(`/admin/town/files?form=${form}`);
  expect(saved).toHaveBeenCalledOnce();
  vi.restoreAllMocks();
});

test("an import that makes power says what waits for whom, and in an emergency is done with a reason", async () => {
  const town = {
    version: "v",
    places: 1,
    units: 1,
    staff: 1,
    categories: 1,
    imported_at: null,
    tables: [{ name: "staff", title: "人员", needed: true }],
  };
  const confirmation = { lines: ["新增新站长（new-head）：工作站，站长"], waits_for: ["片区负责人甲", "镇领导乙"] };
  const report = { places: 1, points: 1, staff: 2, new_codes: 0, removed_points: 0, handed_over: 0, unchanged: false };
  heard = aServer((one) => {
    if (one.method === "GET") return { body: town };
    if (one.path.endsWith("/plan")) return { body: { id: "p1", lines: ["人员增加1人"], unchanged: false } };
    if (one.body.emergency) return { status: 201, body: { ...report, job: null } };
    return { status: 409, body: { code: "needs_confirmation", message: "要另一位确认", confirmation } };
  });
  page = mount(TownPage, { global: { plugins }, attachTo: document.body });
  await flushPromises();
  const input = page.get("[data-test=town-files]");
  const file = new File(["code\n"], "staff.csv"); // jsdom's reads nothing
  Object.assign(file, { arrayBuffer: async () => new TextEncoder().encode("code\n").buffer });
  Object.defineProperty(input.element, "files", { value: [file] });
  await input.trigger("change");
  await page.get("form").trigger("submit");
  await vi.waitFor(() => page!.get("[data-test=town-plan]"));
  await page.get("[data-test=town-plan]").trigger("submit");
  const dialog = await vi.waitFor(() => {
    const found = document.querySelector<HTMLElement>("[data-test=asked-second]");
    if (!found) throw new Error("no dialog yet");
    return found;
  });
  expect(dialog.textContent).toContain("新增新站长（new-head）");
  expect(dialog.querySelector("[data-test=asked-whom]")!.textContent).toContain("片区负责人甲、镇领导乙");
  const why = dialog.querySelector<HTMLInputElement>("[data-test=emergency-why]")!;
  why.value = "台风来了";
  why.dispatchEvent(new Event("input"));
  await flushPromises();
  dialog.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.waitFor(() => page!.get("[data-test=town-report]"));
  expect(heard.at(-2)!.body).toMatchObject({ plan: "p1", emergency: "台风来了" });
  expect(document.querySelector("[data-test=asked-second]")).toBe(null);
});
