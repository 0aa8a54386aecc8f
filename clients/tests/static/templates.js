// Every template as a piece of its page's script, so that the types of its data hold there too: a name that the page does not
// have, or a field that the API does not answer with, is a fault of types like any other.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { HOME, files, read } from "./source.js";

const TAG = /<!--[\s\S]*?-->|<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g;
const EXPRESSION = /\{\{([\s\S]*?)\}\}/g;
const HANDLER = /^(?:bind|catch):?[a-z]/;

const HERE = fileURLToPath(new URL(".", import.meta.url));
export const pages = files(".wxml").map((path) => join(HOME, path.replace(/\.wxml$/, ".js")));

/** The script of a page or component, with its template as a function that is never called. */
export function withTemplate(script, template) {
  const named = script
    .replace(/\bPage\(/, "const page$ = page$plain(")
    .replace(/\bframe\.framed\(/, "page$framed(")
    .replace(/\bComponent\(/, "const page$ = page$component(");
  const { lines, names } = linesOf(template);
  const known = names.length ? `const { ${names.join(", ")} } = page$.data;` : "";
  return `${named}\nfunction template$() {\n${known}\n${lines.join("\n")}\n}\n`;
}

function linesOf(template) {
  const lines = [];
  const names = new Set();
  const open = []; // of each element that is open: what its loop names
  const say = (text) => {
    for (const [, written] of text.matchAll(EXPRESSION)) {
      const source = `(${/^\s*\{?\s*[\w]+\s*:/.test(written) ? `{${written}}` : written});`;
      lines.push(source);
      free(source).forEach((name) => open.some((loop) => loop.includes(name)) || names.add(name));
    }
  };
  let at = 0;
  for (const found of template.matchAll(TAG)) {
    say(template.slice(at, found.index));
    at = found.index + found[0].length;
    const [, ends, tag, written, alone] = found;
    if (!tag) continue;
    if (ends) {
      if (open.pop().length) lines.push("});");
      continue;
    }
    const given = [...written.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [name, double ?? single ?? ""]);
    const of = Object.fromEntries(given);
    const loop = of["wx:for"] ? [of["wx:for-item"] || "item", of["wx:for-index"] || "index"] : [];
    if (loop.length) {
      const [, list] = /\{\{([\s\S]*?)\}\}/.exec(of["wx:for"]);
      free(`(${list});`).forEach((name) => open.some((one) => one.includes(name)) || names.add(name));
      lines.push(`page$each((${list}), (${loop.join(", ")}) => {`);
    }
    open.push(loop);
    for (const [name, value] of given) {
      if (name === "wx:for") continue;
      if (HANDLER.test(name) && value && !value.includes("{{")) lines.push(`page$.${value};`);
      say(value);
    }
    if (alone && open.pop().length) lines.push("});");
  }
  say(template.slice(at));
  return { lines, names: [...names].sort() };
}

/** The names that an expression takes from around it. */
function free(source) {
  const found = new Set();
  const look = (node, parent) => {
    const isField =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isPropertyAssignment(parent) && parent.name === node);
    if (ts.isIdentifier(node) && !isField && node.text !== "undefined") found.add(node.text);
    node.forEachChild((child) => look(child, node));
  };
  const file = ts.createSourceFile("x.js", source, ts.ScriptTarget.Latest, true);
  file.forEachChild((child) => look(child, file));
  return [...found];
}

/** These scripts as one program of types, each with its template in it; `of(path)` may give another text of either. */
function programOf(paths, of) {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(HERE, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    HERE,
  );
  const host = ts.createCompilerHost(options);
  const plain = host.readFile;
  const ours = (path) => path.slice(HOME.length + 1);
  const whole = (path) => withTemplate(of(ours(path)), of(ours(path).replace(/\.js$/, ".wxml")));
  const texts = new Map(paths.map((path) => [path, whole(path)]));
  host.readFile = (path) => texts.get(path) ?? plain(path);
  host.getSourceFile = (path, target) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, target);
  };
  return ts.createProgram([...paths, join(HOME, "types.d.ts"), join(HERE, "templates.d.ts")], options, host);
}

/** The faults of these scripts with their templates, and the holes in the types of their data. */
export function checked(paths, of = read) {
  const program = programOf(paths, of);
  return { faults: faultsOf(program), holes: holesOf(program, paths) };
}

function faultsOf(program) {
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      (each) =>
        `${each.file?.fileName.slice(HOME.length + 1)}: ${ts.flattenDiagnosticMessageText(each.messageText, " ")}`,
    );
}

/** Where the data of these pages has lost its type, so that a misspelt name would be none: "pages/mine/index.js: items[]". */
function holesOf(program, paths) {
  const checker = program.getTypeChecker();
  return paths.flatMap((path) => {
    const file = program.getSourceFile(path);
    const page = checker.getSymbolsInScope(file.endOfFileToken, ts.SymbolFlags.Variable).find(isPage(file));
    const data = checker.getTypeOfSymbol(page).getProperty("data");
    const found = data ? holesIn(checker, checker.getTypeOfSymbol(data), "", new Set()) : [];
    return found.map((name) => `${path.slice(HOME.length + 1)}: ${name}`);
  });
}

const isPage = (file) => (symbol) => symbol.name === "page$" && symbol.valueDeclaration.getSourceFile() === file;

/** The names below `type` that are of any type; a schema is looked into once. */
function holesIn(checker, type, name, seen) {
  if (type.flags & ts.TypeFlags.Any) return [name];
  if (seen.has(type)) return [];
  seen.add(type);
  if (type.isUnionOrIntersection() && type.isUnion())
    return type.types.flatMap((each) => holesIn(checker, each, name, seen));
  const item = checker.isArrayLikeType(type) && checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (item) return holesIn(checker, item, `${name}[]`, seen);
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || type.getCallSignatures().length) return [];
  const own = type.getProperties().flatMap((each) => {
    const path = name ? `${name}.${each.name}` : each.name;
    return holesIn(checker, checker.getTypeOfSymbol(each), path, seen);
  });
  const others = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  return others ? own.concat(holesIn(checker, others, `${name}{}`, seen)) : own;
}
