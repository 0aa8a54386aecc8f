// A host with the small app of tests/host/app in it, in jsdom.

import * as compiled from "virtual:miniprogram";
import { start } from "../../browser/src/start.js";

export { compiled };

/** A fresh one at `address`; what came before is gone. */
export function host({ address = "/v1/s/7K3QX9A", query = "", changed = {}, parts = {} } = {}) {
  document.body.innerHTML = "<div id=app></div>";
  history.replaceState(null, "", address);
  localStorage.clear();
  const app = { ...compiled, ...parts, app: { ...compiled.app, ...changed } };
  const root = document.querySelector("#app");
  const here = start(app, { root, base: "http://127.0.0.1/v1", query, declared: ["https://photos.example.cn"] });
  const page = () => here.router.top.page;
  return { ...here, root, page, find: (test) => root.querySelector(`[data-test="${test}"]`) };
}

export const soon = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The fault that a call of wx ends with. */
export const fault = (promise) =>
  promise.then(
    () => null,
    (found) => found,
  );
