// `node check.mjs`: the mini-program's source through WeChat's own tools, as an upload would: wcc (templates), wcsc (styles) and
// miniprogram-ci's local compile (the JSON of every page, Babel, minifying, sizes). No key, no account, no network is needed.

import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HOME = fileURLToPath(new URL("../miniprogram", import.meta.url));
const MOST = { main: 160_000, staff: 80_000 }; // bytes of a package; WeChat takes 2 MB, an old Android starts by the kilobyte
const require = createRequire(import.meta.url);
const tools = join(require.resolve("miniprogram-compiler/package.json"), "../bin/linux");

/** The files of one kind, by path below the mini-program. */
const files = (kind) =>
  readdirSync(HOME, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(kind));

function compiled(tool, ...given) {
  const path = join(tools, tool);
  chmodSync(path, 0o755); // npm leaves it unexecutable
  return execFileSync(path, given, {
    cwd: HOME,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Whether both old compilers take everything; they stop with a code and the line. */
function byTheOldCompilers() {
  const templates = files(".wxml");
  const code = compiled("wcc", "-d", ...templates);
  const missing = templates.filter((path) => !code.includes(path));
  if (missing.length) throw new Error(`wcc left out ${missing}`);
  const styles = files(".wxss");
  for (const path of styles) compiled("wcsc", "-lc", "-js", path, ...styles.filter((other) => other !== path));
  return { templates: templates.length, styles: styles.length };
}

/** miniprogram-ci asks WeChat what an account may do; without one it is its own default. */
async function byTheUploader() {
  const asked = require("miniprogram-ci/dist/ci/projectattr.js");
  const { DefaultProjectAttr } = require("miniprogram-ci/dist/config/config.js");
  Object.defineProperty(asked, "getProjectAttr", { value: async () => DefaultProjectAttr });
  const ci = require("miniprogram-ci");
  const project = new ci.Project({
    appid: "wx0000000000000000",
    type: "miniProgram",
    projectPath: HOME,
    privateKey: "-",
  });
  const setting = { es6: true, minify: true, minifyWXML: true, minifyWXSS: true };
  const made = await ci.getCompiledResult({ project, version: "0.0.0", setting });
  const sizes = Object.entries(made).map(([path, text]) => [path, Buffer.byteLength(text)]);
  const sum = (some) => some.reduce((all, [, size]) => all + size, 0);
  const isStaff = ([path]) => path.startsWith("staff/");
  const found = { main: sum(sizes.filter((one) => !isStaff(one))), staff: sum(sizes.filter(isStaff)) };
  for (const [name, most] of Object.entries(MOST))
    if (!(found[name] > 0 && found[name] <= most))
      throw new Error(`package ${name}: ${found[name]} bytes, at most ${most}`);
  return { files: sizes.length, ...found };
}

const old = byTheOldCompilers();
const uploaded = await byTheUploader();
console.log(
  `wcc ${old.templates} templates, wcsc ${old.styles} style sheets, miniprogram-ci`,
  JSON.stringify(uploaded),
);
process.exit(0); // miniprogram-ci leaves its workers behind
