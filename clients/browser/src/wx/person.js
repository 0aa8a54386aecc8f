// What a person agrees to: the privacy guide, and messages.

import { Fault, call } from "./calls.js";

const MOST_TEMPLATES = 3;
const AGREED = "privacy-agreed";

/** `gesture.isOn`: code runs because of a tap. `storage`, `ask`: see storage.js and dialogs.js. `guide()` opens the guide. */
export function person({ gesture, storage, ask, guide }) {
  const listeners = [];
  let waiting = [];

  const agree = () => {
    storage.setStorageSync(AGREED, true);
    waiting.splice(0).forEach((resolve) => resolve({ event: "agree" }));
  };

  const requirePrivacyAuthorize = call("requirePrivacyAuthorize", async () => {
    if (storage.getStorageSync(AGREED)) return;
    const answer = listeners.length ? await heard() : await plain();
    if (answer.event === "disagree") throw new Fault("privacy permission is not authorized", 104);
    storage.setStorageSync(AGREED, true);
  });

  const heard = () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      for (const listener of listeners) listener(resolve, { referrer: "requirePrivacyAuthorize" });
    });

  const plain = async () => {
    const content =
      "您选的照片、说的话只用于办理本次反映的事项。照片经办人员可以看到，录音只有工作站能听。详见隐私说明。";
    const { confirm } = await ask({ title: "隐私保护提示", content, confirmText: "同意", cancelText: "不同意" });
    return { event: confirm ? "agree" : "disagree" };
  };

  /** A browser gets no messages of WeChat's: whoever is asked here answers no. */
  const requestSubscribeMessage = call("requestSubscribeMessage", async ({ tmplIds }) => {
    if (!gesture.isOn) throw new Fault("can only be invoked by user TAP gesture.");
    if (!tmplIds?.length) throw new Fault("TmplIds can't be empty", 10001);
    if (tmplIds.length > MOST_TEMPLATES) throw new Fault("Templates count out of max bounds", 20003);
    return Object.fromEntries(tmplIds.map((id) => [id, "reject"]));
  });

  return {
    agree,
    calls: {
      requirePrivacyAuthorize,
      requestSubscribeMessage,
      onNeedPrivacyAuthorization: (listener) => void listeners.push(listener),
      openPrivacyContract: call("openPrivacyContract", guide),
    },
  };
}
