// The Vite plugin: `virtual:miniprogram` is the compiled app, `virtual:miniprogram.css` its style sheet, and
// `virtual:miniprogram/part/1`, `…/2` the pages that are parts of their own.

import { compileApart } from "./compile.js";

const SCRIPT = "virtual:miniprogram";
const PART = "virtual:miniprogram/part/";
const STYLE = "virtual:miniprogram.css";

/** `home`: the folder with app.json. `partOf(page)`: 0 for what is there at once; the parts after it are fetched in order. */
export function miniprogram(home, partOf = () => 0) {
  const compiled = () => compileApart(home, partOf);
  return {
    name: "miniprogram",
    resolveId: (id) => ([SCRIPT, STYLE].includes(id) || id.startsWith(PART) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${STYLE}`) return compiled().first.css;
      if (id.startsWith(`\0${PART}`)) return exported(compiled().later[id.slice(PART.length + 1) - 1]).join("\n");
      if (id !== `\0${SCRIPT}`) return undefined;
      const { first, later } = compiled();
      const parts = later.map((_, n) => `() => import(${JSON.stringify(PART + (n + 1))})`);
      const opening = [`export const app = ${JSON.stringify(first.app)};`, `export const later = [${parts}];`];
      return [...opening, ...exported(first)].join("\n");
    },
    configureServer(server) {
      server.watcher.add(home);
      server.watcher.on("change", (file) => {
        if (!file.startsWith(home)) return;
        server.moduleGraph.invalidateAll();
        server.ws.send({ type: "full-reload" });
      });
    },
  };
}

function exported({ configs, templates, scripts }) {
  return [
    `export const configs = ${JSON.stringify(configs)};`,
    `export const templates = ${templates};`,
    `export const scripts = ${scripts};`,
  ];
}
