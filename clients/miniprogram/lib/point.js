// The page of a point (place, station, emergency numbers, categories, open matters), kept so that the form opens at once.

const api = require('./api.js');
const kept = require('./kept.js');
const signal = require('./signal.js');
const time = require('./time.js');

const NAME = 'point';
const NOWHERE = '0'; // no code was scanned: the answer still has the station, the numbers and the categories

/** What is shown at the point with this code ('' for none); without a signal as it was last, which the page says then (signal.js).
 *  Rejects with a failure.
 *  @param {string} code
 *  @returns {Promise<Schemas['PointPage']>} */
function load(code) {
  return api.ask({ who: '', path: `/api/points/${api.part(code || NOWHERE)}` }).then(
    (page) => {
      const shown = code ? page : Object.assign({}, page, { message: '' });
      kept.set(NAME, { code: code, page: shown, at: time.now() });
      return shown;
    },
    (/** @type {Failure} */ failure) => {
      const known = kept.get(NAME, null);
      if (failure.status !== 0 || !known || known.code !== code || !known.at) throw failure;
      signal.answered(new Date(known.at).toISOString());
      return known.page;
    }
  );
}

/** As last loaded, if it was this code's; else null.
 *  @returns {Schemas['PointPage'] | null}
 *  @param {string} code */
function recall(code) {
  const known = kept.get(NAME, null);
  return known && known.code === code ? known.page : null;
}

module.exports = { load, recall };
