// Somebody without a smartphone: entered at the desk, told by phone, and the number is seen only for a reason.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));
const PHONE_NUMBER = "13800002222";

describe.skipIf(isMissing)("the desk's calls", () => {
  let desk, sent, number;

  beforeAll(async () => {
    const code = Object.values(town.units)
      .flat()
      .find((one) => one.roles.includes("first_contact") && one.code.startsWith("gglw")).code;
    sent = await token(code);
    desk = await page(SCREEN);
    await signInAtDesk(desk, code);
  });

  const calls = async () =>
    (await api("GET", "desk/calls", undefined, sent)).body.items.filter((call) => call.number === number);

  test("a caller's report is entered, and its number told back", async () => {
    await desk.goto(`${town.url}console/index.html#/enter`);
    await desk.locator("[data-test=source-phone]").click();
    await desk.locator("[data-test=enter-text]").fill("独居老人来电，家里电表箱门坏了");
    await desk.locator("[data-test=enter-place-text]").fill("望月路旁老公房");
    await desk.locator("[data-test=enter-phone]").fill(PHONE_NUMBER);
    await desk.locator("[data-test=enter-next]").click();
    const told = await desk.locator("[data-test=entered]").textContent();
    number = /MS\d{6}-\w{6}-\w/.exec(told)[0];
    expect(await desk.locator("[data-test=enter-text]").inputValue()).toBe("");
    expect(await desk.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(PHONE_NUMBER);
  });

  test("the answer is put on the list of calls, and the call is recorded", async () => {
    const { id } = (await api("GET", `staff/search?number=${number}`, undefined, sent)).body.items[0];
    await api("POST", `desk/tickets/${id}/answer`, { text: "电工明天上午上门，请您在家等候。" }, sent);
    await until(
      async () => (await calls()).some((call) => call.title === "当场答复" || call.text.includes("电工")),
      "on the list",
    );
    const before = await calls();
    await desk.goto(`${town.url}console/index.html#/calls`);
    const row = desk.locator("[data-test=call-row]", { hasText: number }).first();
    await row.waitFor();
    expect(await desk.locator("body").textContent()).not.toContain(PHONE_NUMBER); // a claimed row shows it by itself
    await row.click();
    await desk.locator("[data-test=message-call]").waitFor();
    await desk.locator("[data-test=revealed]", { hasText: PHONE_NUMBER }).waitFor();
    await desk.locator("[data-test=call-reached]").click();
    await until(async () => (await calls()).length === before.length - 1, "told, and off the list");
    await until(
      async () => (await desk.locator("[data-test=call-row]", { hasText: number }).count()) === before.length - 1,
      "also on the screen",
    );
  });
});
