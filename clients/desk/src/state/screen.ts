/** Whether this screen is locked (rule 103), and what on it is unfinished: a call that runs, words that are unsent. */

import { getCurrentScope, onScopeDispose, reactive } from "vue";

/** What all windows of this browser know of one another. */
export const KEY_AT = "desk.keyAt";
export const LOCKED = "desk.locked";
export const LEAVING = "desk.leaving";

export const screen = reactive({ locked: false });

/** Covers what is shown; what rings goes on ringing. */
export function cover(): void {
  screen.locked = true;
}

/** The other windows send what waits in them, before the token is worth nothing. */
export function tellLeaving(): void {
  localStorage.setItem(LEAVING, String(Date.now()));
}

/** By PIN or code: from here on keys count again. */
export function uncover(): void {
  localStorage.setItem(KEY_AT, String(Date.now()));
  localStorage.removeItem(LOCKED);
  screen.locked = false;
}

const unfinished = new Set<symbol>();

export const isUnfinished = (): boolean => unfinished.size > 0;

/** Something unfinished of a part of the page: begun and ended as often as it likes, over when the part goes. */
export function useUnfinished() {
  const mark = Symbol();
  const end = () => void unfinished.delete(mark);
  if (getCurrentScope()) onScopeDispose(end);
  return { begin: () => void unfinished.add(mark), end };
}

/** While this part is shown somebody is on the phone. */
export function useCall(): void {
  useUnfinished().begin();
}
