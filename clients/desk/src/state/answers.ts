/** The station's reusable answers, asked for once and after each change. */

import { computed, shallowReactive } from "vue";
import { get } from "../api/http";
import type { Page, ReadyAnswer } from "../api/types";

const kept = shallowReactive({ items: [] as ReadyAnswer[], loaded: false });
export const readyAnswers = computed(() => kept.items);
/** Whether the station has none, which nobody may say before the server has said it. */
export const hasNoAnswers = computed(() => kept.loaded && kept.items.length === 0);

export async function loadAnswers(again = false): Promise<void> {
  if (kept.loaded && !again) return;
  const found: ReadyAnswer[] = [];
  let after: string | null = null;
  do {
    const page: Page<ReadyAnswer> = await get("/desk/answers", { query: { after: after ?? "" } });
    found.push(...page.items);
    after = page.next;
  } while (after);
  kept.items = found;
  kept.loaded = true;
}

/** Those of the ticket's category first, then the general ones, then the rest. */
export function answersFor(category: string, items: ReadyAnswer[]): ReadyAnswer[] {
  const rank = (item: ReadyAnswer) => (item.category === category && category ? 0 : item.category ? 2 : 1);
  return [...items].sort((one, other) => rank(one) - rank(other));
}
