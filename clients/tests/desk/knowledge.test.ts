import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import EnterPage from "../../desk/src/pages/ticket/EnterPage.vue";
import KnowledgePage from "../../desk/src/pages/queue/KnowledgePage.vue";
import KnowledgeCard from "../../desk/src/parts/queue/KnowledgeCard.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import { isInquiry, replyOf, type Draft, type Entry } from "../../desk/src/words/queue/knowledge";
import { aServer, type Heard } from "./cases";
import { plugins } from "./plugins";

const ENTRY: Entry = {
  code: "K002",
  version: "ab12",
  title: "居住证签注与补领",
  answer: "丢失的，到居住地补领。",
  steps: "带身份证",
  source_title: "居住证暂行条例",
  source_url: "https://flk.npc.gov.cn/",
  source_date: "2015-11-26",
  valid_until: null,
  owner: "派出所",
  phone: "12345",
  verified: true,
  sure: true,
};
const DRAFT: Draft = {
  id: "ab12",
  question: "图书角几点开",
  answer: "",
  title: "",
  steps: "",
  source_title: "",
  source_url: "",
  source_date: null,
  keeper: "ST",
  keeper_name: "工作站",
  station: "ST",
  at: "2026-11-23T10:00:00+08:00",
  times: 2,
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = {
    code: "fc1",
    name: "首问接待甲",
    unit: "ST",
    unit_name: "工作站",
    roles: ["first_contact"],
    lock: null,
  };
  heard = aServer((one) => {
    if (one.path.endsWith("/desk/knowledge"))
      return { body: { items: [ENTRY, { ...ENTRY, code: "K003", verified: false, sure: false }] } };
    if (one.path.endsWith("/staff/knowledge"))
      return { body: { drafts: [DRAFT], ending: [], unsourced: [], unverified: [] } };
    return {
      status: one.method === "POST" ? 201 : 200,
      body: { id: "T1", number: "MS1", stage: "received", version: 1, round: 1, items: [], next: null },
    };
  });
});
afterEach(() => {
  page?.unmount();
  vi.useRealTimers();
});

const stands = async () => {
  await vi.advanceTimersByTimeAsync(700);
  await flushPromises();
};
const sent = (path: string) => heard.filter((one) => one.path.endsWith(path));

describe("the reply", () => {
  test("holds the answer, what to do, whom to ask and the source", () => {
    expect(replyOf(ENTRY)).toBe(
      "丢失的，到居住地补领。\n怎么办：带身份证\n也可以问派出所，电话12345。\n依据：居住证暂行条例（2015年11月26日）",
    );
  });
  test("is never longer than may be sent", () => {
    expect(replyOf({ ...ENTRY, answer: "长".repeat(3000) }).length).toBe(2000);
  });
  test("belongs to questions of policy", () => {
    expect([
      isInquiry("G01", null),
      isInquiry(null, "G05"),
      isInquiry("B01", "G05"),
      isInquiry(null, undefined),
    ]).toEqual([true, true, false, false]);
  });
});

describe("beside what is typed", () => {
  async function typing(text: string): Promise<void> {
    page = mount(EnterPage, { global: { plugins } });
    await page.find("[data-test=enter-text] textarea, textarea").setValue(text);
    await stands();
  }

  test("entries stand with their source, and what nobody verified says so", async () => {
    await typing("居住证丢了怎么补");
    expect(page.find("[data-test=knowledge]").text()).toContain("居住证暂行条例");
    expect(page.findAll("[data-test=entry]")[1]!.text()).toContain("未核对");
  });

  test("one key puts it into the reply, and the ticket is answered with what it cites", async () => {
    await typing("居住证丢了怎么补");
    dispatchEvent(new KeyboardEvent("keydown", { code: "Digit1", key: "1", altKey: true, cancelable: true }));
    await flushPromises();
    await page.find("#enter-reply").setValue("改过的话");
    await page.find("#enter-where").setValue("来访");
    await page.find("[data-test=enter-next]").trigger("click");
    await flushPromises();
    expect(sent("/desk/tickets/T1/answer")[0]!.body).toEqual({ text: "改过的话", knowledge: "K002" });
  });

  test("what none of them answers is noted", async () => {
    page = mount(KnowledgeCard, { props: { text: "图书角几点开", use: "复制" }, global: { plugins } });
    await stands();
    await page.find("[data-test=none-fits]").trigger("click");
    await flushPromises();
    expect(sent("/desk/knowledge/missing")[0]!.body).toEqual({ text: "图书角几点开" });
    expect(page.find("[data-test=noted]").exists()).toBe(true);
  });

  test("two letters are no question", async () => {
    page = mount(KnowledgeCard, { props: { text: "灯", use: "复制" }, global: { plugins } });
    await stands();
    expect(heard).toEqual([]);
  });
});

test("a keeper sees how often something was asked, and completes it", async () => {
  page = mount(KnowledgePage, { global: { plugins } });
  await flushPromises();
  expect(page.find("[data-test=draft]").text()).toContain("图书角几点开");
  await page.find("[data-test=edit-ab12]").trigger("click");
  await page.find("#draft-answer").setValue("周末九点开门");
  await page.find("form").trigger("submit");
  await flushPromises();
  const put = heard.find((one) => one.method === "PUT")!;
  expect(put.body).toMatchObject({ question: "图书角几点开", answer: "周末九点开门", source_date: null });
});
