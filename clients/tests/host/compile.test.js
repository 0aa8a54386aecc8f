// What the build refuses, so that WeChat does not have to.

import { cpSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compile } from "../../build/compile.js";

let home;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "app-"));
  cpSync(fileURLToPath(new URL("./app", import.meta.url.replace(/^http:\/\/[^/]*/, "file://"))), home, {
    recursive: true,
  });
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (path, text) => writeFileSync(join(home, path), text);
const css = () => compile(home).css;

test.each([
  ["<view>{{a</view>", "missing expression end"],
  ["<view>", "missing end tag"],
  ["<view wx:elif='{{a}}'>a</view>", "pages/second/index.wxml:1"],
  ["<vieww>a</vieww>", "<vieww> is no component"],
  ["<video />", "<video> is no component"],
  ["<input model:value='{{a}}' />", "model:"],
])("template %s", (wxml, fault) => {
  write("pages/second/index.wxml", wxml);
  expect(() => compile(home)).toThrow(fault);
});

test.each([".js", ".json", ".wxml", ".wxss"])("a page of app.json without its %s", (kind) => {
  unlinkSync(join(home, `pages/second/index${kind}`));
  expect(() => compile(home)).toThrow(`pages/second/index${kind} missing`);
});

test("a component that is named and not there", () => {
  write("pages/second/index.json", '{"usingComponents": {"gone": "/components/gone/gone"}}');
  expect(() => compile(home)).toThrow("components/gone/gone.wxml");
});

test.each([
  ["components/badge/badge.wxss", "view { color: red }", "class alone"],
  ["components/badge/badge.wxss", "#a { color: red }", "class alone"],
  ["pages/second/index.wxss", "div { color: red }", "<div> is no component"],
  ["app.wxss", '@import "gone.wxss";', "gone.wxss missing"],
])("style in %s: %s", (path, text, fault) => {
  write(path, text);
  expect(() => compile(home)).toThrow(fault);
});

test("lengths of the screen are lengths of the page", () => {
  expect(css()).toContain("width: calc(750 * var(--rpx))");
  expect(css()).toContain("min-height: calc(100 * var(--vh))");
});

test("a component's classes and its host have the component's scope, a page's rules its route", () => {
  expect(css()).toContain(".badge--box { padding: calc(20 * var(--rpx)); }");
  expect(css()).toContain('[wx-host="badge"] { display: block; }');
  expect(css()).toContain('wx-page[data-route="pages/first/index"] { color: #111; }');
  expect(css()).toContain('[data-route="pages/first/index"] .only');
  expect(css()).toContain('button[type="primary"]');
});

test("classes of WeUI that nobody names are left out", () => {
  expect(css()).toContain(".weui-used");
  expect(css()).not.toContain(".weui-unused");
});

test("what is imported stands in the place of its import", () => {
  write("more.wxss", ".more { width: 1rpx; }");
  write("app.wxss", '@import "more.wxss";\n.after { color: red; }');
  expect(css()).toMatch(/\.more \{ width: calc\(1 \* var\(--rpx\)\); \}\s*\.after/);
});
