// Idempotency keys: whatever is sent twice happens once. The same content keeps its key until it is known to be done.

/** A new key, hard to meet by chance: the moment and three random parts. Keys are scoped to their sender by the server. */
function fresh() {
  const part = () => Math.random().toString(36).slice(2, 10);
  return [Date.now().toString(36), part(), part(), part()].join('-');
}

/** The key to send `content` with: that of `last` ({ key, content }) while nothing changed, else a fresh one.
 *  @param {{ key: string, content: string } | null | undefined} last
 *  @param {unknown} content */
function keyFor(last, content) {
  const text = JSON.stringify(content);
  return last && last.content === text ? last : { key: fresh(), content: text };
}

module.exports = { fresh, keyFor };
