/** The keyboard: one table of keys a page, silent while something is typed or a dialog is open; and the keys of a form. */

import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from "vue";
import { preferences } from "./preferences";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Whether this key press is meant for a field, a dialog or the browser, and not for the page. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return true;
  if (
    document.querySelector(
      ".el-overlay:not([style*='display: none']) .el-dialog, .el-tour__content, .el-message-box, [aria-modal=true].paper",
    )
  ) {
    return true;
  }
  const at = event.target as HTMLElement | null;
  if (!at?.closest) return false;
  if (at.closest("textarea, select, [contenteditable=true], [role=combobox], [role=listbox]")) return true;
  const input = at.closest("input");
  if (input && !["radio", "checkbox"].includes(input.type)) return true;
  const own = input ? ["Enter", " ", "ArrowUp", "ArrowDown"] : ["Enter", " "]; // what the focused part does by itself
  return own.includes(event.key) && Boolean(at.closest("input, button, a, [role=button], [role=menuitem], [role=tab]"));
}

/** A letter, a figure or a sign by itself: whoever speaks to their computer may switch these off (WCAG 2.1.4). */
function isSingle(event: KeyboardEvent): boolean {
  return event.key.length === 1;
}

export function press(keys: Keys, event: KeyboardEvent): void {
  if (isTaken(event) || (isSingle(event) && !preferences.keys)) return;
  const action = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action(event);
}

export function useKeys(keys: () => Keys): void {
  const heard = (event: KeyboardEvent) => press(keys(), event);
  const on = () => addEventListener("keydown", heard);
  const off = () => removeEventListener("keydown", heard);
  onMounted(on);
  onActivated(on);
  onDeactivated(off);
  onBeforeUnmount(off);
}

/**
 * What a form listens to: Ctrl Enter sends it, Esc leaves it. Heard on the way down, before selects and date pickers,
 * which keep these keys to themselves; a list that is open is closed by Esc first.
 */
export function formKeys(send: (event: KeyboardEvent) => void, leave?: () => void) {
  return {
    onKeydownCapture(event: KeyboardEvent): void {
      if (event.key === "Enter" && event.ctrlKey) take(event, () => send(event));
      else if (event.key === "Escape" && leave && !isListOpen(event)) take(event, leave);
    },
  };
}

function take(event: KeyboardEvent, act: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  act();
}

function isListOpen(event: KeyboardEvent): boolean {
  return Boolean((event.target as HTMLElement | null)?.closest?.("[aria-expanded=true]"));
}
