// What staff last saw (queues, opened tickets), for the stairwell without a signal. The latest few only, and gone at sign-out.

const kept = require('./kept.js');
const time = require('./time.js');

const SHELF = 'seen';
const MOST = 20;

/** { value, at } as last seen, or null. */
function recall(name) {
  return kept.get(SHELF, []).find((each) => each.name === name) || null;
}

function remember(name, value) {
  const others = kept.get(SHELF, []).filter((each) => each.name !== name);
  kept.set(SHELF, [{ name: name, value: value, at: time.now() }].concat(others).slice(0, MOST));
}

function forget() {
  kept.remove(SHELF);
}

module.exports = { recall, remember, forget };
