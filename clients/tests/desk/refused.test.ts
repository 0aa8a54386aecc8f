// What the server refused is marked where it stands, and the hand goes on there.

import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import ActForm from "../../desk/src/parts/ticket/ActForm.vue";
import EnterPage from "../../desk/src/pages/ticket/EnterPage.vue";
import AnswersPage from "../../desk/src/pages/queue/AnswersPage.vue";
import { useGate } from "../../desk/src/api/http";
import { draftsOf } from "../../desk/src/state/drafts";
import { session } from "../../desk/src/state/session";
import { markRefused } from "../../desk/src/parts/fields/refused";
import { aServer, aTicket } from "./cases";
import { plugins } from "./plugins";

let page: VueWrapper | undefined;
const refusing = (...fields: unknown[]) =>
  aServer((one) =>
    one.method === "GET"
      ? { body: { items: [], next: null } }
      : { status: 422, body: { code: "invalid", message: "不行", fields } },
  );
const marked = () => [...document.querySelectorAll<HTMLElement>("[aria-invalid=true]")];
const type = async (selector: string, text: string) => {
  const field = document.querySelector<HTMLInputElement>(selector)!;
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await flushPromises();
};
const submit = async () => {
  document.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
};
const show = async (part: any, props: any = {}) => {
  page = mount(part, { props, global: { plugins }, attachTo: document.body });
  await flushPromises();
};

beforeEach(async () => {
  localStorage.clear();
  await draftsOf("fc1"); // nothing of what the test before typed
  document.body.innerHTML = "";
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
  session.me = { code: "fc1", name: "甲", unit: "ST", unit_name: "站", roles: ["first_contact"], lock: null };
});
afterEach(() => page?.unmount());

test("the form of an act: the refused field has the focus and the mark, until it is changed", async () => {
  refusing("text");
  await show(ActForm, { name: "answer", ticket: aTicket() });
  await type("textarea", "八点修好");
  (document.querySelector("[data-test=act-submit]") as HTMLElement).focus();
  await submit();
  expect(marked()).toHaveLength(1);
  expect(document.activeElement).toBe(marked()[0]);
  expect(document.activeElement!.tagName).toBe("TEXTAREA");
  await type("textarea", "八点前修好");
  expect(marked()).toEqual([]);
});

test("what is left empty is marked before anything is sent", async () => {
  const heard = refusing();
  await show(ActForm, { name: "answer", ticket: aTicket() });
  await submit();
  expect(heard.filter((one) => one.method === "POST" && one.path.endsWith("/answer"))).toEqual([]);
  expect(document.activeElement).toBe(marked()[0]);
});

describe("the desk's entry", () => {
  const filled = async () => {
    await show(EnterPage);
    await type("#enter-text", "楼道灯不亮");
    await type("[data-test=enter-place-text]", "四号楼");
  };

  test.each([
    ["contact.phone", "enter-phone"],
    ["contact", "enter-phone"],
    ["text", "enter-text"],
    ["place_text", "enter-where"],
  ])("%s is refused at %s", async (field, id) => {
    refusing(field);
    await filled();
    await submit();
    expect(document.activeElement?.id).toBe(id);
    expect(marked().map((each) => each.id)).toContain(id);
  });

  test("several are marked, and the first of the form has the focus", async () => {
    refusing("place_text", "contact.phone");
    await filled();
    await submit();
    expect(marked().map((each) => each.id)).toEqual(["enter-phone", "enter-where"]);
    expect(document.activeElement?.id).toBe("enter-phone");
  });

  test("a second refusal leaves no mark of the first", async () => {
    refusing("text");
    await filled();
    await submit();
    refusing("place_text");
    await submit();
    expect(marked().map((each) => each.id)).toEqual(["enter-where"]);
  });
});

test("any page's form does the same", async () => {
  refusing("title");
  await show(AnswersPage);
  await type("#answer-text", "八点前修好");
  await type("#answer-title", "楼道灯");
  document.querySelector<HTMLElement>("#answer-text")!.focus();
  await submit();
  expect(document.activeElement?.id).toBe("answer-title");
});

test.each([["nothing"], ["rows of a file", { line: 2, column: "name", reason: "空" }], ["what no form has", "sure"]])(
  "%s marks nothing and breaks nothing",
  async (_, ...fields) => {
    document.body.innerHTML = '<form><input data-field="text" /></form>';
    expect(await markRefused(document.querySelector("form"), fields as string[])).toBe(false);
    expect(marked()).toEqual([]);
  },
);
