/**
 * What was typed is kept on this computer until it is sent, and is there again after a reload: each person's own, sealed
 * with a key that the server tells the person's own open session alone (rule 103), so that whoever opens the browser's
 * tools at this computer reads nothing of it, not even which ticket it is about. Where a browser has no such keys (a page
 * that is not https) drafts live as long as the page.
 */

import { reactive, watch } from "vue";
import { useUnfinished } from "./screen";

const ALL = "desk.draft.";
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

interface Kept<T = object> {
  at: number;
  value: T;
}

/** As it lies in the browser: when, and the rest sealed. */
interface Sealed {
  at: number;
  iv: string;
  sealed: string;
}

interface Keys {
  seal: CryptoKey;
  name: CryptoKey;
}

let prefix = ALL;
let keys: Keys | null = null;
let kept = new Map<string, Kept>(); // in the clear, of whoever sits here, as long as the page is open
let writing: Promise<void> = Promise.resolve();

/** Whose drafts are read and written from now on, by the key of their session; what is too old or not sealed goes, whoever's it is. */
export async function draftsOf(person: string, key = "", now = Date.now()): Promise<void> {
  await writing;
  for (const name of names(ALL)) if (isOld(read(name), now)) localStorage.removeItem(name);
  for (const name of names("desk.key.")) localStorage.removeItem(name); // where acts went, unsealed: of an older page
  prefix = `${ALL}${person}.`;
  kept = new Map();
  keys = key ? await keysOf(key) : null;
  for (const name of keys ? names(prefix) : []) await open(name, keys!);
}

/** The draft of this name over its empty form; only fields that the form knows come back. */
export function loadDraft<T extends object>(name: string, empty: T, now = Date.now()): T {
  const known = kept.get(name);
  if (!known || now - known.at > KEPT_DAYS * DAY_MS) return { ...empty };
  const fields = Object.entries(known.value).filter(([field]) => field in empty);
  return { ...empty, ...Object.fromEntries(fields) };
}

export function saveDraft<T extends object>(name: string, value: T, now = Date.now()): void {
  kept.set(name, { at: now, value: JSON.parse(JSON.stringify(value)) as object });
  later(name);
}

export function dropDraft(name: string): void {
  kept.delete(name);
  later(name);
}

/** Whoever signs out takes the own drafts along. */
export function dropDrafts(): void {
  kept = new Map();
  for (const name of names(prefix)) localStorage.removeItem(name);
}

/** Once everything typed so far lies in the browser. */
export const draftsWritten = (): Promise<void> => writing;

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

const waiting = new Set<string>();

/** One after the other, each as it is by then: of a word typed fast its last letters are sealed once. */
function later(name: string): void {
  const mine = keys;
  if (!mine || waiting.has(name)) return;
  waiting.add(name);
  writing = writing.then(async () => {
    waiting.delete(name);
    if (keys === mine) await write(name, mine);
  });
}

async function write(name: string, by: Keys): Promise<void> {
  const place = prefix + (await hidden(name, by));
  const draft = kept.get(name);
  if (!draft) return localStorage.removeItem(place);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify({ name, value: draft.value }));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(place) }, by.seal, text);
  if (kept.get(name) !== draft) return later(name); // typed on, or sent, meanwhile
  const item = JSON.stringify({ at: draft.at, iv: base64(iv), sealed: base64(new Uint8Array(sealed)) });
  try {
    localStorage.setItem(place, item);
  } catch {
    dropOldest(); // the store is full: an old draft goes before the one being typed
  }
}

async function open(place: string, by: Keys): Promise<void> {
  const item = read(place);
  if (!item) return;
  try {
    const how = { name: "AES-GCM", iv: unbase64(item.iv), additionalData: bytes(place) };
    const text = new TextDecoder().decode(await crypto.subtle.decrypt(how, by.seal, unbase64(item.sealed)));
    const draft = JSON.parse(text) as { name: string; value: object };
    kept.set(draft.name, { at: item.at, value: draft.value });
  } catch {
    return; // sealed by another key: of a session by somebody else's code
  }
}

/** Neither can be taken out of the browser again. */
async function keysOf(told: string): Promise<Keys | null> {
  if (!globalThis.crypto?.subtle) return null;
  const raw = unbase64(told);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  return {
    seal: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
    name: await crypto.subtle.importKey("raw", raw, hmac, false, ["sign"]),
  };
}

/** A name says which ticket: it is kept as a hash that only its key makes. */
async function hidden(name: string, by: Keys): Promise<string> {
  const signed = new Uint8Array(await crypto.subtle.sign("HMAC", by.name, bytes(name)));
  return Array.from(signed.slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(place: string): Sealed | null {
  try {
    const item = JSON.parse(localStorage.getItem(place) ?? "null") as Partial<Sealed> | null;
    return item?.at && item.iv && item.sealed ? (item as Sealed) : null;
  } catch {
    return null;
  }
}

const isOld = (item: Sealed | null, now: number): boolean => now - (item?.at ?? 0) > KEPT_DAYS * DAY_MS;
const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data));
const unbase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function names(begins: string): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith(begins));
}

function dropOldest(): void {
  const drafts = names(ALL).map((name) => ({ name, at: read(name)?.at ?? 0 }));
  const oldest = drafts.sort((one, other) => one.at - other.at)[0];
  if (oldest) localStorage.removeItem(oldest.name);
}
