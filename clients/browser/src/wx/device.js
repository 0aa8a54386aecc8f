// What the machine can do: its signal, its telephone, its clipboard.

import { Fault, call } from "./calls.js";

/** `files.address(path)`: what plays a recording of one's own. */
export function device(files) {
  return {
    getAppBaseInfo: () => ({}),
    getUpdateManager: () => ({ onUpdateReady: () => undefined, applyUpdate: () => undefined }),
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
    vibrateLong: call("vibrateLong", () => void navigator.vibrate?.(400)),
    createInnerAudioContext: () => sound(files),
    login: call("login", () => {
      throw new Fault("there is no WeChat here: a browser's session is made by POST /api/sessions");
    }),
    stopPullDownRefresh: call("stopPullDownRefresh", () => undefined),
  };
}

/** A sound as WeChat plays one: a file of ours; of the package's here two rising tones, once the page was touched. */
function sound(files) {
  let context = null;
  return {
    src: "",
    play() {
      if (this.src.startsWith("wxfile://")) {
        files.address(this.src).then((address) => address && new Audio(address).play().catch(() => {}));
        return;
      }
      if (!window.AudioContext || navigator.userActivation?.hasBeenActive === false) return;
      context ??= new AudioContext();
      for (const [n, pitch] of [880, 1320, 880, 1320].entries()) tone(context, context.currentTime + n * 0.2, pitch);
    },
    stop: () => undefined,
  };
}

function tone(context, at, pitch) {
  const wave = context.createOscillator();
  wave.frequency.value = pitch;
  wave.connect(context.destination);
  wave.start(at);
  wave.stop(at + 0.17);
}

const networkType = () => (navigator.onLine ? "wifi" : "none");
