// The desk without a mouse: sign in, triage, answer, and a look at all keys.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, signInCode, token, town, until } from "./people.js";
import { hasSeenTour } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("the desk by keyboard only", () => {
  let desk, code, sent;
  const ticket = async (id) => (await api("GET", `staff/tickets/${id}`, undefined, await sent)).body;

  beforeAll(async () => {
    code = firstContact();
    sent = token(code);
    desk = await page(SCREEN);
  });

  test("signs in", async () => {
    await hasSeenTour(code, false);
    await desk.goto(`${town.url}console/index.html`);
    await desk.locator("[data-test=sign-in-staff]").waitFor();
    await tabTo("sign-in-staff");
    await desk.keyboard.type(code);
    await tabTo("sign-in-code");
    await desk.keyboard.type(await signInCode(code));
    await desk.keyboard.press("Enter");
    await desk.locator("[data-test=lanes]").waitFor();
    const tour = desk.locator(".el-tour__content");
    await tour.waitFor();
    const kept = desk.waitForResponse((one) => one.request().method() === "PUT" && /preferences/.test(one.url()));
    await desk.keyboard.press("Escape");
    await tour.waitFor({ state: "hidden" });
    expect((await kept).status()).toBe(200);
  });

  test("is not shown the tour a second time", async () => {
    const read = desk.waitForResponse((one) => one.request().method() === "GET" && /preferences/.test(one.url()));
    await desk.reload();
    await desk.locator("[data-test=lanes]").waitFor();
    await read;
    await desk.waitForLoadState("networkidle");
    expect(await desk.locator(".el-tour__content").count()).toBe(0);
  });

  test("accepts the suggestion with one key", async () => {
    const id = await entered("望月路路边有人摆摊，行人走不过去");
    await openByKeys(id);
    await desk.keyboard.press("a");
    await until(async () => (await ticket(id)).stage === "dispatched", "dispatched");
  });

  test("answers on the spot: one key opens the form, Ctrl Enter sends it", async () => {
    const id = await entered("请问社区食堂几点开门");
    await openByKeys(id);
    await desk.keyboard.press("r");
    await desk.locator("[data-test=form-answer]").waitFor();
    await desk.keyboard.type("每天上午十点半到下午一点，欢迎来。");
    await desk.keyboard.press("Control+Enter");
    await until(async () => (await ticket(id)).stage === "closed", "closed");
  });

  test("from inside a select Esc leaves the form and Ctrl Enter sends it, as the buttons say", async () => {
    const id = await entered("望月路路口有人摆摊卖水果，行人走不过去");
    await openByKeys(id);
    const form = desk.locator("[data-test=form-dispatch]");
    const inSelect = async () => {
      await desk.keyboard.press("d");
      await form.getByRole("combobox").first().focus();
    };
    await inSelect();
    await desk.keyboard.press("Escape");
    await form.waitFor({ state: "detached" });
    await inSelect();
    expect(await form.getByRole("button", { name: /^确定/ }).textContent()).toContain("Ctrl Enter");
    await desk.keyboard.press("Control+Enter");
    await until(async () => (await ticket(id)).stage === "dispatched", "dispatched");
  });

  test("keeps what was typed over a reload, and Esc goes back step by step", async () => {
    const id = await entered("请问附近哪里可以打疫苗");
    await openByKeys(id);
    await desk.keyboard.press("r");
    await desk.locator("[data-test=form-answer]").waitFor();
    await desk.keyboard.type("社区卫生中心每周二");
    await desk.reload();
    await desk.locator("[data-test=acts]").waitFor();
    await desk.keyboard.press("r");
    expect(await desk.locator("[data-test=form-answer] textarea").inputValue()).toBe("社区卫生中心每周二");
    await desk.keyboard.press("Escape");
    await desk.locator("[data-test=form-answer]").waitFor({ state: "detached" });
    await desk.keyboard.press("Escape");
    await desk.locator("[data-test=queue-desk]").waitFor();
  });

  test("shows every key by ?, and closes it by Esc", async () => {
    await desk.keyboard.press("?");
    await desk.getByText("采纳系统建议，转到下一张").waitFor();
    await desk.keyboard.press("Escape");
    await desk.getByText("采纳系统建议，转到下一张").waitFor({ state: "hidden" });
  });

  async function entered(text) {
    const made = await api("POST", "staff/tickets", { source: "walk_in", text, place_text: "望月路" }, await sent);
    expect(made.status).toBe(201);
    return made.body.id;
  }

  /** 0 the board, 1 the queue, J down to the ticket, Enter. */
  async function openByKeys(id) {
    const { number } = await ticket(id);
    await desk.keyboard.press("0");
    await desk.locator("[data-test=lanes]").waitFor();
    await desk.keyboard.press("1");
    const row = desk.locator(`tr[data-number="${number}"]`);
    await row.waitFor({ timeout: 60_000 }); // a board asks every fifteen seconds, and the stream is read meanwhile
    for (let step = 0; step < 60 && (await row.getAttribute("aria-current")) !== "true"; step += 1)
      await desk.keyboard.press("j");
    await desk.keyboard.press("Enter");
    await desk.locator("[data-test=ticket-number]", { hasText: number }).waitFor();
  }

  async function tabTo(name) {
    for (let step = 0; step < 30; step += 1) {
      const there = await desk.evaluate(
        (wanted) =>
          document.activeElement?.closest(`[data-test="${wanted}"]`) !== null ||
          document.activeElement?.dataset?.test === wanted,
        name,
      );
      if (there) return;
      await desk.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${name}`);
  }
});

function firstContact() {
  const people = Object.values(town.units).flat();
  return people.find((one) => one.roles.includes("first_contact") && one.code.startsWith("gglw")).code;
}
