// Pages as WeChat stacks them, on the browser's own history: back, forward, reload and a link into the middle all work.

import { parse, resolve } from "./addresses.js";

const MOST = 10; // pages on the stack, as WeChat has it

export class Wrong extends Error {}

/** `screen` makes and shows pages (screen.js). `fetched(paths)` answers a promise where one of these pages has to be
 *  fetched first. Every entry of the history carries the stack that it stands for. */
export class Router {
  constructor(app, screen, fetched = () => undefined) {
    this.app = app;
    this.screen = screen;
    this.fetched = fetched;
    this.stack = [];
    this.made = 0;
    this.returned = [];
    window.addEventListener("popstate", (event) => this.follow(event.state));
  }

  get top() {
    return this.stack[this.stack.length - 1];
  }

  /** Open what the address names: the stack of a reload, a page by its #, or the first page with `query`. */
  start(query) {
    const known = history.state?.stack;
    if (known) return this.restore(known);
    const named = this.named();
    return this.show([named || this.entry(`/${this.app.pages[0]}${query}`)], "replace", !named);
  }

  navigateTo({ url }) {
    const to = this.target(url);
    if (this.isTab(to.path)) throw new Wrong("can not navigateTo a tabbar page");
    if (this.stack.length >= MOST) throw new Wrong(`webview count limit exceed: ${MOST}`);
    this.show([...this.stack, to], "push");
  }

  redirectTo({ url }) {
    const to = this.target(url);
    if (this.isTab(to.path)) throw new Wrong("can not redirectTo a tabbar page");
    this.show([...this.stack.slice(0, -1), to], "replace");
  }

  reLaunch({ url }) {
    this.show([this.target(url)], "push");
  }

  switchTab({ url }) {
    const to = this.target(url);
    if (!this.isTab(to.path)) throw new Wrong("can not switch to no-tabBar page");
    if (url.includes("?")) throw new Wrong("can not pass parameters by switchTab");
    this.show([to], "push");
  }

  /** Answers when the page below is shown again. */
  navigateBack({ delta = 1 } = {}) {
    if (this.stack.length < 2) throw new Wrong("cannot navigate back at first page.");
    return new Promise((resolved) => {
      this.returned.push(resolved);
      history.go(-Math.min(delta, this.stack.length - 1));
    });
  }

  /** The page of a URL of the app; relative ones are those of the page that is shown. Throws Wrong as WeChat refuses. */
  target(url) {
    if (typeof url !== "string" || !url) throw new Wrong("parameter error: parameter.url should be String");
    const entry = this.entry(resolve(this.top?.path || "", url));
    if (!this.app.pages.includes(entry.path)) throw new Wrong(`page "${entry.path}" is not found`);
    return entry;
  }

  entry(url) {
    return { id: `${Date.now()}-${(this.made += 1)}`, url, ...parse(url), page: null };
  }

  isTab(path) {
    return (this.app.tabBar?.list || []).some((tab) => tab.pagePath === path);
  }

  named() {
    const entry = location.hash.startsWith("#/") ? this.entry(location.hash.slice(1)) : null;
    return entry && this.app.pages.includes(entry.path) ? entry : null;
  }

  show(stack, how, isLanding = false) {
    const url = isLanding ? location.href : `#${stack[stack.length - 1].url}`;
    history[`${how}State`]({ stack: stack.map(({ id, url: of }) => ({ id, url: of })) }, "", url);
    this.become(stack);
  }

  /** The browser went back or forward, or somebody typed another # behind the address. */
  follow(state) {
    if (state?.stack) this.restore(state.stack);
    else if (this.named()) this.show([this.named()], "replace");
    this.returned.splice(0).forEach((resolved) => resolved());
  }

  restore(known) {
    this.become(known.map(({ id, url }) => this.stack.find((one) => one.id === id) || { ...this.entry(url), id }));
  }

  become(stack) {
    const fetching = this.fetched(stack.map(({ path }) => path));
    if (fetching) return void fetching.then((isThere) => isThere && this.become(stack));
    const before = this.stack;
    this.stack = stack;
    this.screen.change(before, stack);
  }
}
