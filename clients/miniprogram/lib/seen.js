// What staff last saw (queues, tickets), for the stairwell without a signal. The latest few only, for three days, and gone at
// sign-out: they hold residents' words.

const kept = require('./kept.js');
const time = require('./time.js');

const SHELF = 'seen'; // [{ name, at, mark }], the newest first; what was seen lies under a name of its own
const MOST = 30;
const LIFE = 3 * 24 * 3600 * 1000; // milliseconds

/** @param {string} name */
const placeOf = (name) => SHELF + '.' + name;

/** { value, at } as last seen, or null.
 *  @template {string} Name
 *  @param {Name} name
 *  @returns {{ value: Seen<Name>, at: number } | null} */
function recall(name) {
  const entry = shelf().find((each) => each.name === name);
  const value = entry ? kept.get(placeOf(name), null) : null;
  return value ? { value: value, at: entry.at } : null;
}

/** What the thing was marked with when it was seen; '' when it was not.
 *  @param {string} name
 *  @returns {string} */
function markOf(name) {
  const entry = shelf().find((each) => each.name === name);
  return (entry && entry.mark) || '';
}

/** `mark`: by what to know that it has changed; without one the mark stays.
 *  @template {string} Name
 *  @param {Name} name
 *  @param {Seen<Name>} value
 *  @param {string} [mark] */
function remember(name, value, mark) {
  const all = shelf();
  /** @type {{ name: string, at: number, mark: string }} */
  const entry = { name: name, at: time.now(), mark: mark === undefined ? markOf(name) : mark };
  const others = all.filter((each) => each.name !== name);
  if (!kept.set(placeOf(name), value)) return;
  others.slice(MOST - 1).forEach(clear);
  kept.set(SHELF, [entry].concat(others.slice(0, MOST - 1)));
}

/** @typedef {{ name: string, at: number, mark: string }} OnShelf */

/** What is not too old; the rest goes.
 *  @returns {OnShelf[]} */
function shelf() {
  /** @type {OnShelf[]} */
  const all = kept.get(SHELF, []);
  const young = all.filter((each) => time.now() - each.at <= LIFE);
  if (young.length < all.length) {
    all.filter((each) => young.indexOf(each) < 0).forEach(clear);
    kept.set(SHELF, young);
  }
  return young;
}

/** @param {{ name: string }} entry */
function clear(entry) {
  kept.remove(placeOf(entry.name));
}

/** What may not be seen any more.
 *  @param {string} name */
function drop(name) {
  clear({ name: name });
  kept.set(
    SHELF,
    shelf().filter((each) => each.name !== name)
  );
}

function forget() {
  kept.get(SHELF, []).forEach(clear);
  kept.remove(SHELF);
}

module.exports = { recall, markOf, remember, drop, forget };
