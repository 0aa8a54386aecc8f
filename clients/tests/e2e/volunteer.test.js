// A neighbour becomes a volunteer and goes out; what was found is a ticket at the desk.

import { afterEach, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { addPhoto, at, open } from "./phone.js";
import { signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));
const desks = () =>
  Object.values(town.units)
    .flat()
    .filter((one) => one.roles.includes("first_contact"))
    .map((one) => one.code);

describe.skipIf(isMissing)("a volunteer", () => {
  test("signs up, is approved by the station, walks, and sees only the number and stage of what was found", async () => {
    const phone = await page();
    await open(phone, "/pages/volunteer/index");
    await at(phone, "name").fill("王阿姨");
    await at(phone, "phone").fill("13800001111");
    await at(phone, "consent").click();
    await at(phone, "submit").click();
    await at(phone, "state").filter({ hasText: "等待审核" }).waitFor();
    const { desk, sent, place } = await applied();

    const screen = await page(SCREEN);
    await signInAtDesk(screen, desk);
    await screen.goto(`${town.url}console/index.html#/visits`);
    const row = screen.locator("[data-test=volunteer]").first();
    expect(await row.textContent()).not.toContain("王阿姨");
    await row.locator("[data-test=approve]").click();
    await row.waitFor({ state: "detached" });

    await phone.reload();
    await at(phone, "walk").click();
    const [, here] = Object.entries(town.points).find(([code]) => code.startsWith(`${place}-`));
    await scan(phone, here);
    await at(phone, "in-order").click();
    await at(phone, "stop").filter({ hasText: "正常" }).waitFor();
    await scan(phone, here);
    await at(phone, "finding").click();
    await at(phone, "text").fill("底楼门厅有烧过的锡箔灰，还有烟");
    await addPhoto(phone);
    await at(phone, "submit").click();
    const found = at(phone, "stop").filter({ hasText: "MS" });
    await found.waitFor();
    const number = (await found.textContent()).match(/MS\d{6}-\w{6}-\w/)[0];
    const { id } = await until(
      async () => (await api("GET", `staff/search?number=${number}`, undefined, sent)).body.items?.[0],
      "at the desk",
    );
    expect((await api("GET", `staff/tickets/${id}`, undefined, sent)).body.source).toBe("volunteer");
    await at(phone, "end").click();
    await phone.getByRole("dialog").getByRole("button", { name: "确定" }).click();
    await at(phone, "notice").filter({ hasText: "已结束" }).waitFor();
  });
});

/** The desk at which the sign-up waits, and where the volunteer lives. */
async function applied() {
  for (const desk of desks()) {
    const sent = await token(desk);
    const [volunteer] = (await api("GET", "desk/volunteers?state=applied", undefined, sent)).body.items;
    if (volunteer) return { desk, sent, place: volunteer.place };
  }
  throw new Error("no station was asked");
}

/** No camera here: the number under the code is typed. */
async function scan(phone, code) {
  await at(phone, "scan").click();
  const box = phone.getByRole("dialog");
  await box.getByRole("textbox").fill(code);
  await box.getByRole("button", { name: "确定" }).click();
}
