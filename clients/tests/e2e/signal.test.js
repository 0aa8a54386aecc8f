// In a stairwell without signal: what is done is kept on the phone and sent once.

import { afterEach, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, token, until } from "./people.js";
import { addPhoto, at, openTicket, point, report, signIn } from "./phone.js";

afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("without a signal", () => {
  test("taken, arrived, resolved with its photo: all of it waits on the phone, and goes out once when the signal is back", async () => {
    const desk = await token("gglw-fc1");
    const ticket = async () => (await api("GET", `staff/tickets/${id}`, undefined, desk)).body;
    const resident = await page();
    await point(resident, "SHJY-4-1");
    const id = await report(resident, "单元门口小包垃圾没人清运", { photo: false });
    await api("POST", `desk/tickets/${id}/dispatch`, { unit_id: (await ticket()).suggestion.unit_id }, desk);
    const phone = await page();
    await signIn(phone, (await until(async () => (await ticket()).handler, "a handler")).code);
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

  test("a report that could not be sent keeps what was typed, and says what to do", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    await at(mine, "report").click();
    await at(mine, "text").fill("楼下路灯一直闪");
    await mine.context().setOffline(true);
    await at(mine, "submit").click();
    await at(mine, "notice").waitFor();
    expect(await at(mine, "text").inputValue()).toBe("楼下路灯一直闪");
    await mine.context().setOffline(false); // it leaves by itself
    await at(mine, "number").waitFor();
  });
});
