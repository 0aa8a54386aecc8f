// @vitest-environment node
// What a resident who scans for the first time has to fetch.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { expect, test } from "vitest";

const MOST = 88_000; // bytes, gzipped, of what a resident who scans fetches
const MOST_OF_FORM = 10_000; // fetched as soon as the first page has asked for what it shows
const MOST_LATER = 28_000; // of a resident's other pages and of what draws photos, fetched while the first is looked at
const MOST_OF_STAFF = 30_000; // of the pages of staff, fetched when one of them is opened
const config = fileURLToPath(new URL("../../browser/vite.config.js", import.meta.url));

test(
  "a resident's first page is at most 88 kB gzipped, holds nothing inline and runs no text as code",
  { timeout: 120_000 },
  async () => {
    const { output } = await build({ configFile: config, logLevel: "silent", build: { write: false } });
    const files = output.map((file) => [file.fileName, String(file.code ?? file.source)]);
    const sizes = files.map(([name, text]) => [name, gzipSync(text, { level: 9 }).length]);
    const sum = (some) => some.reduce((all, [, size]) => all + size, 0);
    const later = sizes.filter(([name]) => name.startsWith("part-"));
    expect(later).toHaveLength(4);
    const has = (page) => later.filter(([name]) => files.find(([file]) => file === name)[1].includes(`${page}.js`));
    const [form, staff] = [has("pages/report/index"), has("staff/work/index")];
    const others = later.filter((part) => ![...form, ...staff].includes(part));
    for (const [part, most] of [
      [form, MOST_OF_FORM],
      [staff, MOST_OF_STAFF],
      [others, MOST_LATER],
    ]) {
      expect(part.length).toBeGreaterThan(0);
      expect(sum(part), JSON.stringify(sizes)).toBeLessThanOrEqual(most);
    }
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
