/** Finding a place by parts of its name. */

import type { Named, Place } from "../../api/types";

const MOST = 80; // shown; who types on finds the rest

/** Places whose full name holds every typed part, the wider ones first; the chosen one is always among them. */
export function placesLike(places: Place[], typed: string, chosen: string | null): Named[] {
  const parts = typed.split(/\s+/).filter(Boolean);
  const named = places.map((place) => ({ code: place.code, name: place.full_name || place.name }));
  const found = named.filter(({ name }) => parts.every((part) => name.includes(part)));
  const first = found.slice(0, MOST);
  const own = named.find(({ code }) => code === chosen);
  return own && !first.includes(own) ? [own, ...first] : first;
}
