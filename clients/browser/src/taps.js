// A tap is the browser's click: one for mouse, finger, key and screen reader alike.

import { listenForKeys } from "./elements/access.js";

/** Tell the app of every tap inside `root`. `gesture.isOn`: whether code runs because of a tap, as WeChat judges it. */
export function listenForTaps(root, gesture) {
  let fromLabel = false;
  root.addEventListener("click", (event) => {
    const made = owned(event.target);
    if (!made || made.closest("[disabled]")) return;
    // The click that a label passes on to its field is no second tap.
    if (fromLabel && event.target.closest("label")) return;
    fromLabel = Boolean(event.target.closest("label"));
    gesture.isOn = true;
    setTimeout(() => {
      gesture.isOn = false;
      fromLabel = false;
    });
    const detail = { x: event.clientX, y: event.clientY };
    const options = { bubbles: true, composed: true, capturePhase: true, originalEvent: event };
    made.__wxElement.triggerEvent("tap", detail, options);
    for (let one = made; one; one = one.parentElement) one.wxAfterTap?.();
  });
  listenForKeys(root);
}

function owned(made) {
  for (let one = made; one; one = one.parentElement) if (one.__wxElement) return one;
  return null;
}
