// The page of a point (place, station, emergency numbers, categories, open matters), kept so that the form opens at once.

const api = require('./api.js');
const kept = require('./kept.js');

const NAME = 'point';
const NOWHERE = '0'; // no code was scanned: the answer still has the station, the numbers and the categories

/** What is shown at the point with this code ('' for none). Rejects with a failure.
 *  @param {string} code */
function load(code) {
  return api
    .ask({ who: '', path: `/api/points/${api.part(code || NOWHERE)}` })
    .then((/** @type {Schemas['PointPage']} */ page) => {
      const shown = code ? page : Object.assign({}, page, { message: '' });
      kept.set(NAME, { code: code, page: shown });
      return shown;
    });
}

/** As last loaded, if it was this code's; else null.
 *  @returns {Schemas['PointPage'] | null}
 *  @param {string} code */
function recall(code) {
  const known = kept.get(NAME, null);
  return known && known.code === code ? known.page : null;
}

module.exports = { load, recall };
