/** An act of a page outside a ticket: one at a time, with its failure in words. */

import { ElMessage } from "element-plus";
import { ref } from "vue";
import { Refused, sentenceOf } from "../api/errors";

export function useSending() {
  const busy = ref(false);
  const failure = ref("");
  const fields = ref<string[]>([]);

  /** Whether it was done. Says `done` when it was. */
  async function run(work: () => Promise<void>, done = ""): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    failure.value = "";
    fields.value = [];
    try {
      await work();
      if (done) ElMessage.success(done);
      return true;
    } catch (error) {
      failure.value = sentenceOf(error);
      if (error instanceof Refused) fields.value = error.fields;
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, failure, fields, run };
}
