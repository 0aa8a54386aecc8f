/** The keyboard: one table of keys a page, silent while something is typed or a dialog is open. */

import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from "vue";

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Whether this key press is meant for a field, a dialog or the browser, and not for the page. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return true;
  if (document.querySelector(".el-overlay:not([style*='display: none']) .el-dialog, .el-tour__content, .el-message-box")) {
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

export function press(keys: Keys, event: KeyboardEvent): void {
  if (isTaken(event)) return;
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
