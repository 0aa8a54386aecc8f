import "./host.css";
import "virtual:miniprogram.css";
import * as compiled from "virtual:miniprogram";
import { QUIET, start } from "./start.js";
import { base, landing } from "./place.js";

const origins = document.querySelector('meta[name="photo-origins"]')?.content || "";

start(compiled, {
  root: document.querySelector("#app"),
  base: base(location),
  query: landing(location),
  declared: origins.split(" ").filter(Boolean),
});

// A reload without a signal shows what was there (public/sw.js); on a slow line the first page goes before it.
const keep = () => navigator.serviceWorker.register("./sw.js").catch(() => {});
if ("serviceWorker" in navigator) setTimeout(keep, QUIET);
