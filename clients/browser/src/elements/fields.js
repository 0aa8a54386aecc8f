// <input> and <textarea>: the browser's own, with WeChat's limits and events.

import { fire, isOn, text } from "./fire.js";

const MOST = 140; // characters, where the page names no maxlength; -1 means no limit
const KEYBOARDS = { number: "numeric", digit: "decimal", idcard: "text", tel: "tel" };

export function input(made) {
  field(made);
  made.type = "text";
  made.wxProps.type = (_, value) => void (made.inputMode = KEYBOARDS[value] || "text");
  made.wxProps.password = (_, value) => void (made.type = isOn(value) ? "password" : "text");
  made.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) fire(made, "confirm", { value: made.value });
  });
}

export function textarea(made) {
  field(made);
  made.rows = 3;
  const grow = () => {
    if (!made.wxGrows) return;
    made.style.height = "auto";
    made.style.height = `${made.scrollHeight}px`;
  };
  made.wxProps["auto-height"] = (_, value) => void (made.wxGrows = isOn(value));
  made.addEventListener("input", grow);
}

function field(made) {
  made.autocomplete = "off";
  made.maxLength = MOST;
  Object.assign(made.wxProps, {
    value: (_, value) => void (made.value !== text(value) && (made.value = text(value))),
    maxlength: (_, value) => limit(made, Number(value)),
    placeholder: (_, value) => void (made.placeholder = text(value)),
    disabled: (_, value) => void (made.disabled = isOn(value)),
    focus: (_, value) => void (isOn(value) && setTimeout(() => made.focus())),
    "confirm-type": (_, value) => void (made.enterKeyHint = value),
    "placeholder-class": () => {},
    "placeholder-style": () => {},
  });
  made.wxValue = () => made.value;
  made.addEventListener("input", () => fire(made, "input", { value: made.value, cursor: made.selectionStart }));
  for (const name of ["focus", "blur"]) made.addEventListener(name, () => fire(made, name, { value: made.value }));
}

function limit(made, most) {
  if (most < 0) made.removeAttribute("maxlength");
  else made.maxLength = Number.isNaN(most) ? MOST : most;
}
