// A resident who uses the keyboard alone, as with a switch or a screen reader.

import { afterEach, describe, expect, test } from "vitest";
import { isMissing, noted, page } from "./people.js";
import { at, point } from "./phone.js";

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

/** Press Tab until what has this data-test has the focus, as far as a page may reasonably be. */
async function tabTo(mine, test) {
  for (let n = 0; n < 80; n += 1) {
    if (await mine.evaluate((name) => document.activeElement?.dataset.test === name, test)) return;
    await mine.keyboard.press("Tab");
  }
  throw new Error(`no way by Tab to ${test}`);
}
