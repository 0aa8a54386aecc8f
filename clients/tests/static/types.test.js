// What the API reads and responds with is typed once, by OpenAPI (clients/api.d.ts): the console spells none of it again.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const CLIENTS = fileURLToPath(new URL("../..", import.meta.url));
const FEWEST = 4; // keys: fewer are alike by chance

const keysOf = (body) => [...body.matchAll(/^ {2,12}(?:"?)([a-z_]+)(?:"?)\??:/gm)].map((found) => found[1]);

/** The keys of every schema, of its own level. */
export function schemas(text) {
  const blocks = [...text.matchAll(/^ {8}(\w+): \{\n([\s\S]*?)^ {8}\};/gm)];
  return blocks.map(([, name, body]) => [name, new Set(keysOf(body.replace(/^ {13,}.*$/gm, "")))]);
}

/** The interfaces that a source spells, and the keys of each. */
export function interfaces(text) {
  const blocks = [...text.matchAll(/^(?:export )?(?:interface (\w+)[^{]*|type (\w+) = )\{\n([\s\S]*?)^\}/gm)];
  return blocks.map(([, name, alias, body]) => [name ?? alias, keysOf(body.replace(/^ {3,}.*$/gm, ""))]);
}

const SCHEMAS = schemas(readFileSync(join(CLIENTS, "api.d.ts"), "utf8"));
const sources = readdirSync(join(CLIENTS, "desk/src"), { recursive: true })
  .map((name) => join("desk/src", String(name)))
  .filter((name) => /\.(ts|vue)$/.test(name))
  .map((name) => [name, readFileSync(join(CLIENTS, name), "utf8")]);

/** The schema that holds every key of a hand-written type, or undefined. */
const respelt = (keys) => SCHEMAS.find(([, of]) => keys.length >= FEWEST && keys.every((key) => of.has(key)))?.[0];

test("the schemas are read, and a type that is spelt again is recognised", () => {
  expect(SCHEMAS.length).toBeGreaterThan(200);
  const [[name, keys]] = interfaces(
    "interface Row {\n  ticket_id: string;\n  clock: string;\n  due_at: string;\n  track: string;\n}",
  );
  expect([name, respelt(keys)]).toEqual(["Row", "QueueRow"]);
});

describe.each(sources)("%s", (_, text) => {
  test("spells no schema again", () => {
    const again = interfaces(text).map(([name, keys]) => [name, respelt(keys)]);
    expect(again.filter(([, schema]) => schema)).toEqual([]);
  });
});
