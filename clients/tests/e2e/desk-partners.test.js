// A file of the hotline at the desk: a bad row told, the good ones taken at once, their job, and what is entered by hand in the hotline's own page.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { signInAtDesk } from "./screen.js";

afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("orders of a partner", () => {
  const NUMBER = `E2E-${Date.now()}`;
  const table = `工单编号,诉求内容,诉求地点,办结时限\n${NUMBER},反映小区管理问题,盛华景苑,2030-01-01 18:00\n,没有编号,,\n`;
  let desk, sent, ticket;

  beforeAll(async () => {
    const code = Object.values(town.units)
      .flat()
      .find((one) => one.roles.includes("first_contact") && one.code.startsWith("gglw")).code;
    sent = await token(code);
    desk = await page(SCREEN);
    await signInAtDesk(desk, code);
  });

  const open = (where) => desk.goto(`${town.url}console/index.html#/${where}`);

  test("the good rows are taken at once, and the bad one is told with its reason", async () => {
    await open("orders");
    await desk.locator("label", { hasText: "12345" }).first().click();
    await desk
      .locator("[data-test=orders-file]")
      .setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
    await desk.locator("[data-test=orders-import]").click();
    await desk.locator("[data-test=orders-begun]", { hasText: "读到 2 行，正在导入 1 行" }).waitFor();
    expect(await desk.locator("[data-test=troubles]").textContent()).toContain("第 3 行");
    await desk.locator("[data-test=job]", { hasText: "完成，共 2 行：新建 1，没有导入 1" }).first().waitFor();
  });

  test("the order stands in the list with the hotline's deadline, and opens its ticket with the exchange", async () => {
    await open("");
    await open("orders");
    await desk.locator("label", { hasText: "12345" }).first().click();
    const row = desk.locator("[data-test=order]", { hasText: NUMBER });
    expect(await row.textContent()).toContain("1月1日 18:00");
    await row.locator("a").click();
    await desk.locator("[data-test=exchange-card]", { hasText: NUMBER }).waitFor();
    ticket = desk.url().split("/tickets/")[1].split("?")[0];
  });

  test("what was done with it is copied, and ticked when somebody has entered it there", async () => {
    const answer = await api("POST", `desk/tickets/${ticket}/forward`, { to: "12345", text: "属地不符，属邻镇" }, sent);
    expect(answer.status).toBe(200);
    await until(
      async () =>
        (await api("GET", "desk/exchanges?state=by_hand", undefined, sent)).body.items.some(
          (one) => one.number === NUMBER,
        ),
      "owed by hand",
    );
    await open("exchanges");
    await desk.locator("label", { hasText: "待录入" }).click();
    const row = desk.locator("[data-test=exchange]", { hasText: NUMBER });
    await row.locator("[data-test=copy]").waitFor();
    await row.locator("[data-test=entered]").click();
    await desk.locator(".el-popconfirm .el-button--primary").last().click();
    await until(async () => (await row.count()) === 0, "off the list");
    const [, done] = (await api("GET", `desk/tickets/${ticket}/exchanges`, undefined, sent)).body.items;
    expect([done.state, done.code]).toEqual(["entered", "退单"]);
  });
});
