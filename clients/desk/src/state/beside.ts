/**
 * What stands beside an open ticket: what may be the same matter, its class, who else reported its danger. Asked for once,
 * and again when it was acted on; not at every look at the ticket itself.
 */

import { shallowRef, watch, type Ref } from "vue";
import { get } from "../api/http";
import type { Beside, Ticket } from "../api/types";

const NOTHING: Beside = { similar: [], issue_class: null, rung: "" };

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
