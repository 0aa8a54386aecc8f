// What is on its way, kept on the phone with its photos and sent once each, in order, when there is a signal: acts of staff, walks of
// volunteers, reports of residents.

const alarm = require('./alarm.js');
const api = require('./api.js');
const drafts = require('./drafts.js');
const failures = require('./failures.js');
const kept = require('./kept.js');
const once = require('./once.js');
const photos = require('./photos.js');
const recordings = require('./recordings.js');
const sessions = require('./sessions.js');
const time = require('./time.js');

const NO_SIGNAL = '没有信号。已保存在手机上，有信号后自动发送';
const LOST = '这张工单已不在您手里（可能改派、并案或撤回了）';
const BOX = 'outbox';
const RESIDENT = 'resident'; // who sends without being staff
const REPORT = '/api/tickets';
const FULL = '手机存储已满，没有存下来，也没有发出去。请先清理一些空间再提交；紧急情况请直接拨打电话';
/** @type {Promise<Record<string, Result<any>>> | null} */
let sending = null;
let inHand = ''; // what its sender still looks at: a refusal is read there
/** @type {((sent?: Entry, answer?: any) => void)[]} */
let listeners = [];

/** Everything of the person signed in, and of the resident whose phone it is, oldest first. A photo with `as` goes under that name of
 *  the body. `act` and `filled` are the act of a ticket and its form, to go on from and to mend.
 *  `state` is 'waiting', or 'refused' with the server's reason in `message`.
 *  @returns {Entry[]} */
function list() {
  const me = sessions.staff();
  return everything().filter((entry) => entry.who === RESIDENT || (me && entry.by === me.code));
}

/** @returns {Entry[]} */
function everything() {
  return kept.get(BOX, []);
}

/** The acts on a ticket that wait here, by name, in order.
 *  @param {string} ticketId */
function queued(ticketId) {
  return list()
    .filter((entry) => entry.ticketId === ticketId && entry.state === 'waiting' && entry.act)
    .map((entry) => entry.act);
}

/** The reports of this phone that have not arrived, oldest first. */
function reports() {
  return list().filter((entry) => entry.who === RESIDENT && entry.path === REPORT);
}

/** @param {string} id
 *  @returns {Entry | null} */
function find(id) {
  return everything().find((entry) => entry.id === id) || null;
}

/** What the server refused after its sender had gone on. */
function refused() {
  return list().filter((entry) => entry.state === 'refused');
}

/** An act as it is kept. `version` goes with the first of a ticket only: those after it follow on what this phone did itself.
 *  The entry's id is its Idempotency-Key.
 *  @param {Queued<string, any>} act
 *  @returns {Entry} */
function made(act) {
  const me = sessions.staff();
  const isFirst = !list().some((entry) => entry.ticketId && entry.ticketId === act.ticketId);
  const body = Object.assign({}, act.body, isFirst && act.version ? { version: act.version } : {});
  return {
    id: once.fresh(),
    who: act.who || 'staff',
    by: act.who === RESIDENT ? RESIDENT : me ? me.code : '',
    at: time.now(),
    path: act.path,
    body: body,
    photos: act.photos || [],
    recording: act.recording || null,
    title: act.title,
    ticketId: act.ticketId || '',
    where: act.where || '',
    station: act.station || '',
    act: act.act || '',
    filled: act.filled || {},
    state: 'waiting',
    message: '',
    fields: [],
  };
}

/** Keep and send at once: { id, state: 'sent' | 'waiting' | 'refused', message, answer }. A refused one is not kept: the
 *  form that it came from still has what was typed. What cannot be kept is sent all the same.
 *  @template {string} Path
 *  @template Body
 *  @param {Queued<Path, Body> & Fits<'POST', Path, Body>} act
 *  @returns {Promise<Result<Responds<'POST', Path>>>} */
function send(act) {
  const entry = made(act);
  if (!kept.set(BOX, everything().concat([entry]))) return sendUnkept(entry);
  tell();
  inHand = entry.id;
  return flush().then((results) => {
    inHand = '';
    const result = results[entry.id] || { state: 'waiting', message: '' };
    if (result.state === 'refused') drop(entry.id, true);
    return Object.assign({ id: entry.id }, result);
  });
}

/** @param {Entry} entry
 *  @returns {Promise<Result<any>>} */
function sendUnkept(entry) {
  return sendOne(entry).then(
    (answer) => ({ state: 'sent', message: '', answer: answer }),
    (failure) => ({
      state: 'refused',
      message: failure.status === 0 ? FULL : whyRefused(entry, failure),
      failure: failure,
    })
  );
}

/** What to tell the person whose act waits: why, and that it goes by itself.
 *  @param {Pick<Result, 'failure'>} result */
function waitsBecause(result) {
  const status = result.failure ? result.failure.status : 0;
  if (status === 401) return '登录已失效。已保存在手机上，请重新登录，登录后自动发送';
  if (status === 429) return result.failure.message + '。已保存在手机上，稍后自动发送';
  if (status > 0) return '系统正忙。已保存在手机上，稍后自动发送';
  return NO_SIGNAL;
}

/** Send what waits, of each sender up to the first passing failure, since the rest would meet it too: a session of staff that has
 *  ended holds up no resident's report. Answers a result per entry id.
 *  @returns {Promise<Record<string, Result<any>>>} */
function flush() {
  // what was put in while it runs may go with it: both know what became of it
  if (sending) return sending.then((before) => flush().then((results) => Object.assign({}, before, results)));
  sending = sendAll({}, []).then(
    (results) => {
      sending = null;
      return results;
    },
    (fault) => {
      sending = null;
      throw fault;
    }
  );
  return sending;
}

/** @param {Record<string, Result<any>>} results
 *  @param {string[]} held senders who cannot send now
 *  @returns {Promise<Record<string, Result<any>>>} */
function sendAll(results, held) {
  const entry = list().find((each) => each.state === 'waiting' && !results[each.id] && held.indexOf(each.who) < 0);
  if (!entry) return Promise.resolve(results);
  return sendOne(entry).then(
    (answer) => {
      results[entry.id] = { state: 'sent', message: '', answer: answer };
      tell(entry, answer);
      drop(entry.id);
      return sendAll(results, held);
    },
    (failure) => {
      if (failures.isPassing(failure) || failure.status === 401) {
        change(entry.id, { message: waitsBecause({ failure: failure }) });
        results[entry.id] = { state: 'waiting', message: failure.message, failure: failure };
        return failure.status === 0 ? results : sendAll(results, held.concat([entry.who]));
      }
      if (entry.id !== inHand) alarm.buzz();
      const message = whyRefused(entry, failure);
      change(entry.id, { state: 'refused', message: message, fields: failure.fields || [] });
      results[entry.id] = { state: 'refused', message: message, failure: failure };
      return sendAll(results, held);
    }
  );
}

/** In words that say what to do: a ticket that was in this hand and is not to be found was taken out of it.
 *  @param {Entry} entry
 *  @param {Failure} failure */
function whyRefused(entry, failure) {
  if (failure.status !== 404 || !entry.act) return failure.message;
  return LOST + '，这一项没有记上。已经做了的，请告诉' + (entry.station || '工作站');
}

/** @param {Entry} entry */
function sendOne(entry) {
  const who = entry.who || 'staff';
  return recordings.upload(entry.recording).then((recording) => {
    if (recording) change(entry.id, { recording: recording });
    const spoken = recording ? { recording: recording.id } : {};
    return photos.uploadAndSend(
      entry.photos,
      who,
      (all) => change(entry.id, { photos: all }),
      (all) => {
        const path = /** @type {Offered<any>} */ (entry.path); // checked as it was put here
        const body = Object.assign(withPhotos(entry.body, all), spoken);
        return api.ask({ who: who, method: 'POST', path: path, body: body, key: entry.id });
      }
    );
  });
}

/** @param {Record<string, any>} body
 *  @param {Photo[]} all */
function withPhotos(body, all) {
  return all.reduce(
    (whole, photo) => {
      const name = photo.as || 'photos';
      return Object.assign(whole, { [name]: (whole[name] || []).concat([photo.id]) });
    },
    Object.assign({}, body)
  );
}

/** Send a refused one again as it stands now, without the version it was made for, under a new key.
 *  @param {string} id
 *  @returns {Promise<Record<string, Result<any>>>} */
function again(id) {
  const entry = everything().find((each) => each.id === id);
  if (!entry) return Promise.resolve({});
  const body = Object.assign({}, entry.body);
  delete body.version;
  change(id, { id: once.fresh(), body: body, state: 'waiting', message: '' });
  return flush();
}

/** Back into its form, with what was typed and its photos, to be put right. Answers the entry, or null.
 *  @param {string} id */
function reopen(id) {
  const entry = everything().find((each) => each.id === id);
  if (!entry || !entry.act) return null;
  drafts.write('act.' + entry.ticketId + '.' + entry.act, { filled: entry.filled, photos: entry.photos });
  drop(id, true);
  return entry;
}

/** Give an entry up, with its photos; `keepPhotos` where a form still shows them.
 *  @param {string} id
 *  @param {boolean} [keepPhotos] */
function drop(id, keepPhotos) {
  const entry = everything().find((each) => each.id === id);
  kept.set(
    BOX,
    everything().filter((each) => each.id !== id)
  );
  if (entry && !keepPhotos) photos.discard(entry.photos.concat(entry.recording || []));
  tell();
}

/** @param {string} id
 *  @param {Partial<Entry>} fields */
function change(id, fields) {
  kept.set(
    BOX,
    everything().map((entry) => (entry.id === id ? Object.assign({}, entry, fields) : entry))
  );
  tell();
}

/** Be told whenever the box changes, and of what was sent with its answer; answers the way to stop.
 *  @param {(sent?: Entry, answer?: any) => void} listener */
function watch(listener) {
  listeners = listeners.concat([listener]);
  return () => {
    listeners = listeners.filter((each) => each !== listener);
  };
}

/** @param {Entry} [sent]
 *  @param {any} [answer] */
function tell(sent, answer) {
  listeners.forEach((listener) => listener(sent, answer));
}

module.exports = {
  NO_SIGNAL,
  LOST,
  list,
  reports,
  find,
  queued,
  refused,
  reopen,
  send,
  waitsBecause,
  flush,
  again,
  drop,
  watch,
};
