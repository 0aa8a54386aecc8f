// Two desks at one ticket: one is faster, the other is told what happened and loses nothing.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("two desks at one ticket", () => {
  let one, other, sent, id;

  beforeAll(async () => {
    const people = Object.values(town.units)
      .flat()
      .filter((each) => each.roles.includes("first_contact") && each.code.startsWith("gglw"));
    sent = await token(people[0].code);
    one = await page(SCREEN);
    other = await page(SCREEN);
    await signInAtDesk(one, people[0].code);
    await signInAtDesk(other, people[1].code);
    id = (
      await api("POST", "staff/tickets", { source: "phone", text: "请问老年卡在哪里办", place_text: "华泾镇" }, sent)
    ).body.id;
  });

  test("the second one is told, before or after it acts, and what it typed is kept", async () => {
    await openAtDesk(one, id);
    await openAtDesk(other, id);
    await other.keyboard.press("d");
    await other.locator("[data-test=form-dispatch]").waitFor();
    await one.keyboard.press("r");
    await one.locator("[data-test=form-answer] textarea").fill("镇社区事务受理服务中心可以办。");
    await other.locator("[data-test=field-note] textarea").fill("请受理中心联系");
    await one.locator("[data-test=act-submit]").click();
    await until(
      async () => (await api("GET", `staff/tickets/${id}`, undefined, sent)).body.stage === "closed",
      "answered",
    );
    await other.locator("[data-test=changed]").waitFor({ timeout: 40_000 });
    expect(await other.locator("[data-test=changed]").textContent()).toContain("当场答复");
    expect(await other.locator("[data-test=field-note] textarea").inputValue()).toBe("请受理中心联系");
  });

  test("both at the same moment: it is done once, and the other reads why not", async () => {
    const text = "望月路上有人设摊，人行道走不通";
    const made = (await api("POST", "staff/tickets", { source: "phone", text, place_text: "望月路" }, sent)).body;
    await openAtDesk(one, made.id);
    await openAtDesk(other, made.id);
    await Promise.all([
      one.locator("[data-test=accept-suggestion]").click(),
      other.locator("[data-test=accept-suggestion]").click(),
    ]);
    const refused = (desk) => desk.locator(".el-message--error");
    await until(
      async () => (await refused(one).count()) + (await refused(other).count()) === 1,
      "one of the two is refused",
    );
    const { history } = (await api("GET", `staff/tickets/${made.id}`, undefined, sent)).body;
    expect(history.filter((line) => line.kind === "dispatched")).toHaveLength(1);
    const loser = (await refused(one).count()) ? one : other;
    expect(await refused(loser).textContent()).toMatch(/他人|已派单/);
    await loser.locator("[data-test=ticket-stage]", { hasText: "已派单" }).waitFor();
  });
});
