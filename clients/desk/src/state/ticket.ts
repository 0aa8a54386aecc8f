/** One open ticket: loaded, kept fresh while others work on it, and what changed since it was last looked at. */

import { ref, shallowRef, watch, type Ref } from "vue";
import { get } from "../api/http";
import type { Beside, Ticket } from "../api/types";
import { live, lookNow } from "./live";

const NOTHING: Beside = { similar: [], issue_class: null, rung: "" };

export function useTicket(id: Ref<string>) {
  const ticket = shallowRef<Ticket | null>(null);
  const failure = ref<unknown>(null);
  const changed = ref("");

  async function load(quietly = false): Promise<void> {
    const wanted = id.value;
    try {
      const found = await get(`/staff/tickets/${wanted}`);
      if (wanted !== id.value) return; // another ticket was opened meanwhile
      changed.value = quietly && ticket.value ? since(ticket.value, found) : "";
      ticket.value = found;
      failure.value = null;
    } catch (error) {
      if (wanted === id.value && !quietly) failure.value = error;
    }
  }

  watch(
    id,
    () => {
      ticket.value = null;
      failure.value = null;
      void load();
    },
    { immediate: true },
  );
  watch(
    () => live.changes,
    () => void load(true),
  );

  async function afterAct(): Promise<void> {
    lookNow();
    await load();
  }

  return { ticket, failure, changed, load, afterAct };
}

/**
 * What stands beside it: what may be the same matter, its class, who else reported its danger. Asked for once, and again
 * when it was acted on; not at every look at the ticket itself.
 */
export function useBeside(ticket: Ref<Ticket | null>) {
  const beside = shallowRef(NOTHING);

  /** The ticket is shown without it as well. */
  async function lookBeside(): Promise<void> {
    const id = ticket.value?.id;
    const found = id ? await get(`/staff/tickets/${id}/beside`).catch(() => null) : null;
    if (found && id === ticket.value?.id) beside.value = found;
  }

  watch(
    [() => ticket.value?.id, () => ticket.value?.version],
    ([id], [before]) => {
      if (id !== before) beside.value = NOTHING;
      void lookBeside();
    },
    { immediate: true },
  );

  return { beside, lookBeside };
}

/** What others did between two looks, in words; empty when nothing. */
export function since(before: Ticket, after: Ticket): string {
  if (after.version === before.version && after.history.length === before.history.length) return "";
  const known = new Set(before.history.map((line) => `${line.version}.${line.at}.${line.kind}`));
  const fresh = after.history.filter((line) => !known.has(`${line.version}.${line.at}.${line.kind}`));
  return fresh.map((line) => line.what).join("、") || "内容有更新";
}
