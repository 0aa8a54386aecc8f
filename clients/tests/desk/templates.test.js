// @vitest-environment node
// What no template of the console does by hand.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dotted } from "../../desk/src/words/common/dotted";

const HERE = fileURLToPath(new URL("../../desk/src/", import.meta.url));

test("what is not known leaves no dot", () => {
  expect(dotted("公共设施", "", undefined, "11-30 08:00")).toBe("公共设施 · 11-30 08:00");
  expect(dotted(null, "")).toBe("");
});

test("no template puts a dot between two values by hand", () => {
  const templates = readdirSync(HERE, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".vue"));
  expect(templates.length).toBeGreaterThan(80);
  expect(templates.filter((path) => /\}\}\s*·\s*\{\{/.test(readFileSync(HERE + path, "utf8")))).toEqual([]);
});

test("every field for files speaks for itself, but one that a button opens", () => {
  const bare = readdirSync(HERE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".vue") && /type="file"/.test(readFileSync(HERE + path, "utf8")))
    .sort();
  expect(bare).toEqual(["parts/fields/FileInput.vue", "parts/papers/FormCard.vue"]);
});

test("a table of the town is called by its Chinese title, not by its file", () => {
  const shown = readdirSync(HERE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".vue"))
    .map((path) => [path, readFileSync(HERE + path, "utf8").replace(/^[\s\S]*?<template>/, "")]);
  // Whoever registers a partner there names its table by the partner.
  const named = shown.filter(([, text]) => /[a-z_]+\.csv/.test(text)).map(([path]) => path);
  expect(named).toEqual(["pages/partners/PartnerFilesPage.vue"]);
});
