// Compiles mini-program source for the browser host: what WeChat's own tools would warn of is an error here.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import { BUILT_IN } from "./tags.js";
import { styles } from "./styles.js";

const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");

export class Refused extends Error {}

/** Everything the host needs of the app in folder `home`: configs, templates and scripts as JavaScript text, one style
 *  sheet, and the files it was made of. Throws Refused with every fault found. */
export function compile(home) {
  const faults = [];
  const read = (path) => readFileSync(join(home, path), "utf8");
  const app = JSON.parse(read("app.json"));
  const configs = configsOf(home, app, read, faults);
  const wxml = Object.keys(configs).filter((path) => existsSync(join(home, `${path}.wxml`)));
  const templates = templatesOf(wxml, configs, read, faults);
  const scripts = scriptsOf(home, read);
  const css = styles(home, app, configs, faults, texts(home, read));
  if (faults.length) throw new Refused(faults.join("\n"));
  return { app, configs, templates, scripts, css };
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
    config.usingComponents = { ...absolute("", app.usingComponents || {}), ...used };
    configs[path] = config;
    for (const component of Object.values(config.usingComponents)) open.push([component.slice(1), `${path}.json`]);
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
function scriptsOf(home, read) {
  const wrapped = files(home, ".js").map(
    (path) =>
      `${JSON.stringify(path)}: function (require, module, exports, wx, App, Page, Component, Behavior, getApp, getCurrentPages) {\n${read(path)}\n}`,
  );
  return `{${wrapped.join(",\n")}}`;
}

function texts(home, read) {
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
  return folder === home ? "" : folder.slice(home.length + 1).split("\\").join("/");
}

