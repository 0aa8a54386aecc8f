// An act is declared once, in chalicelib/domain/offers or chalicelib/domain/classes/offers, and travels with the ticket or the
// issue class: no screen holds a table of acts of its own, and none goes another way by an act's name.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import ofTickets from "../acts.json";
import ofClasses from "../class-acts.json";

const declared = [...ofTickets, ...ofClasses];

const CLIENTS = fileURLToPath(new URL("../..", import.meta.url));
const HOMES = ["desk/src", "miniprogram", "browser/src"];
const sources = HOMES.flatMap((home) =>
  readdirSync(join(CLIENTS, home), { recursive: true })
    .map((name) => join(home, String(name)))
    .filter((name) => /\.(js|ts|vue|wxml)$/.test(name)),
).map((name) => [name, readFileSync(join(CLIENTS, name), "utf8")]);

const quoted = (text, word) => [`"${word}"`, `'${word}'`, `\`${word}\``].some((each) => text.includes(each));
/** Whether an object's key is the word. */
const keyed = (text, word) => new RegExp(`(?:^|[{,])\\s*["']?${word}["']?\\s*:\\s`, "m").test(text);
// Short ones are words of other things too: a stage, a kind of message, an act on a class.
const OTHER_THINGS = {
  "desk/src/words/figures/dashboard.ts": ["exempt"], // how a ticket was closed
  "desk/src/words/queue/clocks.ts": ["take"], // a kind of clock
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
      .some((part) => (quoted(part, name) || keyed(part, name)) && new RegExp(`["'\`>]${label}["'\`<]`).test(part)),
  );

/** Names of acts by which a source goes another way: `act.name === "split"`, or a map of words by name. */
const branches = (text) =>
  declared
    .map((act) => act.name)
    .filter(
      (name) =>
        new RegExp(`\\b(?:act|offer|props)\\.name\\s*[!=]==?\\s*["'\`]${name}["'\`]`).test(text) ||
        (name.includes("-") && keyed(text, name)),
    );

/** Names of acts that a source looks for among those of a ticket, opens, or sends. */
const soughtIn = (text) =>
  [...new Set(declared.map((act) => act.name))].filter((name) =>
    new RegExp(
      "(?:offerOf\\([^)]*,\\s*|acts\\.includes\\(|(?:openAct|sendNow)\\(|emit\\(\\s*[\"']open[\"'],\\s*" +
        "|\\bact:\\s*|\\binstead(?:\\.value)?\\s*=+\\s*|\\s(?:name|data-act)=)" +
        `["'\`]${name}["'\`]`,
    ).test(text),
  );

// What is offered is drawn by its properties (`card`, `step`, `key`, …). By its name an act is looked for only by what fills
// in its very form: each with the reason.
const SOUGHT = {
  "desk/src/pages/ticket/TicketPage.vue": ["answer", "classify", "resolve"], // into whose forms the knowledge, the guess, the unit write
  "desk/src/parts/papers/FormCard.vue": ["resolve"], // what the unit wrote on paper becomes its note
  "desk/src/parts/ticket/FollowUpCall.vue": ["comment", "follow-up", "rework"], // the call's own result, and what is done instead of it
  "desk/src/parts/ticket/GuessCard.vue": ["classify"], // one of the model's choices is sent
  "desk/src/parts/ticket/RecordingCard.vue": ["transcribe"], // the words of the recording that is played there
  "desk/src/parts/ticket/SimilarCard.vue": ["merge"], // into the ticket that stands there
  "desk/src/parts/ticket/SuggestionCard.vue": ["divide"], // as many matters as were heard
  "desk/src/words/ticket/suggest.ts": ["classify", "dispatch", "forward"], // what key A sends is made of these
};

test("an act is looked for by its name only where its form is filled in", () => {
  const sought = sources.map(([path, text]) => [path, soughtIn(text).sort()]).filter(([, found]) => found.length);
  expect(Object.fromEntries(sought)).toEqual(SOUGHT);
});

describe.each(sources)("%s", (path, text) => {
  test("gives no act a label", () => {
    expect(pairs(text).map((act) => act.name)).toEqual(OTHER_THINGS[path] ?? []);
  });

  test("goes no other way by an act's name", () => {
    expect(branches(text)).toEqual([]);
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
  expect(pairs(`const CLASS_ACTS = { split: "拆分" };`).map((act) => act.name)).toEqual(["split"]);
  expect(branches(`if (props.act.name !== "merge") return;`)).toContain("merge");
  expect(labels.length).toBeGreaterThan(40);
  for (const looked of ['offerOf(ticket, "close")', "ticket.acts.includes('close')", 'data-test="x" name="close"'])
    expect(soughtIn(looked)).toEqual(["close"]);
});
