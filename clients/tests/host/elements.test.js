// WeChat's own elements as the browser host makes them.

import { beforeEach, expect, test } from "vitest";
import { host, soon } from "./here.js";

let here;
beforeEach(() => {
  here = host();
});

const heard = () => here.page().data.heard;
const by = (selector) => here.root.querySelector(selector);

test("text is text, whatever it looks like", () => {
  expect(by(".weui-used").textContent).toBe("<b>粗</b>");
  expect(by(".weui-used b")).toBeNull();
});

test("a style is set through the object model, so the policy needs no inline styles", () => {
  expect(by(".weui-used").style.color).toBe("red");
});

test("the app reads the host's configuration in the place of its own", () => {
  expect(here.page().data.base).toBe("http://127.0.0.1/v1");
});

test("a tap reaches its handler with its data, by pointer and by key", () => {
  const count = here.find("count");
  expect(count.getAttribute("role")).toBe("button");
  count.click();
  for (const key of ["Enter", " "]) count.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  count.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true }));
  expect(here.page().data.count).toBe(6);
});

test("a caught tap goes no further, and an element without a role becomes a button when it is tapped", () => {
  here.find("inner").click();
  expect(here.page().data.taps).toBe("i");
  here.find("outer").click();
  expect(here.page().data.taps).toBe("io");
  expect(here.find("outer").tabIndex).toBe(0);
  expect(here.find("picture").getAttribute("role")).toBe("button");
});

test("an input tells what is typed, keeps its limit, and takes what the page sets", async () => {
  const name = here.find("name");
  expect(name.tagName).toBe("INPUT");
  expect(name.maxLength).toBe(5);
  name.value = "李四";
  name.dispatchEvent(new Event("input", { bubbles: true }));
  expect(heard()).toEqual(["input", "李四"]);
  name.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  expect(heard()).toEqual(["confirm", "李四"]);
  here.page().setData({ name: "王五" });
  expect(name.value).toBe("王五");
  expect(name.getAttribute("aria-label")).toBe("姓名");
});

test("a field without a limit of its own has WeChat's", () => {
  expect(here.find("words").maxLength).toBe(140);
});

test("a switch, a group of checkboxes and a group of radios tell their values", () => {
  const secret = by('[data-wx="switch"]');
  expect(secret.checked).toBe(true);
  secret.click();
  expect(heard()).toEqual(["change", false]);
  by('[data-wx="checkbox"][value="乙"]').click();
  expect(heard()).toEqual(["change", ["乙"]]);
  by('[data-wx="checkbox"][value="甲"]').click();
  expect(heard()).toEqual(["change", ["甲", "乙"]]);
  by('[data-wx="radio"][value="no"]').click();
  expect(heard()).toEqual(["change", "no"]);
});

test("radios of a group share a name, so the arrow keys move among them", async () => {
  await soon();
  const names = [...here.root.querySelectorAll('[data-wx="radio"]')].map((one) => one.name);
  expect(new Set(names).size).toBe(1);
  expect(names[0]).toBeTruthy();
});

test("a picker is the browser's own list", () => {
  const list = by("wx-picker select");
  expect([...list.options].map((one) => one.textContent)).toEqual(["一号楼", "二号楼"]);
  expect(list.selectedIndex).toBe(-1);
  expect(list.getAttribute("aria-label")).toBe("地点");
  list.selectedIndex = 1;
  list.dispatchEvent(new Event("change"));
  expect(heard()).toEqual(["change", "1"]);
});

test("a form hands over everything that has a name", () => {
  const name = here.find("name");
  name.value = "李四";
  here.find("submit").click();
  expect(heard()).toEqual(["submit", { name: "李四", words: "", secret: true, kinds: [], solved: "", place: -1 }]);
});

test("a disabled button is not tapped", () => {
  here.page().setData({ busy: true });
  expect(here.find("submit").disabled).toBe(true);
  here.find("submit").click();
  expect(heard()).toBeNull();
});

test("the size of a rem follows the page", () => {
  expect(document.documentElement.style.fontSize).toBe("16px");
  here.page().setData({ large: true });
  expect(document.documentElement.style.fontSize).toBe("20px");
});

test("agreeing to the privacy guide is told to the page", () => {
  here.find("agree").click();
  expect(heard()[0]).toBe("agreeprivacyauthorization");
});

test("a component's classes stay its own", () => {
  const box = by("badge .badge--box");
  expect(box.textContent).toBe("http://127.0.0.1/v1");
  expect([...box.classList]).toContain("wide");
  expect(by("badge").getAttribute("wx-host")).toBe("badge");
});
