/** The desk listens: what comes is heard, shown beside the computer's clock, and counted in the title of the window. */

import { computed, ref, watch } from "vue";
import { router } from "../router";
import { arrivals, noticeOf, waiting, type Heard } from "../words/queue/arrivals";
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

let known: Set<string> | null = null;
const told = new Set<string>();

/** Begin to listen; answers how to stop. Somebody else at this computer begins anew. */
export function listen(): () => void {
  known = null;
  told.clear();
  const heard = watch([now, heardRows], () => {
    localNow.value = Date.now();
    const rows = heardRows.value;
    if (!live.heardAt || !rows) return;
    const found = arrivals(rows, now.value, known, told);
    known = new Set(rows.map((row) => row.ticket_id));
    if (found) tell(found);
  });
  const titled = watch([toDo, () => router.currentRoute.value.meta.title, () => screen.locked], titleIt, {
    immediate: true,
  });
  return () => {
    heard();
    titled();
  };
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
