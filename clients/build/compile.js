// Compiles mini-program source for the browser host: what WeChat's own tools would warn of is an error here.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { BUILT_IN } from "./tags.js";
import { styles } from "./styles.js";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");

export class Refused extends Error {}

/** Everything the host needs of the app in folder `home`: configs, templates and scripts as JavaScript text, and one
 *  style sheet. Throws Refused with every fault found. */
export function compile(home) {
  return compileApart(home, () => 0).first;
}

/** As `compile`, in parts: `partOf(page)` is 0 for what is there at once; each later part holds its pages with what no part
 *  before it has, so that nobody fetches what another needs. The style sheet is one and stands with the first. */
export function compileApart(home, partOf) {
  const faults = [];
  const read = (path) => readFileSync(join(home, path), "utf8");
  const app = appOf(read);
  const configs = configsOf(home, app, read, faults);
  const css = styles(home, app, configs, faults, texts(home, read));
  const scripts = files(home, ".js");
  const many = 1 + Math.max(...app.pages.map(partOf));
  const taken = { paths: new Set(), scripts: new Set() };
  const parts = [];
  for (let n = 0; n < many; n += 1) {
    const paths = new Set();
    for (const page of app.pages) if (partOf(page) === n) reach(page, configs, paths);
    const begun = scripts.filter((path) => paths.has(path.slice(0, -3)) || (n === 0 && path === "app.js"));
    const own = fresh(paths, taken.paths);
    parts.push({
      configs: Object.fromEntries(own.map((path) => [path, configs[path]])),
      templates: templatesOf(
        own.filter((path) => existsSync(join(home, `${path}.wxml`))),
        configs,
        read,
        faults,
      ),
      scripts: scriptsOf(fresh(required(begun, scripts, read), taken.scripts).sort(), read),
    });
  }
  if (faults.length) throw new Refused(faults.join("\n"));
  const [first, ...later] = parts;
  return { first: { app, ...first, css }, later };
}

/** What no part before has taken; it is taken now. */
function fresh(found, taken) {
  const own = [...found].filter((path) => !taken.has(path));
  own.forEach((path) => taken.add(path));
  return own;
}

/** app.json with the pages of its subpackages among its pages, as WeChat addresses them. */
export function appOf(read) {
  const app = JSON.parse(read("app.json"));
  const apart = (app.subPackages || []).flatMap(({ root, pages }) => pages.map((page) => posix.join(root, page)));
  return { ...app, pages: [...app.pages, ...apart] };
}

/** Of the components that a page may use, those that its template names. */
function inUse(known, template) {
  return Object.fromEntries(Object.entries(known).filter(([tag]) => template.includes(`<${tag}`)));
}

/** `path` with every component that it uses, and that those use, into `found`. */
function reach(path, configs, found) {
  if (found.has(path) || !configs[path]) return;
  found.add(path);
  for (const used of Object.values(configs[path].usingComponents)) reach(used.slice(1), configs, found);
}

/** The scripts that these ask for, themselves included. */
function required(begun, known, read) {
  const found = new Set();
  const open = [...begun];
  for (let path = open.pop(); path; path = open.pop()) {
    if (found.has(path) || !known.includes(path)) continue;
    found.add(path);
    for (const [, asked] of read(path).matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)) {
      const full = asked.startsWith("/") ? asked.slice(1) : posix.join(posix.dirname(path), asked);
      open.push(full.endsWith(".js") ? full : `${full}.js`);
    }
  }
  return found;
}

/** The JSON of every page of app.json and of every component that one of them uses, by path, with app.json's own
 *  components added and every path absolute. */
function configsOf(home, app, read, faults) {
  const configs = {};
  const open = (app.pages || []).map((path) => [path, "app.json"]);
  for (let next = open.shift(); next; next = open.shift()) {
    const [path, by] = next;
    if (configs[path]) continue;
    const missing = [".js", ".json", ".wxml", ".wxss"].filter((kind) => !existsSync(join(home, path + kind)));
    if (missing.length) {
      faults.push(`${path} (${by}): ${missing.map((kind) => path + kind).join(", ")} missing`);
      continue;
    }
    const config = JSON.parse(read(`${path}.json`));
    const used = absolute(posix.dirname(path), config.usingComponents || {});
    const named = { ...absolute("", app.usingComponents || {}), ...used };
    config.usingComponents = inUse(named, read(`${path}.wxml`));
    configs[path] = config;
    for (const component of Object.values(named)) open.push([component.slice(1), `${path}.json`]);
  }
  return configs;
}

function absolute(folder, used) {
  return Object.fromEntries(
    Object.entries(used).map(([tag, path]) => [tag, path.startsWith("/") ? path : `/${posix.join(folder, path)}`]),
  );
}

function templatesOf(paths, configs, read, faults) {
  const group = new TmplGroup();
  for (const path of paths) {
    const source = read(`${path}.wxml`);
    for (const fault of group.addTmpl(path, source)) {
      faults.push(`${path}.wxml:${fault.startLine + 1}:${fault.startColumn + 1} ${fault.message}`);
    }
    faults.push(...strangers(path, source, configs[path]));
  }
  const code = group.getTmplGenObjectGroups();
  group.free();
  return code;
}

/** Tags that neither WeChat nor the app knows, and what the host does not do. */
function strangers(path, source, config) {
  const markup = source.replace(/<!--[\s\S]*?-->/g, "").replace(/\{\{[\s\S]*?\}\}/g, "");
  const tags = new Set([...markup.matchAll(/<([a-zA-Z][\w-]*)/g)].map((found) => found[1]));
  const faults = [...tags]
    .filter((tag) => !BUILT_IN.has(tag) && !(tag in config.usingComponents))
    .map((tag) => `${path}.wxml: <${tag}> is no component of WeChat's that the browser host has, nor one of the app's`);
  if (/\smodel:/.test(markup)) faults.push(`${path}.wxml: model: is not done by the browser host, use bindinput`);
  return faults;
}

/** Each script as WeChat runs it: a function with the globals of a module. */
function scriptsOf(paths, read) {
  const wrapped = paths.map(
    (path) =>
      `${JSON.stringify(path)}: function (require, module, exports, wx, App, Page, Component, Behavior, getApp, getCurrentPages) {\n${read(path)}\n}`,
  );
  return `{${wrapped.join(",\n")}}`;
}

export function texts(home, read) {
  return [...files(home, ".wxml"), ...files(home, ".js")].map(read).join("\n");
}

/** Every file of the app of one kind, below `home`, by path with slashes. */
export function files(home, kind) {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(kind))
    .map((entry) => posix.join(relative(home, entry.parentPath), entry.name))
    .sort();
}

function relative(home, folder) {
  return folder === home
    ? ""
    : folder
        .slice(home.length + 1)
        .split("\\")
        .join("/");
}
