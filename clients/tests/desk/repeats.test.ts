import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import ClassCard from "../../desk/src/parts/classes/ClassCard.vue";
import MattersInput from "../../desk/src/parts/fields/MattersInput.vue";
import SimilarCard from "../../desk/src/parts/ticket/SimilarCard.vue";
import GuessCard from "../../desk/src/parts/ticket/GuessCard.vue";
import SuggestionCard from "../../desk/src/parts/ticket/SuggestionCard.vue";
import { useGate } from "../../desk/src/api/http";
import { sendHeld, takeBack } from "../../desk/src/state/undo";
import { session } from "../../desk/src/state/session";
import type { Alike, Ticket } from "../../desk/src/api/types";
import { aServer, aTicket, type Heard } from "./cases";

const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: "/:rest(.*)", component: { template: "<div />" } }],
});
const plugins = [{ install: useElement }, router];
let card: VueWrapper;
let heard: Heard[];

function candidate(id: string, given: Partial<Alike> = {}): Alike {
  return {
    id,
    number: `MS-${id}`,
    practice: false,
    category: "C01",
    round: 1,
    closed_at: null,
    category_name: "流动摊贩",
    stage: "handling",
    stage_name: "处置中",
    received_at: "2026-11-23T09:00:00+08:00",
    place: "南门",
    reason: "同一地点，内容相近（70%）",
    ...given,
  };
}

function open(
  given: Partial<Ticket> = {},
  answer: { status?: number; body?: unknown } = { body: { id: "T1", version: 4 } },
): void {
  heard = aServer(() => answer);
  const ticket = aTicket({ acts: ["merge"], similar: [candidate("A"), candidate("B")], ...given });
  card = mount(SimilarCard, { props: { ticket }, global: { plugins }, attachTo: document.body });
}

const press = async (key: string) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await flushPromises();
};

beforeEach(() => {
  takeBack();
  document.body.innerHTML = "";
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = {
    code: "fc1",
    name: "首问接待甲",
    unit: "ST",
    unit_name: "工作站",
    roles: ["first_contact"],
    lock: null,
  };
});
afterEach(() => card?.unmount());

test("what is kept from somebody is joined with no other's at any key", async () => {
  open({ confidential: true });
  expect(card.text()).toContain("这里的其他工单");
  expect(card.find("[data-test=same]").exists()).toBe(false);
  await press("y");
  await press("o");
  sendHeld();
  await flushPromises();
  expect(heard).toEqual([]);
});

test("each candidate is shown with its reason", () => {
  open();
  expect(card.findAll("[data-test=reason]").map((each) => each.text())).toEqual([
    "同一地点，内容相近（70%）",
    "同一地点，内容相近（70%）",
  ]);
});

test("one key takes the ticket into the likeliest, once", async () => {
  open();
  void press("y");
  await press("y");
  expect(heard).toEqual([]); // it can still be taken back
  await sendHeld();
  expect(heard.map((one) => [one.path, one.body])).toEqual([
    ["/desk/tickets/T1/similar", { other: "A", same: true, merge: true }],
  ]);
  expect(heard[0]!.headers.get("Idempotency-Key")).toBeTruthy();
  expect(card.emitted("judged")).toHaveLength(1);
});

test("a merge that waits is of the ticket on which the key was pressed, whatever is on the screen when it is sent", async () => {
  open();
  await press("y");
  await card.setProps({ ticket: aTicket({ id: "T9", similar: [candidate("Z")] }) });
  await sendHeld();
  expect(heard.map((one) => one.path)).toEqual(["/desk/tickets/T1/similar"]);
});

test("a merge that was taken back is never sent, and its candidate is there again", async () => {
  open();
  await press("y");
  takeBack();
  await sendHeld();
  expect(heard).toEqual([]);
  expect(card.findAll("[data-test=candidate]")).toHaveLength(2);
});

test("another key says that it is none; it is kept, and the next one is the likeliest", async () => {
  open();
  await press("o");
  expect(heard[0]!.body).toEqual({ other: "A", same: false, merge: false });
  expect(card.findAll("[data-test=candidate]")).toHaveLength(1);
  await press("o");
  expect(heard[1]!.body.other).toBe("B");
});

test.each([
  ["of an ended ticket", { similar: [candidate("A", { stage: "closed" })] }],
  ["where merging is not allowed", { acts: ["comment"] }],
])("the same is kept without merging %s", async (_, given) => {
  open(given);
  await press("y");
  expect(heard[0]!.body).toEqual({ other: "A", same: true, merge: false });
});

test("a refusal is said, and the candidate stays", async () => {
  open({}, { status: 409, body: { code: "wrong_stage", message: "这张工单已结案，不能并案" } });
  await press("y");
  await sendHeld();
  await flushPromises();
  expect(card.get("[role=alert]").text()).toContain("不能并案");
  expect(card.findAll("[data-test=candidate]")).toHaveLength(2);
});

test("whoever is not of the desk decides nothing", async () => {
  session.me = { ...session.me!, roles: ["handler"], lock: null };
  open();
  await press("y");
  expect(card.find("[data-test=same]").exists()).toBe(false);
  expect(heard).toHaveLength(0);
});

test("one tap takes one of the model's three choices; what the ticket is filed under already cannot be taken", async () => {
  const choice = (category: string, share: number) => ({
    category,
    category_name: `名${category}`,
    share,
    error: 0.05,
  });
  const choices = [choice("C01", 0.8), choice("B01", 0.1), choice("E04", 0.05)];
  const guess = { category: "C01", category_name: "名C01", proposed: true, words: ["沙发"], choices };
  const ticket = aTicket({ stage: "dispatched", category: "B01", guess, acts: ["classify"] });
  const page = mount(GuessCard, { props: { ticket, busy: false }, global: { plugins } });
  expect(page.text()).toContain("规则有把握、已直接派出");
  expect(page.findAll("[data-test=choice]").map((each) => each.text())[0]).toContain("100 件里对 80 件，上下 5 件");
  expect(page.get("[data-test=choose-B01]").attributes("disabled")).toBeDefined();
  await page.get("[data-test=choose-C01]").trigger("click");
  expect(page.emitted("choose")).toEqual([["C01", "名C01"]]);
  page.unmount();
});

test("what became of closed ones like it stands beside the suggestion, as counts", () => {
  const group = { share: 1, hours: 3 };
  const handled = {
    category: "B01",
    category_name: "楼道照明",
    place: "SHJY",
    place_name: "盛华景苑",
    tickets: 12,
    units: [
      { ...group, unit_id: "PM", unit_name: "盛华物业", tickets: 10 },
      { ...group, unit_id: "OF", unit_name: "镇平安办", tickets: 2 },
    ],
    tracks: [{ ...group, track: "simple", tickets: 12 }],
    text: "盛华景苑一年内“楼道照明”办结 12 件：盛华物业办理 10 件（一般用时 3 小时），镇平安办办理 2 件",
  };
  card = mount(SuggestionCard, { props: { ticket: aTicket({ handled }), busy: false }, global: { plugins } });
  expect(card.get("[data-test=handled]").text()).toMatch(
    /办结 12 件：盛华物业办理 10 件（一般用时 3 小时），镇平安办办理 2 件。/,
  );
});

test("nothing is said of too few", () => {
  card = mount(SuggestionCard, { props: { ticket: aTicket(), busy: false }, global: { plugins } });
  expect(card.find("[data-test=handled]").exists()).toBe(false);
});

test("a report of several matters is proposed to be divided", async () => {
  card = mount(SuggestionCard, {
    props: { ticket: aTicket({ matters: 3, acts: ["divide"] }), busy: false },
    global: { plugins },
  });
  expect(card.get("[data-test=several-matters]").text()).toContain("3 件事");
  await card.get("[data-test=propose-divide]").trigger("click");
  expect(card.emitted("open")).toEqual([["divide", {}]]);
});

test("of the photos of a report it is chosen which show which matter", async () => {
  aServer(() => ({ body: { url: "about:blank" } }));
  const given = mount(MattersInput, {
    props: { id: "m", ticket: aTicket({ photos: ["P1", "P2"] }), modelValue: [] },
    global: { plugins },
  });
  card = given;
  const last = () => (given.emitted("update:modelValue") ?? []).at(-1)?.[0] as { photos?: string[] }[];
  await given.setProps({ modelValue: last() as never });
  await given.get("[data-test=matter-1-photo-1] input").setValue(true);
  expect(last().map((each) => each.photos)).toEqual([undefined, ["P2"]]);
});

test("what nobody may do is not proposed", () => {
  card = mount(SuggestionCard, {
    props: { ticket: aTicket({ matters: 2, acts: [] }), busy: false },
    global: { plugins },
  });
  expect(card.find("[data-test=several-matters]").exists()).toBe(false);
});

test("the class that a ticket is in leads to its page, with what was done for all of them", () => {
  const cls = {
    id: "C1",
    name: "南门口流动菜摊",
    state: "measured",
    state_name: "已有措施",
    reporters: 8,
    measure: "每周四设便民菜场",
  };
  card = mount(ClassCard, { props: { cls }, global: { plugins } });
  expect(card.get("a").attributes("href")).toBe("/classes/C1");
  expect(card.text()).toContain("8 人反映");
  expect(card.text()).toContain("措施：每周四设便民菜场");
});
