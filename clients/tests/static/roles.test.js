// docs/roles: each role's page is one sheet of A4 when it is printed, and its words stay on the sheet.

import { accessSync, constants, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../../docs/roles/", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const pages = readdirSync(FOLDER).filter((file) => file.endsWith(".html"));
const isMissing = (() => {
  try {
    accessSync(CHROMIUM, constants.X_OK);
    return false;
  } catch {
    return !process.env.MSLJ_NO_SKIPS; // where nothing may be skipped, a browser that is missing is a failure
  }
})();
let browser;

beforeAll(async () => {
  if (!isMissing) browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
});
afterAll(() => browser?.close());

test.skipIf(isMissing).each(pages)("%s prints on one sheet", async (file) => {
  const page = await browser.newPage({ locale: "zh-CN" });
  await page.goto(pathToFileURL(FOLDER + file).href);
  await page.emulateMedia({ media: "print" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, "nothing is cut off on the right").toBe(false);
  const printed = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(printed.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.close();
});
