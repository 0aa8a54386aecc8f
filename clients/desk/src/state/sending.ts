/** An act of a page outside a ticket: one at a time, with its failure in words, and at the field that was refused. */

import { ElMessage } from "element-plus";
import { ref, shallowRef } from "vue";
import { askedBy, Refused, sentenceOf } from "../api/errors";
import type { ConfirmationShown } from "../api/types";
import { clearMarks, markRefused } from "../parts/fields/refused";

export function useSending() {
  const busy = ref(false);
  const failure = ref("");
  /** The code of the refusal, for a page that has something better to offer than its sentence. */
  const refusedAs = ref("");
  /** What waits for a second person's yes, where that is why. */
  const asked = shallowRef<ConfirmationShown | null>(null);

  /** Whether it was done. Says `done` when it was. */
  async function run(work: () => Promise<void>, done = ""): Promise<boolean> {
    if (busy.value) return false;
    const form = document.activeElement?.closest("form") ?? null; // in which the hand is
    clearMarks(form);
    busy.value = true;
    failure.value = "";
    refusedAs.value = "";
    asked.value = null;
    try {
      await work();
      if (done) ElMessage.success(done);
      return true;
    } catch (error) {
      failure.value = sentenceOf(error);
      busy.value = false;
      if (error instanceof Refused) {
        refusedAs.value = error.code;
        asked.value = askedBy(error);
        await markRefused(form, error.fields);
      }
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, failure, refusedAs, asked, run };
}
