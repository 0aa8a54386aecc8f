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
