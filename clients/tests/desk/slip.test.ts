import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import SlipPage from "../../desk/src/pages/ticket/SlipPage.vue";
import ProxyCard from "../../desk/src/parts/ticket/ProxyCard.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import { emptyEntry, entryBody } from "../../desk/src/words/ticket/entry";
import { pageStyle, promisesOf, viewBox, type Slip } from "../../desk/src/words/ticket/slip";
import { after, aServer, aTicket, type Heard } from "./cases";
import { plugins } from "./plugins";

const SLIP: Slip = {
  number: "MS261123-7K3QX9-4",
  received_at: after(0),
  place: "盛华景苑 4号楼",
  category_name: "楼道照明",
  station: { name: "工作站", phone: "021-1" },
  unit: "物业",
  is_over: false,
  promises: [{ name: "办结", due_at: after(60) }],
  practice: false,
  url: "https://x/s/app?slip=A",
  qr: { path: "M0 0h1v1H0z", modules: 21 },
  holder: "proxy",
  until: after(7 * 24 * 60),
  asks_digits: true,
};
let page: VueWrapper;
let heard: Heard[];
let printed = 0;

beforeEach(() => {
  document.adoptedStyleSheets = [];
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      replaceSync() {}
    },
  );
  localStorage.clear();
  printed = 0;
  vi.stubGlobal("print", () => (printed += 1));
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = {
    code: "fc1",
    name: "首问接待甲",
    unit: "ST",
    unit_name: "工作站",
    roles: ["first_contact"],
    lock: null,
  };
  heard = aServer((one) =>
    one.path.endsWith("/slip")
      ? { status: 201, body: { ...SLIP, holder: one.body.holder ?? "proxy" } }
      : { body: { id: "T1", version: 2 } },
  );
});
afterEach(() => page?.unmount());
const shownSlip = () => document.querySelector("[data-test=slip]")!;

describe("the slip", () => {
  async function open(): Promise<void> {
    page = mount(SlipPage, { props: { id: "T1" }, global: { plugins } });
    await flushPromises();
  }

  test("stands on the screen with number, promise, phone and code, and is printed from there", async () => {
    await open();
    for (const words of [SLIP.number, "物业", "021-1", "后四位"]) expect(shownSlip().textContent).toContain(words);
    expect(document.querySelector("[data-test=slip-qr] path")!.getAttribute("d")).toBe("M0 0h1v1H0z");
    document.querySelector<HTMLElement>("[data-test=slip-print]")!.click();
    await flushPromises();
    expect(printed).toBe(1);
  });

  test("of a proxy, another may be made for the one it is about", async () => {
    await open();
    document.querySelector<HTMLElement>("[data-test=slip-self]")!.click();
    await flushPromises();
    expect(heard.map((one) => one.body)).toEqual([{}, { holder: "self" }]);
  });

  test("a roll is cut where the slip ends; A5 is A5", () => {
    expect(pageStyle("58", 378)).toBe("@page{size:58mm 109mm;margin:2mm}");
    expect(pageStyle("80", 0)).toBe("@page{size:80mm 8mm;margin:2mm}");
    expect(pageStyle("A5", 378)).toBe("@page{size:A5;margin:10mm}");
    expect(viewBox(21)).toBe("-4 -4 29 29");
  });

  test("without a clock that runs it says how to ask", () => {
    expect(promisesOf({ ...SLIP, promises: [] })[0]).toContain("报单号");
    expect(promisesOf({ ...SLIP, is_over: true })[0]).toContain("已当场答复");
  });
});

test("who speaks for another gives both, and only where a contact is taken", () => {
  const form = {
    ...emptyEntry(),
    text: "灯不亮",
    place: "P",
    phone: "13812345678",
    for_other: true,
    other_name: "妈妈",
    other_phone: " 13987654321 ",
  };
  expect(entryBody(form)).toMatchObject({
    contact: { phone: "13812345678" },
    on_behalf: { name: "妈妈", phone: "13987654321" },
  });
  expect(entryBody({ ...form, source: "patrol" })).not.toHaveProperty("on_behalf");
  expect(entryBody({ ...form, for_other: false })).not.toHaveProperty("on_behalf");
});

test("what the one it is about says of the proxy is one tap, and a no leaves nothing to tap", async () => {
  page = mount(ProxyCard, {
    props: { ticket: aTicket({ proxy: { agreed: null, by: "", at: null } }) },
    global: { plugins },
  });
  await page.find("[data-test=proxy-no]").trigger("click");
  await flushPromises();
  expect(heard[0]).toMatchObject({ path: expect.stringContaining("/staff/tickets/T1/proxy"), body: { agreed: false } });
  await page.setProps({ ticket: aTicket({ proxy: { agreed: false, by: "fc1", at: "2026-11-23T10:00:00+08:00" } }) });
  expect(page.find("[data-test=proxy-no]").exists()).toBe(false);
});
