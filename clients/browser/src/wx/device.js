// What the machine can do: its signal, its telephone, its clipboard.

import { Fault, call } from "./calls.js";

export function device() {
  return {
    canIUse: (schema) => schema !== "button.open-type.getPhoneNumber",
    getNetworkType: call("getNetworkType", () => ({ networkType: networkType() })),
    onNetworkStatusChange(listener) {
      for (const name of ["online", "offline"]) {
        window.addEventListener(name, () => listener({ isConnected: navigator.onLine, networkType: networkType() }));
      }
    },
    makePhoneCall: call("makePhoneCall", ({ phoneNumber }) => {
      if (!phoneNumber) throw new Fault("parameter error: parameter.phoneNumber should be String");
      const link = document.createElement("a");
      link.href = `tel:${phoneNumber}`;
      link.click();
    }),
    setClipboardData: call("setClipboardData", async ({ data }) => {
      if (!navigator.clipboard) throw new Fault("clipboard is not available");
      await navigator.clipboard.writeText(data);
    }),
    vibrateShort: call("vibrateShort", () => void navigator.vibrate?.(15)),
    login: call("login", () => {
      throw new Fault("there is no WeChat here: a browser's session is made by POST /api/sessions");
    }),
    stopPullDownRefresh: call("stopPullDownRefresh", () => undefined),
  };
}

const networkType = () => (navigator.onLine ? "wifi" : "none");
