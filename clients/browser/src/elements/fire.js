/** Tell the app of an event of a component: its own kind, which does not bubble. */
export function fire(made, name, detail = {}) {
  made.__wxElement?.triggerEvent(name, detail, { bubbles: false, composed: false });
}

export const text = (value) => (value === undefined || value === null ? "" : String(value));
export const isOn = (value) => Boolean(value) && value !== "false";
