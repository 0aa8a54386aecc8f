/**
 * 先看会改什么: files that are read back before they count. What was chosen, the plan, what was refused row by row, and
 * the second person's yes that some of it waits for; in an emergency the same is said again with its reason.
 */

import { ref, shallowRef } from "vue";
import { askedBy, Refused, sentenceOf } from "../../api/errors";
import type { ConfirmationShown, TownPlan } from "../../api/types";
import { base64Of, checkSize, rowErrors, type RowError } from "../../words/town/townFiles";

export interface Said {
  plan: string;
  removes?: number;
  emergency?: string;
}

interface Ways {
  /** Which of the chosen files count, and what is forgotten with the last ones. */
  chosen: (files: File[]) => File[];
  /** What the files would change; nothing is changed. */
  plan: () => Promise<TownPlan>;
  hold: (said: Said) => Promise<void>;
  refused?: (error: Refused) => void;
}

export function usePlanned(ways: Ways) {
  const files = shallowRef<File[]>([]);
  const plan = shallowRef<TownPlan | null>(null);
  const refused = ref("");
  const errors = shallowRef<RowError[]>([]);
  const second = shallowRef<ConfirmationShown | null>(null); // what waits for another person's yes
  const busy = ref(false);
  let last: Said = { plan: "" };

  function forget(): void {
    refused.value = "";
    second.value = null;
    errors.value = [];
  }

  function choose(event: Event): void {
    files.value = ways.chosen([...((event.target as HTMLInputElement).files ?? [])]);
    plan.value = null;
    forget();
  }

  async function contents(tooLarge?: string): Promise<Record<string, string>> {
    checkSize(files.value, tooLarge);
    return Object.fromEntries(
      await Promise.all(files.value.map(async (file) => [file.name, await base64Of(file)] as const)),
    );
  }

  async function trying(act: () => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    forget();
    try {
      await act();
    } catch (error) {
      refused.value = sentenceOf(error);
      second.value = askedBy(error);
      if (error instanceof Refused) {
        if (!second.value) plan.value = null; // a yes that waits for another's is said again to the same plan
        errors.value = rowErrors(error.details.fields);
        ways.refused?.(error);
      }
    }
    busy.value = false;
  }

  const look = () => trying(async () => void (plan.value = await ways.plan()));

  const confirm = (said: Said) =>
    trying(async () => {
      last = said;
      await ways.hold(said);
      plan.value = null;
    });

  const inEmergency = (why: string) => confirm({ ...last, emergency: why });

  return { files, plan, refused, errors, second, busy, choose, contents, trying, look, confirm, inEmergency };
}
