/**
 * 锁屏 (rule 103): 15 minutes without a key lock the screen, 60 while a call runs or words are unsent. The server holds to
 * the same; told once a minute when the last key was, it knows what this page knows. All windows of this browser are one.
 */

import { Refused } from "../api/errors";
import { send } from "../api/http";
import { cover, isUnfinished, KEY_AT, LEAVING, LOCKED, screen } from "./screen";
import { session, TOKEN } from "./session";
import { sendHeld } from "./undo";

export const TOLD_EVERY_MS = 60_000;
const LOOKED_EVERY_MS = 1_000;
const SHARED_EVERY_MS = 5_000;
const UNFINISHED_AT = "desk.unfinishedAt";

let keyAt = Date.now();
let toldKeyAt = 0;
let toldAt = 0;

const shared = (name: string): number => Number(localStorage.getItem(name)) || 0;
const lastKey = (): number => Math.max(keyAt, Math.min(shared(KEY_AT), Date.now()));
/** Also in another window of the same browser, which says so as long as it is. */
const isBusy = (): boolean => isUnfinished() || Date.now() - shared(UNFINISHED_AT) < 2 * SHARED_EVERY_MS;

/** Whether the screen is to be locked; the last instant is open. */
export function isDue(now = Date.now()): boolean {
  const lock = session.me?.lock;
  if (!lock) return false;
  return now - lastKey() > (isBusy() ? lock.busy_seconds : lock.idle_seconds) * 1000;
}

/** What waits is sent first, then the server hears of it; without a signal its own time locks the token. */
export async function lockScreen(): Promise<void> {
  if (screen.locked || !session.me?.lock) return;
  const { token } = session; // of whoever sat here: the next clerk may be signed in before what waits is sent
  cover();
  localStorage.setItem(LOCKED, String(Date.now()));
  await sendHeld();
  await send("POST", "/staff/sessions/lock", { body: {}, quiet: true, token }).catch(() => undefined);
}

function pressed(): void {
  if (screen.locked) return;
  if (isDue()) return void lockScreen(); // a computer that slept wakes by this very key
  keyAt = Date.now();
  if (keyAt - shared(KEY_AT) >= SHARED_EVERY_MS) localStorage.setItem(KEY_AT, String(keyAt));
}

function look(): void {
  if (screen.locked || !session.me?.lock) return;
  if (isUnfinished() && Date.now() - shared(UNFINISHED_AT) >= SHARED_EVERY_MS)
    localStorage.setItem(UNFINISHED_AT, String(Date.now()));
  if (isDue()) void lockScreen();
  else if (keyAt > toldKeyAt && Date.now() - toldAt >= TOLD_EVERY_MS) void tell();
}

async function tell(): Promise<void> {
  const told = lastKey(); // whoever opened the screen since is not held to the key of before
  toldAt = Date.now();
  const idle_seconds = Math.floor((toldAt - told) / 1000);
  try {
    await send("POST", "/staff/sessions/stay", { body: { idle_seconds, is_busy: isBusy() }, quiet: true });
    toldKeyAt = told;
  } catch (error) {
    if (error instanceof Refused && error.code === "locked") cover(); // else it is said again in a minute
  }
}

/** Another window of this browser was locked or opened, or somebody signed out or in there: none goes on showing what one read. */
function heard(event: StorageEvent): void {
  if (event.key === LEAVING || (event.key === LOCKED && event.newValue)) void sendHeld(); // while the token still answers
  if (event.key === LOCKED && event.newValue) cover();
  else if (event.key === LOCKED ? screen.locked : isTakenElsewhere(event)) {
    cover(); // until the page is gone
    location.reload(); // whoever sits here now may be somebody else
  }
}

/** Whether the place is somebody else's, or nobody's: also where all that the browser kept was thrown away. */
function isTakenElsewhere({ key, newValue }: StorageEvent): boolean {
  return (key === TOKEN || key === null) && (newValue ?? "") !== session.token;
}

/** Begin to look after the screen; answers how to stop. */
export function guardScreen(): () => void {
  keyAt = shared(KEY_AT) || Date.now(); // a page that is loaded anew is no key
  toldKeyAt = toldAt = 0;
  const watched = ["keydown", "pointerdown", "wheel"];
  for (const name of watched) addEventListener(name, pressed, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  addEventListener("storage", heard);
  const timer = setInterval(look, LOOKED_EVERY_MS);
  return () => {
    clearInterval(timer);
    removeEventListener("storage", heard);
    document.removeEventListener("visibilitychange", look);
    for (const name of watched) removeEventListener(name, pressed, { capture: true });
  };
}
