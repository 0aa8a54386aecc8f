// The page without a signal: what was there at the last visit is shown again, and says that it is of then.
//
// Files whose names hold their digest are taken from here; pages and what a resident reads are asked for first. Nothing that
// staff read is kept, and nothing that is sent ever comes from here. What was read is shown again to the session that read
// it alone, and is gone once the service no longer shows it: a phone changes hands, and a ticket its readers.

const FILES = "files-1";
const READ = "read-2"; // of the first, whose answers were anybody's, nothing is left
const MOST_READ = 60; // answers; the oldest go
const NAMED_BY_DIGEST = /\/s\/(app|part)-[\w-]{8}\.(js|css)$/;
const OF_RESIDENTS = /\/api\/(points|places|tickets|inbox|photos)(\/|$)/;
const GONE = [401, 403, 404, 410];
const FORGET = /\/api\/me\/forget$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => event.waitUntil(keepWhatCame(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && FORGET.test(pathname)) event.waitUntil(caches.delete(READ));
  if (request.method !== "GET") return;
  if (NAMED_BY_DIGEST.test(pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(fresh(request, FILES));
  else if (OF_RESIDENTS.test(pathname) && !/\/staff\//.test(pathname) && !ofStaff(request))
    event.respondWith(fresh(request, READ));
});

/** What staff ask for says so, also where residents ask by the same address. */
function ofStaff(request) {
  return request.headers.get("Cache-Control") === "no-store";
}

async function begin() {
  for (const name of await caches.keys()) if (name !== FILES && name !== READ) await caches.delete(name);
  await self.clients.claim();
}

/** The page that asked for this worker, and its files: they came before it could keep them, and the next reload may be without a
 *  signal. */
async function keepWhatCame({ page, files }) {
  const named = files.filter((file) => NAMED_BY_DIGEST.test(new URL(file).pathname));
  await Promise.all([fresh(new Request(page), FILES), ...named.map((file) => kept(new Request(file)))]);
}

async function kept(request) {
  const files = await caches.open(FILES);
  const found = await files.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await files.put(request, answer.clone());
  return answer;
}

/** As it is now; without an answer as it was, with the time of then in a header. */
async function fresh(request, name) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(request);
    if (answer.ok) await keep(cache, request, answer.clone());
    else if (GONE.includes(answer.status)) await cache.delete(request, { ignoreVary: true });
    return answer;
  } catch (fault) {
    const found = await cache.match(request);
    if (found) return found;
    throw fault;
  }
}

async function keep(cache, request, answer) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  headers.set("Vary", "Authorization"); // and nothing else: another language or coding is the same page
  const body = await answer.blob();
  await cache.put(request, new Response(body, { status: answer.status, headers }));
  const known = await cache.keys();
  for (const old of known.slice(0, Math.max(0, known.length - MOST_READ))) await cache.delete(old);
}
