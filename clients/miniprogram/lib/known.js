// What the town's policy knowledge says to a question that is being typed.
const api = require('./api.js');

/** The one entry that answers `text`, or null, and whether it says danger; null when it cannot be asked, since nobody waits for it.
 *  @param {string} text */
function answering(text) {
  return api.ask({ method: 'POST', path: '/api/knowledge', body: { text: text } }).then(
    (found) => ({ entry: found.items[0] || null, danger: Boolean(found.danger) }),
    () => ({ entry: /** @type {null} */ (null), danger: false })
  );
}

/** It answered: counted, and no ticket.
 *  @param {string} code */
function answered(code) {
  return api.ask({ method: 'POST', path: '/api/knowledge/answered', body: { code: code } });
}

module.exports = { answering, answered };
