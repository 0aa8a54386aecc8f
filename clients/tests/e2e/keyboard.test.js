// Whoever uses the keyboard alone, as with a switch or a screen reader.

import { afterEach, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, signInCode, token, until } from "./people.js";
import { at, mayRate, open, picture, point, report } from "./phone.js";

afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("keys alone", () => {
  test("a report is written and sent, and the browser's back key leads back", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    await at(mine, "report").waitFor();
    await tabTo(mine, "report");
    await mine.keyboard.press("Enter");
    await at(mine, "text").waitFor();
    await tabTo(mine, "text");
    await mine.keyboard.type("楼道里堆了纸箱，走不过去");
    await tabTo(mine, "confidential");
    await mine.keyboard.press("Space");
    expect(await at(mine, "confidential").isChecked()).toBe(true);
    await tabTo(mine, "submit");
    await mine.keyboard.press("Enter");
    await at(mine, "number").waitFor();
    await mine.goBack();
    await at(mine, "number").waitFor({ state: "hidden" });
  });
});

// The whole life of a report takes a minute: nightly.
describe.skipIf(isMissing || !process.env.MSLJ_NIGHTLY)("keys alone, from hand to hand", () => {
  test("a neighbour says me too, a handler takes, arrives and resolves, the resident says how it went", async () => {
    const desk = await token("gglw-fc1");
    const mine = await page();
    await point(mine, "SHJY-4-2");
    const id = await report(mine, "单元门口小包垃圾没人清运", { photo: false });
    const ticket = async () => (await api("GET", `staff/tickets/${id}`, undefined, desk)).body;
    const to = { unit_id: (await ticket()).suggestion.unit_id };
    await api("POST", `desk/tickets/${id}/dispatch`, to, desk);
    const handler = await until(async () => (await ticket()).handler, "a handler");

    const neighbour = await page();
    await point(neighbour, "SHJY-4-2");
    await press(neighbour, "join");
    await neighbour.getByText("已记下“我也是”").waitFor();

    const phone = await page();
    await open(phone, "/staff/sign-in/index");
    await write(phone, "code", await signInCode(handler.code));
    await press(phone, "sign-in");
    await phone.waitForURL("**#/staff/work**");
    await press(phone, "queue-row", id);
    await press(phone, "act-take");
    await press(phone, "act-arrived");
    await press(phone, "submit");
    await press(phone, "act-resolve");
    await write(phone, "field-note", "已清运");
    await write(phone, "field-feedback", "已经清运，谢谢反映");
    const chosen = phone.waitForEvent("filechooser");
    await press(phone, "photo-add");
    await phone.getByRole("dialog").waitFor();
    await phone.keyboard.press("Enter");
    await (await chosen).setFiles({ name: "photo.png", mimeType: "image/png", buffer: picture() });
    await at(phone, "photo-remove").waitFor();
    await press(phone, "submit");
    await until(async () => (await ticket()).stage === "resolved", "resolved");

    await mayRate(mine);
    await press(mine, "rate");
    await press(mine, "solved-yes");
    await press(mine, "submit");
    await mine.getByText("谢谢您的评价").waitFor();
  });
});

/** Press what has this data-test, and `within` in its address, once it is there. */
async function press(shown, test, within = "") {
  await at(shown, test).first().waitFor();
  await tabTo(shown, test, within);
  await shown.keyboard.press("Enter");
}

async function write(shown, test, words) {
  await at(shown, test).waitFor();
  await tabTo(shown, test);
  await shown.keyboard.type(words);
}

/** Press Tab until what has this data-test, and `within` in its address, has the focus, as far as a page may reasonably be. */
async function tabTo(shown, test, within = "") {
  const isThere = ([name, part]) => {
    const one = document.activeElement;
    return one?.dataset.test === name && (one.getAttribute("href") ?? "").includes(part);
  };
  for (let n = 0; n < 80; n += 1) {
    if (await shown.evaluate(isThere, [test, within])) return;
    await shown.keyboard.press("Tab");
  }
  throw new Error(`no way by Tab to ${test}`);
}
