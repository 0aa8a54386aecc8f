// The one way to the backend: every request of every page goes through `ask`.

const config = require('../config.js');
const failures = require('./failures.js');
const lanes = require('./lanes.js');
const sessions = require('./sessions.js');
const signal = require('./signal.js');
const time = require('./time.js');

const TIMEOUT = 15000; // milliseconds; twice that for whoever waits for an act is still under WeChat's 60 s

/** Asks as `who`: 'resident' (a session is made when there is none), 'staff', or '' for nobody. Answers the body.
 *  Rejects with a failure (failures.js). `key` is the Idempotency-Key of an act.
 *  @template {string} Path
 *  @template {string} [Method='GET']
 *  @template [Body=unknown]
 *  @param {Asked<Method, Path, Body> & Keyed<Method, Path> & Fits<Method, Path, Body>} request
 *  @returns {Promise<Responds<Method, Path>>} */
function ask(request) {
  const who = request.who === undefined ? 'resident' : request.who;
  return (who === 'resident' ? withResident(request) : once(request, who, sessions.token(who))).catch(
    (/** @type {Failure} */ failure) => {
      if (failure.status === 401 && who === 'staff') sessions.drop('staff', sessions.token('staff'));
      throw failure;
    }
  );
}

/** @param {Plain} request
 *  @returns {Promise<any>} */
function withResident(request) {
  return residentFor(request).then((token) =>
    once(request, 'resident', token).catch((failure) => {
      if (failure.status !== 401) throw failure;
      sessions.drop('resident', token); // it has ended; a new one, once
      return residentFor(request).then((fresh) => once(request, 'resident', fresh));
    })
  );
}

/** The session that a request needs; where none could be had for a page that only reads, nothing typed was kept.
 *  @param {Plain} request */
function residentFor(request) {
  return resident().catch((/** @type {Failure} */ failure) => {
    throw (request.method || 'GET') === 'GET' ? failures.ofReading(failure) : failure;
  });
}

/** @param {Plain} request
 *  @param {string} who
 *  @param {string} token
 *  @returns {Promise<any>} */
function once(request, who, token) {
  /** @type {Record<string, string>} */
  const header = { 'Content-Type': 'application/json' };
  if (token) header.Authorization = 'Bearer ' + token;
  if (who === 'staff') header['Cache-Control'] = 'no-store'; // a browser's worker keeps what residents read alone
  if (request.key) header['Idempotency-Key'] = request.key;
  if (request.etag) header['If-None-Match'] = request.etag;
  return lanes.run(() => send(request, header));
}

/** @param {Plain} request
 *  @param {Record<string, string>} header
 *  @returns {Promise<any>} */
function send(request, header) {
  return new Promise((resolve, reject) => {
    const method = /** @type {'GET' | 'POST'} */ (request.method || 'GET');
    wx.request({
      url: config.base + request.path + query(request.query || {}),
      method: method,
      data: method === 'GET' ? undefined : JSON.stringify(request.body || {}),
      header: header,
      timeout: TIMEOUT,
      success: (answer) => {
        const keptAt = headerOf(answer, 'x-kept-at');
        if (!keptAt) time.heardFrom(headerOf(answer, 'date'));
        signal.answered(keptAt);
        if (answer.statusCode === 304) resolve(null);
        else if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(tagged(answer));
        else reject(failures.ofAnswer(answer.statusCode, answer.data, method === 'GET'));
      },
      fail: (fault) => reject(failures.ofNetwork(fault.errMsg, method === 'GET')),
    });
  });
}

/** @param {WechatMiniprogram.RequestSuccessCallbackResult} answer */
function tagged(answer) {
  const etag = headerOf(answer, 'etag');
  return etag && answer.data && typeof answer.data === 'object'
    ? Object.assign({ etag: etag }, answer.data)
    : answer.data;
}

/** @param {{ header?: Record<string, string> }} answer
 *  @param {string} name */
function headerOf(answer, name) {
  const header = answer.header || {};
  const found = Object.keys(header).find((key) => key.toLowerCase() === name);
  return found ? header[found] : '';
}

/** @type {Promise<string> | null} */
let starting = null;

/** The resident's token; all who need one at the same moment share one sign-in. */
function resident() {
  const known = sessions.token('resident');
  if (known) return Promise.resolve(known);
  if (!starting) {
    starting = start().then(
      (token) => {
        starting = null;
        return token;
      },
      (failure) => {
        starting = null;
        throw failure;
      }
    );
  }
  return starting;
}

function start() {
  const body =
    config.channel === 'wechat'
      ? wechatCode().then((code) => ({ wechat_code: code }))
      : Promise.resolve({ channel: 'browser' });
  return body
    .then((given) => once({ method: 'POST', path: '/api/sessions', body: given }, '', ''))
    .then((answer) => {
      sessions.keepResident(answer.token);
      return answer.token;
    });
}

function wechatCode() {
  return new Promise((resolve, reject) => {
    wx.login({ success: (answer) => resolve(answer.code), fail: (fault) => reject(failures.ofNetwork(fault.errMsg)) });
  });
}

/** A part of a path: `/api/tickets/${part(id)}`.
 *  @param {string} value
 *  @returns {string} */
function part(value) {
  return encodeURIComponent(value);
}

/** ?a=1&b=2 of what is given; nothing for what is empty.
 *  @param {Record<string, any>} given */
function query(given) {
  const pairs = Object.keys(given).filter(
    (name) => given[name] !== undefined && given[name] !== null && given[name] !== ''
  );
  return pairs.length ? '?' + pairs.map((name) => name + '=' + encodeURIComponent(given[name])).join('&') : '';
}

module.exports = { ask, part, query, wechatCode };
