// Two desks on one ticket, and a desk without a mouse.

import { afterEach, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { point, report } from "./phone.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));

const reported = async (text) => {
  const resident = await page();
  await point(resident, "SHJY-4-1");
  return report(resident, text, { photo: false });
};

describe.skipIf(isMissing)("desks", () => {
  test("of two who answer one ticket at once, one is told that it has changed, and keeps what was typed", async () => {
    const id = await reported("请问居住证在哪里办，要带什么材料");
    const both = [];
    for (const code of ["gglw-fc1", "gglw-fc2"]) {
      const desk = await page(SCREEN);
      await signInAtDesk(desk, code);
      await openAtDesk(desk, id);
      await desk.locator("[data-test=act-answer]").click();
      await desk.locator("[data-test=field-text] textarea").fill(`请带身份证到社区事务受理服务中心办理（${code}）`);
      both.push(desk);
    }
    await Promise.all(both.map((desk) => desk.locator("[data-test=act-submit]").click()));
    const told = (desk) => desk.locator("[data-test=changed], [data-test=act-failure]").first().isVisible();
    await until(async () => (await Promise.all(both.map(told))).some(Boolean), "one of them is told");
    const ticket = (await api("GET", `staff/tickets/${id}`, undefined, await token("gglw-fc1"))).body;
    expect(ticket.history.filter((event) => event.kind === "answered")).toHaveLength(1);
  });

  test("a ticket is found, opened and dispatched with keys alone", async () => {
    const id = await reported("楼下小包垃圾没有人来清运");
    const desk = await page(SCREEN);
    await signInAtDesk(desk, "gglw-fc1");
    const read = await token("gglw-fc1");
    const { number } = (await api("GET", `staff/tickets/${id}`, undefined, read)).body;
    await desk.keyboard.press("/");
    await desk.keyboard.type(number);
    await desk.keyboard.press("Enter");
    await desk.waitForURL(new RegExp(id));
    await desk.locator("[data-test=accept-suggestion]").waitFor();
    await desk.evaluate(() => document.activeElement.blur());
    await desk.keyboard.press("a");
    await until(async () => (await api("GET", `staff/tickets/${id}`, undefined, read)).body.stage === "dispatched", "dispatched by key");
  });
});
