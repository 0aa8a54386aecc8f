// The Vite plugin: `virtual:miniprogram` is the compiled app, `virtual:miniprogram.css` its style sheet.

import { compile } from "./compile.js";

const SCRIPT = "virtual:miniprogram";
const STYLE = "virtual:miniprogram.css";

/** `home`: the folder with app.json. */
export function miniprogram(home) {
  const compiled = () => compile(home);
  return {
    name: "miniprogram",
    resolveId: (id) => ([SCRIPT, STYLE].includes(id) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${STYLE}`) return compiled().css;
      if (id !== `\0${SCRIPT}`) return undefined;
      const { app, configs, templates, scripts } = compiled();
      return [
        `export const app = ${JSON.stringify(app)};`,
        `export const configs = ${JSON.stringify(configs)};`,
        `export const templates = ${templates};`,
        `export const scripts = ${scripts};`,
      ].join("\n");
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
