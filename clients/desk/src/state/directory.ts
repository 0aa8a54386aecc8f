/** Everything pick lists need, asked once and again only when the town has changed. */

import { computed, shallowReactive } from "vue";
import { send } from "../api/http";
import type { Directory, Named } from "../api/types";

const EMPTY: Directory = {
  version: "",
  places: [],
  units: [],
  staff: [],
  categories: [],
  stages: [],
  tracks: [],
  clocks: [],
  roles: [],
  sources: [],
  place_kinds: [],
  unit_kinds: [],
  return_reasons: [],
  decline_reasons: [],
  queues: [],
  reveal_reasons: [],
  call_outcomes: [],
  acts: [],
};

const kept = shallowReactive({ town: EMPTY, etag: "" });
export const town = computed(() => kept.town);

export async function loadDirectory(): Promise<void> {
  const answer = await send("GET", "/staff/directory", { etag: kept.etag, quiet: true });
  if (answer.status === 304) return;
  kept.etag = answer.etag;
  kept.town = { ...EMPTY, ...answer.body };
}

export function nameIn(list: keyof Directory, code: string | null | undefined): string {
  if (!code || !town.value.version) return ""; // not loaded yet: nothing rather than a code
  return (town.value[list] as Named[]).find((each) => each.code === code)?.name ?? code;
}

/** A person or a machine, by what people are called. */
export function personName(code: string): string {
  if (code === "machine") return "系统";
  if (code === "reporter" || code === "resident") return "居民";
  return nameIn("staff", code.replace(/^staff:/, ""));
}

export type Branch = { value: string; label: string; children?: Branch[] };

/** Categories under their parents; a parent is no category to choose. */
export const categoryTree = computed<Branch[]>(() => {
  const all = town.value.categories;
  return all
    .filter((each) => !each.parent)
    .map((top) => ({
      value: top.code,
      label: top.name,
      children: all.filter((each) => each.parent === top.code).map(({ code, name }) => ({ value: code, label: name })),
    }));
});
