// What every element has: its role and its words for a screen reader, and a key for whoever has no pointer.

const BY_KEY = new Set(["button", "link", "checkbox", "radio", "tab", "switch", "option", "menuitem"]);
const NATIVE = new Set(["BUTTON", "A", "INPUT", "TEXTAREA", "SELECT", "LABEL"]);

/** Attributes that any of WeChat's elements takes: (element, value, name). */
export const isShown = {
  "aria-role": (made, value) => {
    if (value) made.setAttribute("role", value);
    reach(made);
  },
  // aria-checked="{{false}}" says something; a missing aria-checked does not.
  aria: (made, value, name) => {
    if (value === undefined || value === null) made.removeAttribute(name);
    else made.setAttribute(name, String(value));
  },
  hidden: (made, value) => void (made.hidden = Boolean(value) && value !== "false"),
  "hover-class": (made, value) => void (made.wxHover = value === "none" ? "" : value),
};

/** Something happens when it is tapped: so it can be reached and pressed by key. */
export function onTap(made) {
  made.wxTap = true;
  reach(made);
}

function reach(made) {
  if (NATIVE.has(made.tagName)) return;
  const role = made.getAttribute("role");
  if (made.wxTap && (!role || role === "img")) made.setAttribute("role", "button");
  if (made.wxTap || BY_KEY.has(role)) made.tabIndex = 0;
}

/** Enter and Space press what has no key of its own; a pressed element wears its hover-class. */
export function listenForKeys(root) {
  root.addEventListener("keydown", (event) => {
    const made = event.target;
    if (!made.wxProps || NATIVE.has(made.tagName) || made.tabIndex < 0) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    made.click();
  });
  root.addEventListener("pointerdown", (event) => {
    const made = hovered(event.target);
    if (!made) return;
    made.classList.add(made.wxHover);
    const end = () => made.classList.remove(made.wxHover);
    window.addEventListener("pointerup", end, { once: true });
    window.addEventListener("pointercancel", end, { once: true });
  });
}

function hovered(made) {
  for (let one = made; one; one = one.parentElement) if (one.wxHover) return one;
  return null;
}
