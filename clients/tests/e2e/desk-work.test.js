// The rest of a desk's day: reusable answers, banners, many at once, kept filters, codes to print, swaps, the town's files.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { api, isMissing, noted, page, SCREEN, token, town, until } from "./people.js";
import { picture } from "./phone.js";
import { openAtDesk, signInAtDesk } from "./screen.js";

/** A name of its own; figures would be hidden as somebody's phone. */
const letters = () => Array.from({ length: 6 }, () => String.fromCharCode(97 + Math.random() * 26)).join("");
const TOWN = fileURLToPath(new URL("../../../town", import.meta.url));
afterEach(() => expect(noted()).toEqual([]));

describe.skipIf(isMissing)("a desk's day", () => {
  let desk, sent;
  const at = (name) => desk.locator(`[data-test=${name}]`);
  /** In the box that asks, not in whatever else has such a button: a date picker keeps its own until it has faded. */
  const confirm = (asked) =>
    desk.locator(asked).getByRole("button", { name: "确定" }).filter({ visible: true }).click();
  const open = (path) => desk.goto(`${town.url}console/index.html#${path}`);
  const entered = async (text) =>
    (await api("POST", "staff/tickets", { source: "walk_in", text, place_text: "望月路" }, sent)).body;

  beforeAll(async () => {
    const code = Object.values(town.units)
      .flat()
      .find((one) => one.roles.includes("first_contact") && one.code.startsWith("gglw")).code;
    sent = await token(code);
    desk = await page(SCREEN);
    await signInAtDesk(desk, code);
  });

  test("an answer is written once and used with two keys", async () => {
    const title = `食堂时间${letters()}`;
    await open("/answers");
    await at("answer-title").fill(title);
    await at("answer-text").fill("社区食堂每天十点半到一点。");
    await at("answer-save").click();
    await desk.getByText(title).waitFor();
    const { id } = await entered("请问食堂开门时间");
    await openAtDesk(desk, id);
    await desk.keyboard.press("r");
    await at("ready-answers").click();
    await desk.keyboard.type(title);
    await desk.keyboard.press("Enter");
    await until(
      async () => (await at("field-text").locator("textarea").inputValue()).startsWith("社区食堂"),
      "the words stand in the field",
    );
  });

  test("a banner is put up for everybody below a place, and taken down", async () => {
    await open("/outages");
    await desk.getByRole("combobox", { name: "哪里的码" }).fill("盛华 第二网格");
    await desk.getByRole("option", { name: "第二网格" }).first().click();
    await at("outage-text").fill("5号楼电梯正在维修，今晚8点恢复");
    await desk.getByRole("button", { name: "挂出", exact: true }).click();
    const point = async () => (await api("GET", `api/points/${town.points["SHJY-5-1"]}`)).body.outages;
    await until(async () => (await point()).length > 0, "seen by whoever scans");
    await desk.getByRole("button", { name: "撤下" }).first().click();
    await confirm(".el-popconfirm");
    await until(async () => (await point()).length === 0, "taken down");
  });

  test("many are done at once, and a filter is there after a reload", async () => {
    const mark = `批量${letters()}`;
    const made = [await entered(`${mark}一`), await entered(`${mark}二`)];
    await open("/queues/desk");
    for (const { number } of made) await desk.locator(`tr[data-number="${number}"] input[type=checkbox]`).check();
    await at("bulk-comment").click();
    await at("bulk").locator("textarea").fill("已统一登记，明天一并处理");
    await at("bulk-submit").click();
    await at("bulk").waitFor({ state: "detached" });
    for (const { id } of made) {
      const { history } = (await api("GET", `staff/tickets/${id}`, undefined, sent)).body;
      expect(history.filter((line) => line.kind === "commented")).toHaveLength(1);
    }
    await at("filter-text").fill("望月路");
    await at("filter-keep").click();
    await desk.getByRole("dialog").getByRole("textbox").fill("望月路的");
    await confirm(".el-message-box");
    await desk.getByRole("button", { name: "望月路的", exact: true }).waitFor();
    await desk.reload();
    await desk.getByRole("button", { name: "望月路的", exact: true }).waitFor();
  });

  test("a part of a photo is covered where the box was drawn over it", async () => {
    await open("/enter");
    await at("enter-text").fill("望月路口有车占了盲道");
    await at("enter-place-text").fill("望月路");
    await desk
      .locator("input[type=file]")
      .setInputFiles({ name: "car.png", mimeType: "image/png", buffer: picture(640, 320) });
    await at("enter-submit").click();
    await at("ticket-number").waitFor();
    const thumb = at("photo").locator("img");
    const isThere = () =>
      thumb.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    await until(async () => (await isThere()) || (await desk.reload(), false), "the photo is taken in");
    await at("photo").click();
    await at("cover-open").click();
    const photo = desk.getByRole("img", { name: "要遮盖的照片" });
    await expect.poll(() => photo.evaluate((one) => one.complete && one.naturalWidth)).toBe(640);
    const { x, y, width, height } = await photo.boundingBox();
    await desk.mouse.move(x + width * 0.2, y + height * 0.6);
    await desk.mouse.down();
    await desk.mouse.move(x + width * 0.4, y + height * 0.9, { steps: 4 });
    await desk.mouse.up();
    await at("cover-save").click();
    const seen = at("photo-viewer").locator("figure img");
    await seen.waitFor();
    await expect.poll(() => colourAt(seen, 0.3, 0.75)).toBe("covered");
    const around = [0.5, 0.97].map((down) => colourAt(seen, 0.3, down));
    const beside = [0.1, 0.5].map((across) => colourAt(seen, across, 0.75));
    expect(await Promise.all([...around, ...beside])).toEqual(Array(4).fill("green"));
  });

  test("codes are drawn on A4 sheets", async () => {
    await open("/points");
    await at("points").getByRole("row").nth(5).waitFor();
    await at("print-open").click();
    await desk.locator(".sheets svg").first().waitFor();
    const drawn = await desk
      .locator(".sheets svg")
      .first()
      .evaluate((svg) => svg.getBoundingClientRect().width);
    expect(drawn).toBeGreaterThan(200);
  });

  test("who is on duty now is read at one look", async () => {
    const code = (await api("GET", "staff/me", undefined, sent)).body;
    const roster = (await api("GET", `desk/duty?unit=${code.unit}`, undefined, sent)).body;
    expect(roster.items.length).toBeGreaterThan(0);
    await open("/duty");
    await at("roster").getByRole("row").nth(3).waitFor();
    expect(await at("duty-now").textContent()).toContain(roster.now[0].name);
  });

  test("a swap puts somebody else on duty, and is taken back", async () => {
    const { unit } = (await api("GET", "staff/me", undefined, sent)).body;
    const day = new Date(Date.now() + 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
    const swaps = async () =>
      (await api("GET", `desk/duty?unit=${unit}`, undefined, sent)).body.items.filter(
        (shift) => shift.source === "swap",
      );
    await open("/duty");
    await desk.getByRole("combobox", { name: "岗位" }).focus();
    await desk.keyboard.press("Enter");
    await desk.getByRole("option", { name: "首问接待", exact: true }).click();
    await desk.getByRole("combobox", { name: "由谁值班" }).fill("首问接待丙");
    await desk.getByRole("option", { name: "首问接待丙" }).first().waitFor();
    await desk.keyboard.press("Enter");
    const times = desk.locator(".el-date-editor--datetimerange input");
    await times.nth(0).fill(`${day.slice(5)} 10:00`);
    await times.nth(1).fill(`${day.slice(5)} 12:00`);
    await desk.keyboard.press("Enter");
    await desk.getByRole("textbox", { name: "换班原因" }).fill("看病");
    await at("swap-submit").click();
    await until(async () => (await swaps()).length === 1, "in force");
    await at("roster").getByText("看病").waitFor();
    await at("roster").getByRole("button", { name: "取消" }).click();
    await confirm(".el-popconfirm");
    await until(async () => (await swaps()).length === 0, "taken back");
  });

  test("a town with a bad row is refused whole, and the row is named", async () => {
    const admin = await page(SCREEN);
    await signInAtDesk(admin, town.people.admin.code);
    await admin.goto(`${town.url}console/index.html#/town`);
    const names = readdirSync(TOWN).filter((name) => name.endsWith(".csv") && name !== "units.csv");
    const files = admin.locator("[data-test=town-files]");
    await files.setInputFiles(names.map((name) => join(TOWN, name)));
    await admin.getByText("还缺：units.csv").waitFor();
    await files.evaluate((input, text) => {
      const all = new DataTransfer();
      for (const file of input.files) all.items.add(file);
      all.items.add(new File([text], "units.csv", { type: "text/csv" }));
      input.files = all.files;
      input.dispatchEvent(new Event("change"));
    }, "code,name,kind,area,phone\nST-X,某站,不知道,HJ,\n");
    await admin.locator("[data-test=town-import]").click();
    await admin.locator("[data-test=town-errors]").waitFor();
    expect(await admin.locator("[data-test=town-errors]").textContent()).toContain("units.csv");
  });
});

/** What is seen of the green picture at a part of its width and height, as the screen draws it. */
async function colourAt(photo, across, down) {
  const png = (await photo.screenshot()).toString("base64");
  const blank = await photo.page().context().newPage();
  const [red, green, blue] = await blank.evaluate(
    async ([data, right, below]) => {
      const drawn = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
      canvas.drawImage(drawn, 0, 0);
      return [...canvas.getImageData(Math.floor(drawn.width * right), Math.floor(drawn.height * below), 1, 1).data];
    },
    [png, across, down],
  );
  await blank.close();
  return green > red + 30 && green > blue + 30 ? "green" : "covered";
}
