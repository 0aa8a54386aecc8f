// @vitest-environment node
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const CLIENTS = fileURLToPath(new URL("../..", import.meta.url));
const SOURCES = `${CLIENTS}/desk/src`;
const files = readdirSync(SOURCES, { recursive: true })
  .map(String)
  .filter((name) => /\.(vue|ts)$/.test(name));

test("types hold in every page, as the templates use them", { timeout: 180_000 }, () => {
  const checked = spawnSync(
    process.execPath,
    ["node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit", "-p", "desk/tsconfig.json"],
    { cwd: CLIENTS, encoding: "utf8" },
  );
  expect(checked.stdout).toBe("");
  expect(checked.status).toBe(0);
});

test.each(files)("%s takes no text for markup and needs no inline style", (name) => {
  const source = readFileSync(`${SOURCES}/${name}`, "utf8");
  expect(source).not.toMatch(/v-html|innerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(/);
  expect(source).not.toMatch(/<template>[\s\S]*\sstyle="/);
});

const forms = files
  .map((name) => [name, readFileSync(`${SOURCES}/${name}`, "utf8")])
  .filter(([, source]) => /useSending\(/.test(source) && /v-model="form\./.test(source));

test("there are forms to look at", () => expect(forms.length).toBeGreaterThan(6));
test.each(forms)("%s: every field of a form says by which name it is refused", (_, source) => {
  const fields = [...source.matchAll(/<[a-zA-Z-]+\s[^<]*?v-model="form\.(\w+)"[^<]*?\/?>/g)];
  expect(fields.filter(([tag]) => !tag.includes("data-field=")).map((found) => found[1])).toEqual([]);
});
