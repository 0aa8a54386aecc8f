// The mini-program's world: App and its pages, made from what the build compiled.

import * as glassEasel from "glass-easel";
import { MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import { scopeOf } from "./scopes.js";
import { backend } from "./backend.js";
import { loader } from "./modules.js";

/** `compiled`: app, configs, templates, scripts. `host`: what elements ask for. Answers {page, getApp}: `page(path)` is a
 *  fresh root of that page, `start()` runs App, `learn(part)` adds the pages of another part. */
export function world(compiled, { wx, host, own, pages }) {
  const { app, configs, templates, scripts } = compiled;
  const env = new MiniProgramEnv();
  const space = env.createCodeSpace("", true);
  const context = env.associateBackend(backend(host));
  let instance;
  const globals = { wx, App: (options) => void (instance = options), getApp: () => instance, getCurrentPages: pages };
  const run = loader(scripts, globals, own);
  const isPage = new Set(app.pages);
  describeAll(configs, templates);

  function describeAll(some, group) {
    for (const path of Object.keys(some)) describe(path, group);
  }

  function describe(path, group) {
    const config = isPage.has(path) ? { ...configs[path], component: false } : configs[path];
    space.addComponentStaticConfig(path, config);
    space.addCompiledTemplate(path, {
      groupList: group,
      content: group[path],
      fallbackListenerOnNativeNode: true,
    });
    space.addStyleSheet(path, undefined, isPage.has(path) ? undefined : scopeOf(path));
  }

  const defined = new Set();
  function define(path) {
    if (defined.has(path)) return;
    defined.add(path);
    for (const used of Object.values(configs[path].usingComponents)) define(used.slice(1));
    space.componentEnv(path, (own) => run(`${path}.js`, own));
  }

  return {
    getApp: globals.getApp,
    run,
    learn(part) {
      Object.assign(configs, part.configs);
      Object.assign(scripts, part.scripts);
      describeAll(part.configs, part.templates);
    },
    page(path) {
      define(path);
      return context.createRoot("page", space, path);
    },
    attach: (root) => glassEasel.Element.pretendAttached(root.getComponent()),
    detach: (root) => glassEasel.Element.pretendDetached(root.getComponent()),
  };
}
