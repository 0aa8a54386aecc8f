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
  listenForTouches(root);
}

/** A finger, or a mouse, that goes down and up again. It ends where it began, also when it has moved away. */
function listenForTouches(root) {
  let touched = null;
  const tell = (name, event) => {
    const options = { bubbles: true, composed: true, capturePhase: true, originalEvent: event };
    touched?.__wxElement.triggerEvent(name, { x: event.clientX, y: event.clientY }, options);
  };
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    touched = owned(event.target);
    if (touched?.closest("[disabled]")) touched = null;
    tell("touchstart", event);
  });
  for (const [name, told] of [
    ["pointerup", "touchend"],
    ["pointercancel", "touchcancel"],
  ]) {
    window.addEventListener(name, (event) => {
      tell(told, event);
      touched = null;
    });
  }
}

function owned(made) {
  for (let one = made; one; one = one.parentElement) if (one.__wxElement) return one;
  return null;
}
