// The mini-program in C2's browser host, in jsdom, against a backend that is played by `answers`.

import * as compiled from "virtual:miniprogram";
import { afterEach, vi } from "vitest";
import { start } from "../../browser/src/start.js";

const BASE = "http://127.0.0.1/v1";
const PHOTOS = "https://photos.example.cn";
let here = null;

export const soon = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Until `look` answers something; fails after two seconds with what it was. */
export async function until(look, what = String(look)) {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = look();
    if (found) return found;
    await soon(10);
  }
  throw new Error(`never came: ${what}\n${document.body.textContent.replace(/\s+/g, " ").slice(0, 1500)}`);
}

/** A backend: `routes` by "METHOD /path", each a body (its `mark` the ETag), a function of the request, or [status, body]. `asked` is what came. */
export function backend(routes) {
  const asked = [];
  const fake = {
    asked,
    routes,
    down: false,
    of: (method, path) => asked.filter((each) => each.method === method && each.path === path),
  };
  vi.stubGlobal("fetch", async (url, options = {}) => {
    if (fake.down) throw new TypeError("Failed to fetch");
    const request = await readable(String(url), options);
    asked.push(request);
    const route = fake.routes[`${request.method} ${request.path}`];
    const given = typeof route === "function" ? await route(request) : route;
    if (given === undefined)
      return answer(404, { code: "not_found", message: `没有 ${request.method} ${request.path}` });
    return Array.isArray(given) ? answer(...given) : answer(200, given, given.mark);
  });
  return fake;
}

async function readable(url, { method = "GET", headers = {}, body }) {
  const at = new URL(url);
  const isForm = body instanceof FormData;
  return {
    method,
    path: url.startsWith(BASE) ? at.pathname.replace("/v1", "") : at.origin,
    query: Object.fromEntries(at.searchParams),
    token: (headers.Authorization || "").replace("Bearer ", ""),
    key: headers["Idempotency-Key"],
    mark: headers["If-None-Match"],
    body: isForm ? Object.fromEntries(body) : body ? JSON.parse(body) : undefined,
  };
}

/** `mark`: the ETag of a body that has one. */
const answer = (status, body, mark) =>
  new Response(status === 304 || status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...(mark && { ETag: mark }) },
  });

/** Opens the app: `page` (below pages/, or staff/…) and its query in the way of a link inside the app, or the landing of a scanned code. */
export async function open(page = "", { code = "7K3QX9A", keep = false } = {}) {
  for (const { page: left } of here?.router.stack ?? []) left?.onUnload?.(); // what it still waited for is not the next test's
  forget();
  if (!keep) localStorage.clear();
  document.body.innerHTML = "<div id=app></div>";
  history.replaceState(
    null,
    "",
    page ? `/v1/s/app#/${page.startsWith("staff/") ? page : `pages/${page}`}` : `/v1/s/${code}`,
  );
  const query = page
    ? ""
    : `?q=${encodeURIComponent(`${BASE.replace("/v1", "")}/v1/s/${code}`)}&scancode_time=${Math.floor(Date.now() / 1000)}`;
  const root = document.querySelector("#app");
  here = start(compiled, { root, base: BASE, declared: [PHOTOS], query });
  await soon();
  const find = (test) => shown(root, `[data-test="${test}"]`)[0] || null;
  const phone = {
    ...here,
    root,
    find,
    all: (test) => shown(root, `[data-test="${test}"]`),
    page: () => here.router.top.page,
    path: () => here.router.top.page && here.router.top.page.is,
    text: () =>
      shown(root, "wx-page")
        .map((each) => each.textContent)
        .join(" ")
        .replace(/\s+/g, " "),
    see: (test) => until(() => find(test), `data-test ${test}`),
    say: (words) => until(() => phone.text().includes(words), words),
    tap: async (test) => (await phone.see(test)).click(),
    type: async (test, value) => {
      const field = await phone.see(test);
      const input = field.matches("input, textarea") ? field : field.querySelector("input, textarea");
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
  };
  return phone;
}

const heard = [];
const listen = window.addEventListener;
window.addEventListener = function addEventListener(name, listener, ...rest) {
  heard.push([name, listener]);
  return listen.call(window, name, listener, ...rest);
};

/** An app that was opened before must not answer to what happens to the window: there is one app on a phone. */
function forget() {
  for (const [name, listener] of heard.splice(0)) window.removeEventListener(name, listener);
}

/** Of the page that is on top: those below it in the stack stay in the document. */
function shown(root, selector) {
  const pages = [...root.querySelectorAll("wx-page")];
  const top = pages.filter((page) => !page.hidden && !page.closest("[hidden]")).pop() || root;
  return selector === "wx-page" ? [top] : [...top.querySelectorAll(selector)];
}

/** Something of the app's storage put there before it starts, or read. */
export const storage = {
  set: (name, data) => localStorage.setItem(`mslj:${name}`, JSON.stringify({ data })),
  get: (name) => (localStorage.getItem(`mslj:${name}`) ? JSON.parse(localStorage.getItem(`mslj:${name}`)).data : null),
};

afterEach(() => {
  here?.screen?.shown && here.screen.tell(here.screen.shown, "onHide"); // its timers stop
  vi.unstubAllGlobals();
});
