// 说, from a microphone to the desk's ear: the very bytes, by nobody else, and then words like any other.

import { afterEach, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, PHONE, SCREEN, token, until } from "./people.js";
import { at, point } from "./phone.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));

/** What the page put into a form to be sent, as its digest and length; the browser tells tests nothing of files. */
async function watched(mine) {
  await mine.addInitScript(() => {
    const append = FormData.prototype.append;
    FormData.prototype.append = function (name, value, ...rest) {
      if (value instanceof Blob)
        value
          .arrayBuffer()
          .then(async (bytes) => (window.sent = { size: bytes.byteLength, digest: await digest(bytes) }));
      return append.call(this, name, value, ...rest);
    };
    const digest = async (bytes) =>
      [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
        .map((each) => each.toString(16).padStart(2, "0"))
        .join("");
  });
}

async function hold(mine, milliseconds) {
  const box = await at(mine, "speak").boundingBox();
  await mine.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await mine.mouse.down();
  await mine.waitForTimeout(milliseconds);
  await mine.mouse.up();
}

const agree = (mine) => mine.getByRole("dialog").getByRole("button", { name: "同意", exact: true }).click();

describe.skipIf(isMissing)("a resident who speaks", () => {
  test("is heard at the desk, byte for byte, and what the clerk writes down is filed", async () => {
    const mine = await page(PHONE, { permissions: ["microphone"] });
    await watched(mine);
    await point(mine, "SHJY-4-1");
    await hold(mine, 50);
    await agree(mine); // to be recorded
    await agree(mine); // to the privacy guide
    await hold(mine, 2500);
    await at(mine, "spoken").waitFor();
    await at(mine, "submit").click();
    await at(mine, "number").waitFor();
    const id = new URL(mine.url().replace("#", "")).searchParams.get("id");
    const sent = await until(() => mine.evaluate(() => window.sent), "what was sent");

    const clerk = await token("gglw-fc1");
    const before = (await api("GET", `staff/tickets/${id}`, undefined, clerk)).body;
    expect([before.stage, before.handler, before.recording.is_unheard, before.danger.level]).toEqual([
      "received",
      null,
      true,
      "possible",
    ]);

    const desk = await page(SCREEN);
    await signInAtDesk(desk, "gglw-fc1");
    await openAtDesk(desk, id);
    await desk.keyboard.press("h");
    const address = await desk.locator("[data-test=recording-sound]").getAttribute("src");
    const heard = new Uint8Array(await (await fetch(address)).arrayBuffer());
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", heard)).toString("hex");
    expect({ size: heard.length, digest }).toEqual(sent);
    expect(sent.size).toBeGreaterThan(1000);
    await until(
      () => desk.locator("[data-test=recording-sound]").evaluate((sound) => sound.duration > 0),
      "a sound that plays",
    );

    await desk
      .locator("[data-test=field-words] textarea, textarea[data-test=field-words]")
      .first()
      .fill("二楼楼道灯不亮");
    await desk.keyboard.press("Control+Enter");
    await until(
      async () => !(await api("GET", `staff/tickets/${id}`, undefined, clerk)).body.recording.is_unheard,
      "written down",
    );
    await mine.reload();
    await mine.getByText("二楼楼道灯不亮").first().waitFor();
    expect((await api("POST", `desk/tickets/${id}/listen`, {}, await token("of-pa-head"))).status).toBe(403);
  });
});
