// What someone is typing, kept under a name until it is sent. A draft survives a dead battery; it is forgotten after a week.

const kept = require('./kept.js');
const time = require('./time.js');

const LIFE = 7 * 24 * 60 * 60 * 1000; // milliseconds

/** @param {string} name
 *  @returns {Record<string, any>} */
function read(name) {
  const draft = kept.get('draft.' + name, null);
  return draft && time.now() - draft.at <= LIFE ? draft.fields : {};
}

/** Whether it could be kept.
 *  @param {string} name
 *  @param {Record<string, unknown>} fields */
function write(name, fields) {
  return kept.set('draft.' + name, { at: time.now(), fields: fields });
}

/** @param {string} name */
function clear(name) {
  kept.remove('draft.' + name);
}

module.exports = { read, write, clear };
