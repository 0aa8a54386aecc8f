// The wx object: what our pages use, and a refusal for everything else.

import { call } from "./calls.js";
import { device } from "./device.js";
import { dialogs } from "./dialogs.js";
import { fileSystem } from "./files.js";
import { kept } from "./kept.js";
import { network } from "./network.js";
import { person } from "./person.js";
import { pictures } from "./pictures.js";
import { recorder } from "./recorder.js";
import { storage } from "./storage.js";

// WeChat refuses these where app.json does not declare them; ours declares none.
const PRIVATE = [
  "getLocation",
  "chooseLocation",
  "choosePoi",
  "getFuzzyLocation",
  "startLocationUpdate",
  "onLocationChange",
  "chooseAddress",
];

/** `router()`, `screen()`: made later than this. Answers {wx, files, agree}. */
export function makeWx({ root, app, gesture, declared, router, screen }) {
  const files = fileSystem(kept());
  const talk = dialogs(root);
  const guide = () => router().navigateTo({ url: app.privacyPage || "/pages/privacy/index" });
  const consent = person({ gesture, storage, ask: talk.ask, guide });
  const { ask, ...shown } = talk;
  const voice = recorder(files);
  const calls = {
    ...network({ app, files, declared }),
    ...storage,
    ...shown,
    ...pictures(root, files, ask),
    ...consent.calls,
    ...device(files),
    getRecorderManager: () => voice,
    ...moves(router, screen),
    getFileSystemManager: () => files.manager,
  };
  return { wx: strict(calls, app), files, agree: consent.agree };
}

function moves(router, screen) {
  const names = ["navigateTo", "redirectTo", "reLaunch", "switchTab", "navigateBack"];
  const made = names.map((name) => [name, call(name, (options) => router()[name](options))]);
  return {
    ...Object.fromEntries(made),
    setNavigationBarTitle: call("setNavigationBarTitle", ({ title }) => screen().setTitle(title)),
    pageScrollTo: call("pageScrollTo", ({ selector, scrollTop, duration = 300 }) =>
      screen().scrollTo({ selector, scrollTop, duration }),
    ),
  };
}

function strict(calls, app) {
  return new Proxy(calls, {
    get(target, name) {
      if (name in target || typeof name === "symbol") return target[name];
      const isUndeclared = PRIVATE.includes(name) && !(app.requiredPrivateInfos || []).includes(name);
      const why = isUndeclared
        ? "must be declared in requiredPrivateInfos of app.json"
        : "is not done by the browser host";
      throw new TypeError(`wx.${String(name)} ${why}`);
    },
  });
}
