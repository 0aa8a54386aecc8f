// `node paint.js URL TIMES [slow]`: how soon a resident who scans for the first time sees something, and the place. JSON, ms.
// `slow`: on a phone's line of 400 kbit/s and 400 ms, text compressed as production's API does it.

import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }; // ms, bytes a second

const [url, times, line] = process.argv.slice(2);
const isSlow = line === "slow";
const proxy = isSlow ? await compressing(new URL(url).origin) : null;
const address = isSlow ? url.replace(new URL(url).origin, proxy.origin) : url;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const seen = [];
for (let n = 0; n < Number(times); n += 1) {
  const context = await browser.newContext({ viewport: { width: 375, height: 812 } });
  const page = await context.newPage();
  if (isSlow) {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", SLOW);
  }
  await page.goto(address, { waitUntil: "commit" });
  await page.locator("[data-test=place]").waitFor({ timeout: 60_000 });
  seen.push(
    await page.evaluate(() => ({
      paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      place: performance.now(),
    })),
  );
  await context.close();
}
await browser.close();
proxy?.server.close();
console.log(JSON.stringify(seen));

/** What stands behind `target`, with its text compressed. */
async function compressing(target) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = parts.length ? Buffer.concat(parts) : undefined;
    const headers = { ...request.headers };
    for (const name of ["host", "connection", "content-length"]) delete headers[name];
    const answer = await fetch(target + request.url, { method: request.method, headers, body, redirect: "manual" });
    const packed = gzipSync(Buffer.from(await answer.arrayBuffer()));
    const given = Object.fromEntries(answer.headers);
    for (const name of ["content-length", "content-encoding", "transfer-encoding", "connection"]) delete given[name];
    response.writeHead(answer.status, { ...given, "content-encoding": "gzip", "content-length": packed.length });
    response.end(packed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}
