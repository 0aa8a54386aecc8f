// What WeChat would refuse, or an old phone could not run, is found without either.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { appOf, compile } from "../../build/compile.js";
import { HOME, files, json, read } from "./source.js";

const app = appOf(read);
const used = json("wx-used.json");
const scripts = files(".js").map((path) => [path, read(path)]);
const templates = files(".wxml").map((path) => [path, read(path)]);
const matches = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);

test("every template compiles, and every warning is an error", () => {
  expect(Object.keys(compile(HOME).configs).length).toBeGreaterThan(app.pages.length);
});

test("the types of WeChat's own API and of the town's are kept, and nothing is untyped: a misspelt call or field fails", () => {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const config = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  const said = () => execFileSync(process.execPath, [tsc, "-p", config], { encoding: "utf8" });
  expect(said).not.toThrow();
});

test("whatever stands as a title is a heading for who hears the page", () => {
  const titles = templates.flatMap(([path, text]) =>
    matches(text, /(<view\b(?:[^>"]|"[^"]*")*>)/g)
      .filter((tag) => /class="(headline|weui-cells__title)\b/.test(tag))
      .map((tag) => [path, tag]),
  );
  expect(titles.length).toBeGreaterThan(40);
  expect(titles.filter(([, tag]) => !/aria-role="(heading|alert)"/.test(tag))).toEqual([]);
});

test.each(app.pages)("%s has its four files", (page) => {
  for (const kind of [".js", ".json", ".wxml", ".wxss"])
    expect(existsSync(join(HOME, page + kind)), page + kind).toBe(true);
});

test("every page that exists stands in app.json", () => {
  const there = files("index.wxml").map((path) => path.replace(".wxml", ""));
  expect(there).toEqual([...app.pages].sort());
});

test("every page that is opened exists, and its address begins with a slash", () => {
  const urls = [...scripts, ...templates].flatMap(([, text]) =>
    matches(text, /['"](\/?(?:pages|staff)\/[^'"?]*\/index)/g),
  );
  expect(urls.length).toBeGreaterThan(10);
  for (const url of urls) expect(app.pages, url).toContain(url.slice(1));
});

test("a full stack of pages stops nobody: one function opens pages, and every navigator knows when to replace one", () => {
  const opening = scripts.filter(([, text]) => /\bwx\.navigateTo\b/.test(text)).map(([path]) => path);
  expect(opening).toEqual(["lib/go.js"]);
  const navigators = templates.flatMap(([path, text]) =>
    matches(text, /<navigator\b([^>]*)>/g).map((tag) => [path, tag]),
  );
  expect(navigators.length).toBeGreaterThan(8);
  for (const [path, tag] of navigators) expect(tag, path).toContain('open-type="{{openType}}"');
});

test("what is pressing is shown on every page, in one way", () => {
  const shown = '<pressing class="on-top" rows="{{pressing}}" bind:seen="onPressingSeen" />';
  for (const page of app.pages) expect(read(`${page}.wxml`).split("\n")[1].trim(), page).toBe(shown);
});

test("staff pages are a package of their own, of which the main one asks nothing", () => {
  const [apart] = json("app.json").subPackages;
  expect(apart.root).toBe("staff");
  for (const page of app.pages.filter((path) => !path.startsWith("staff/")))
    expect(page).not.toMatch(/staff|walk|outbox/);
  const asked = scripts
    .filter(([path]) => !path.startsWith("staff/"))
    .flatMap(([, text]) => matches(text, /require\(["']([^"']+)/g));
  expect(asked.filter((path) => path.includes("staff/"))).toEqual([]);
  const early = json("app.json").preloadRule; // whoever walks without a signal has the package before
  expect(Object.keys(early)).toEqual(["pages/volunteer/index"]);
  for (const [page, { packages }] of Object.entries(early))
    expect([app.pages.includes(page), packages]).toEqual([true, [apart.root]]);
});

test("what is tested is what runs: WeChat is told to use the framework of the browser host", () => {
  expect(app.componentFramework).toBe("glass-easel");
});

test("what is asked of wx is exactly the list", () => {
  const asked = new Set(scripts.flatMap(([, text]) => matches(text, /\bwx\.(\w+)/g)));
  expect([...asked].sort()).toEqual(Object.keys(used.calls).sort());
});

test("WeChat's components that are used are exactly the list", () => {
  const own = Object.keys(app.usingComponents);
  const tags = new Set(templates.flatMap(([, text]) => matches(text, /<([a-z][a-z-]*)/g)));
  expect([...tags].filter((tag) => !own.includes(tag)).sort()).toEqual([...used.components].sort());
});

test("no page shows text as markup", () => {
  for (const [path, text] of templates) expect(text, path).not.toMatch(/rich-text|web-view/);
});

test("every request goes one way", () => {
  const asking = scripts.filter(([, text]) => /wx\.request\(/.test(text)).map(([path]) => path);
  expect(asking).toEqual(["lib/api.js"]);
  const uploading = scripts.filter(([, text]) => /wx\.uploadFile\(/.test(text)).map(([path]) => path);
  expect(uploading).toEqual(["lib/photos.js"]);
});

test("no privacy is touched that is not declared", () => {
  const asked = Object.keys(used.calls).filter((name) => /location|contact|werun|bluetooth/i.test(name));
  expect(asked).toEqual([]);
  expect(app.requiredPrivateInfos).toBeUndefined();
});

describe("a phone of 2018 runs it", () => {
  const NEWER = new Set([
    ts.SyntaxKind.QuestionDotToken,
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.QuestionQuestionEqualsToken,
    ts.SyntaxKind.BarBarEqualsToken,
    ts.SyntaxKind.AmpersandAmpersandEqualsToken,
    ts.SyntaxKind.BigIntLiteral,
    ts.SyntaxKind.PrivateIdentifier,
    ts.SyntaxKind.ImportDeclaration,
    ts.SyntaxKind.ExportDeclaration,
  ]);
  const METHODS =
    /\.(flat|flatMap|fromEntries|replaceAll|matchAll|at|allSettled|trimStart|trimEnd|findLast|toSorted|toReversed)\(/;

  function newer(text) {
    const found = [];
    const look = (node) => {
      if (NEWER.has(node.kind)) found.push(node.getText());
      if (ts.isCatchClause(node) && !node.variableDeclaration) found.push(node.getText());
      node.getChildren().forEach(look);
    };
    look(ts.createSourceFile("x.js", text, ts.ScriptTarget.Latest, true));
    return found.concat(METHODS.exec(text)?.[0] ?? []);
  }

  test.each(scripts)("%s", (_, text) => expect(newer(text)).toEqual([]));

  test.each(["a?.b", "a ?? b", "try {} catch {}", "[].flat()", "a ||= b", "1n"])("%s would be found", (text) =>
    expect(newer(text)).not.toEqual([]),
  );
});

describe("a screen reader and a finger find their way", () => {
  test.each(templates)("%s: every field has a name", (_, text) => {
    for (const tag of text.match(/<(?:input|textarea|switch|checkbox|picker|image)\b[^>]*>/g) ?? [])
      expect(tag).toMatch(/aria-label=/);
  });
  test.each(templates)("%s: whatever is tapped is a button, a link or says so", (_, text) => {
    for (const tag of text.match(/<(?:view|text|image)\b[^>]*bindtap[^>]*>/g) ?? [])
      expect(tag).toMatch(/aria-role="(?:button|link)"/);
  });
});

test("the stylesheet of WeUI scales with large type", () => {
  expect(read("weui.wxss")).not.toMatch(/font-size:[1-9]\d*px/);
});
