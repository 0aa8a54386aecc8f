/** All queues of the desk, kept up to date by one small conditional request. */

import { computed, shallowReactive } from "vue";
import { Refused } from "../api/errors";
import { get, send, signInAgain } from "../api/http";
import type { Page, Row, WatchedRow } from "../api/types";
import { byPressure } from "../words/queue/clocks";
import { loadDirectory, town } from "./directory";
import { setServerTime } from "./now";
import { poll } from "./polling";
import { cover, screen } from "./screen";

const AFRESH_MS = 5 * 60_000; // a mark may get lost: whatever it says, everything is read again now and then
const MOST_PAGES = 6; // 300 rows; beyond that the list says that there are more

export interface Queue {
  rows: Row[];
  more: boolean;
  mark: string;
}

interface State {
  queues: Record<string, Queue>;
  names: string[];
  changes: number; // counts every change heard of, so that an open ticket knows when to look again
  failed: unknown;
  heardAt: number;
  inbox: string; // the mark of the person's own messages
  watched: WatchedRow[] | null; // what a locked screen knows instead of the queues; null before it was read
}

export const live = shallowReactive<State>({
  queues: {},
  names: [],
  changes: 0,
  failed: null,
  heardAt: 0,
  inbox: "",
  watched: null,
});
let etag = "";
let readAt = 0;
let watch = { etag: "", readAt: 0 };

export const totals = computed(() =>
  Object.fromEntries(live.names.map((name) => [name, live.queues[name]?.rows.length ?? 0])),
);

export function rowsOf(name: string): Row[] {
  return live.queues[name]?.rows ?? [];
}

/** Whether a queue was read at all: before that nobody may say that it is empty. */
export function isKnown(name: string): boolean {
  return name in live.queues;
}

/** Every ticket that runs in any queue of ours, once. */
export const everyRow = computed(() => {
  const found = new Map<string, Row>();
  for (const name of live.names) for (const row of rowsOf(name)) found.set(row.ticket_id, row);
  return [...found.values()];
});

/** What may be heard: the same tickets whether the screen is open or locked; null where they were not read yet. */
export const heardRows = computed<readonly WatchedRow[] | null>(() => {
  if (screen.locked) return live.watched;
  return live.names.length ? everyRow.value : null;
});

/** Ask for the marks, then for the queues whose mark is another. */
export async function look(): Promise<void> {
  const wasLocked = screen.locked;
  try {
    await (wasLocked ? lookLocked() : lookOnce());
    live.failed = null;
    live.heardAt = Date.now();
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return lookAgain(error, wasLocked);
    live.failed = error;
    throw error;
  }
}

/** The screen was locked meanwhile, here or by the server, and rings on; or nobody is signed in any more. */
async function lookAgain(refused: Refused, wasLocked: boolean): Promise<void> {
  if (refused.code === "locked" && !wasLocked) cover();
  else await signInAgain(refused);
  await look();
}

async function lookOnce(): Promise<void> {
  const afresh = Date.now() - readAt >= AFRESH_MS;
  const answer = await send("GET", "/staff/live", { etag: afresh ? "" : etag, timeoutMs: 10_000, quiet: true });
  if (answer.status === 304) return;
  const { queues, now, town: version } = answer.body;
  setServerTime(now);
  const lists = Object.keys(queues).filter((name) => name !== "inbox");
  const changed = lists.filter((name) => afresh || live.queues[name]?.mark !== queues[name]);
  live.names = lists;
  live.inbox = queues.inbox ?? "";
  await Promise.all(changed.map((name) => load(name, queues[name] ?? "")));
  if (changed.length) live.changes += 1;
  if (version !== town.value.version) await loadDirectory();
  if (afresh) readAt = Date.now();
  etag = answer.etag; // only now: what failed half-way is asked for again
}

/** The same while the screen is locked: nothing but what rings. */
async function lookLocked(): Promise<void> {
  const afresh = Date.now() - watch.readAt >= AFRESH_MS;
  const asked = { etag: afresh ? "" : watch.etag, timeoutMs: 10_000, quiet: true };
  const answer = await send("GET", "/staff/watch", asked);
  if (answer.status === 304) return;
  setServerTime(answer.body.now);
  live.watched = answer.body.items;
  watch = { etag: answer.etag, readAt: afresh ? Date.now() : watch.readAt };
}

async function load(name: string, mark: string): Promise<void> {
  const rows: Row[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { after: after ?? "" };
    const answer: Page<Row> = await get(`/staff/queues/${name}`, { query, quiet: true });
    rows.push(...answer.items);
    after = answer.next;
    if (!after) break;
  }
  live.queues = { ...live.queues, [name]: { rows: rows.sort(byPressure), more: after !== null, mark } };
}

/** After an act of our own: look at once, not at the next interval. */
export function lookNow(): void {
  etag = "";
  void look().catch(() => undefined);
}

export function startLive(): () => void {
  return poll(look);
}

/** At the lock and at its end: what was known of the other side is old. */
export function lookAfresh(): void {
  live.watched = null;
  watch = { etag: "", readAt: 0 };
  lookNow();
}
