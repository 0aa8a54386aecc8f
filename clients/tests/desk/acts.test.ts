import { describe, expect, test } from "vitest";
import type { DangerCard } from "../../desk/src/api/types";
import { bodyOf, emptyForm, heldUp, isRequired, missingIn, offersNow } from "../../desk/src/words/ticket/acts";
import { resultsInWords } from "../../desk/src/words/ticket/bulk";
import { emptyEntry, entryBody, missingInEntry } from "../../desk/src/words/ticket/entry";
import { fraction, share } from "../../desk/src/words/figures/figures";
import { placesLike } from "../../desk/src/words/town/places";
import { planFor, shareWords } from "../../desk/src/words/ticket/suggest";
import { isTownFile, missingFiles, rowErrors } from "../../desk/src/words/town/townFiles";
import { isTaken, press } from "../../desk/src/state/keys";
import { since } from "../../desk/src/state/ticket";
import { aRow, aTicket, after, DECLARED, offer } from "./cases";

test("no act takes a key of the page", () => {
  const keys = DECLARED.flatMap((act) => (act.key ? [act.key] : []));
  expect(new Set([...keys, "a", "i", "j", "k", "/", "?", "0", "8", "9"]).size).toBe(keys.length + 9);
});

test("buttons are what the server offers now; what waits for something is told with it", () => {
  const needs = [{ code: "follow_up", words: "还不能结案：工作站回访", field: "", met_by: [] }];
  const ticket = aTicket({
    offers: [offer("follow-up"), offer("close", { now: false, needs }), offer("resolve", { now: false })],
  });
  expect(offersNow(ticket).map((act) => act.name)).toEqual(["follow-up"]);
  expect(heldUp(ticket)).toEqual([{ label: "结案", words: "还不能结案：工作站回访" }]);
});

describe("a form", () => {
  const dispatch = offer("dispatch");
  test("says what is missing before it is sent", () => {
    expect(missingIn(dispatch, emptyForm(dispatch))).toEqual({ unit_id: "请填写主办单位" });
    const answer = offer("answer");
    expect(missingIn(answer, { text: "  " })).toHaveProperty("text");
    expect(missingIn(answer, { text: "好" })).toEqual({ text: "至少写2个字" });
    expect(missingIn(answer, { text: "好的" })).toEqual({});
  });

  test("asks at once for what the act needs on this ticket, in the words of the refusal", () => {
    const needs = [{ code: "photo", words: "公共设施类工单办结须附照片", field: "photos", met_by: [] }];
    const resolve = offer("resolve", { needs });
    expect(missingIn(resolve, { ...emptyForm(resolve), note: "已修好" })).toEqual({
      photos: "公共设施类工单办结须附照片",
    });
    expect(missingIn(resolve, { ...emptyForm(resolve), note: "已修好", photos: ["P"] })).toEqual({});
    expect(resolve.fields.filter((field) => isRequired(resolve, field, {})).map((field) => field.name)).toEqual([
      "note",
      "photos",
    ]);
  });

  test("begins with what the server proposes", () => {
    const fields = offer("dispatch").fields.map((field) =>
      field.name === "unit_id" ? { ...field, initial: "PM-1" } : field,
    );
    expect(emptyForm(offer("dispatch", { fields }))).toMatchObject({ unit_id: "PM-1", note: "" });
  });

  test("sends only what was given, trimmed", () => {
    const form = { ...emptyForm(dispatch), unit_id: "OF-CJ", note: " 请尽快 " };
    expect(bodyOf(dispatch, form)).toEqual({ unit_id: "OF-CJ", summary: "", note: "请尽快" });
  });

  test("a call that was answered says whether it is solved; an unanswered one need not", () => {
    const call = offer("follow-up");
    expect(missingIn(call, { ...emptyForm(call), outcome: "answered" })).toHaveProperty("solved");
    expect(missingIn(call, { ...emptyForm(call), outcome: "answered", solved: false })).toEqual({});
    expect(missingIn(call, { ...emptyForm(call), outcome: "not_answered" })).toEqual({});
    expect(missingIn(call, emptyForm(call))).toHaveProperty("outcome");
  });
});

test("a report is divided into two to six matters, each with a title and words", () => {
  const divide = offer("divide");
  const matter = { title: "楼道灯不亮", text: "三楼楼道灯不亮" };
  expect(missingIn(divide, { matters: [] })).toHaveProperty("matters");
  expect(missingIn(divide, { matters: [matter] })).toHaveProperty("matters");
  expect(missingIn(divide, { matters: [matter, { title: "", text: "垃圾" }] })).toHaveProperty("matters");
  expect(missingIn(divide, { matters: [matter, matter] })).toEqual({});
  expect(missingIn(divide, { matters: Array(7).fill(matter) })).toHaveProperty("matters");
});

/** As the desk gets it of a report in which somebody may be shut in. */
const DANGER: DangerCard = {
  level: "possible",
  is_open: false,
  title: "可能有人有危险：被困 · 4号楼",
  kinds: [{ code: "trapped", name: "被困" }],
  words: ["出不来"],
  answer: "",
  answer_name: "",
  decided: "",
  agreed: false,
  reason: "",
  whys: [],
};

describe("accepting the suggestion", () => {
  const suggestion = aTicket().suggestion!;
  test("dispatches as suggested, and classifies first what has no category", () => {
    const dispatch = { act: "dispatch", body: { unit_id: "PM-SHJY", track: "simple" } };
    expect(planFor(aTicket())).toMatchObject({ kind: "send", steps: [dispatch] });
    expect(planFor(aTicket({ category: null }))).toMatchObject({
      steps: [{ act: "classify", body: { category: "B01" } }, dispatch],
    });
  });

  test("what goes out of town opens its form: the words are a person's", () => {
    const ticket = aTicket({ acts: ["forward"], suggestion: { ...suggestion, forward_to: "12345", unit_id: null } });
    expect(planFor(ticket)).toMatchObject({ kind: "form", act: "forward", initial: { to: "12345" } });
  });

  test.each([
    [{ share: 0.62, error: 0.08 }, "这样的判断 100 件里对 62 件，上下 8 件"],
    [{ share: 0.999, error: 0.001 }, "这样的判断 100 件里对 99 件，上下 1 件"],
    [{ share: null, error: 0 }, "这样的判断准不准还没有量过"],
  ])("a choice of the model says how often it was right, and never always: %j", (known, words) => {
    expect(shareWords({ category: "I01", category_name: "邻里纠纷", ...known })).toBe(words);
  });

  test("where the rules name no unit, the model's guess opens the form of the category: a person decides", () => {
    const guess = { category: "I01", category_name: "邻里纠纷", proposed: true, words: ["拖把"], choices: [] };
    const unsorted = { guess, suggestion: { ...suggestion, category: null, unit_id: null } };
    expect(planFor(aTicket({ ...unsorted, acts: ["classify"] }))).toMatchObject({
      kind: "form",
      act: "classify",
      initial: { category: "I01" },
    });
    expect(planFor(aTicket({ ...unsorted, acts: ["comment"] })).kind).toBe("none");
    const weak = planFor(aTicket({ ...unsorted, guess: { ...guess, proposed: false }, acts: ["classify"] }));
    expect(weak).toEqual({ kind: "none", words: expect.stringContaining("选一个") });
  });

  test.each([
    ["no suggestion", aTicket({ suggestion: null })],
    ["no unit in it", aTicket({ suggestion: { ...suggestion, unit_id: null } })],
    ["whom it is kept from", aTicket({ concerns: [suggestion.unit_id!] })],
    ["a danger that nobody has answered", aTicket({ danger: { ...DANGER, is_open: true } })],
    ["a ticket that may not be dispatched", aTicket({ acts: ["comment"] })],
  ])("does nothing with %s", (_, ticket) => {
    expect(planFor(ticket).kind).toBe("none");
  });
});

describe("a key", () => {
  const pressed = (key: string, target: Element, more = {}) => {
    let at: KeyboardEvent | undefined;
    target.addEventListener("keydown", (event) => (at = event as KeyboardEvent), { once: true });
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
    return at!;
  };
  const inside = (html: string) => {
    document.body.innerHTML = html;
    return document.body.firstElementChild!;
  };

  test.each([
    ["<div></div>", "a", {}, false],
    ["<input type=text>", "a", {}, true],
    ["<textarea></textarea>", "j", {}, true],
    ["<input type=radio>", "j", {}, false],
    ["<input type=radio>", "ArrowDown", {}, true],
    ["<button></button>", "Enter", {}, true],
    ["<button></button>", "j", {}, false],
    ["<div></div>", "a", { ctrlKey: true }, true],
    ["<div></div>", "a", { isComposing: true }, true], // an input method is at work
  ])("in %s, %s %j is the part's own: %s", (html, key, more, wanted) => {
    expect(isTaken(pressed(key, inside(html), more))).toBe(wanted);
  });

  test("works with Caps Lock on, and only where the page has it", () => {
    let heard = 0;
    const target = inside("<div></div>");
    press({ a: () => (heard += 1) }, pressed("A", target));
    press({ a: () => (heard += 1) }, pressed("z", target));
    expect(heard).toBe(1);
  });
});

describe("an entry for somebody else", () => {
  test("with somebody in danger needs a place alone, and says what it is", () => {
    const danger = { ...emptyEntry(), danger: "fire" };
    expect(Object.keys(missingInEntry(danger))).toEqual(["place"]);
    expect(missingInEntry({ ...danger, place_text: "桥下", phone: "?" })).toEqual({});
    expect(entryBody({ ...danger, place_text: "桥下" })).toMatchObject({ danger: "fire", text: "有人有危险：着火" });
    expect(entryBody({ ...danger, place_text: "桥下", text: "三楼" })).toMatchObject({
      text: "有人有危险：着火。三楼",
    });
    expect(entryBody({ ...emptyEntry(), text: "漏水", place_text: "桥下" })).not.toHaveProperty("danger");
  });

  test("needs words and a place, and no strange phone number", () => {
    expect(Object.keys(missingInEntry(emptyEntry()))).toEqual(["text", "place"]);
    const whole = { ...emptyEntry(), text: "漏水", place_text: "桥下" };
    expect(missingInEntry(whole)).toEqual({});
    expect(missingInEntry({ ...whole, phone: "021-1234 转 5" })).toEqual({});
    expect(missingInEntry({ ...whole, phone: "<script>" })).toHaveProperty("phone");
  });

  test("of a patrol carries nobody's phone, even when one was typed before", () => {
    const body = entryBody({
      ...emptyEntry(),
      source: "patrol",
      text: "井盖",
      place: "LWY",
      phone: "138",
      place_text: "x",
    });
    expect(body).toEqual({ source: "patrol", text: "井盖", place: "LWY", photos: [], confidential: false });
  });
});

test("what others did while the ticket was open is told in words, and nothing when nothing was", () => {
  const before = aTicket();
  const line = {
    version: 4,
    kind: "dispatched",
    at: after(5),
    by: "fc2",
    what: "工作站派给镇城建中心办理",
    note: "",
    public: false,
    photos: [],
    details: {},
  };
  expect(since(before, aTicket())).toBe("");
  expect(since(before, aTicket({ version: 4, history: [...before.history, line] }))).toBe("工作站派给镇城建中心办理");
});

test("of many tickets the refused ones come first, with their reason", () => {
  const told = resultsInWords(
    [
      { id: "T1", ok: true },
      { id: "T2", ok: false, message: "已派单，不能派单" },
    ],
    [aRow(), aRow({ ticket_id: "T2", number: "N2" })],
  );
  expect(told).toEqual([
    { number: "N2", ok: false, words: "已派单，不能派单" },
    { number: "MS261123-AAAAAA-A", ok: true, words: "" },
  ]);
});

test("a place is found by parts of its name, and the chosen one stays in the list", () => {
  const place = (code: string, full_name: string) => ({
    code,
    parent: null,
    kind: "building",
    name: full_name,
    full_name,
    inside_wall: true,
  });
  const places = [place("a", "盛华景苑 5号楼"), place("b", "盛华景苑 4号楼"), place("c", "蓝湾苑 5号楼")];
  const found = (typed: string, chosen: string | null = null) =>
    placesLike(places, typed, chosen).map((one) => one.code);
  expect([found(""), found("盛华 5号"), found("没有"), found("没有", "b")]).toEqual([
    ["a", "b", "c"],
    ["a"],
    [],
    ["b"],
  ]);
});

test("a figure of nothing is no hundred per cent, and never stands without its denominator", () => {
  const none = { numerator: 0, denominator: 0, open: 1, void: 0, enough: false };
  expect(share(none)).toBe("–");
  expect(share(undefined)).toBe("–");
  expect([
    share({ ...none, numerator: 2, denominator: 3 }),
    fraction({ ...none, numerator: 2, denominator: 3 }),
  ]).toEqual(["67%", "2 / 3"]);
});

test("a town is its ten files, other tables of the folder stay where they are", () => {
  const tables = [
    ["places", "地点"],
    ["units", "单位"],
    ["staff", "人员"],
    ["duty", "值班"],
    ["concerns", "涉及对象"],
  ].map(([name, title], at) => ({ name: name!, title: title!, needed: at < 4 }));
  expect(missingFiles(["places.csv", "Units.CSV", "值班.xls"], tables)).toEqual(["staff.csv"]);
  expect(["concerns.csv", "涉及对象.csv"].map((file) => isTownFile(file, tables))).toEqual([true, true]); // tables that a town may have go along
  expect(missingFiles(["places.csv"], tables)).not.toContain("places.csv");
  expect([
    isTownFile("places.csv", tables),
    isTownFile("training.csv", tables),
    isTownFile("places.csv.bak", tables),
  ]).toEqual([true, false, false]);
  expect([isTownFile("DUTY.XLSX", tables), isTownFile("某镇.xlsx", tables), isTownFile("~$duty.xlsx", tables)]).toEqual(
    [true, true, false],
  );
  expect(missingFiles(["某镇.xlsx"], tables)).toEqual([]);
  expect(rowErrors([{ file: "a.csv", line: 2, column: "x", reason: "y" }, "files.a.csv"])).toHaveLength(1);
  expect(rowErrors(undefined)).toEqual([]);
});
