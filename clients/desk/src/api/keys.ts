/** Idempotency keys: an act sent again with the same content carries the same key, also after a reload. */

const PREFIX = "desk.key.";

interface Kept {
  content: number; // a digest: what was typed about a person is not kept here
  key: string;
}

/** The key for this content at this place; a changed content is another act. */
export function keyFor(place: string, body: unknown): string {
  const content = digest(JSON.stringify(body ?? null));
  const kept = read(place);
  if (kept?.content === content) return kept.key;
  const key = fresh();
  localStorage.setItem(PREFIX + place, JSON.stringify({ content, key }));
  return key;
}

/** A definite answer came: the next act is a new one. */
export function forgetKey(place: string): void {
  localStorage.removeItem(PREFIX + place);
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

function read(place: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + place) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
