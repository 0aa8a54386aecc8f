// The signal is back: pages that show what was last seen look again.

/** @type {(() => void)[]} */
let listeners = [];

function back() {
  listeners.forEach((listener) => listener());
}

/** Be told when the signal returns; answers the way to stop.
 *  @param {() => void} listener */
function watch(listener) {
  listeners = listeners.concat([listener]);
  return () => {
    listeners = listeners.filter((each) => each !== listener);
  };
}

let keptAt = '';
/** @type {((keptAt: string) => void)[]} */
let looking = [];

/** An answer came: as it is now, or, without a signal, as a browser kept it at `at` (ISO 8601; '' for now).
 *  @param {string} at */
function answered(at) {
  if (at === keptAt) return;
  keptAt = at;
  looking.forEach((listener) => listener(keptAt));
}

/** Be told since when what is shown is kept, '' for fresh; answers the way to stop.
 *  @param {(keptAt: string) => void} listener */
function watchAge(listener) {
  looking = looking.concat([listener]);
  listener(keptAt);
  return () => {
    looking = looking.filter((each) => each !== listener);
  };
}

module.exports = { back, watch, answered, watchAge };
