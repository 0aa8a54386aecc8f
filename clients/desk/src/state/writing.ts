/** Who else is writing on this ticket: said at most once in half a minute, and answered with whoever wrote within one. */

import { ref, watch } from "vue";
import { send } from "../api/http";
import type { Writer } from "../api/types";

const AGAIN_MS = 30_000;
const saidAt = new Map<string, number>(); // by ticket, whatever form is open

/** The other one, while what is `typed` changes. */
export function useOtherWriter(ticketId: () => string, typed: object) {
  const other = ref<Writer | null>(null);
  watch(
    typed,
    async () => {
      const id = ticketId();
      if (Date.now() - (saidAt.get(id) ?? 0) < AGAIN_MS) return;
      saidAt.set(id, Date.now());
      const answer = await send("POST", `/staff/tickets/${id}/writing`, {
        body: {},
        quiet: true,
      }).catch(() => null);
      if (answer) other.value = answer.body.other;
    },
    { deep: true },
  );
  return other;
}
