// One ticket from the scanned code to its end: resident, desk and handler, each at a screen of their own.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { addPhoto, at, mayRate, openTicket, point, report, signIn } from "./phone.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

const PLACE = "SHJY-4-1";
const POLL = 5_000; // ms between two questions of a desk that is looked at
afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("one ticket, from the scan to its end", () => {
  let resident, desk, phone, id, deskToken;
  const ticket = async () => (await api("GET", `staff/tickets/${id}`, undefined, deskToken)).body;
  const stage = (wanted) => until(async () => (await ticket()).stage === wanted, `stage ${wanted}`);

  beforeAll(async () => {
    const station = Object.values(town.units).flat();
    const first = station.find((one) => one.roles.includes("first_contact") && one.code.startsWith("gglw"));
    deskToken = await token(first.code);
    desk = await page(SCREEN);
    await signInAtDesk(desk, first.code);
    resident = await page();
    phone = await page();
  });

  test("the desk sees a report within one polling interval", async () => {
    await desk.goto(`${town.url}console/index.html#/queues/desk`);
    await desk.locator("[data-test=queue-desk]").waitFor();
    await point(resident, PLACE);
    id = await report(resident, "楼下小包垃圾好几天没有清运了，味道很大");
    const { number } = await ticket();
    await desk
      .getByText(number)
      .first()
      .waitFor({ timeout: POLL + 10_000 }); // 5 s, and what this machine takes
  });

  test("and dispatches it", async () => {
    await openAtDesk(desk, id);
    await desk.locator("[data-test=accept-suggestion]").click();
    await stage("dispatched");
    await resident.reload();
    await at(resident, "holder").waitFor();
  });

  test("the handler's phone takes it, and resolves it with a photo", async () => {
    await signIn(phone, (await ticket()).handler.code);
    await at(phone, "queue-row").filter({ hasText: "垃圾" }).first().waitFor();
    await handle(phone, id, "已清运，桶边冲洗干净");
    await stage("resolved");
  });

  test("the resident says it is not solved, and the station has it done again", async () => {
    await rate(resident, id, "solved-no", "桶边还是很脏");
    await openAtDesk(desk, id);
    await desk.locator("[data-test=act-rework]").click();
    await desk.locator("[data-test=field-reason] textarea").fill("居民说桶边还脏，请再冲洗");
    await desk.locator("[data-test=act-submit]").click();
    await until(async () => (await ticket()).round === 2, "a second round");
  });

  test("the second time the station records the call, and the ticket closes", async () => {
    await handle(phone, id, "已再次冲洗消毒");
    await stage("resolved");
    await openAtDesk(desk, id);
    await desk.locator("[data-test=act-follow-up]").click();
    const form = desk.locator("[data-test=form-follow-up]");
    await form.locator("[data-test=field-outcome]").getByText("本人接听").click();
    await form.locator("[data-test=field-solved]").getByText("解决了", { exact: true }).click();
    await form.locator("[data-test=field-satisfied]").getByText("满意", { exact: true }).click();
    await form.locator("[data-test=act-submit]").click();
    await stage("closed");
    await resident.reload();
    expect(await at(resident, "stage").textContent()).toContain("结案");
  });

  async function handle(on, ticketId, note) {
    await openTicket(on, ticketId);
    if (await at(on, "act-take").count()) {
      await at(on, "act-take").click();
      await at(on, "act-arrived").waitFor();
    }
    if (!(await at(on, "act-resolve").count())) await at(on, "more-acts").click();
    await at(on, "act-resolve").click();
    await at(on, "field-note").fill(note);
    await at(on, "field-feedback").fill("已经处理好了，谢谢您反映");
    await addPhoto(on);
    await at(on, "submit").click();
    await on.waitForURL(/staff\/ticket/);
  }
});

async function rate(resident, id, answer, words) {
  await mayRate(resident);
  await at(resident, "rate").click();
  await at(resident, answer).click();
  await at(resident, "words").fill(words);
  await at(resident, "submit").click();
  await at(resident, "stage").waitFor();
}
