// @vitest-environment node
// What a resident who scans for the first time has to fetch.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const MOST = 120_000; // bytes, gzipped
const config = fileURLToPath(new URL("../../browser/vite.config.js", import.meta.url));

test("the whole page is at most 120 kB gzipped, holds nothing inline and runs no text as code", { timeout: 120_000 }, async () => {
  const { output } = await build({ configFile: config, logLevel: "silent", build: { write: false } });
  const files = output.map((file) => [file.fileName, String(file.code ?? file.source)]);
  const sizes = files.map(([name, text]) => [name, gzipSync(text, { level: 9 }).length]);
  expect(sizes.reduce((sum, [, size]) => sum + size, 0), JSON.stringify(sizes)).toBeLessThanOrEqual(MOST);
  const [, html] = files.find(([name]) => name === "index.html");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
  const [, code] = files.find(([name]) => name.endsWith(".js"));
  expect(code).not.toMatch(/\beval\(|new Function\(|document\.write/);
  for (const [name] of files.filter(([name]) => name !== "index.html")) expect(name).toMatch(/^(app|part)-[\w-]{8}\.(js|css)$/);
});
