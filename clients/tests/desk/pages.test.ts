import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { useElement } from "../../desk/src/element";
import BulkBar from "../../desk/src/parts/queue/BulkBar.vue";
import FollowUpCall from "../../desk/src/parts/ticket/FollowUpCall.vue";
import BoardPage from "../../desk/src/pages/queue/BoardPage.vue";
import QueuePage from "../../desk/src/pages/queue/QueuePage.vue";
import Lane from "../../desk/src/parts/queue/Lane.vue";
import CallsPage from "../../desk/src/pages/ticket/CallsPage.vue";
import TicketPage from "../../desk/src/pages/ticket/TicketPage.vue";
import { useGate } from "../../desk/src/api/http";
import { loadDirectory } from "../../desk/src/state/directory";
import { live } from "../../desk/src/state/live";
import { preferences } from "../../desk/src/state/preferences";
import { session } from "../../desk/src/state/session";
import { held, sendHeld, takeBack } from "../../desk/src/state/undo";
import type { Beside, Row, Ticket } from "../../desk/src/api/types";
import { after, aRow, aServer, aTicket, DECLARED, type Heard, offer } from "./cases";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);

const empty = { template: "<div />" };
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: "/", component: empty },
    { path: "/queues/:name", component: empty },
    { path: "/tickets/:id", component: empty },
  ],
});
const plugins = [{ install: useElement }, router];
let page: VueWrapper;
let heard: Heard[];

beforeEach(async () => {
  localStorage.clear();
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
  live.queues = { desk: { rows: [aRow(), aRow({ ticket_id: "T2" })], more: false, mark: "1" } };
  live.names = ["desk"];
  await router.push("/");
});
afterEach(() => page?.unmount());

const NOBODY: Beside = { similar: [], issue_class: null, rung: "" };

function answering(
  ticket: () => Ticket,
  act: (one: Heard) => { status?: number; body?: unknown } = () => ({ body: { id: "T1", version: 4 } }),
  beside = NOBODY,
) {
  heard = aServer((one) => {
    if (one.method === "POST") return act(one);
    if (one.path.endsWith("/beside")) return { body: beside };
    if (one.path.includes("/staff/tickets/")) return { body: ticket() };
    if (one.path.includes("/staff/live")) return { status: 304 };
    if (one.path.includes("/staff/directory")) return { body: { version: "v1", acts: DECLARED } };
    return { body: { items: [], next: null } };
  });
}

/** What was done: previews, and that somebody is writing, change nothing. */
const acts = () => heard.filter((one) => one.method === "POST" && !/\/(preview|writing)$/.test(one.path));
const key = async (name: string) => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  await flushPromises();
};

async function openTicket(): Promise<void> {
  await router.push("/tickets/T1?from=desk");
  page = mount(TicketPage, { props: { id: "T1" }, global: { plugins }, attachTo: document.body });
  await flushPromises();
}

describe("what stands beside a ticket", () => {
  const candidate = { ...aTicket(), id: "T9", number: "MS261122-BBBBBB-4", reason: "同一楼栋，内容相近（46%）" };
  const brief = { id: "C1", name: "四号楼楼道灯", reporters: 6, state: "confirmed", state_name: "已确认", measure: "" };
  const known = { similar: [candidate], issue_class: brief, rung: "" } as unknown as Beside;
  const asked = () => heard.filter((one) => one.path.endsWith("/beside")).length;

  test("is asked for once, however often the ticket is looked at, and again once it was acted on", async () => {
    let version = 3;
    answering(() => aTicket({ version }), undefined, known);
    await openTicket();
    expect(page.find("[data-test=candidate]").text()).toContain("内容相近");
    expect(page.text()).toContain("四号楼楼道灯");
    for (let look = 0; look < 3; look++) {
      live.changes++;
      await flushPromises();
    }
    expect(asked()).toBe(1);
    version = 4;
    live.changes++;
    await flushPromises();
    expect(asked()).toBe(2);
  });

  test("is that of the ticket on the screen, and the ticket is shown without it as well", async () => {
    answering(() => aTicket(), undefined, known);
    await openTicket();
    heard = aServer((one) =>
      one.path.endsWith("/beside")
        ? { status: 500, body: {} }
        : { body: one.path.includes("/staff/tickets/") ? aTicket({ id: "T2" }) : { items: [], next: null } },
    );
    await page.setProps({ id: "T2" });
    await flushPromises();
    expect(page.find("[data-test=candidate]").exists()).toBe(false);
    expect(page.find("[data-test=failure]").exists()).toBe(false);
    expect(page.text()).toContain(aTicket().number);
  });
});

describe("danger", () => {
  const card = {
    level: "possible",
    is_open: true,
    title: "可能有人被困 · 4号楼",
    kinds: [],
    words: ["关在电梯"],
    answer: "",
    answer_name: "",
    decided: "",
    agreed: false,
    reason: "",
    whys: [{ code: "演习", name: "演习" }],
  };
  const emergency = {
    rows: [{ name: "电梯维保", number: "021-1", text: "021-1" }],
    numbers: [],
    called: [{ code: "119", name: "已代拨119" }],
  };
  const asked = () =>
    aTicket({ danger: card, emergency, acts: ["confirm-danger", "deny-danger", "call-made", "spoken"] });

  test("the words themselves stand on the card, and one tap says yes", async () => {
    answering(asked);
    await openTicket();
    expect(page.find("[data-test=danger]").text()).toContain("关在电梯");
    expect(page.find("[data-test=rung]").exists()).toBe(false);
    await page.find("[data-test=confirm-danger-false]").trigger("click");
    await flushPromises();
    expect(acts()[0]).toMatchObject({
      path: expect.stringContaining("/confirm-danger"),
      body: { reached: false, version: 3 },
    });
  });

  test("how many others reported it stands on the card once it is known", async () => {
    answering(asked, undefined, { ...NOBODY, rung: "前后10分钟另有2件报了这里" });
    await openTicket();
    expect(page.find("[data-test=danger] [data-test=rung]").text()).toBe("前后10分钟另有2件报了这里");
  });

  test("one tap shows the number to call whoever reported it, for what it is", async () => {
    const there = { may_reveal: true, has_reporter: true, phone_left: true };
    answering(
      () => aTicket({ ...asked(), ...there }),
      () => ({ body: { phone: "13800001111" } }),
    );
    await openTicket();
    await page.find("[data-test=danger] [data-test=call-resident]").trigger("click");
    await flushPromises();
    expect(acts()[0]).toMatchObject({
      path: expect.stringContaining("/reveal"),
      body: { fields: ["phone"], reason: "urgent" },
    });
    expect(page.find("[data-test=danger]").text()).toContain("13800001111");
  });

  test("where nobody left a number there is none to call", async () => {
    answering(asked);
    await openTicket();
    expect(page.find("[data-test=call-resident]").exists()).toBe(false);
  });

  test("one tap says no, with its reason, and a call for help is noted beside whom to call", async () => {
    answering(asked);
    await openTicket();
    await page.find("[data-test=deny-danger-演习]").trigger("click");
    await flushPromises();
    await page.find("[data-test=call-made-119]").trigger("click");
    await flushPromises();
    expect(acts().map((one) => one.body)).toMatchObject([{ why: "演习" }, { called: "119" }]);
    expect(page.find("[data-test=emergency-sheet]").text()).toContain("021-1");
  });
});

test("whom its words may complain of stands on the ticket, and who does not see it", async () => {
  const grievance = { level: "possible", title: "可能有人被投诉，请先看", text: "可能说的是：盛华景苑物业。" };
  answering(() => aTicket({ grievance }));
  await openTicket();
  expect(page.find("[data-test=grievance]").text()).toContain("可能说的是：盛华景苑物业");
});

test("that the unit does not read the words, and what to decide, stands on the ticket with the act for it", async () => {
  const withheld = { waits: true, title: "居民原话还没有转给承办单位", text: "请看原话，再选。" };
  answering(() => aTicket({ withheld, offers: [offer("release-words"), offer("keep-words")] }));
  await openTicket();
  expect(page.find("[data-test=withheld]").text()).toContain("请看原话，再选。");
  await page.find("[data-test=act-release-words]").trigger("click");
  await flushPromises();
  expect(page.text()).toContain("只转派单摘要");
});

describe("triage by keyboard", () => {
  test("one key accepts the suggestion, with the version that was seen, and goes on to the next", async () => {
    answering(() => aTicket());
    await openTicket();
    await key("a");
    expect(acts()).toHaveLength(0);
    expect(held.value?.words).toContain("盛华景苑物业");
    await sendHeld();
    expect(acts()).toHaveLength(1);
    expect(acts()[0]).toMatchObject({
      path: "/desk/tickets/T1/dispatch",
      body: { unit_id: "PM-SHJY", track: "simple", version: 3 },
    });
    expect(acts()[0]!.headers.get("Idempotency-Key")).toBeTruthy();
    expect(router.currentRoute.value.fullPath).toBe("/tickets/T2?from=desk");
  });

  test("the key pressed twice dispatches once", async () => {
    answering(() => aTicket());
    await openTicket();
    void key("a");
    await key("a");
    await sendHeld();
    expect(acts()).toHaveLength(1);
  });

  test("what the key did is taken back before anybody hears of it, and its ticket is there again", async () => {
    answering(() => aTicket());
    await openTicket();
    await key("a");
    takeBack();
    await flushPromises();
    await sendHeld();
    expect(acts()).toHaveLength(0);
    expect(router.currentRoute.value.fullPath).toBe("/tickets/T1?from=desk");
  });

  test("an urgent ticket is dispatched at once", async () => {
    answering(() => aTicket({ urgent: true }));
    await openTicket();
    await key("a");
    expect(acts().filter((one) => one.path.endsWith("/dispatch"))).toHaveLength(1);
  });

  test("the second desk is told who was faster, and stays at the ticket", async () => {
    const message = "工单刚被他人处理过";
    answering(
      () => aTicket(),
      () => ({
        status: 409,
        body: {
          code: "stale",
          message,
          changes: [{ kind: "dispatched", at: "", what: "首问接待乙派给镇城建中心办理" }],
        },
      }),
    );
    await openTicket();
    await key("a");
    await sendHeld();
    expect(document.body.textContent).toContain("首问接待乙派给镇城建中心办理");
  });

  test("a key opens the form of its act, and what is typed there is no command", async () => {
    answering(() => aTicket());
    await openTicket();
    await key("r");
    const words = page.get("[data-test=form-answer] textarea");
    (words.element as HTMLElement).dispatchEvent(
      new KeyboardEvent("keydown", { key: "a", bubbles: true, cancelable: true }),
    );
    await words.setValue("今晚修好");
    await page.get("[data-test=form-answer]").trigger("submit");
    await flushPromises();
    expect(acts().map((one) => [one.path, one.body])).toEqual([
      ["/desk/tickets/T1/answer", { text: "今晚修好", version: 3 }],
    ]);
  });

  test("Ctrl Enter sends and Esc leaves, also from inside a select", async () => {
    answering(() => aTicket());
    await loadDirectory();
    await openTicket();
    const from = async (init: KeyboardEventInit) => {
      const box = page.get("[data-test=form-dispatch] [role=combobox]").element;
      box.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
      await flushPromises();
    };
    await key("d");
    await from({ key: "Escape" });
    expect(page.find("[data-test=form-dispatch]").exists()).toBe(false);
    await page.get("[data-test=act-dispatch]").trigger("click");
    page.getComponent({ name: "ElSelect" }).vm.$emit("update:modelValue", "PM-SHJY");
    await from({ key: "Enter", ctrlKey: true });
    expect(acts().map((one) => one.body)).toMatchObject([{ unit_id: "PM-SHJY" }]);
  });

  test("whoever switched single keys off dispatches by none, and still leaves by Esc", async () => {
    answering(() => aTicket());
    preferences.keys = false;
    await openTicket();
    for (const each of ["a", "d", "r"]) await key(each);
    expect(acts()).toHaveLength(0);
    expect(page.find("form").exists()).toBe(false);
    await key("Escape");
    expect(router.currentRoute.value.path).toBe("/queues/desk");
    preferences.keys = true;
  });

  test("an act that the server does not allow has neither button nor key", async () => {
    answering(() => aTicket({ acts: ["comment"] }));
    await openTicket();
    await key("d");
    await key("a");
    expect(page.find("[data-test=act-dispatch]").exists()).toBe(false);
    expect(page.find("form").exists()).toBe(false);
    expect(acts()).toHaveLength(0);
  });

  test("markup in a report is text", async () => {
    answering(() => aTicket({ text: "<img src=x onerror=alert(1)><b>灯坏</b>" }));
    await openTicket();
    expect(page.get("[data-test=report-text]").text()).toBe("<img src=x onerror=alert(1)><b>灯坏</b>");
    expect(page.find("[data-test=report-text] *").exists()).toBe(false);
  });

  test("what was typed is still there when the server was down, and when the page was closed", async () => {
    answering(
      () => aTicket(),
      () => ({ status: 503, body: { code: "try_again", message: "系统繁忙，请稍后再试" } }),
    );
    await openTicket();
    await key("r");
    await page.get("textarea").setValue("写了很久的话");
    await page.get("[data-test=form-answer]").trigger("submit");
    await flushPromises();
    expect(page.get("[data-test=act-failure]").text()).toContain("系统繁忙");
    page.unmount();
    await openTicket();
    await key("r");
    expect((page.get("textarea").element as HTMLTextAreaElement).value).toBe("写了很久的话");
  });

  test("the viewer's name lies over the ticket", async () => {
    answering(() => aTicket());
    await openTicket();
    expect(page.get("[data-test=watermark]").text()).toContain("首问接待甲 fc1");
  });
});

describe("a follow-up call", () => {
  const called = () => aTicket({ stage: "resolved", acts: ["follow-up"], category_name: "楼道照明" });

  async function openCall(): Promise<void> {
    page = mount(FollowUpCall, { props: { row: aRow() }, global: { plugins }, attachTo: document.body });
    await flushPromises();
  }

  test("shows what to say, and asks whether it is solved before it is recorded", async () => {
    answering(called);
    await openCall();
    expect(page.get("ol").text()).toContain("事情解决了吗");
    await page.get("[data-test=outcome-answered] input").setValue(true);
    await page.get("form[data-test=form-follow-up]").trigger("submit");
    await flushPromises();
    expect(acts().filter((one) => !one.path.endsWith("/reveal"))).toHaveLength(0);
    await vi.waitFor(() => expect(page.text()).toContain("请问清是否解决"));
  });

  test("who said that it is not solved is offered 重办 at once, with the own words", async () => {
    const follow_ups = [
      {
        round: 1,
        by: "reporter",
        how: "in_app" as const,
        at: after(60),
        result: "not_solved" as const,
        satisfied: null,
        words: "三楼不亮",
        of: "",
      },
    ];
    answering(() => aTicket({ stage: "resolved", acts: ["follow-up", "rework"], follow_ups }));
    await openCall();
    expect(page.get("[data-test=said-already]").text()).toContain("没有解决");
    await page.get("[data-test=to-rework]").trigger("click");
    expect((page.get("[data-test=form-rework] textarea").element as HTMLTextAreaElement).value).toBe("三楼不亮");
  });

  test("who left no number is asked in writing, and nobody looks for one", async () => {
    answering(() => aTicket({ stage: "resolved", acts: ["follow-up", "comment"], phone_left: false }));
    await openCall();
    expect(acts()).toHaveLength(0);
    await page.get("[data-test=no-phone] button").trigger("click");
    expect(page.find("[data-test=form-comment]").exists()).toBe(true);
  });

  test("records an answer", async () => {
    answering(called);
    await openCall();
    await page.get("[data-test=outcome-answered] input").setValue(true);
    await page.get("[data-test=solved-no] input").setValue(true);
    await page.get("form[data-test=form-follow-up]").trigger("submit");
    await flushPromises();
    expect(acts().at(-1)).toMatchObject({
      path: "/desk/tickets/T1/follow-up",
      body: { outcome: "answered", solved: false },
    });
    expect(page.emitted("done")).toHaveLength(1);
  });

  test("the row of the call list is itself the reason: the number is there without a click, and kept nowhere", async () => {
    answering(called, (one) => (one.path.endsWith("/reveal") ? { body: { phone: "13800001111" } } : {}));
    await openCall();
    await flushPromises();
    expect(acts()[0]!.body).toEqual({ fields: ["phone"], reason: "call_list" });
    expect(page.get("[data-test=revealed]").text()).toContain("13800001111");
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("13800001111");
  });
});

describe("many at once", () => {
  const many = () => heard.filter((one) => one.path.startsWith("/desk/bulk"));

  /** What the server says is possible on which of `rows`, and what becomes of an act. */
  async function choose(rows: Row[], possible: Record<string, string[]>, results: unknown[] = []): Promise<void> {
    const items = Object.entries(possible).map(([name, ticket_ids]) => ({ name, ticket_ids }));
    answering(
      () => aTicket(),
      (one) => ({ body: one.path === "/desk/bulk" ? { items, next: null } : { results } }),
    );
    await loadDirectory();
    page = mount(BulkBar, { props: { rows }, global: { plugins }, attachTo: document.body });
    await vi.waitFor(() => expect(page.text()).not.toContain("正在看"), 3000);
    await flushPromises();
  }

  const offered = () => page.findAll("button[data-test^=bulk-]").map((one) => one.text());
  const two = [aRow(), aRow({ ticket_id: "T2", number: "MS-2" })];

  test("what is possible for none is not offered, and for how many it is possible stands on the button", async () => {
    await choose(two, { dispatch: ["T1", "T2"], answer: ["T2"] });
    expect(many()[0]!.body).toEqual({ ticket_ids: ["T1", "T2"] });
    expect(offered()).toEqual(["批量派单", "批量当场答复（1 张可以）"]);
  });

  test("the others are left alone, and that is said before", async () => {
    await choose(two, { answer: ["T2"] }, [{ id: "T2", ok: true }]);
    await page.get("[data-test=bulk-answer]").trigger("click");
    expect(page.get("[data-test=bulk-left]").text()).toContain("另外 1 张现在不能当场答复，不会动");
    expect(page.get("[data-test=bulk-submit]").text()).toContain("1 张全部当场答复");
    await page.get("textarea").setValue("八点开门");
    await page.get("form").trigger("submit");
    await flushPromises();
    expect(many().at(-1)).toMatchObject({ path: "/desk/bulk/answer", body: { ticket_ids: ["T2"] } });
    expect(page.emitted("done")).toHaveLength(1);
  });

  test("where nothing is possible for any, that is said", async () => {
    await choose(two, {});
    expect(offered()).toEqual([]);
    expect(page.get("[data-test=bulk-none]").text()).toContain("没有可以一起办的");
  });

  test("more than one request takes are not asked about", async () => {
    answering(() => aTicket());
    await loadDirectory();
    const rows = Array.from({ length: 101 }, (_, n) => aRow({ ticket_id: `T${n}` }));
    page = mount(BulkBar, { props: { rows }, global: { plugins } });
    expect(page.get("[role=alert]").text()).toContain("一次最多一起办 100 张");
    expect(many()).toEqual([]);
  });

  test("each refused one is named, and the others are done", async () => {
    await choose(two, { comment: ["T1", "T2"] }, [
      { id: "T1", ok: true },
      { id: "T2", ok: false, message: "已结案，不能留言" },
    ]);
    await page.get("[data-test=bulk-comment]").trigger("click");
    await page.get("textarea").setValue("电梯今晚修好");
    await page.get("form").trigger("submit");
    await flushPromises();
    expect(many().at(-1)).toMatchObject({
      path: "/desk/bulk/comment",
      body: { ticket_ids: ["T1", "T2"], given: { text: "电梯今晚修好" } },
    });
    expect(page.get("[data-test=bulk-results]").text()).toContain("MS-2 已结案，不能留言");
    expect(page.emitted("done")).toBeUndefined();
  });

  test("nothing is sent while something is missing", async () => {
    await choose([aRow()], { decline: ["T1"] });
    await page.get("[data-test=bulk-decline]").trigger("click");
    await page.get("form").trigger("submit");
    await flushPromises();
    expect(many()).toHaveLength(1);
  });
});

describe("nothing is said to be empty before it is known", () => {
  const shown = (component: object, props: Record<string, unknown> = {}) =>
    (page = mount(component, { props, global: { plugins }, attachTo: document.body }));

  test("a lane of the board", async () => {
    shown(Lane, { name: "desk", number: 1, rows: [], known: false });
    expect(page.text()).not.toMatch(/没有|0/);
    await page.setProps({ known: true });
    expect(page.text()).toContain("没有");
  });

  test("orders that came in hours late stand first as one digest", async () => {
    const late = (n: number) =>
      aRow({ ticket_id: `O${n}`, number: `O${n}`, clock: "danger", due_at: after(-3 * 3600) });
    const now = aRow({ ticket_id: "N", number: "N", clock: "danger", due_at: after(-3600) });
    shown(Lane, { name: "desk", number: 1, rows: [now, late(1), late(2)], known: true });
    expect(page.find("[data-test=old-orders] summary").text()).toContain("两小时前发来的旧工单 2 件");
    const order = page.findAll("[data-test=queue-row]").map((row) => row.attributes("data-number"));
    expect(order).toEqual(["O1", "O2", "N"]);
    await page.setProps({ rows: [now] });
    expect(page.find("[data-test=old-orders]").exists()).toBe(false);
  });

  test("the board, the queue and the list of calls", async () => {
    answering(() => aTicket());
    live.queues = {};
    for (const [component, props] of [[BoardPage], [QueuePage, { name: "desk" }], [CallsPage]] as const) {
      page = shown(component, props ?? {});
      expect(page.text()).not.toMatch(/没有(?!智能)|（0）|\b0\b/);
      page.unmount();
    }
  });
});

test("the words that the resident will read stand in the form before it is sent", async () => {
  const read = { to: "reporter", title: "当场答复", text: "您反映的路灯：今晚修好。" };
  answering(
    () => aTicket(),
    (one) => (one.path.endsWith("/preview") ? { body: { items: [read], next: null } } : {}),
  );
  await openTicket();
  await key("r");
  await page.get("textarea").setValue("今晚修好");
  await vi.waitFor(() => expect(page.get("[data-test=form-answer]").text()).toContain(read.text));
  expect(heard.filter((one) => one.path.endsWith("/preview")).at(-1)!.body).toMatchObject({
    act: "answer",
    given: { text: "今晚修好" },
  });
});

test("who else is writing on the ticket is said, and asked for once in half a minute", async () => {
  answering(
    () => aTicket({ id: "T-writing" }),
    (one) => (one.path.endsWith("/writing") ? { body: { other: { code: "fc2", name: "首问接待乙" } } } : {}),
  );
  await openTicket();
  await key("r");
  for (const text of ["今", "今晚"]) await page.get("textarea").setValue(text);
  await flushPromises();
  expect(page.get("[data-test=other-writer]").text()).toContain("首问接待乙");
  expect(heard.filter((one) => one.path.endsWith("/writing"))).toHaveLength(1);
});
