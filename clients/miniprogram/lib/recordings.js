// 说: up to a minute of speech, kept in a file of ours until it is sent. A voice tells who speaks: nothing is recorded before
// its owner agreed, and it goes to the station alone.

const api = require('./api.js');
const failures = require('./failures.js');
const kept = require('./kept.js');
const photos = require('./photos.js');

const LONGEST = 60; // seconds
const SHORTEST = 1; // seconds: less is a slip of the finger
const AGREED = 'speak.agreed';
/** @type {Record<string, string>} */
const TYPES = {
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  m4a: 'audio/mp4',
  mp4: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
};
const ASKED =
  '录音只给本居民区的工作站听，由工作人员写成文字再办理，不会给别的单位。写成文字三十天后删除。不同意也可以写字、拍照或打电话';

/** @typedef {{ resolve: (made: Recording) => void, reject: (why: Failure) => void, begun: () => void }} Runs */

/** @type {WechatMiniprogram.RecorderManager | null} */
let manager = null;
/** @type {Runs | null} */
let waiting = null; // of the recording that runs

/** Whether its owner has agreed to be recorded; asked once, and nothing is recorded by the touch that asks. */
function isAgreed() {
  return kept.get(AGREED, false);
}

/** Ask for it, and for WeChat's own leave to use a microphone. Answers whether both were given now. */
function agree() {
  return asked().then((agreed) => {
    if (!agreed) return false;
    return photos.allowed().then(
      () => kept.set(AGREED, true),
      () => false
    );
  });
}

function asked() {
  return new Promise((resolve) => {
    wx.showModal({
      title: '用说的反映',
      content: ASKED,
      confirmText: '同意',
      cancelText: '不同意',
      success: (answer) => resolve(Boolean(answer.confirm)),
      fail: () => resolve(false),
    });
  });
}

/** Record until `stop` or for a minute: { path, size, seconds, type }, kept on the phone. `begun` is called once the
 *  microphone is open. Rejects with a failure.
 *  @param {() => void} begun
 *  @returns {Promise<Recording>} */
function start(begun) {
  return new Promise((resolve, reject) => {
    waiting = { resolve: resolve, reject: reject, begun: begun };
    recorder().start({
      duration: LONGEST * 1000,
      sampleRate: 16000,
      numberOfChannels: 1,
      encodeBitRate: 48000,
      format: 'mp3',
    });
  });
}

function stop() {
  if (manager) manager.stop();
}

function recorder() {
  if (manager) return manager;
  manager = wx.getRecorderManager();
  manager.onStart(() => waiting && waiting.begun());
  manager.onStop((made) => end((now) => finish(made, now)));
  manager.onError(() =>
    end((now) =>
      now.reject(failures.own('no_microphone', '打不开话筒，请在手机设置里允许使用话筒；也可以写字或打电话'))
    )
  );
  return manager;
}

/** @param {(now: Runs) => void} how */
function end(how) {
  const now = waiting;
  waiting = null;
  if (now) how(now);
}

/** @param {WechatMiniprogram.OnStopListenerResult} made
 *  @param {Runs} now */
function finish(made, now) {
  const seconds = Math.min(LONGEST, Math.round(made.duration / 1000));
  if (seconds < SHORTEST) {
    now.reject(failures.own('too_short', '没有听清。请按住按钮，说完再松手'));
    return;
  }
  const type = TYPES[made.tempFilePath.split('.').pop().toLowerCase()] || 'audio/webm';
  photos
    .keep({ path: made.tempFilePath, size: made.fileSize })
    .then((file) => now.resolve({ path: file.path, size: made.fileSize, seconds: seconds, type: type }));
}

/** Send it once: the same with its `id`. One that has an id is there already.
 *  @param {Recording | null} recording
 *  @returns {Promise<Recording | null>} */
function upload(recording) {
  if (!recording || recording.id) return Promise.resolve(recording);
  /** @type {Schemas['RecordingBody']} */
  const asked = { content_type: recording.type, size: recording.size, seconds: recording.seconds, agreed: true };
  return api
    .ask({ method: 'POST', path: '/api/recordings', body: asked })
    .then((form) => photos.post(form, recording).then(() => Object.assign({}, recording, { id: form.recording_id })));
}

module.exports = { isAgreed, agree, start, stop, upload, LONGEST };
