/** What residents would read of an act that is about to be sent: asked of the server, which runs the act's own rule. */

import { ref, watch } from "vue";
import { send } from "../api/http";
import type { ReadByResidents } from "../api/types";

const AFTER_MS = 500; // since the last key: whoever types is not asked for at every letter

export interface Asked {
  ticketId: string;
  act: string;
  body: Record<string, unknown>;
}

/** `known` only while `asked` stands: what would be refused, or has no message of its own, shows nothing. */
export function usePreview(asked: () => Asked | null) {
  const items = ref<ReadByResidents[]>([]);
  const known = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = "";

  watch(
    () => JSON.stringify(asked()),
    (wanted) => {
      clearTimeout(timer);
      latest = wanted;
      known.value = false;
      if (wanted !== "null") timer = setTimeout(() => void look(wanted), AFTER_MS);
    },
    { immediate: true },
  );

  async function look(wanted: string): Promise<void> {
    const { ticketId, act, body } = JSON.parse(wanted) as Asked;
    const path = `/staff/tickets/${ticketId}/preview` as const;
    const wish = { act, given: body };
    const answer = await send("POST", path, { body: wish, quiet: true }).catch(() => null);
    if (wanted !== latest) return; // something else was typed meanwhile
    items.value = answer?.body.items ?? [];
    known.value = answer !== null;
  }

  return { items, known };
}
