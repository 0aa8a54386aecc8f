import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import ClassesPage from "../../desk/src/pages/classes/ClassesPage.vue";
import ClassPage from "../../desk/src/pages/classes/ClassPage.vue";
import { useGate } from "../../desk/src/api/http";
import { draftsOf, saveDraft } from "../../desk/src/state/drafts";
import { session } from "../../desk/src/state/session";
import {
  checkSentence,
  asked,
  everyWeek,
  mondayOf,
  type Check,
  type ClassOffer,
  type ClassRow,
  type IssueClass,
} from "../../desk/src/words/classes/classes";
import { bodyOf, missingIn, type Form } from "../../desk/src/words/ticket/acts";
import declared from "../class-acts.json";
import { aServer, type Heard } from "./cases";

vi.mock("../../desk/src/parts/figures/TimeChart.vue", () => ({
  default: {
    props: ["days", "series", "marks"],
    template: "<div data-test=chart>{{ days.join() }}|{{ JSON.stringify(marks) }}</div>",
  },
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const check: Check = {
  verdict: "dropped",
  before: [
    { monday: "2026-10-05", count: 6 },
    { monday: "2026-10-12", count: 9 },
  ],
  after: [{ monday: "2026-10-26", count: 1 }],
};
const measure = {
  id: "M1",
  what: "每周四设便民菜场",
  place: "南门",
  schedule: "每周四",
  unit_id: "OF",
  unit_name: "镇平安办",
  from: "2026-10-22",
  announced_at: "2026-10-21T10:00:00+08:00",
  by: "head",
  told_by: "J1",
  recurring: "",
  days: [],
  check,
};
/** Acts on a class as the server declares them, begun with the name and the owner that are known. */
const offers = (...names: string[]) =>
  (declared as unknown as ClassOffer[])
    .filter((act) => names.includes(act.name))
    .map((act) => ({ ...act, fields: act.fields.map((field) => ({ ...field, initial: initialOf(act, field.name) })) }));
const initialOf = (act: ClassOffer, name: string) =>
  ({ name: act.name === "split" ? null : "南门口流动菜摊", owner: "head", every: 1, on_holidays: false })[name] ?? null;
const empty = { template: "<div />" };
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)", component: empty }] });
const plugins = [{ install: useElement }, router];
let page: VueWrapper;
let heard: Heard[];

function aClass(given: Partial<IssueClass & ClassRow> = {}): IssueClass {
  const row = {
    id: "C1",
    name: "南门口流动菜摊",
    state: "confirmed",
    state_name: "已确认",
    owner: "head",
    owner_name: "站长",
    area: "GGLW",
    place: "SHJY",
    category: "",
    area_name: "关港蓝湾片区",
    place_name: "盛华景苑",
    category_name: "",
    members: 5,
    reporters: 5,
    first_on: "2026-10-05",
    merged_into: null,
    why: "",
    measure: null,
  };
  return {
    ...row,
    acts: offers("announce", "rename", "add", "split", "merge", "end", "discard"),
    weeks: [],
    measures: [],
    history: [],
    ...given,
  };
}

const member = (n: number) => ({
  id: `T${n}`,
  number: `MS-${n}`,
  stage_name: "处置中",
  category_name: "",
  place: "南门",
  words: `流动菜摊占道 ${n}`,
  received_at: "2026-10-05T09:00:00+08:00",
});

function answering(cls: IssueClass, post: (one: Heard) => { status?: number; body?: unknown } = () => ({ body: cls })) {
  heard = aServer((one) => {
    if (one.method === "POST") return post(one);
    if (one.path.includes("after=")) return { body: { items: [member(3)], hidden: 1, next: null } };
    if (one.path.includes("/members")) return { body: { items: [member(1), member(2)], hidden: 0, next: "page2" } };
    if (one.path.includes("/jobs/"))
      return { body: { total: 5, chunks: 1, chunks_done: 1, counts: {}, finished_at: "2026-10-21T10:01:00+08:00" } };
    return { body: /classes$/.test(one.path) || one.path.includes("classes?") ? { items: [cls], next: null } : cls };
  });
}

async function openClass(cls = aClass(), post?: (one: Heard) => { status?: number; body?: unknown }): Promise<void> {
  answering(cls, post);
  page = mount(ClassPage, { props: { id: "C1" }, global: { plugins }, attachTo: document.body });
  await flushPromises();
}

const posts = () => heard.filter((one) => one.method === "POST");
const at = (name: string) => page.get(`[data-test=${name}]`);

beforeEach(async () => {
  localStorage.clear();
  await draftsOf("fc1"); // nothing of what the test before typed
  document.body.innerHTML = "";
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = { code: "head", name: "站长", unit: "ST", unit_name: "工作站", roles: ["station_head"], lock: null };
});
afterEach(() => page?.unmount());

describe("a measure that recurs", () => {
  const MARKET = {
    id: "M1",
    what: "便民小菜场",
    place: "南门",
    schedule: "每周四",
    unit_id: "OF",
    unit_name: "平安办",
    announced_at: "2026-11-23T10:00:00+08:00",
    by: "head",
    told_by: "",
    from: "2026-11-26",
    recurring: "每周四 7:00–10:00，节假日停",
    days: [
      { day: "2026-11-26", name: "11月26日（周四）", off: "台风", called_off: true },
      { day: "2026-12-03", name: "12月3日（周四）", off: "", called_off: false },
      { day: "2026-12-31", name: "12月31日（周四）", off: "节假日", called_off: false },
    ],
    check: { verdict: "too_early" as const, before: [], after: [] },
  };

  test("shows its next days, calls one off with a reason, and takes that back", async () => {
    await openClass(aClass({ measures: [MARKET] }));
    const rows = page.findAll("[data-test=measure-day]");
    expect(rows.map((row) => row.text()).join()).toMatch(/台风.*恢复照常.*照常.*停一次.*节假日/);
    expect(rows[2]!.find("button").exists()).toBe(false);
    await rows[1]!.get("[data-test=call-off]").trigger("click");
    await page.get("[data-test=off-reason]").setValue("下雪");
    await page.get("[data-test=off-send]").trigger("submit");
    await flushPromises();
    await page.get("[data-test=hold]").trigger("click");
    await flushPromises();
    expect(posts().map((one) => [one.path, one.body])).toEqual([
      ["/desk/classes/C1/measures/M1/call-off", { day: "2026-12-03", reason: "下雪" }],
      ["/desk/classes/C1/measures/M1/hold", { day: "2026-11-26" }],
    ]);
  });

  test("is announced by its weekdays in place of words", () => {
    const [announce] = offers("announce");
    const form: Form = {
      what: "便民小菜场",
      place: "南门",
      schedule: "",
      unit: "OF",
      from: "2026-11-26",
      weekdays: [4],
    };
    const whole = { ...form, every: 1, hours: "", until: null, on_holidays: false };
    const lacks = (given: Form) => missingIn(asked(announce!, given), given);
    const sent = (given: Form) => bodyOf(asked(announce!, given), given);
    expect(lacks(whole)).toEqual({});
    expect(lacks({ ...whole, weekdays: [] })).toEqual({ schedule: "请填写什么时候" });
    expect(sent(whole)).toMatchObject({ weekdays: [4], every: 1, on_holidays: false });
    expect(sent({ ...whole, weekdays: [], schedule: "周四" })).toEqual({
      what: "便民小菜场",
      place: "南门",
      schedule: "周四",
      unit: "OF",
      from: "2026-11-26",
    });
  });
});

describe("the list of classes", () => {
  test("shows reporters, owner, measure and its check with the counts it is said of", async () => {
    answering(aClass({ state: "measured", state_name: "已有措施", measure }));
    page = mount(ClassesPage, { global: { plugins } });
    await flushPromises();
    const words = at("class-row").text();
    for (const part of [
      "5 人 5 件",
      "南门口流动菜摊",
      "站长",
      "每周四设便民菜场",
      "减少了",
      "措施前 2 周 15 件，每周 7.5 件；措施后 1 周 1 件，每周 1 件",
    ])
      expect(words).toContain(part);
  });

  test("says why the machine laid them together, and folds the weaker proposals behind one button", async () => {
    const weaker = aClass({ id: "C2", name: "弱一些的", folded: true });
    aServer(() => ({
      body: {
        items: [aClass({ why: "同一地点，多数说到“电梯”（4/5 件）", words: ["又停在三楼"] }), weaker],
        next: null,
      },
    }));
    page = mount(ClassesPage, { global: { plugins } });
    await flushPromises();
    expect(page.findAll("[data-test=class-row]")).toHaveLength(1);
    expect(at("class-row").text()).toContain("多数说到“电梯”");
    expect(at("class-words").text()).toBe("“又停在三楼”");
    expect(at("unfold").text()).toContain("还有 1 条较弱的建议");
    await at("unfold").trigger("click");
    expect(page.findAll("[data-test=class-row]")).toHaveLength(2);
  });

  test("without any it says when there will be one", async () => {
    aServer(() => ({ body: { items: [], next: null } }));
    page = mount(ClassesPage, { global: { plugins } });
    await flushPromises();
    expect(at("empty").text()).toContain("不同的人在同一处");
  });

  test("a failure is a sentence with a way to try again", async () => {
    aServer(() => ({ status: 503, body: { code: "try_again", message: "系统繁忙，请稍后再试" } }));
    page = mount(ClassesPage, { global: { plugins } });
    await flushPromises();
    expect(at("failure").text()).toContain("系统繁忙");
    expect(page.find("[data-test=empty]").exists()).toBe(false);
  });
});

describe("one class", () => {
  test("its tickets come by pages, and how many may not be seen is said", async () => {
    await openClass();
    expect(page.findAll("[data-test=class-member]")).toHaveLength(2);
    await at("more-members").trigger("click");
    await flushPromises();
    expect(heard.at(-1)?.path).toContain("after=page2");
    expect(page.findAll("[data-test=class-member]")).toHaveLength(3);
    expect(at("class-members").text()).toContain("流动菜摊占道 3");
    expect(at("class-members").text()).toContain("其中 1 件您不能查看");
  });

  test("a proposal is confirmed with a name and an owner", async () => {
    await openClass(
      aClass({ state: "proposed", state_name: "待确认", acts: offers("confirm", "discard"), owner: "" }),
      () => ({ body: aClass() }),
    );
    await at("class-act-confirm").trigger("click");
    await at("class-form-confirm").trigger("submit");
    await flushPromises();
    expect(posts()[0]).toMatchObject({
      path: "/desk/classes/C1/confirm",
      body: { name: "南门口流动菜摊", owner: "head" },
    });
    expect(posts()[0]!.headers.get("Idempotency-Key")).toBeTruthy();
    expect(at("class-state").text()).toBe("已确认");
  });

  test("what was chosen is split off, and the new class is shown", async () => {
    await openClass(aClass(), () => ({ status: 201, body: aClass({ id: "C2" }) }));
    await page.findAll("[data-test=class-member] input")[1]!.setValue(true);
    await at("class-act-split").trigger("click");
    await page.get("[data-test=class-form-split] input").setValue("另一件");
    await at("class-form-split").trigger("submit");
    await flushPromises();
    expect(posts()[0]!.body).toEqual({ name: "另一件", ticket_ids: ["T2"] });
    expect(router.currentRoute.value.path).toBe("/classes/C2");
  });

  test("nothing is sent while something is missing, and it is named", async () => {
    await openClass();
    await at("class-act-split").trigger("click");
    await at("class-form-split").trigger("submit");
    expect(at("class-failure").text()).toBe("请填写名称；请填写工单");
    expect(posts()).toHaveLength(0);
  });

  test("a refusal is the server's sentence, and the class stays as it is", async () => {
    await openClass(aClass(), () => ({
      status: 409,
      body: { code: "wrong_stage", message: "这类事已了结，不能这样操作，请刷新后再看" },
    }));
    await at("class-act-end").trigger("click");
    await page.get("[data-test=class-form-end] input").setValue("办好了");
    await at("class-form-end").trigger("submit");
    await flushPromises();
    expect(at("class-failure").text()).toContain("已了结");
    expect(at("class-state").text()).toBe("已确认");
  });

  test("what everyone will read is shown before it is announced", async () => {
    vi.useFakeTimers();
    const typed = { what: "设便民菜场", place: "南门", schedule: "每周四", unit: "OF", from: "2026-10-22" };
    saveDraft("class.C1.announce", typed);
    answering(aClass(), () => ({
      body: { title: "有了统一措施", text: "措施：设便民菜场。", reporters: 5, members: 6 },
    }));
    page = mount(ClassPage, { props: { id: "C1" }, global: { plugins }, attachTo: document.body });
    await vi.advanceTimersByTimeAsync(10);
    await at("class-act-announce").trigger("click");
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await flushPromises();
    expect(posts().map((one) => one.path)).toEqual(["/desk/classes/C1/preview"]);
    expect(at("measure-preview").text()).toContain("措施：设便民菜场。");
    expect(at("measure-preview").text()).toContain("每人只告诉一次");
  });

  test("a measure says whether people were told, and its week is marked", async () => {
    await openClass(aClass({ measures: [measure], weeks: [{ monday: "2026-10-05", count: 6 }] }));
    expect(at("told").text()).toContain("已告诉反映人，每人一次（5 张工单）");
    expect(at("chart").text()).toContain('"at":"2026-10-19"');
  });

  test("the server decides which acts there are, and what each asks", async () => {
    await openClass(aClass({ acts: offers("split", "merge") }));
    expect(at("class-acts").findAll("button")).toHaveLength(2);
    await at("class-act-merge").trigger("click");
    expect(at("class-form-merge").text()).toContain("工单和反映人都算到另一类，不会丢。");
    expect(
      page.findAll("[data-test=class-form-merge] [data-field]").map((each) => each.attributes("data-field")),
    ).toEqual(["into"]);
  });
});

describe("words", () => {
  test("weeks without a report are weeks too", () => {
    const weeks = everyWeek(
      [
        { monday: "2026-10-05", count: 6 },
        { monday: "2026-10-26", count: 1 },
      ],
      [],
    );
    expect(weeks.map((week) => week.count)).toEqual([6, 0, 0, 1]);
  });

  test.each([
    ["2026-10-19", "2026-10-19"],
    ["2026-10-25", "2026-10-19"],
    ["2026-10-26", "2026-10-26"],
  ])("%s lies in the week of %s", (day, monday) => expect(mondayOf(day)).toBe(monday));

  test("before the first whole week nothing is reckoned", () => {
    expect(checkSentence({ ...check, after: [] })).toContain("措施后 还没有满一周");
  });
});
