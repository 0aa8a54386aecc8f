// From one thing to one class of things: five people report the same smell at one place, and each is told once what is done.

import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { signInAtDesk } from "./screen.js";

const WORDS = ["很多", "又来了", "没人管", "越来越多", "受不了"];
afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("a class of things", () => {
  let head, desk, reporters;
  const at = (name) => desk.locator(`[data-test=${name}]`);
  const classes = async () => (await api("GET", "desk/classes", undefined, await head)).body.items;
  const told = async (who) =>
    (await api("GET", "api/inbox", undefined, who)).body.items.filter((line) => line.template === "measure_announced");

  beforeAll(async () => {
    const { code } = Object.values(town.units)
      .flat()
      .find((one) => one.roles.includes("station_head") && one.code.startsWith("gglw"));
    head = token(code);
    desk = await page(SCREEN);
    reporters = await Promise.all(WORDS.map(async () => (await api("POST", "api/sessions", {})).body.token));
    await Promise.all([reported(), signInAtDesk(desk, code)]);
  });

  test("five people make the machine propose it, a person confirms it, and its measure is told to each once", async () => {
    const found = await until(
      async () =>
        (await classes()).find((one) => one.state === "proposed" && one.reporters >= 5 && one.name.includes("菜场")),
      "a proposal",
    );
    await desk.goto(`${town.url}console/index.html#/classes`);
    await desk.getByRole("link", { name: found.name }).first().click();
    await at("class-act-confirm").click();
    await desk.locator("#class-name").fill("菜场门口异味");
    await at("class-submit").click();
    await desk.locator("[data-test=class-state]", { hasText: "已确认" }).waitFor();

    await at("class-act-announce").click();
    for (const [field, words] of [
      ["what", "每天清运两次，每周四冲洗地面"],
      ["place", "菜场门口"],
      ["schedule", "每天 6:00 和 18:00"],
    ])
      await desk.locator(`#class-${field}`).fill(words);
    await desk.locator("#class-unit").click();
    await desk.getByRole("option").filter({ visible: true }).first().click();
    await desk.locator("#class-from").fill("2026-12-01");
    await desk.keyboard.press("Enter");
    const preview = at("measure-preview").locator(".said");
    await preview.filter({ hasText: "每天清运两次" }).waitFor();
    const promised = await preview.innerText();
    await at("class-submit").click();
    await at("measure").waitFor();

    await until(
      async () => (await Promise.all(reporters.map(told))).every((lines) => lines.length > 0),
      "everyone is told",
      60,
    );
    await desk.locator("[data-test=told]", { hasText: "已告诉反映人" }).waitFor();
    const lines = await Promise.all(reporters.map(told));
    expect(lines.map((each) => each.length)).toEqual([1, 1, 1, 1, 1]);
    const whatIsDone = (text) => text.slice(text.indexOf("措施")); // before it stands each one's own place
    expect(whatIsDone(lines[0][0].text)).toBe(whatIsDone(promised));
  });

  async function reported() {
    for (const [n, word] of WORDS.entries()) {
      const sent = await api(
        "POST",
        "api/tickets",
        { point: town.points["SHJY-MKT"], text: `菜场门口烂菜叶发臭${word}，夏天苍蝇到处飞，没法走` },
        reporters[n],
      );
      expect(sent.status).toBe(201);
    }
  }
});
