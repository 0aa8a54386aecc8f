import "./host.css";
import "virtual:miniprogram.css";
import * as compiled from "virtual:miniprogram";
import { start } from "./start.js";
import { base, landing } from "./place.js";

const origins = document.querySelector('meta[name="photo-origins"]')?.content || "";

const { rest } = start(compiled, {
  root: document.querySelector("#app"),
  base: base(location),
  query: landing(location),
  declared: origins.split(" ").filter(Boolean),
});

/** A reload without a signal shows what was there (public/sw.js); on a slow line everything else goes before it. To a worker that
 *  is new the files are named that came before it did. */
async function keep() {
  const isNew = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register("./sw.js");
  if (!isNew) return;
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  active.postMessage({ page: location.href.split("#")[0], files });
}
if ("serviceWorker" in navigator) rest.then(keep).catch(() => {});
