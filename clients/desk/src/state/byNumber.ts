/** Tickets found by their whole number, for lists to choose from. */

import { ref } from "vue";
import { sentenceOf } from "../api/errors";
import { get } from "../api/http";
import type { Similar } from "../api/types";

const SHORTEST = 6; // characters of a number that may be searched for

/** `usual`: what is offered before a number is typed. */
export function useByNumber(usual: () => Similar[]) {
  const found = ref<Similar[]>(usual());
  const searching = ref(false);
  const failure = ref("");

  async function find(number: string): Promise<void> {
    failure.value = "";
    if (number.trim().length < SHORTEST) {
      found.value = usual();
      return;
    }
    searching.value = true;
    try {
      found.value = (await get("/staff/search", { query: { number: number.trim() } })).items;
    } catch (error) {
      found.value = [];
      failure.value = sentenceOf(error);
    }
    searching.value = false;
  }

  return { found, searching, failure, find };
}
