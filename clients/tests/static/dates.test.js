// Nobody reads a date as a machine keeps it: whatever a page shows of an instant or a day goes through one of the functions that
// say it in words (12月1日). Looked for by name, in every template and in every sentence of both clients.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const CLIENTS = fileURLToPath(new URL("../..", import.meta.url));
const INSTANT = /(^|_)(day|until|monday|mondays|from|since|date)$|_(at|on)$/;
const TEXT = /^(aria-label|label|title|description|placeholder|content|text|names|alt|note|subtitle|emergency)$/;
const SAYS = new Set(["shown", "dateShown", "daysShown", "dateWritten"]);
const SAYING = ["desk/src/words/queue/clocks.ts", "miniprogram/lib/time.js"]; // where those functions are
const COUNTS = new Set(["looked_at"]); // how many places were
const CHINESE = /[\u4e00-\u9fff]/;

/** Names of instants and days that an expression shows as they are kept. */
function raw(source) {
  const found = [];
  const look = (node) => {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return look(node.expression);
    if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].forEach(look);
    if (ts.isBinaryExpression(node)) {
      const sign = node.operatorToken.kind;
      if (sign === ts.SyntaxKind.AmpersandAmpersandToken) return look(node.right);
      const joins = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken];
      if (joins.includes(sign)) [node.left, node.right].forEach(look);
      return;
    }
    if (ts.isTemplateExpression(node)) return node.templateSpans.forEach((span) => look(span.expression));
    if (ts.isCallExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : node.expression.getText();
      if (SAYS.has(name)) return;
      if (ts.isPropertyAccessExpression(node.expression)) look(node.expression.expression);
      return node.arguments.forEach(look);
    }
    if (ts.isArrowFunction(node)) return ts.isBlock(node.body) ? undefined : look(node.body);
    if (ts.isArrayLiteralExpression(node)) return node.elements.forEach(look);
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : "";
    if (INSTANT.test(name) && !COUNTS.has(name)) found.push(node.getText());
  };
  const file = ts.createSourceFile("x.ts", `(${source});`, ts.ScriptTarget.Latest, true);
  file.statements.forEach((each) => ts.isExpressionStatement(each) && look(each.expression));
  return found;
}

/** The same of every sentence in Chinese of a script, written in one piece or put together. */
function rawInSentences(source) {
  const found = [];
  const look = (node) => {
    const isPut = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
    const isSaid = (isPut || ts.isTemplateExpression(node)) && CHINESE.test(node.getText());
    if (isSaid) found.push(...raw(node.getText()));
    else node.forEachChild(look);
  };
  look(ts.createSourceFile("x.ts", source, ts.ScriptTarget.Latest, true));
  return found;
}

/** Of a template: between its tags, and in the attributes that are read out or shown. */
function rawInTemplate(text) {
  const between = text.replace(/<(?:[^>"]|"[^"]*")*>/g, " ");
  const bound = [...text.matchAll(/\s(:?)([\w-]+)="([^"]*)"/g)].filter(([, , name]) => TEXT.test(name));
  const shown = bound.flatMap(([, colon, , value]) => (colon ? [value] : inBraces(value)));
  return [...inBraces(between), ...shown].flatMap(raw);
}

const inBraces = (text) => [...text.matchAll(/\{\{([\s\S]*?)\}\}/g)].map((each) => each[1]);

/** A file in two: its template, and its script. */
function parted(name, source) {
  if (name.endsWith(".wxml")) return [source, ""];
  const part = (tag) => new RegExp(`<${tag}[^>]*>([\\s\\S]*)</${tag}>`).exec(source)?.[1] ?? "";
  return name.endsWith(".vue") ? [part("template"), part("script")] : ["", source];
}

const sources = ["desk/src", "miniprogram", "browser"].flatMap((folder) =>
  readdirSync(`${CLIENTS}/${folder}`, { recursive: true })
    .map(String)
    .filter((name) => /\.(vue|ts|js|wxml)$/.test(name) && !name.includes("node_modules"))
    .map((name) => `${folder}/${name}`),
);

test.each(sources.filter((name) => !SAYING.includes(name)))("%s shows no date as it is kept", (name) => {
  const [template, script] = parted(name, readFileSync(`${CLIENTS}/${name}`, "utf8"));
  expect([...rawInTemplate(template), ...rawInSentences(script)]).toEqual([]);
});

test("a date that is shown as it is kept would be found, wherever it stands", () => {
  const templates = [
    ["<p>{{ cls.first_on }} 第一次反映</p>", ["cls.first_on"]],
    ["<p>{{ dotted(each.name, `${each.first_on} 起`) }}</p>", ["each.first_on"]],
    ["<th>{{ monday.slice(5) }} 周</th>", ["monday"]],
    [`<el-table :label="seen ? seen.from : ''" :from="seen.from" :key="seen.from" />`, ["seen.from"]],
    [
      `<view aria-label="{{entry.title}}{{entry.source_date}}">{{entry.until || ''}}</view>`,
      ["entry.until", "entry.source_date"],
    ],
    ["<p>{{ dateShown(cls.first_on) }} {{ shown(ticket.received_at) }} {{ each.at ? 1 : 2 }}</p>", []],
  ];
  for (const [text, found] of templates) expect(rawInTemplate(text), text).toEqual(found);
  expect(rawInSentences("const said = `到${recurs.until}为止`;")).toEqual(["recurs.until"]);
  expect(rawInSentences("const said = '最早' + item.received_on;")).toEqual(["item.received_on"]);
});
