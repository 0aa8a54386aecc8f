// `node paint.js URL TIMES`: how soon a resident who scans for the first time sees something, and the place. JSON, ms.

import { chromium } from "playwright-core";

const [url, times] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const seen = [];
for (let n = 0; n < Number(times); n += 1) {
  const context = await browser.newContext({ viewport: { width: 375, height: 812 } });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("[data-test=place]").waitFor();
  seen.push(
    await page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      place: performance.now(),
    })),
  );
  await context.close();
}
await browser.close();
console.log(JSON.stringify(seen));
