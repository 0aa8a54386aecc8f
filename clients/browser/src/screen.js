// What is on the screen: the bar with the title, and the page on top of the stack, told of its life as WeChat tells it.

/** `app`: app.json; `configs` those of the pages; `make(path)` a fresh root; `go` the router's moves for the bar. */
export class Screen {
  constructor(root, { app, configs, make, attach, detach, go }) {
    Object.assign(this, { app, configs, make, attach, detach, go });
    this.bar = root.appendChild(document.createElement("header"));
    this.bar.className = "wx-bar";
    this.leave = this.tool("wx-bar__back", () => this.go.leave());
    this.title = this.bar.appendChild(document.createElement("h1"));
    this.title.tabIndex = -1;
    this.refresh = this.tool("wx-bar__refresh", () => this.tell(this.shown, "onPullDownRefresh"));
    this.refresh.textContent = "刷新";
    this.place = root.appendChild(document.createElement("main"));
    keepFocusWhole(this.place);
    this.shown = null;
  }

  tool(name, act) {
    const made = this.bar.appendChild(document.createElement("button"));
    made.className = name;
    made.addEventListener("click", act);
    return made;
  }

  /** From one stack to another: what is gone is unloaded, what is covered is hidden, what is on top is shown. */
  change(before, stack) {
    const top = stack[stack.length - 1];
    const isFirst = !this.shown;
    if (this.shown && this.shown !== top && stack.includes(this.shown)) this.cover(this.shown);
    for (const gone of [...before].reverse()) if (!stack.includes(gone)) this.unload(gone);
    if (!top.page) this.load(top);
    else if (this.shown !== top) this.uncover(top);
    this.shown = top;
    this.draw(stack);
    // A screen reader and the keyboard begin where the new page begins; the first one begins where the browser does.
    if (!isFirst) this.title.focus({ preventScroll: true });
  }

  load(entry) {
    entry.root = this.make(entry.path);
    entry.page = entry.root.get();
    Object.assign(entry.page, { route: entry.path, options: entry.query });
    const made = entry.root.getComponent().getBackendElement();
    made.setAttribute("data-route", entry.path);
    entry.made = made;
    this.place.appendChild(made);
    this.attach(entry.root);
    made.addEventListener("scroll", () => this.scrolled(entry), { passive: true });
    this.tell(entry, "onLoad", entry.query);
    this.tell(entry, "onShow");
    entry.root.getComponent().triggerPageLifetime("show", []);
    this.tell(entry, "onReady");
  }

  cover(entry) {
    if (!entry.page) return;
    entry.scroll = entry.made.scrollTop;
    this.tell(entry, "onHide");
    entry.root.getComponent().triggerPageLifetime("hide", []);
    entry.made.hidden = true;
  }

  uncover(entry) {
    entry.made.hidden = false;
    entry.made.scrollTop = entry.scroll || 0;
    this.tell(entry, "onShow");
    entry.root.getComponent().triggerPageLifetime("show", []);
  }

  unload(entry) {
    if (!entry.page) return;
    this.tell(entry, "onUnload");
    this.detach(entry.root);
    entry.made.remove();
    entry.page = entry.root = null;
  }

  tell(entry, name, ...given) {
    const listener = entry?.page?.[name];
    if (typeof listener === "function") listener.apply(entry.page, given);
  }

  /** Within 50 px of the end, once until there is more to see. */
  scrolled(entry) {
    const { scrollTop, clientHeight, scrollHeight } = entry.made;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 50;
    if (isAtEnd && entry.ended !== scrollHeight) {
      entry.ended = scrollHeight;
      this.tell(entry, "onReachBottom");
    }
  }

  draw(stack) {
    const { path, title } = this.shown;
    const config = { ...this.app.window, ...this.configs[path] };
    this.setTitle(title ?? config.navigationBarTitleText ?? "");
    const isHome = stack.length === 1 && path === this.app.pages[0];
    this.leave.hidden = isHome;
    this.leave.textContent = stack.length > 1 ? "‹ 返回" : "首页";
    this.refresh.hidden = !config.enablePullDownRefresh;
  }

  /** To what `selector` names in the page that is shown, or down by `scrollTop` px. */
  scrollTo({ selector, scrollTop, duration }) {
    const behavior = duration ? "smooth" : "auto";
    const found = selector && this.shown.root.getComponent().getShadowRoot().querySelector(selector);
    if (found) found.getBackendElement().scrollIntoView?.({ behavior });
    else if (scrollTop !== undefined) this.shown.made.scrollTo?.({ top: scrollTop, behavior });
  }

  setTitle(title) {
    this.shown.title = title;
    this.title.textContent = title;
    document.title = title || "码上就来";
  }
}

/** What has the focus is not left under what is fixed over the page (WCAG 2.4.11): the browser counts it as seen. What a finger or
 *  a mouse is on is left where it is: if it moved away between down and up, the tap would be lost. */
function keepFocusWhole(place) {
  let isDown = false;
  place.addEventListener("pointerdown", () => (isDown = true));
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, () => (isDown = false));
  place.addEventListener("focusin", ({ target }) => isDown || showWhole(target));
}

function showWhole(target) {
  const box = target.getBoundingClientRect();
  const over = document.elementFromPoint?.(box.left + box.width / 2, box.bottom - 1);
  if (over && !target.contains(over) && !over.contains(target)) target.scrollIntoView({ block: "center" });
}
