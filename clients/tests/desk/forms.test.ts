import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useElement } from "../../desk/src/element";
import FormCard from "../../desk/src/parts/papers/FormCard.vue";
import StatusUpload from "../../desk/src/parts/partners/StatusUpload.vue";
import { useGate } from "../../desk/src/api/http";
import { session } from "../../desk/src/state/session";
import {
  badCells,
  handedInWords,
  hasForm,
  mayGoUp,
  MOST_FORM_BYTES,
  proposalOf,
  standingAbove,
  takesForm,
} from "../../desk/src/words/ticket/forms";
import type { Ticket } from "../../desk/src/api/types";
import { aServer, aTicket, UNSENT, type Heard } from "./cases";

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
vi.stubGlobal(
  "CSSStyleSheet",
  class {
    text = "";
    replaceSync(text: string) {
      this.text = text;
    }
  },
);

const plugins = [{ install: useElement }];
const joint = aTicket({ track: "joint", stage: "handling" });
const above = { name: "huizhili", title: "汇治理", source: "", has_interface: false, upward: true };
const printed = "<style>.form-page{color:red}</style><div class=form-page><h1>片区民情调研问题反馈表</h1></div>";
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  document.adoptedStyleSheets = [];
  signedIn("first_contact");
});
afterEach(() => page?.unmount());

function signedIn(role: string): void {
  session.me = { code: "fc1", name: "首问接待甲", unit: "ST", unit_name: "工作站", roles: [role], lock: null };
}

type Said = { status?: number; body?: unknown; headers?: Record<string, string> };

async function open(ticket = joint, posted: (one: Heard) => Said = () => ({ body: {} })): Promise<void> {
  heard = aServer((one) => {
    if (one.method === "POST") return posted(one);
    if (one.path.endsWith("/form/page")) return { body: printed, headers: { "Content-Type": "text/html" } };
    if (one.path.endsWith("/form")) return { body: { name: "反馈表-MS-v3.xlsx", file: btoa("xlsx") } };
    return { body: { items: [{ ...above, name: "hotline", title: "12345热线", upward: false }, above], next: null } };
  });
  page = mount(FormCard, { props: { ticket }, global: { plugins }, attachTo: document.body });
  await flushPromises();
}

const at = (name: string) => page.find(`[data-test="${name}"]`);
const posts = () => heard.filter((one) => one.method === "POST");

async function click(name: string): Promise<void> {
  await at(name).trigger("click");
  await flushPromises();
}

async function handIn(file: File): Promise<void> {
  const input = at("form-file");
  Object.defineProperty(input.element, "files", { value: [file], configurable: true });
  await input.trigger("change");
  await vi.waitFor(() => expect(at("form-said").exists() || at("form-refused").exists()).toBe(true));
}

/** jsdom's files cannot be read as bytes. */
function workbook(size = 4): File {
  const bytes = new Uint8Array(size);
  return Object.assign(new File([bytes], "反馈表.xlsx"), { arrayBuffer: () => Promise.resolve(bytes.buffer) });
}

describe("a form", () => {
  test("is drawn over the page to be printed, in its own style, and goes away again", async () => {
    await open();
    const print = vi.spyOn(window, "print").mockImplementation(() => {});
    await click("form-open");
    const drawn = document.querySelector<HTMLElement>('[data-test="form-print"]')!;
    expect(drawn.textContent).toContain("片区民情调研问题反馈表");
    expect((document.adoptedStyleSheets[0] as unknown as { text: string }).text).toContain(".form-page");
    drawn.querySelector<HTMLElement>('[data-test="form-print-print"]')!.click();
    expect(print).toHaveBeenCalledOnce();
    const beneath = vi.fn();
    addEventListener("keydown", beneath);
    expect(document.activeElement).toBe(drawn);
    for (const key of ["a", "Escape"]) drawn.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    removeEventListener("keydown", beneath);
    expect(beneath).not.toHaveBeenCalled();
    await flushPromises();
    expect(document.querySelector('[data-test="form-print"]')).toBeNull();
    expect(document.adoptedStyleSheets).toEqual([]);
  });

  test("is saved under the name that the server gave it, and it is said what to do next", async () => {
    await open();
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    URL.createObjectURL = () => "blob:x";
    await click("form-download");
    expect(names).toEqual(["反馈表-MS-v3.xlsx"]);
    expect(at("form-said").text()).toContain("填好黄色格");
  });

  test("that is handed in says what became of it, and the ticket is read again", async () => {
    await open(joint, () => ({ body: { how: "taken", opinions: 2, proposed: true } }));
    await handIn(workbook());
    expect(posts()[0]?.path).toContain("/desk/tickets/T1/form");
    expect(posts()[0]?.body).toEqual({ file: btoa("\0\0\0\0") });
    expect(posts()[0]?.headers.get("Idempotency-Key")).toBeTruthy();
    expect(at("form-said").text()).toBe("已交回：2 条意见已记为各单位的进展，办理结论已转给主办单位，核对后由其办结");
    expect(page.emitted("changed")).toHaveLength(1);
  });

  test("that was handed in before says so, and nothing is read again", async () => {
    await open(joint, () => ({ body: { how: "same", opinions: 0, proposed: false } }));
    await handIn(workbook());
    expect(at("form-said").text()).toContain("没有重复记录");
    expect(page.emitted("changed")).toBeUndefined();
  });

  test("with bad cells lists each of them", async () => {
    const fields = [
      { cell: "B11", message: "这里是公式" },
      { cell: "D12", message: "日期看不懂" },
    ];
    await open(joint, () => ({
      status: 422,
      body: { code: "invalid", message: "B11：这里是公式；D12：日期看不懂。请改好后再交回", fields },
    }));
    await handIn(workbook());
    expect(at("form-refused").text()).toContain("B11：这里是公式");
    expect(page.findAll("li").map((each) => each.text())).toEqual(["B11：这里是公式", "D12：日期看不懂"]);
  });

  test("is had as a Word document as well", async () => {
    await open();
    await click("form-download-word");
    expect(heard.at(-1)?.path).toContain("/staff/tickets/T1/form/document");
  });

  test("whose line got other words meanwhile is to be downloaded again", async () => {
    const message = "城建办（主办）这一行在您下载之后已有新内容。请重新下载反馈表";
    await open(joint, () => ({
      status: 409,
      body: { code: "stale", message, changes: [{ kind: "progress", at: "", what: "城建更新进展" }] },
    }));
    await handIn(workbook());
    expect(at("form-refused").text()).toBe(message);
  });

  test.each([
    [MOST_FORM_BYTES, 1],
    [MOST_FORM_BYTES + 1, 0],
  ])("of %i bytes is sent %i times", async (size, times) => {
    await open(joint, () => ({ body: { how: "same", opinions: 0, proposed: false } }));
    await handIn(workbook(size));
    expect(posts()).toHaveLength(times);
    expect(at("form-refused").exists()).toBe(times === 0);
  });

  test("is handed in by the desk and leaders alone, while a unit has the ticket", async () => {
    await open();
    expect(at("form-hand-in").exists()).toBe(true);
    page.unmount();
    signedIn("handler");
    await open();
    expect(at("form-hand-in").exists()).toBe(false);
    expect(at("report-up").exists()).toBe(false);
    expect(at("form-open").exists()).toBe(true);
    expect(heard).toEqual([]); // nobody asks for partners who may not see them
  });
});

describe("the lead's conclusion", () => {
  const line = (kind: string, note = "") => ({
    version: 4,
    kind,
    at: "",
    by: "fc1",
    what: "",
    note,
    public: false,
    photos: [],
    details: {},
  });
  const proposed = (...after: string[]) => ({
    history: [
      line("result_proposed", "旧结论"),
      line("result_proposed", "建议办结"),
      ...after.map((kind) => line(kind)),
    ],
  });

  test("is shown until it was checked, and taken over into resolving by whoever may", async () => {
    await open(aTicket({ ...joint, ...proposed("progress"), acts: ["resolve"] }));
    expect(at("proposal").text()).toContain("建议办结");
    await click("proposal-resolve");
    expect(page.emitted("resolve")).toEqual([["建议办结"]]);
    page.unmount();
    await open(aTicket({ ...joint, ...proposed(), acts: [] }));
    expect(at("proposal-resolve").exists()).toBe(false);
  });

  test.each(["resolved", "reworked", "transferred"])("is over once the ticket was %s", (kind) => {
    expect(proposalOf(aTicket(proposed(kind)))).toBe("");
    expect(proposalOf(aTicket())).toBe("");
  });
});

describe("a report upward", () => {
  test("goes with its reason and the version that was looked at, and says so", async () => {
    await open();
    await click("report-up");
    expect(at("report-send").attributes("disabled")).toBeDefined();
    await page.find("textarea").setValue("请区里协调");
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(posts().map((one) => [one.path.split("/").at(-1), one.body])).toEqual([
      ["report-up", { note: "请区里协调", version: 3, partner: "huizhili" }],
    ]);
    expect(at("form-said").text()).toContain("已上报汇治理");
    expect(page.find("form").exists()).toBe(false);
    expect(page.emitted("changed")).toHaveLength(1);
  });

  test("that is refused says why, and keeps what was written", async () => {
    await open(joint, () => ({ status: 409, body: { code: "already_done", message: "已经上报汇治理，请等对方答复" } }));
    await click("report-up");
    await page.find("textarea").setValue("请区里协调");
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(at("form-refused").text()).toBe("已经上报汇治理，请等对方答复");
    expect(page.find("textarea").element.value).toBe("请区里协调");
  });

  test("is not offered where there is no platform above", async () => {
    await open();
    page.unmount();
    heard = aServer(() => ({ body: { items: [], next: null } }));
    page = mount(FormCard, { props: { ticket: joint }, global: { plugins } });
    await flushPromises();
    expect(at("report-up").exists()).toBe(false);
  });

  test("shows what was answered last", async () => {
    await open(
      aTicket({
        track: "joint",
        stage: "handling",
        external_ids: [{ partner: "huizhili", number: "MS-1", due_at: null, ...UNSENT, status: "已派发" }],
      }),
    );
    expect(at("report-standing").text()).toBe("汇治理最近答复：已派发");
  });
});

describe("what the platform above says, as a file,", () => {
  async function taken(said: Said): Promise<void> {
    heard = aServer(() => said);
    page = mount(StatusUpload, { props: { partner: above }, global: { plugins } });
    const input = at("statuses-file");
    Object.defineProperty(input.element, "files", { value: [workbook()], configurable: true });
    await input.trigger("change");
    await vi.waitFor(() => expect(at("statuses-said").exists() || at("statuses-refused").exists()).toBe(true));
  }

  test("is taken in, and it is said how much of it is new", async () => {
    const passed_over = [{ line: 5, why: "合计" }];
    await taken({
      body: { rows: 3, taken: 2, same: 1, first: "MS-1", last: "MS-3", passed_over, other_sheets: ["旧"] },
    });
    expect(posts().map((one) => one.path.split("/desk/").at(-1))).toEqual(["partners/huizhili/statuses"]);
    const said = at("statuses-said").text();
    expect(said).toContain("读到 3 行（第一条 MS-1，最后一条 MS-3），新记入 2 条，1 条以前已记过");
    expect(said).toContain("跳过了 第 5 行（合计）");
    expect(said).toContain("工作表“旧”没有读");
  });

  test("is refused whole, with every bad row", async () => {
    await taken({
      status: 422,
      body: {
        code: "invalid",
        message: "共 1 行有错，没有导入任何一行",
        fields: [{ row: 3, message: "状态没有登记" }],
      },
    });
    expect(at("statuses-refused").text()).toContain("没有导入任何一行");
    expect(at("troubles").text()).toContain("第 3 行");
  });
});

describe("words", () => {
  test.each<[Ticket["track"], Ticket["stage"], boolean, boolean]>([
    ["simple", "handling", false, false],
    ["joint", "received", false, true],
    ["joint", "dispatched", true, true],
    ["difficult", "handling", true, true],
    ["joint", "suspended", false, true],
    ["joint", "resolved", false, false],
    ["joint", "closed", false, false],
  ])("a %s ticket that is %s takes a form: %s, may go up: %s", (track, stage, takes, goes) => {
    const ticket = aTicket({ track, stage });
    expect([takesForm(ticket), mayGoUp(ticket)]).toEqual([takes, goes]);
    expect(hasForm(ticket)).toBe(track !== "simple");
  });

  test.each([{ confidential: true }, { practice: true }])(
    "neither a confidential nor a practice ticket goes up: %o",
    (given) => {
      expect(mayGoUp(aTicket({ track: "joint", stage: "handling", ...given }))).toBe(false);
    },
  );

  test.each([
    [{ id: "T1", version: 2, how: "taken", opinions: 1, proposed: false }, "已交回：1 条意见已记为各单位的进展"],
    [
      { id: "T1", version: 2, how: "taken", opinions: 0, proposed: true },
      "已交回：办理结论已转给主办单位，核对后由其办结",
    ],
  ])("%o is said as %s", (answer, words) => expect(handedInWords(answer)).toBe(words));

  test("a report without an answer waits, another partner's number is none", () => {
    const held = (partner: string) => aTicket({ external_ids: [{ partner, number: "1", due_at: null, ...UNSENT }] });
    expect(standingAbove(held("huizhili"), above)).toBe("已上报汇治理，等待答复");
    expect(standingAbove(held("hotline"), above)).toBe("");
  });

  test("names of fields are no cells", () =>
    expect(badCells(["file", { cell: "B1", message: "x" }])).toEqual([{ cell: "B1", message: "x" }]));
});
