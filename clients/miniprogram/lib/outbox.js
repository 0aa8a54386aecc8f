// Acts of staff and of volunteers on their way: kept on the phone with their photos, sent once each, in order, when there is a
// signal.

const alarm = require('./alarm.js');
const api = require('./api.js');
const drafts = require('./drafts.js');
const failures = require('./failures.js');
const kept = require('./kept.js');
const once = require('./once.js');
const photos = require('./photos.js');
const sessions = require('./sessions.js');
const time = require('./time.js');

const NO_SIGNAL = '没有信号。已保存在手机上，有信号后自动发送';
const LOST = '这张工单已不在您手里（可能改派、并案或撤回了）';
const BOX = 'outbox';
const RESIDENT = 'resident'; // who sends without being staff: a volunteer
/** @type {Promise<Record<string, Result<any>>> | null} */
let sending = null;
let inHand = ''; // what its sender still looks at: a refusal is read there
/** @type {(() => void)[]} */
let listeners = [];

/** Everything of the person signed in, and of the volunteer whose phone it is, oldest first. A photo with `as` goes under that name of
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

/** What the server refused after its sender had gone on. */
function refused() {
  return list().filter((entry) => entry.state === 'refused');
}

/** Keep an act. `version` goes with the first of a ticket only: those after it follow on what this phone did itself.
 *  The entry's id is its Idempotency-Key.
 *  @param {Queued<string, any>} act
 *  @returns {Entry | null} */
function put(act) {
  const me = sessions.staff();
  const isFirst = !list().some((entry) => entry.ticketId && entry.ticketId === act.ticketId);
  const body = Object.assign({}, act.body, isFirst && act.version ? { version: act.version } : {});
  /** @type {Entry} */
  const entry = {
    id: once.fresh(),
    who: act.who || 'staff',
    by: act.who === RESIDENT ? RESIDENT : me ? me.code : '',
    at: time.now(),
    path: act.path,
    body: body,
    photos: act.photos || [],
    title: act.title,
    ticketId: act.ticketId || '',
    where: act.where || '',
    station: act.station || '',
    act: act.act || '',
    filled: act.filled || {},
    state: 'waiting',
    message: '',
  };
  if (!kept.set(BOX, everything().concat([entry]))) return null;
  tell();
  return entry;
}

/** Keep and send at once: { state: 'sent' | 'waiting' | 'refused', message, answer }. A refused one is not kept: the
 *  form that it came from still has what was typed.
 *  @template {string} Path
 *  @template Body
 *  @param {Queued<Path, Body> & Fits<'POST', Path, Body>} act
 *  @returns {Promise<Result<Responds<'POST', Path>>>} */
function send(act) {
  const entry = put(act);
  if (!entry) return Promise.resolve({ state: 'refused', message: '手机存储已满，请先清理一些空间再操作' });
  inHand = entry.id;
  return flush().then((results) => {
    inHand = '';
    const result = results[entry.id] || { state: 'waiting', message: '' };
    if (result.state === 'refused') drop(entry.id, true);
    return result;
  });
}

/** What to tell the person whose act waits: why, and that it goes by itself.
 *  @param {Pick<Result, 'failure'>} result */
function waitsBecause(result) {
  const status = result.failure ? result.failure.status : 0;
  if (status === 401) return '登录已失效。已保存在手机上，请重新登录，登录后自动发送';
  if (status > 0) return '系统正忙。已保存在手机上，稍后自动发送';
  return NO_SIGNAL;
}

/** Send what waits. Stops at the first passing failure, since the others would meet it too. Answers a result per entry id.
 *  @returns {Promise<Record<string, Result<any>>>} */
function flush() {
  if (sending) return sending.then(() => flush());
  sending = sendAll({}).then(
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
 *  @returns {Promise<Record<string, Result<any>>>} */
function sendAll(results) {
  const entry = list().find((each) => each.state === 'waiting' && !results[each.id]);
  if (!entry) return Promise.resolve(results);
  return sendOne(entry).then(
    (answer) => {
      drop(entry.id);
      results[entry.id] = { state: 'sent', message: '', answer: answer };
      return sendAll(results);
    },
    (failure) => {
      if (failures.isPassing(failure) || failure.status === 401) {
        change(entry.id, { message: waitsBecause({ failure: failure }) });
        results[entry.id] = { state: 'waiting', message: failure.message, failure: failure };
        return results;
      }
      if (entry.id !== inHand) alarm.buzz();
      const message = whyRefused(entry, failure);
      change(entry.id, { state: 'refused', message: message });
      results[entry.id] = { state: 'refused', message: message, failure: failure };
      return sendAll(results);
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
  return photos.uploadAndSend(
    entry.photos,
    who,
    (all) => change(entry.id, { photos: all }),
    (all) => {
      const path = /** @type {Offered<any>} */ (entry.path); // checked as it was put here
      return api.ask({ who: who, method: 'POST', path: path, body: withPhotos(entry.body, all), key: entry.id });
    }
  );
}

/** @param {Record<string, any>} body
 *  @param {Photo[]} all */
function withPhotos(body, all) {
  return all.reduce((made, photo) => {
    const name = photo.as || 'photos';
    return Object.assign({}, made, { [name]: (made[name] || []).concat([photo.id]) });
  }, body);
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
  if (entry && !keepPhotos) photos.discard(entry.photos);
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

/** Be told whenever the box changes; answers the way to stop.
 *  @param {() => void} listener */
function watch(listener) {
  listeners = listeners.concat([listener]);
  return () => {
    listeners = listeners.filter((each) => each !== listener);
  };
}

function tell() {
  listeners.forEach((listener) => listener());
}

module.exports = { NO_SIGNAL, LOST, list, queued, refused, reopen, send, waitsBecause, flush, again, drop, watch };
