// What opens on a page: every form, the five seconds, photos large, a call, the list beside a ticket, the lock; by day and by night.
// axe finds nothing serious nor moderate. Part of `make nightly`; the pages themselves are in screens.test.js.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { GRAVE_AND_MODERATE, violations } from "./axe.js";
import { api, isMissing, noted, page, PHONE, SCREEN, token, town, until } from "./people.js";
import { at as onPhone, openTicket, point, report, signIn } from "./phone.js";
import { landing } from "./scene.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

const WIDE = { width: 1600, height: 900 };
const FORMS = ["d", "r", "c", "m", "n", "w"];
afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing || !process.env.MSLJ_NIGHTLY)("every state", () => {
  let desk, handler, open, done, resident;
  const at = (name) => desk.locator(`[data-test=${name}]`);
  const fine = (shown) =>
    expect.poll(() => violations(shown, GRAVE_AND_MODERATE), { interval: 500, timeout: 6000 }).toEqual([]);

  beforeAll(async () => {
    const sent = await token("gglw-fc1");
    const look = async (id) => (await api("GET", `staff/tickets/${id}`, undefined, sent)).body;
    const entered = { source: "phone", text: "望月路路边有人摆摊，行人走不过去", place_text: "望月路" };
    open = (await api("POST", "staff/tickets", { ...entered, contact: { phone: "13812345678" } }, sent)).body;
    resident = await page();
    await point(resident, "SHJY-4-1");
    done = await report(resident, "四号楼一单元楼道灯不亮，请来修", { photo: await landing() });
    await api("POST", `desk/tickets/${done}/dispatch`, { unit_id: (await look(done)).suggestion.unit_id }, sent);
    ({ handler } = await until(async () => ((await look(done)).handler ? look(done) : null), "a handler"));
    desk = await page(SCREEN);
    await signInAtDesk(desk, "gglw-fc1");
  });

  describe.each(["light", "dark"])("of the console, %s", (colorScheme) => {
    beforeAll(() => desk.emulateMedia({ colorScheme, reducedMotion: "reduce" }));

    test("forms, and the five seconds", async () => {
      await openAtDesk(desk, open.id);
      for (const key of FORMS) {
        await desk.keyboard.press(key);
        await desk.locator(".act-form").waitFor();
        await fine(desk);
        await desk.keyboard.press("Escape");
        await desk.locator(".act-form").waitFor({ state: "detached" });
      }
      await desk.keyboard.press("a");
      await at("undo").waitFor();
      await desk.keyboard.press("z");
      await at("undo").waitFor({ state: "detached" });
      await at("reveal-open").first().click();
      await fine(desk);
    });

    // Not the open list of a select: Element Plus calls what its listbox stands in a tooltip without a name.
    test("one's own menu", async () => {
      await at("me").click();
      await at("lock").waitFor();
      await fine(desk);
      await at("me").click();
      await at("lock").waitFor({ state: "hidden" });
    });

    test("photos large, and a part that is covered", async () => {
      await openAtDesk(desk, done);
      await at("photo").first().click();
      await at("photo-viewer").waitFor();
      await fine(desk);
      await at("cover-open").click();
      await at("cover-add").click();
      await fine(desk);
      await desk.keyboard.press("Escape");
      await at("photo-viewer").waitFor({ state: "detached" });
    });

    test("a queue beside its ticket, and the keys", async () => {
      await desk.setViewportSize(WIDE);
      await desk.goto(`${town.url}console/index.html#/queues/desk`);
      await at("queue-row").first().waitFor();
      await desk.keyboard.press("Enter");
      await at("ticket-stage").waitFor();
      await fine(desk);
      await desk.setViewportSize(SCREEN);
      await desk.keyboard.press("?");
      await at("help-dialog").waitFor();
      await fine(desk);
      await desk.keyboard.press("Escape");
      await at("help-dialog").waitFor({ state: "hidden" });
    });

    test("the lock", async () => {
      await desk.keyboard.press("7");
      await at("lock-screen").waitFor();
      await fine(desk);
      await signInAtDesk(desk, "gglw-fc1");
    });
  });

  test("of a handler's phone: all that may be done, and what was refused", async () => {
    const phone = await page(PHONE);
    await signIn(phone, handler.code);
    await openTicket(phone, done);
    await onPhone(phone, "more-acts").click();
    await fine(phone);
    await onPhone(phone, "act-take").click();
    await onPhone(phone, "act-arrived").waitFor();
    if (!(await onPhone(phone, "act-resolve").count())) await onPhone(phone, "more-acts").click();
    await onPhone(phone, "act-resolve").click();
    await onPhone(phone, "submit").click();
    await fine(phone);
  });

  test("of a resident's phone: asked whether somebody is in danger", async () => {
    const asked = await page();
    await point(asked, "SHJY-5-1");
    await report(asked, "隔壁好像有人在哭喊，打得很厉害，我不敢开门", { photo: false });
    await onPhone(asked, "answer-yes").waitFor();
    await fine(asked);
    await asked.context().close();
  });

  test("of a resident's phone: somebody is in danger, and what was refused", async () => {
    await point(resident, "SHJY-4-1");
    await onPhone(resident, "danger").first().click();
    await fine(resident);
    await onPhone(resident, "report").click();
    await onPhone(resident, "submit").click();
    await fine(resident);
    const marked = onPhone(resident, "text");
    expect(await marked.getAttribute("aria-invalid")).toBe("true");
    expect(await marked.evaluate((one) => one === document.activeElement)).toBe(true);
  });
});
