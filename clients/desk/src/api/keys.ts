/**
 * Idempotency keys: an act sent again with the same content carries the same key, also after a reload. Kept as drafts are,
 * sealed by the own session: where an act went and what was in it are nobody's at this computer but the writer's.
 */

import { dropDraft, loadDraft, saveDraft } from "../state/drafts";

const nameOf = (place: string): string => `key ${place}`;

/** The key for this content at this place; a changed content is another act. */
export function keyFor(place: string, body: unknown): string {
  const content = digest(JSON.stringify(body ?? null));
  const kept = loadDraft(nameOf(place), { content: -1, key: "" });
  if (kept.content === content) return kept.key;
  const key = fresh();
  saveDraft(nameOf(place), { content, key });
  return key;
}

/** A definite answer came: the next act is a new one. */
export function forgetKey(place: string): void {
  dropDraft(nameOf(place));
}

/** FNV-1a, 32 bits: tells one form's content from its next. */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing outside https
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
