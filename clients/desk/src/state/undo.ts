/**
 * What a single key did waits five seconds before the server, and so the resident, hears of it; until then it is taken
 * back without a trace. One act waits at a time: the next one sends it, as does leaving the page.
 */

import { shallowRef } from "vue";
import type { Ticket } from "../api/types";

export const WAIT_MS = 5_000;
const SHORTEST_LEFT_MS = 10_000; // a first answer that is due sooner does not wait

interface Held {
  ticketId: string;
  words: string;
  /** Sends it; says by itself what was refused. */
  work: () => Promise<void>;
  takenBack: () => void;
}

export const held = shallowRef<Held | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export function holdBack(act: Held): void {
  void sendHeld();
  held.value = act;
  timer = setTimeout(() => void sendHeld(), WAIT_MS);
}

/** What waits is sent now. */
export async function sendHeld(): Promise<void> {
  const act = letGo();
  if (act) await act.work();
}

export function takeBack(): void {
  letGo()?.takenBack();
}

function letGo(): Held | null {
  clearTimeout(timer);
  const act = held.value;
  held.value = null;
  return act;
}

/** Whether a ticket's act may wait: never where somebody may be in danger, nor where its promise would be late. */
export function mayWait(ticket: Ticket, now: number): boolean {
  const isPressing = ticket.urgent || Boolean(ticket.suggestion?.urgent) || Boolean(ticket.danger?.is_open);
  const feedback = ticket.running.find((clock) => clock.kind === "feedback" && !clock.paused);
  const left = feedback ? Date.parse(feedback.due_at) - now : Infinity;
  return !isPressing && (left > SHORTEST_LEFT_MS || left < 0);
}

if (typeof addEventListener === "function") addEventListener("pagehide", () => void sendHeld());
