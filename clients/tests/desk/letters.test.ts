import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import LetterCard from "../../desk/src/parts/papers/LetterCard.vue";
import MandateCard from "../../desk/src/parts/ticket/MandateCard.vue";
import { useGate } from "../../desk/src/api/http";
import { aServer, aTicket, type Heard } from "./cases";
import { plugins } from "./plugins";

const LETTER = {
  title: "信访事项受理告知书",
  mark: "草稿",
  paragraphs: ["收悉。"],
  terms: [{ what: "办结", days: 60, ground: "信访工作条例第三十四条" }],
};
const MANDATED = {
  mandate: {
    lead: "DA-JJ",
    lead_name: "区交警支队",
    assisting: [],
    never: ["物业"],
    ground: "某条例第一条",
    ground_url: "",
  },
  precedents: [
    { place: "隧道口", ground: "某条例", number: "MS1", unit_name: "区交警支队", at: "2026-11-23T10:00:00+08:00" },
  ],
  dispute: { unit_name: "区交警支队", words: "不是我们的", answer: "", due_at: null, may_answer: true, may_rule: true },
};
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  document.adoptedStyleSheets = [];
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      replaceSync() {}
    },
  );
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  heard = aServer((one) => ({
    body: one.path.includes("/letter") ? LETTER : one.method === "GET" ? MANDATED : { id: "T1", version: 4 },
  }));
});
afterEach(() => page?.unmount());

test("a petition's letter is drawn to be printed, marked as a draft, with its terms", async () => {
  page = mount(LetterCard, { props: { ticket: aTicket({ source: "petition" }) }, global: { plugins } });
  await page.find("[data-test=letter-received]").trigger("click");
  await flushPromises();
  const paper = document.querySelector("[data-test=paper]")!.textContent;
  for (const words of ["草稿", "信访事项受理告知书", "60 日", "第三十四条"]) expect(paper).toContain(words);
});

test("law, whom not, and precedents stand beside the dispatch; who decides rules on a ground", async () => {
  page = mount(MandateCard, { props: { ticket: aTicket() }, global: { plugins } });
  await flushPromises();
  for (const words of ["区交警支队", "某条例第一条", "不能派给：物业", "不是我们的"])
    expect(page.text()).toContain(words);
  await page.find("[data-test=ruling-ground] input, input[data-test=ruling-ground]").setValue("职责清单");
  await page.find("form").trigger("submit");
  await flushPromises();
  expect(heard.at(-1)).toMatchObject({
    path: expect.stringContaining("/ruling"),
    body: { unit_id: "DA-JJ", ground: "职责清单" },
  });
});
