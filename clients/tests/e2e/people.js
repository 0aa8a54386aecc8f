// Who takes part in an end-to-end test: each with a browser of their own.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, inject } from "vitest";
import { asked } from "./cloud.js";

export const town = inject("town");
export const isMissing = inject("missing") !== "";
export const PHONE = { width: 375, height: 812 };
export const SCREEN = { width: 1280, height: 800 };

let browser;
const faults = [];

/** A page in a browser context of its own: a phone, or a desk's screen. What goes wrong in its console fails `noFaults`. */
export async function page(size = PHONE, more = {}) {
  browser ||= await chromium.launch({
    executablePath: town.chromium,
    args: [
      "--no-sandbox",
      "--disable-dev-shm-usage",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
  const context = await browser.newContext({
    viewport: size,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    serviceWorkers: "block", // what a test looks at is what the town answers; the test of being offline asks for one
    ...more,
  });
  if (town.isKept) await asBuilt(context);
  const made = await context.newPage();
  made.setDefaultTimeout(process.env.MSLJ_SCREENS ? 90_000 : 30_000); // pictures are worth waiting for
  made.on("pageerror", (error) => faults.push(`${made.url()}: ${error.stack || error}`));
  made.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy|Refused to/.test(message.text()))
      faults.push(message.text());
  });
  return made;
}

/** The clients as they were built last, under the policy that was deployed. */
async function asBuilt(context) {
  for (const [path, client] of [
    ["s", "browser"],
    ["console", "desk"],
  ]) {
    const folder = fileURLToPath(new URL(`../../../chalicelib/web/clients/${client}/`, import.meta.url));
    await context.route(`${town.url}${path}/*`, async (route) => {
      const name = new URL(route.request().url()).pathname.split("/").pop();
      if (/\.(js|css)$/.test(name)) return route.fulfill({ path: folder + name });
      const answer = await route.fetch();
      const html = await answer.text();
      const origins = /photo-origins" content="([^"]*)"/.exec(html)?.[1] ?? "";
      const body = readFileSync(`${folder}index.html`, "utf8").replace(
        'photo-origins" content=""',
        `photo-origins" content="${origins}"`,
      );
      return route.fulfill({ response: answer, body });
    });
  }
}

/** What pages threw, or their policy refused, since it was asked last. */
export const noted = () => faults.splice(0);

afterAll(async () => {
  await browser?.close();
  browser = undefined;
});

/** A sign-in code for somebody of the staff, as the desk hands it out. */
export const signInCode = async (staff) => (await asked(inject("door"), { code: staff })).code;
export const token = async (staff) => (await asked(inject("door"), { token: staff })).token;

/** Status and body of one request to the API, as `who` (a token). */
export async function api(method, path, body, who = "") {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  if (who) headers.Authorization = `Bearer ${who}`;
  const answer = await fetch(town.url + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

/** Until `look` answers something: what is derived from the stream comes a moment later. */
export async function until(look, what, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
