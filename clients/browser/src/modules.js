// CommonJS as a mini-program has it: each script once, by its path, with paths relative to the one that asks.

/** `run(path)` answers what the script exports. `globals`: wx, App, getApp, getCurrentPages. `own`: exports given in a
 *  script's place, by path. */
export function loader(scripts, globals, own = {}) {
  const made = Object.assign(Object.create(null), own);
  const run = (path, { Page, Component, Behavior } = {}) => {
    if (path in made) return made[path];
    if (!(path in scripts)) throw new Error(`module "${path}" is not defined`);
    const module = { exports: {} };
    made[path] = module.exports;
    const require = (asked) => run(resolve(path, asked));
    const { wx, App, getApp, getCurrentPages } = globals;
    scripts[path](require, module, module.exports, wx, App, Page, Component, Behavior, getApp, getCurrentPages);
    made[path] = module.exports;
    return module.exports;
  };
  return run;
}

/** `asked` as the script at `from` means it; .js may be left out. */
export function resolve(from, asked) {
  const parts = asked.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of asked.split("/")) {
    if (part === "..") parts.pop();
    else if (part && part !== ".") parts.push(part);
  }
  const path = parts.join("/");
  return path.endsWith(".js") ? path : `${path}.js`;
}
