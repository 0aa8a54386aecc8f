// <switch>, <checkbox>, <radio>, their groups, and <picker>.

import { fire, isOn, text } from "./fire.js";

let groups = 0;

export function toggle(kind) {
  return (made) => {
    made.type = kind === "radio" ? "radio" : "checkbox";
    made.setAttribute("data-wx", kind);
    if (kind === "switch") made.setAttribute("role", "switch");
    Object.assign(made.wxProps, {
      checked: (_, value) => void (made.checked = isOn(value)),
      disabled: (_, value) => void (made.disabled = isOn(value)),
      value: (_, value) => void (made.value = text(value)),
      color: () => {},
      type: () => {},
    });
    if (kind === "switch") made.wxValue = () => made.checked;
    made.addEventListener("change", () => changed(made, kind));
    if (kind === "radio") queueMicrotask(() => inGroup(made));
  };
}

/** Radios of one group share a name, so that the browser lets one be on and the arrow keys move. */
function inGroup(made) {
  const group = made.closest("wx-radio-group");
  if (!group) return;
  group.wxGroup ||= `group-${(groups += 1)}`;
  made.name = group.wxGroup;
}

function changed(made, kind) {
  if (kind === "switch") return fire(made, "change", { value: made.checked });
  const group = made.closest(`wx-${kind}-group`);
  return group && fire(group, "change", { value: group.wxValue() });
}

export function group(kind) {
  return (made) => {
    made.setAttribute("role", kind === "radio" ? "radiogroup" : "group");
    const on = () => [...made.querySelectorAll(`[data-wx="${kind}"]:checked`)].map((one) => one.value);
    made.wxValue = () => (kind === "radio" ? on()[0] || "" : on());
  };
}

/** mode="selector" only: the browser's own list, laid over what the page shows. */
export function picker(made) {
  const list = made.appendChild(document.createElement("select"));
  const shown = { range: [], key: "", value: -1 };
  const draw = () => {
    list.replaceChildren(...shown.range.map((one, n) => new Option(text(shown.key ? one[shown.key] : one), n)));
    list.selectedIndex = shown.value;
  };
  const take = (name, read) => (_, value) => {
    shown[name] = read(value);
    draw();
  };
  Object.assign(made.wxProps, {
    range: take("range", (value) => value || []),
    "range-key": take("key", text),
    value: take("value", (value) => (value === undefined || value === null || value === "" ? -1 : Number(value))),
    disabled: (_, value) => void (list.disabled = isOn(value)),
    "aria-label": (_, value) => list.setAttribute("aria-label", text(value)),
    mode: (_, value) => {
      if (value && value !== "selector") throw new Error(`picker mode="${value}" is not done by the browser host`);
    },
  });
  made.wxValue = () => shown.value;
  list.addEventListener("change", () => fire(made, "change", { value: String(list.selectedIndex) }));
}
