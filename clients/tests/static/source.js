// The mini-program's source, for the tests that read it.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const HOME = fileURLToPath(new URL("../../miniprogram", import.meta.url));
export const read = (path) => readFileSync(join(HOME, path), "utf8");
export const json = (path) => JSON.parse(read(path));

/** Paths of one kind below miniprogram/. */
export const files = (kind) =>
  readdirSync(HOME, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(kind))
    .map((entry) => relative(HOME, join(entry.parentPath, entry.name)))
    .sort();
