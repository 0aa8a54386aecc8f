// What a page says to whoever comes to it from an act: taken along on the phone, so that a reload does not say it again.
const kept = require('./kept.js');

const NAME = 'hello';

/** @param {string} id of the ticket that is opened next
 *  @param {'reported' | 'danger' | 'claimed' | 'joined' | 'rated'} what */
function leave(id, what) {
  kept.set(NAME, { id: id, what: what });
}

/** What was left for this ticket, '' for nothing; said once.
 *  @param {string} id */
function take(id) {
  const left = kept.get(NAME, null);
  if (!left || left.id !== id) return '';
  kept.remove(NAME);
  return left.what;
}

module.exports = { leave, take };
