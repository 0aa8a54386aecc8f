// In a stairwell without signal: what is done is kept on the phone and sent once.

import { afterEach, describe, expect, test } from "vitest";
import { GRAVE_AND_MODERATE, violations } from "./axe.js";
import { api, isMissing, noted, page, token, until } from "./people.js";
import { addPhoto, at, openTicket, point, report, signIn } from "./phone.js";

afterEach(() => expect(noted()).toEqual([]));

/** A report that the desk has dispatched, and the phone of whoever has it now. */
async function dispatched(text) {
  const desk = await token("gglw-fc1");
  const resident = await page();
  await point(resident, "SHJY-4-1");
  const id = await report(resident, text, { photo: false });
  const ticket = async () => (await api("GET", `staff/tickets/${id}`, undefined, desk)).body;
  const at = { unit_id: (await ticket()).suggestion.unit_id };
  await api("POST", `desk/tickets/${id}/dispatch`, at, desk);
  const handler = await until(async () => (await ticket()).handler, "a handler");
  const phone = await page();
  await signIn(phone, handler.code);
  return { id, desk, ticket, phone };
}

describe.skipIf(isMissing)("without a signal", () => {
  test("taken, arrived, resolved with its photo: all of it waits on the phone, and goes out once when the signal is back", async () => {
    const { id, ticket, phone } = await dispatched("单元门口小包垃圾没人清运");
    await openTicket(phone, id);
    await at(phone, "act-take").waitFor();

    await phone.context().setOffline(true);
    await at(phone, "act-take").click();
    await at(phone, "act-arrived").click();
    await at(phone, "submit").click();
    await at(phone, "act-resolve").click();
    await at(phone, "field-note").fill("已清运");
    await at(phone, "field-feedback").fill("已经清运，谢谢反映");
    await addPhoto(phone);
    await at(phone, "submit").click();
    await phone.getByText("已办结（待发送）").first().waitFor();
    expect((await ticket()).stage).toBe("dispatched");

    await phone.context().setOffline(false);
    await until(async () => (await ticket()).stage === "resolved", "sent when the signal is back");
    await at(phone, "sending").waitFor({ state: "detached" });
    const { history } = await ticket();
    for (const kind of ["taken", "arrived", "resolved"])
      expect(history.filter((event) => event.kind === kind)).toHaveLength(1);
    expect((await ticket()).resolution.photos).toHaveLength(1);
  });

  test("a ticket that was never opened is there; what is refused later stands first, red, says what to do, and can be read", async () => {
    const { id, desk, ticket, phone } = await dispatched("四号楼一单元门口的小包垃圾堆了两天");
    const row = phone.locator(`wx-page:not([hidden]) [data-test=queue-row][href*="${id}"]`);
    await row.waitFor();
    await phone.waitForFunction((name) => localStorage.getItem(name), `mslj:seen.ticket.${id}`);
    await phone.context().setOffline(true);
    await row.click();
    await at(phone, "act-take").click();
    await at(phone, "act-arrived").click();
    await at(phone, "submit").click();
    await phone.getByText("处置中（待发送）").first().waitFor();
    const transfer = (await ticket()).offers.find((offer) => offer.name === "transfer");
    const other = { unit_id: "PM-LWY", note: "派错了单位，改派" };
    const path = `${transfer.path}/tickets/${id}/${transfer.sends}`;
    expect((await api("POST", path, other, desk)).status).toBe(200);
    await phone.goBack();
    await phone.context().setOffline(false);
    await phone.getByText("“签收、已到现场”没有成功").waitFor();
    await row.waitFor({ state: "detached" });
    const card = await at(phone, "refused").innerText();
    for (const words of ["4号楼", "已不在您手里", "请告诉"]) expect(card).toContain(words);
    expect(await violations(phone, GRAVE_AND_MODERATE)).toEqual([]);
    await at(phone, "to-refused").click();
    await at(phone, "notice").getByText("已不在您手里").waitFor();
    expect(await violations(phone, GRAVE_AND_MODERATE)).toEqual([]);
  });

  test("a report that could not be sent is kept, says so, and leaves by itself once its form was left", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    await at(mine, "report").click();
    await at(mine, "text").fill("楼下路灯一直闪");
    await addPhoto(mine);
    await mine.context().setOffline(true);
    await at(mine, "submit").click();
    await at(mine, "kept").getByText("有信号后自动发送").waitFor();
    expect(await violations(mine, GRAVE_AND_MODERATE)).toEqual([]);
    await mine.goBack();
    await at(mine, "unsent").waitFor();
    await mine.context().setOffline(false);
    await at(mine, "unsent").waitFor({ state: "detached" });
    await at(mine, "mine").click();
    await at(mine, "ticket").first().waitFor();
  });
});
