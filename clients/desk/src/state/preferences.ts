/** A person's own: saved filters, the tour seen, sound, single keys, light or dark. Kept by the server, so they follow the person to any desk. */

import { reactive } from "vue";
import { get, send } from "../api/http";

export interface Filter {
  text: string;
  category: string;
  source: string;
  stage: string;
  only: "" | "late" | "soon" | "urgent";
}

export interface SavedFilter {
  name: string;
  filter: Filter;
}

export type Theme = "auto" | "light" | "dark";

export const preferences = reactive({
  toured: false,
  sound: true,
  large: false,
  /** Whether a letter or a figure by itself does something. */
  keys: true,
  theme: "auto" as Theme,
  filters: [] as SavedFilter[],
  loaded: false,
});

export const noFilter = (): Filter => ({ text: "", category: "", source: "", stage: "", only: "" });

export async function loadPreferences(): Promise<void> {
  const { preferences: kept } = await get("/staff/preferences");
  const desk = (kept.desk ?? {}) as Partial<typeof preferences>;
  Object.assign(preferences, desk, { loaded: true });
  others = kept;
}

let others: Record<string, unknown> = {}; // what the phone keeps in the same place stays as it is

export async function savePreferences(): Promise<void> {
  const { loaded: _, ...desk } = preferences;
  await send("PUT", "/staff/preferences", { body: { preferences: { ...others, desk } } });
}
