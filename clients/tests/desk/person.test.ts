import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import ActBar from "../../desk/src/parts/ticket/ActBar.vue";
import ActForm from "../../desk/src/parts/ticket/ActForm.vue";
import PersonCard from "../../desk/src/parts/ticket/PersonCard.vue";
import { useGate } from "../../desk/src/api/http";
import type { Kept, Ticket } from "../../desk/src/api/types";
import { CHECKS } from "../../desk/src/words/ticket/person";
import { after, aServer, aTicket, offer, type Heard } from "./cases";
import { plugins } from "./plugins";

const COPY: Kept = {
  id: "T1",
  number: "MS261123-AAAAAA-A",
  text: "楼道灯不亮",
  contact: { name: "王阿姨", phone: "13800001111", text: "我是王阿姨，楼道灯不亮" },
  spoken_seconds: null,
  viewed: [
    {
      role: "首问接待",
      unit: "工作站",
      code: "fc1",
      at: after(0),
      what: "revealed",
      what_name: "查看了联系方式",
      fields: ["phone"],
      reason: "回访",
      through: "",
    },
  ],
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  localStorage.clear();
  document.adoptedStyleSheets = [];
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      replaceSync() {}
    },
  );
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  heard = aServer((one) => (one.path.endsWith("/copy") ? { body: COPY } : { body: { id: "T1", version: 4 } }));
});
afterEach(() => page?.unmount());

const closed = (given: Partial<Ticket> = {}) =>
  aTicket({ stage: "closed", acts: ["erase"], offers: [offer("erase", { now: true })], ...given });
const at = (name: string) => page.find(`[data-test=${name}]`);

describe("somebody without a session", () => {
  async function open(ticket: Ticket, checked = "called_back"): Promise<void> {
    page = mount(PersonCard, { props: { ticket }, global: { plugins } });
    await at("person-open").trigger("click");
    if (checked) await at("person-checked").setValue(checked);
  }

  test.each(["person-copy", "person-erase"])("gets nothing before it is checked who asks: %s", async (name) => {
    await open(closed(), "");
    expect(at(name).attributes("disabled")).toBeDefined();
    await at("person-checked").setValue(CHECKS[0]!.code);
    expect(at(name).attributes("disabled")).toBeUndefined();
  });

  test("gets a copy after a second press, with who looked, and nothing of it stays", async () => {
    await open(closed());
    await at("person-copy").trigger("click");
    expect(heard).toHaveLength(0);
    await at("person-sure").trigger("click");
    await flushPromises();
    expect(heard.map((one) => [one.path, one.body])).toEqual([["/desk/tickets/T1/copy", { checked: "called_back" }]]);
    const paper = () => document.querySelector("[data-test=person-paper]");
    for (const said of ["王阿姨", "13800001111", "我是王阿姨", "查看了联系方式"])
      expect(paper()!.textContent).toContain(said);
    await page.setProps({ ticket: closed({ id: "T2" }) });
    expect(paper()).toBeNull();
  });

  test("another way of checking asks once more", async () => {
    await open(closed());
    await at("person-copy").trigger("click");
    await at("person-checked").setValue("in_person");
    expect(at("person-sure").exists()).toBe(false);
  });

  test("is erased by the form that opens with how it was checked", async () => {
    await open(closed());
    await at("person-erase").trigger("click");
    expect(page.emitted("open")).toEqual([["erase", { checked: "called_back" }]]);
  });

  test("is not erased while the ticket is open, and is told why", async () => {
    await open(aTicket({ acts: [], offers: [] }));
    expect(at("person-erase").exists()).toBe(false);
    expect(page.text()).toContain("办结以后才能删除");
  });

  test("who asked on the own phone waits for the summary alone", async () => {
    page = mount(PersonCard, { props: { ticket: closed({ erasure_asked_at: after(0) }) }, global: { plugins } });
    expect(at("person-open").exists()).toBe(false);
    await at("person-summary").trigger("click");
    expect(page.emitted("open")).toEqual([["erase", { checked: "signed_in" }]]);
  });
});

describe("erasing", () => {
  test("stands with the person and not among the other acts", () => {
    page = mount(ActBar, { props: { ticket: closed(), open: "" }, global: { plugins } });
    expect(at("act-erase").exists()).toBe(false);
  });

  test("takes a second press, and what is changed in between asks again", async () => {
    const initial = { text: "反映楼道照明，已修好", checked: "in_person" };
    page = mount(ActForm, { props: { name: "erase", ticket: closed(), initial }, global: { plugins } });
    const submit = () => page.find("form").trigger("submit");
    await submit();
    expect(at("act-once-more").text()).toContain("不能恢复");
    await page.find("textarea").setValue("反映照明，已修好");
    expect(at("act-once-more").exists()).toBe(false);
    await submit();
    await flushPromises();
    expect(heard.filter((one) => one.path.endsWith("/erase"))).toHaveLength(0);
    await submit();
    await flushPromises();
    const [sent] = heard.filter((one) => one.path.endsWith("/erase"));
    expect(sent!.body).toMatchObject({ text: "反映照明，已修好", checked: "in_person" });
  });

  test("no other act asks twice", async () => {
    const ticket = aTicket({ acts: ["comment"], offers: [offer("comment", { now: true })] });
    page = mount(ActForm, { props: { name: "comment", ticket, initial: { text: "已到现场" } }, global: { plugins } });
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(heard.some((one) => one.path.endsWith("/comment"))).toBe(true);
  });
});
