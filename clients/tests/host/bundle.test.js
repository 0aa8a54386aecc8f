// @vitest-environment node
// What a resident who scans for the first time has to fetch.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const MOST = 90_000; // bytes, gzipped, of what a resident fetches
const MOST_LATER = 26_500; // of a resident's other pages and of what draws photos, fetched while the first is looked at
const MOST_OF_STAFF = 30_000; // of the pages of staff, fetched when one of them is opened
const config = fileURLToPath(new URL("../../browser/vite.config.js", import.meta.url));

test(
  "a resident's page is first page is at most 90 kB gzipped, holds nothing inline and runs no text as code",
  { timeout: 120_000 },
  async () => {
    const { output } = await build({ configFile: config, logLevel: "silent", build: { write: false } });
    const files = output.map((file) => [file.fileName, String(file.code ?? file.source)]);
    const sizes = files.map(([name, text]) => [name, gzipSync(text, { level: 9 }).length]);
    const sum = (some) => some.reduce((all, [, size]) => all + size, 0);
    const later = sizes.filter(([name]) => name.startsWith("part-"));
    expect(later).toHaveLength(3);
    const hasStaff = ([name]) => files.find(([file]) => file === name)[1].includes("staff/work/index.js");
    expect(sum(later.filter(hasStaff)), JSON.stringify(sizes)).toBeLessThanOrEqual(MOST_OF_STAFF);
    expect(sum(later.filter((part) => !hasStaff(part))), JSON.stringify(sizes)).toBeLessThanOrEqual(MOST_LATER);
    expect(sum(sizes) - sum(later), JSON.stringify(sizes)).toBeLessThanOrEqual(MOST);
    const first = files.find(([name]) => name.startsWith("app-") && name.endsWith(".js"))[1];
    expect(first).not.toContain("staff/work/index.js");
    const [, html] = files.find(([name]) => name === "index.html");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
    const code = files.filter(([name]) => name.endsWith(".js")).map(([, text]) => text);
    expect(code.join("\n")).not.toMatch(/\beval\(|new Function\(|document\.write/);
    for (const [name] of files.filter(([name]) => name !== "index.html"))
      expect(name).toMatch(/^(app|part)-[\w-]{8}\.(js|css)$/);
  },
);
