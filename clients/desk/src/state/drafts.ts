/**
 * What was typed is kept on this computer until it is sent, and is there again after a reload: each person's own, so that
 * the next clerk at this computer is shown none of it.
 */

import { reactive, watch } from "vue";
import { useUnfinished } from "./screen";

const ALL = "desk.draft.";
const KEPT_DAYS = 7;
let prefix = ALL;

/** Whose drafts are read and written from now on; what is too old goes, whoever's it is. */
export function draftsOf(person: string, now = Date.now()): void {
  prefix = `${ALL}${person}.`;
  const old = keys(ALL).filter((key) => now - (read<object>(key)?.at ?? 0) > KEPT_DAYS * 86_400_000);
  for (const key of old) localStorage.removeItem(key);
}

interface Kept<T> {
  at: number;
  value: T;
}

/** The draft of this name over its empty form; only fields that the form knows come back. */
export function loadDraft<T extends object>(name: string, empty: T, now = Date.now()): T {
  const kept = read<T>(prefix + name);
  if (!kept || now - kept.at > KEPT_DAYS * 86_400_000) return { ...empty };
  const known = Object.entries(kept.value).filter(([field]) => field in empty);
  return { ...empty, ...Object.fromEntries(known) };
}

export function saveDraft<T extends object>(name: string, value: T, now = Date.now()): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify({ at: now, value }));
  } catch {
    dropOldest(); // the store is full: an old draft goes before the one being typed
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(prefix + name);
}

/** Whoever signs out takes the own drafts along. */
export function dropDrafts(): void {
  for (const key of [...keys(prefix), ...keys("desk.key.")]) localStorage.removeItem(key);
}

/** A form that keeps itself. `sent()` forgets the draft and empties the form. */
export function useDraft<T extends object>(name: string, empty: () => T) {
  const form = reactive(loadDraft(name, empty())) as T;
  const unsent = useUnfinished();
  let live = true;
  const typed = () => {
    if (!live) return;
    unsent.begin();
    saveDraft(name, form);
  };
  watch(form, typed, { deep: true, flush: "sync" });
  const sent = () => {
    live = false;
    Object.assign(form, empty());
    live = true;
    unsent.end();
    dropDraft(name);
  };
  return { form, sent };
}

function read<T>(key: string): Kept<T> | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Kept<T> | null;
  } catch {
    return null;
  }
}

function keys(begins: string): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(begins));
}

function dropOldest(): void {
  const drafts = keys(ALL).map((key) => ({ key, at: read<object>(key)?.at ?? 0 }));
  const oldest = drafts.sort((one, other) => one.at - other.at)[0];
  if (oldest) localStorage.removeItem(oldest.key);
}
