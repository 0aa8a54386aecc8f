/** The desk listens: what comes is heard, shown beside the computer's clock, and counted in the title of the window. */

import { computed, ref, watch } from "vue";
import { router } from "../router";
import { arrivals, isPressing, noticeOf, waiting, type Heard, type Known } from "../words/queue/arrivals";
import { queueOrder } from "../words/queue/queues";
import { heardRows, live, rowsOf } from "./live";
import { now } from "./now";
import { preferences } from "./preferences";
import { screen } from "./screen";
import { session } from "./session";
import { ring } from "./sound";

const SILENT_MS = 60_000; // rule 81: a desk that has not asked for a minute counts as left

/** Whether the console has heard of the server within a minute. */
export const isListening = computed(() => live.heardAt > 0 && live.heardAt + SILENT_MS > localNow.value);
const localNow = ref(Date.now());

/** What waits in the queue that the person works on first. */
export const toDo = computed(() => {
  const [first] = queueOrder(live.names, session.me?.roles ?? []);
  return first ? waiting(rowsOf(first)) : 0;
});

/** "default" until the person was asked; then the computer's own answer. */
export const mayNotify = ref(typeof Notification === "undefined" ? "denied" : Notification.permission);

export async function askToNotify(): Promise<void> {
  mayNotify.value = await Notification.requestPermission();
}

let known: Known | null = null;
const told = new Set<string>();
const unseen = ref(new Set<string>());

/** What rang as a danger and was not looked at yet: shown above whatever page is open. */
export const pressingRows = computed(() => (heardRows.value ?? []).filter((row) => unseen.value.has(row.ticket_id)));

/** It was opened, or waved away. */
export function see(...ids: string[]): void {
  unseen.value = new Set([...unseen.value].filter((id) => !ids.includes(id)));
}

/** Begin to listen; answers how to stop. Somebody else at this computer begins anew. */
export function listen(): () => void {
  known = null;
  told.clear();
  unseen.value = new Set();
  const heard = watch([now, heardRows], () => {
    localNow.value = Date.now();
    const rows = heardRows.value;
    if (!live.heardAt || !rows) return;
    const found = arrivals(rows, now.value, known, told);
    known = new Map(rows.map((row) => [row.ticket_id, isPressing(row)]));
    if (!found) return;
    if (found.sound === "danger") unseen.value = new Set([...unseen.value, ...found.rows.map((row) => row.ticket_id)]);
    tell(found);
    seeOpen();
  });
  const opened = watch(router.currentRoute, seeOpen);
  const titled = watch([toDo, () => router.currentRoute.value.meta.title, () => screen.locked], titleIt, {
    immediate: true,
  });
  return () => {
    heard();
    opened();
    titled();
  };
}

/** What stands open before somebody is looked at. */
function seeOpen(): void {
  const { path, params } = router.currentRoute.value;
  if (!screen.locked && path.startsWith("/tickets/")) see(String(params.id));
}

function titleIt(): void {
  const what = screen.locked ? "已锁屏" : String(router.currentRoute.value.meta.title ?? "");
  const page = `${what} · 码上就来`;
  document.title = toDo.value ? `(${toDo.value}) ${page}` : page;
}

function tell(found: Heard): void {
  if (preferences.sound) ring(found.sound);
  if (mayNotify.value !== "granted" || !document.hidden) return;
  const { title, body } = noticeOf(found);
  const first = found.rows[0]!.ticket_id;
  const notice = new Notification(title, {
    body,
    tag: `${found.sound}.${first}`,
    requireInteraction: found.sound === "danger",
  });
  notice.onclick = () => {
    window.focus();
    if (!screen.locked) void router.push(`/tickets/${first}`);
    notice.close();
  };
}
