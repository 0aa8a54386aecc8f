// What pick lists need (units, reasons): fetched when the town's version has changed, else as kept on the phone.

const api = require('./api.js');
const kept = require('./kept.js');

const NAME = 'directory';

/** The directory; without a signal the one that is kept. Rejects with a failure when there is none at all.
 *  @returns {Promise<Schemas['Directory'] & { etag: string }>} */
function read() {
  const known = kept.get(NAME, null);
  return api.ask({ who: 'staff', path: '/staff/directory', etag: known ? known.etag : '' }).then(
    (fresh) => {
      if (fresh) kept.set(NAME, fresh);
      return fresh || known;
    },
    (failure) => {
      if (known) return known;
      throw failure;
    }
  );
}

module.exports = { read };
