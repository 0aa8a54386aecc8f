// `node build/weui.js [FILE]`: miniprogram/weui.wxss, of which only what a template or a script names is left. FILE: a whole one.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import postcss from "postcss";
import { texts } from "./compile.js";
import { dropUnused } from "./styles.js";

const HOME = fileURLToPath(new URL("../miniprogram", import.meta.url));
const SHEET = join(HOME, "weui.wxss");

/** `sheet` without what the mini-program in folder `home` does not name. What is left of it is left as it is. */
export function purged(sheet, home = HOME) {
  const root = postcss.parse(sheet);
  dropUnused(
    root,
    texts(home, (path) => readFileSync(join(home, path), "utf8")),
  );
  return root.toString();
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(SHEET, purged(readFileSync(process.argv[2] ?? SHEET, "utf8")));
