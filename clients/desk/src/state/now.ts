/** The server's time, ticking: clocks are judged by it, so that a wrong clock on the desk's computer misleads nobody. */

import { ref } from "vue";

const ahead = ref(0); // milliseconds of the server before us
export const now = ref(Date.now());

export function setServerTime(instant: string | undefined, heardAt = Date.now()): void {
  const theirs = Date.parse(instant ?? "");
  if (!Number.isNaN(theirs)) ahead.value = theirs - heardAt;
}

export function tick(at = Date.now()): void {
  now.value = at + ahead.value;
}

setInterval(tick, 1000);
