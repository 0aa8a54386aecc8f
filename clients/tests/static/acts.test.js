// An act is declared once, in chalicelib/domain/offers, and travels with the ticket: no screen holds a table of acts of its own.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import declared from "../acts.json";

const CLIENTS = fileURLToPath(new URL("../..", import.meta.url));
const HOMES = ["desk/src", "miniprogram"];
const sources = HOMES.flatMap((home) =>
  readdirSync(join(CLIENTS, home), { recursive: true })
    .map((name) => join(home, String(name)))
    .filter((name) => /\.(js|ts|vue|wxml)$/.test(name)),
).map((name) => [name, readFileSync(join(CLIENTS, name), "utf8")]);

const quoted = (text, word) => [`"${word}"`, `'${word}'`, `\`${word}\``].some((each) => text.includes(each));
// Short ones are words of other things too: a stage, a kind of message, an act on a class.
const OTHER_THINGS = {
  "desk/src/words/figures/dashboard.ts": ["exempt"], // how a ticket was closed
  "miniprogram/pages/ticket/index.js": ["reopen"], // the page of a resident: acts of residents
  "miniprogram/pages/ticket/index.wxml": ["comment"],
};
const names = declared.map((act) => act.name).filter((name) => name.includes("-") || name.length > 5);
const labels = declared.map((act) => act.label);

/** Whether a source speaks of an act with its label in one breath, as a table of acts would. */
const pairs = (text) =>
  declared.filter(({ name, label }) =>
    text
      .split(/\n\s*\n|\},?\s*\n/)
      .some((part) => quoted(part, name) && new RegExp(`["'\`>]${label}["'\`<]`).test(part)),
  );

describe.each(sources)("%s", (path, text) => {
  test("gives no act a label", () => {
    expect(pairs(text).map((act) => act.name)).toEqual(OTHER_THINGS[path] ?? []);
  });

  test("lists no acts", () => {
    expect(names.filter((name) => quoted(text, name)).length).toBeLessThan(4);
  });

  test("holds no field of an act's form", () => {
    const fields = declared.flatMap((act) => act.fields).filter((field) => field.label.length > 4);
    const held = fields.filter(
      (field) => new RegExp(`["'\`>]${field.label}["'\`<]`).test(text) && quoted(text, field.name),
    );
    expect(held.map((field) => field.label)).toEqual([]);
  });
});

test("a table of acts would be found", () => {
  const table = `export const ACTS = [
  { name: "dispatch", title: "派单", path: "desk", fields: [{ name: "unit_id", label: "主办单位" }] },
  { name: "assign-finally", title: "签派" },
];`;
  expect(
    pairs(table)
      .map((act) => act.name)
      .sort(),
  ).toEqual(["assign-finally", "dispatch"]);
  expect(labels.length).toBeGreaterThan(40);
});
