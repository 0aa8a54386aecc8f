/** What was typed is kept on this computer until it is sent, and is there again after a reload. */

import { reactive, watch } from "vue";

const PREFIX = "desk.draft.";
const KEPT_DAYS = 7;

interface Kept<T> {
  at: number;
  value: T;
}

/** The draft of this name over its empty form; only fields that the form knows come back. */
export function loadDraft<T extends object>(name: string, empty: T, now = Date.now()): T {
  const kept = read<T>(name);
  if (!kept || now - kept.at > KEPT_DAYS * 86_400_000) return { ...empty };
  const known = Object.entries(kept.value).filter(([field]) => field in empty);
  return { ...empty, ...Object.fromEntries(known) };
}

export function saveDraft<T extends object>(name: string, value: T, now = Date.now()): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ at: now, value }));
  } catch {
    dropOldest(); // the store is full: an old draft goes before the one being typed
  }
}

export function dropDraft(name: string): void {
  localStorage.removeItem(PREFIX + name);
}

/** Everybody's drafts leave with them: the next person at this computer finds none. */
export function dropAllDrafts(): void {
  for (const key of keys()) localStorage.removeItem(key);
}

/** A form that keeps itself. `sent()` forgets the draft and empties the form. */
export function useDraft<T extends object>(name: string, empty: () => T) {
  const form = reactive(loadDraft(name, empty())) as T;
  let live = true;
  watch(form, () => live && saveDraft(name, form), { deep: true, flush: "sync" });
  const sent = () => {
    live = false;
    Object.assign(form, empty());
    live = true;
    dropDraft(name);
  };
  return { form, sent };
}

function read<T>(name: string): Kept<T> | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null") as Kept<T> | null;
  } catch {
    return null;
  }
}

function keys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) || key.startsWith("desk.key."));
}

function dropOldest(): void {
  const drafts = keys().map((key) => ({ key, at: read<object>(key.slice(PREFIX.length))?.at ?? 0 }));
  const oldest = drafts.sort((one, other) => one.at - other.at)[0];
  if (oldest) localStorage.removeItem(oldest.key);
}
