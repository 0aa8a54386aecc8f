// One style sheet of all WXSS: lengths, elements and scopes as WeChat means them.

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import postcss from "postcss";
import selectors from "postcss-selector-parser";
import { scopeOf } from "../browser/src/scopes.js";
import { SELECTORS } from "./tags.js";

export { scopeOf };

/** app.wxss, then every component's, then every page's. `texts`: everything that could name a class of WeUI's. */
export function styles(home, app, configs, faults, texts) {
  const paths = Object.keys(configs).sort((one, other) => isPage(app, one) - isPage(app, other));
  checkScopes(
    paths.filter((path) => !isPage(app, path)),
    faults,
  );
  const sheet = (path, scope) => {
    const root = imported(home, `${path}.wxss`, faults);
    if (path === "app") dropUnused(root, texts);
    root.walkDecls((decl) => void (decl.value = inScreen(decl.value)));
    root.walkRules((rule) => scoped(rule, scope, `${path}.wxss`, faults));
    return root.toString();
  };
  const kinds = paths.map((path) => [path, isPage(app, path) ? { page: path } : { component: scopeOf(path) }]);
  const first = existsSync(join(home, "app.wxss")) ? [sheet("app", {})] : [];
  return [...first, ...kinds.map(([path, scope]) => sheet(path, scope))].join("\n");
}

const isPage = (app, path) => app.pages.includes(path);

function checkScopes(paths, faults) {
  const seen = new Set();
  for (const name of paths.map(scopeOf)) {
    if (seen.has(name)) faults.push(`two components are named ${name}`);
    seen.add(name);
  }
}

/** The sheet with what it imports in its place. */
function imported(home, path, faults) {
  const root = postcss.parse(readFileSync(join(home, path), "utf8"), { from: path });
  root.walkAtRules("import", (rule) => {
    const target = posix.join(posix.dirname(path), rule.params.replace(/^["']|["']$/g, "")).replace(/^\//, "");
    if (existsSync(join(home, target))) rule.replaceWith(imported(home, target, faults).nodes);
    else faults.push(`${path}: ${target} missing`);
  });
  return root;
}

/** rpx and vh of a mini-program are those of its page, which is narrower than a desktop's window and lower than a phone's. */
const inScreen = (value) =>
  value.replace(/(-?\d*\.?\d+)(rpx|vh|vw)\b/g, (_, number, unit) => `calc(${number} * var(--${unit}))`);

function scoped(rule, scope, file, faults) {
  if (rule.parent.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
  try {
    rule.selector = selectors((list) => list.each((selector) => within(selector, scope, file))).processSync(
      rule.selector,
    );
  } catch (fault) {
    faults.push(`${file}: ${rule.selector}: ${fault.message}`);
  }
}

/** `scope`: {} the app's, which reach every page; {page} those of one page; {component} those of one component. */
function within(selector, scope, file) {
  selector.walkTags((tag) => {
    if (scope.component) throw new Error("a component may select by class alone");
    const element = SELECTORS[tag.value];
    if (element) tag.value = element;
    else if (file !== "app.wxss") throw new Error(`<${tag.value}> is no component of WeChat's`);
  });
  if (scope.component) {
    selector.walkIds(() => {
      throw new Error("a component may select by class alone");
    });
    selector.walkClasses((found) => void (found.value = `${scope.component}--${found.value}`));
    selector.walkPseudos((found) => {
      if (found.value === ":host") found.replaceWith(equals("wx-host", scope.component));
    });
  }
  if (scope.page) onPage(selector, scope.page);
}

function equals(attribute, value) {
  const made = selectors.attribute({ attribute, operator: "=", raws: {} });
  made.setValue(value, { quoteMark: '"', preferCurrentQuoteMark: true, smart: false });
  return made;
}

function onPage(selector, path) {
  const here = equals("data-route", path);
  const first = selector.first;
  if (first.type === "tag" && first.value === "wx-page") first.parent.insertAfter(first, here);
  else {
    selector.prepend(selectors.combinator({ value: " " }));
    selector.prepend(here);
  }
}

/** WeUI has hundreds of classes; those that no template and no script names are left out. */
export function dropUnused(root, texts) {
  const isNamed = (name) => !name.startsWith("weui-") || texts.includes(name);
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && /keyframes$/.test(rule.parent.name)) return;
    const kept = rule.selectors.filter((one) =>
      [...one.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].every(([, name]) => isNamed(name)),
    );
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept;
  });
  dropUnusedColours(root);
  const text = root.toString();
  root.walkAtRules(/keyframes$/, (rule) => void (text.split(rule.params).length < 3 && rule.remove()));
}

/** And of its colours those that nothing paints with; one may be made of another. */
function dropUnusedColours(root) {
  for (let before = -1, now = 0; before !== now;) {
    const used = new Set([...root.toString().matchAll(/var\((--weui-[\w-]+)/g)].map(([, name]) => name));
    before = now;
    root.walkDecls(/^--weui-/, (declared) => {
      if (used.has(declared.prop)) return;
      declared.remove();
      now += 1;
    });
  }
  root.walkRules((rule) => void (rule.nodes.length === 0 && rule.remove()));
  root.walkAtRules(/^(media|supports)$/, (rule) => void (rule.nodes.length === 0 && rule.remove())); // wcsc refuses an empty one
}
