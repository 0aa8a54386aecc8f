/** A cursor-paged list of a page: the first page, more of it, and what went wrong. */

import { computed, ref, shallowRef, watch } from "vue";
import { request } from "../api/http";
import type { Asks, Responds, Route } from "../../../routes";
import type { Page, Ticket } from "../api/types";

/** What the items of a list are, by its address. */
type Item<Path extends string> = Responds<"GET", Path> extends { items: (infer Each)[] } ? Each : never;

/** What a list is asked by beside its address; nothing that fits where no route serves it. */
type AskedBy<Path extends string> = [Route<"GET", Path>] extends [never]
  ? [never]
  : [query?: () => Omit<Asks<"GET", Path>, "after">];

export function useListing<Path extends string>(path: () => Path, ...[query]: AskedBy<Path>) {
  return listingOf<Item<Path>>(path, query);
}

function listingOf<Each>(path: () => string, query?: () => object) {
  const items = shallowRef<Each[]>([]);
  const next = ref<string | null>(null);
  const failure = ref<unknown>(null);
  const busy = ref(false);
  const isKnown = ref(false);
  /** Whether there is nothing, which nobody may say before the server has said it. */
  const isEmpty = computed(() => isKnown.value && items.value.length === 0);

  async function load(more = false): Promise<void> {
    busy.value = true;
    try {
      const asked = { ...query?.(), after: more ? next.value : "" };
      const { body: page } = await request<Page<Each>>("GET", path(), { query: asked });
      items.value = more ? [...items.value, ...page.items] : page.items;
      next.value = page.next;
      failure.value = null;
      isKnown.value = true;
    } catch (error) {
      failure.value = error;
    }
    busy.value = false;
  }

  return { items, next, failure, busy, isKnown, isEmpty, load };
}

/** A list about one ticket, asked for again whenever the ticket has changed. */
export function useListingOf<What extends "exchanges" | "deliveries">(ticket: () => Ticket, what: What) {
  const listing = listingOf<Item<`/desk/tickets/${string}/${What}`>>(() => `/desk/tickets/${ticket().id}/${what}`);
  watch(
    () => `${ticket().id}.${ticket().version}`,
    () => listing.load(),
    { immediate: true },
  );
  return listing;
}
