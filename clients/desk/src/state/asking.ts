/** What the server says to what stands on the screen: asked a moment after that has changed, and only its newest answer counts. */

import { onBeforeUnmount, ref, shallowRef, watch } from "vue";
import { sentenceOf } from "../api/errors";

const AFTER_MS = 500; // since the last change: whoever types is not asked for at every letter

/**
 * `wanted` null: there is nothing to ask, and no answer. `isCurrent`: the answer is to what stands there now; until then
 * the one before stays. `failure`: why the newest was not answered.
 */
export function useAsking<Wanted, Answer>(wanted: () => Wanted | null, ask: (wanted: Wanted) => Promise<Answer>) {
  const answer = shallowRef<Answer | null>(null);
  const isCurrent = ref(false);
  const failure = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  watch(
    () => JSON.stringify(wanted()),
    () => {
      clearTimeout(timer);
      latest += 1;
      isCurrent.value = false;
      const now = wanted();
      if (now === null) answer.value = null;
      else timer = setTimeout(() => void look(now, latest), AFTER_MS);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => clearTimeout(timer));

  async function look(now: Wanted, mine: number): Promise<void> {
    try {
      const found = await ask(now);
      if (mine !== latest) return; // something else stands there meanwhile
      answer.value = found;
      failure.value = "";
      isCurrent.value = true;
    } catch (error) {
      if (mine === latest) failure.value = sentenceOf(error);
    }
  }

  return { answer, isCurrent, failure };
}
