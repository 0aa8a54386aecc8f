// Instants in the town's time (UTC+8, whatever the phone is set to), counted by the server's clock as far as it is known.

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let ahead = 0; // milliseconds by which the server's clock is ahead of the phone's

/** `date`: the Date header of an answer. A phone's clock is often minutes off, and a countdown must not be.
 *  @param {string} date */
function heardFrom(date) {
  const theirs = Date.parse(date || '');
  if (!isNaN(theirs)) ahead = Math.abs(theirs - Date.now()) < 2000 ? 0 : theirs - Date.now();
}

/** Milliseconds since 1970, by the server's clock. */
function now() {
  return Date.now() + ahead;
}

/** How long until `due` (ISO 8601): { ms, text, tone }. At the due instant itself it is still in time. `rings`: when the ladder
 *  of that clock rings, in order; from the first on it is soon.
 *  @param {string} due
 *  @param {number} at
 *  @param {string[]} rings */
function left(due, at, rings) {
  const ms = Date.parse(due) - at;
  if (isNaN(ms)) return { ms: 0, text: '', tone: '' };
  if (ms < 0) return { ms: ms, text: '已超时 ' + length(-ms), tone: 'late' };
  return { ms: ms, text: '还剩 ' + length(ms), tone: Date.parse(rings[0]) <= at ? 'soon' : 'calm' };
}

/** A length in milliseconds as people say it: 2天3小时, 1小时05分, 4分08秒.
 *  @param {number} ms */
function length(ms) {
  if (ms >= DAY) return Math.floor(ms / DAY) + '天' + Math.floor((ms % DAY) / HOUR) + '小时';
  if (ms >= HOUR) return Math.floor(ms / HOUR) + '小时' + two(Math.floor((ms % HOUR) / MINUTE)) + '分';
  return Math.floor(ms / MINUTE) + '分' + two(Math.floor((ms % MINUTE) / 1000)) + '秒';
}

/** 今天 18:00, 昨天, 明天, 11月22日 18:00, and with the year when it is another one: the words of the server's sentences.
 *  @param {string} instant
 *  @param {number} [at]
 *  @returns {string} */
function day(instant, at) {
  const then = parts(Date.parse(instant));
  return then ? dayOf(then, at) + ' ' + two(then.hour) + ':' + two(then.minute) : '';
}

/** The same of a day alone, 2026-11-22.
 *  @param {string} on
 *  @param {number} [at]
 *  @returns {string} */
function date(on, at) {
  const then = parts(Date.parse(on + 'T12:00:00+08:00'));
  return then ? dayOf(then, at) : '';
}

/** 2026年11月22日, of what was made long ago or is read long after.
 *  @param {string} on */
function written(on) {
  const then = parts(Date.parse(on + 'T12:00:00+08:00'));
  return then ? then.year + '年' + then.month + '月' + then.day + '日' : '';
}

/** @param {NonNullable<ReturnType<typeof parts>>} then
 *  @param {number} [at] */
function dayOf(then, at) {
  const here = at === undefined ? now() : at;
  const near = [-1, 0, 1].filter((days) => parts(here + days * DAY).date === then.date);
  if (near.length) return ['昨天', '今天', '明天'][near[0] + 1];
  const date = then.month + '月' + then.day + '日';
  return parts(here).year === then.year ? date : then.year + '年' + date;
}

/** @param {number} ms */
function parts(ms) {
  if (isNaN(ms)) return null;
  const shifted = new Date(ms + 8 * HOUR);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    date: shifted.toISOString().slice(0, 10),
  };
}

/** @param {number} number */
function two(number) {
  return number < 10 ? '0' + number : String(number);
}

module.exports = { heardFrom, now, left, length, day, date, written };
