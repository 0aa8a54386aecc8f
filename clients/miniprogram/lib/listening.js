// What must be noticed on whatever page is open: something urgent has come, or somebody may be in danger. Asks what has
// changed every ten seconds where a member of staff is signed in; each ticket is heard and felt once, and stands above the
// page until it was looked at.

const alarm = require('./alarm.js');
const api = require('./api.js');
const kept = require('./kept.js');
const sessions = require('./sessions.js');
const time = require('./time.js');

const LOOK_AGAIN = 10; // seconds
const AFRESH = 5 * 60 * 1000; // milliseconds: a mark may get lost, so now and then everything is read whatever it says
const RUNG = 'rung'; // pressing tickets that this phone has rung for, the latest few
const MOST_RUNG = 50;

/** @typedef {Schemas['WatchedRow']} Row */

/** Tickets that rang since the app began and were not looked at yet.
 *  @type {string[]} */
let unseen = [];

/** What was heard last, whatever page asked: where nothing has changed since, the next page asks for nothing but that.
 *  @type {{ etag: string, at: number, rows: Row[] }} */
let last = { etag: '', at: 0, rows: [] };

/** It was looked at, or waved away.
 *  @param {string} id */
function see(id) {
  unseen = unseen.filter((each) => each !== id);
}

/** What somebody else heard who signed in here. */
function forget() {
  unseen = [];
  last = { etag: '', at: 0, rows: [] };
  kept.remove(RUNG);
}

/** Begin to listen. `changed`: something of this person's queues is another, also at the first look, heard or not; `pressing`:
 *  what rang and was not looked at. Answers `look`, at once what is asked every ten seconds, and `stop`.
 *  @param {{ changed: () => unknown, pressing: (rows: Row[]) => void }} on */
function start(on) {
  let isFirst = true;
  let isOver = false;

  function show() {
    if (!isOver) on.pressing(last.rows.filter((row) => unseen.indexOf(row.ticket_id) >= 0));
  }
  /** @param {(Schemas['Watched'] & { etag: string }) | null} watched */
  function heard(watched) {
    const wasFirst = isFirst;
    isFirst = false;
    if (isOver || (!watched && !wasFirst)) return;
    if (watched) {
      const rows = watched.items.filter((row) => row.number); // the server names what is pressing alone
      last = { etag: watched.etag, at: time.now(), rows: rows };
      ring(rows);
    }
    return Promise.resolve(on.changed()).then(show);
  }
  function unheard() {
    const wasFirst = isFirst;
    isFirst = false;
    if (wasFirst && !isOver) return on.changed();
  }
  function look() {
    if (!sessions.token('staff')) return Promise.resolve();
    const mark = time.now() - last.at < AFRESH ? last.etag : '';
    return api.ask({ who: 'staff', path: '/staff/watch', etag: mark }).then(heard, unheard);
  }

  const looking = setInterval(look, LOOK_AGAIN * 1000);
  look();
  return {
    look: look,
    show: show,
    stop() {
      isOver = true;
      clearInterval(looking);
    },
  };
}

/** Heard and felt once for each that has come, or has become pressing.
 *  @param {Row[]} rows */
function ring(rows) {
  const pressing = rows.map((row) => row.ticket_id);
  /** @type {string[]} */
  const known = kept.get(RUNG, []);
  const fresh = pressing.filter((id) => known.indexOf(id) < 0);
  const others = known.filter((id) => pressing.indexOf(id) < 0); // over by now
  if (!fresh.length) return;
  alarm.ring();
  unseen = fresh.concat(unseen);
  kept.set(RUNG, pressing.concat(others).slice(0, MOST_RUNG));
}

module.exports = { start, see, forget };
