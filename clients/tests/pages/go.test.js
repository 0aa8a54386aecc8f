// From page to page: the eleventh replaces the tenth, as WeChat would do nothing.

import { beforeEach, expect, test } from "vitest";
import { backend, open, until } from "./here.js";

beforeEach(() => {
  backend({ "POST /api/sessions": [201, { token: "resident-1" }], "GET /api/tickets": { items: [], next: null } });
});

async function full() {
  const phone = await open("settings/index");
  while (phone.router.stack.length < 10) {
    const n = phone.router.stack.length;
    phone.router.navigateTo({ url: `/pages/${n === 9 ? "settings" : "mine"}/index?n=${n}` });
    await until(() => phone.router.stack.length === n + 1);
  }
  return phone;
}

test("of ten pages the last is replaced, by a link as by a button", async () => {
  const phone = await full();
  await phone.tap("privacy");
  await until(() => phone.path() === "pages/privacy/index");
  expect(phone.router.stack).toHaveLength(10);
  phone.require("lib/go.js").to("/pages/settings/index");
  await until(() => phone.path() === "pages/settings/index");
  expect(phone.router.stack).toHaveLength(10);
});

test("with room, the page before stays below", async () => {
  const phone = await open("settings/index");
  await phone.tap("privacy");
  await until(() => phone.router.stack.length === 2);
});
