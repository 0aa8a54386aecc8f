// Starts a compiled mini-program inside an element of a web page.

import { world } from "./app.js";
import { Router, Wrong } from "./router.js";
import { Screen } from "./screen.js";
import { listenForTaps } from "./taps.js";
import { Fault } from "./wx/calls.js";
import { makeWx } from "./wx/index.js";
import { drawing } from "./wx/pictures.js";
import { voice } from "./wx/voice.js";

/** `base`: where the API is, no slash at the end. `declared`: origins that photos go to. `query`: of the first page.
 *  Answers what tests look at, and `rest`: when what was not needed yet has been fetched. */
export function start(compiled, { root, base, declared = [], query = "" }) {
  const gesture = { isOn: false };
  const made = {};
  root.replaceChildren();
  const router = () => ({ ...moves(made.router) });
  const { wx, files, agree } = makeWx({
    root,
    app: compiled.app,
    gesture,
    declared,
    router,
    screen: () => made.screen,
  });
  const host = {
    agree,
    address: files.address,
    href: (url) => `#${made.router.target(url).url}`,
    open: ({ type, url, delta }) => MOVES[type] && wx[MOVES[type]]({ url, delta }).catch(() => {}),
    rootFontSize: (_, size) => void (document.documentElement.style.fontSize = size),
    pageStyle: (meta, style) =>
      queueMicrotask(() => meta.closest("wx-page") && (meta.closest("wx-page").style.cssText = style)),
  };
  const pages = () => made.router.stack.filter((entry) => entry.page).map((entry) => entry.page);
  const own = { "config.js": { base, channel: "browser", voice: voice() } };
  const app = world(compiled, { wx, host, own, pages });
  const shown = root.appendChild(document.createElement("div"));
  shown.className = "wx-frame";
  made.screen = new Screen(shown, {
    app: compiled.app,
    configs: compiled.configs,
    make: app.page,
    attach: app.attach,
    detach: app.detach,
    go: { leave: () => leave(made.router, compiled.app) },
  });
  made.router = new Router(compiled.app, made.screen, (paths) => fetched(paths, compiled, app, wx));
  listenForTaps(root, gesture);
  app.run("app.js");
  const launched = { path: compiled.app.pages[0], query: {}, scene: 1011 };
  app.getApp()?.onLaunch?.(launched);
  app.getApp()?.onShow?.(launched);
  document.addEventListener("visibilitychange", () => shownOrHidden(app.getApp(), made.screen));
  made.router.start(query);
  const rest = fetchTheRest(compiled);
  return { rest, wx, router: made.router, screen: made.screen, getApp: app.getApp, require: app.run };
}

const QUIET = 3000; // milliseconds after which what was not needed yet is fetched: the first page stands, its requests are out

/** The form once the first page has asked for what it shows, then a resident's other pages: all open at once and without a
 *  signal. Resolves when they are there, or cannot be had. */
async function fetchTheRest({ later: [form, others] = [] }) {
  form?.().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, QUIET));
  if (others) await Promise.all([others(), drawing()]).catch(() => {});
}

/** Nothing where every page is there already; else whether the parts up to the one that has the last could be fetched. */
function fetched(paths, compiled, app, wx) {
  const isThere = () => paths.every((path) => path in compiled.configs);
  return isThere() ? undefined : fetchedUntil(isThere, compiled, app, wx);
}

async function fetchedUntil(isThere, compiled, app, wx) {
  try {
    for (const fetch of compiled.later) if (!isThere()) app.learn(await fetch());
  } catch {
    wx.showToast({ title: "页面没有打开，请检查网络后再试", icon: "none" });
  }
  return isThere();
}

const MOVES = {
  navigate: "navigateTo",
  redirect: "redirectTo",
  reLaunch: "reLaunch",
  switchTab: "switchTab",
  navigateBack: "navigateBack",
};

/** The router's moves, its refusals as faults of wx. */
function moves(router) {
  const names = ["navigateTo", "redirectTo", "reLaunch", "switchTab", "navigateBack"];
  return Object.fromEntries(names.map((name) => [name, (options) => told(() => router[name](options))]));
}

/** As in WeChat a page is never changed inside the call that asks for it: the page that asks is finished first. */
async function told(move) {
  await undefined;
  try {
    await move();
  } catch (fault) {
    throw fault instanceof Wrong ? new Fault(fault.message) : fault;
  }
}

function leave(router, app) {
  if (router.stack.length > 1) router.navigateBack();
  else router.reLaunch({ url: `/${app.pages[0]}` });
}

function shownOrHidden(app, screen) {
  const name = document.hidden ? "onHide" : "onShow";
  app?.[name]?.({});
  screen.tell(screen.shown, name);
}
