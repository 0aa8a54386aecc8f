// Photos: chosen or taken, kept in a file of ours until they are sent, uploaded by a form that the backend signs.

const api = require('./api.js');
const failures = require('./failures.js');
const lanes = require('./lanes.js');

const MOST = 9; // of one report or act, as the backend takes
const MOST_BYTES = 10 * 1024 * 1024;
const TIMEOUT = 60000; // milliseconds, the most WeChat allows
/** @type {Record<string, string>} */
const TYPES = { png: 'image/png', webp: 'image/webp' };

/** Let the person choose up to `count` photos. Rejects with a failure; [] when nothing was chosen.
 *  @param {number} count
 *  @returns {Promise<Photo[]>} */
function choose(count) {
  return allowed()
    .then(() => pick(count))
    .then((files) => {
      if (files.some((file) => file.size > MOST_BYTES)) throw failures.ofAnswer(413, null);
      return Promise.all(files.map(keep));
    });
}

/** WeChat shows the town's privacy guide once and goes on when it is agreed to. */
function allowed() {
  if (!wx.requirePrivacyAuthorize) return Promise.resolve(); // before base library 2.32.3 WeChat asks by itself
  return new Promise((resolve, reject) => {
    wx.requirePrivacyAuthorize({
      success: () => resolve(undefined),
      fail: () => reject(failures.own('not_agreed', '未同意隐私指引，不能拍照、录音；写字也可以提交')),
    });
  });
}

/** @param {number} count
 *  @returns {Promise<{ path: string, size: number }[]>} */
function pick(count) {
  return new Promise((resolve, reject) => {
    wx.chooseMedia({
      count: count,
      mediaType: ['image'],
      sourceType: ['album', 'camera'],
      sizeType: ['compressed'],
      success: (chosen) => resolve(chosen.tempFiles.map((file) => ({ path: file.tempFilePath, size: file.size }))),
      fail: (fault) => {
        if (/cancel/i.test(fault.errMsg)) resolve([]);
        else reject(failures.own('no_camera', '打不开相机或相册，请在手机设置里允许微信使用，再试一次'));
      },
    });
  });
}

/** A chosen file is temporary; a saved one is still there tomorrow. When the phone is full the temporary one is used.
 *  @param {{ path: string, size: number }} file
 *  @returns {Promise<Photo>} */
function keep(file) {
  const type = TYPES[file.path.split('.').pop().toLowerCase()] || 'image/jpeg';
  return new Promise((resolve) => {
    wx.getFileSystemManager().saveFile({
      tempFilePath: file.path,
      success: (saved) => resolve({ path: saved.savedFilePath, size: file.size, type: type }),
      fail: () => resolve({ path: file.path, size: file.size, type: type }),
    });
  });
}

/** Upload those that have no `id` yet, one after the other; `done` is called after each, so that no photo goes twice.
 *  @param {Photo[]} photos
 *  @param {string} who
 *  @param {(all: Photo[]) => void} done
 *  @returns {Promise<Photo[]>} */
function uploadAll(photos, who, done) {
  return photos.reduce(
    (before, photo, n) =>
      before.then((sent) =>
        (photo.id ? Promise.resolve(photo) : upload(photo, who)).then((now) => {
          const all = sent.concat([now]);
          if (!photo.id) done(all.concat(photos.slice(n + 1)));
          return all;
        })
      ),
    Promise.resolve(/** @type {Photo[]} */ ([]))
  );
}

/**
 * Upload, then send what they belong to by `ask`, which is given them all. Photos of a session that has ended since are nobody's
 * for the next one: they are uploaded again, once, from the phone, which still has them.
 *
 * @template Answer
 * @param {Photo[]} photos
 * @param {string} who
 * @param {(all: Photo[]) => void} done
 * @param {(all: Photo[]) => Promise<Answer>} ask
 * @returns {Promise<Answer>}
 */
function uploadAndSend(photos, who, done, ask) {
  return uploadAll(photos, who, done).then((all) =>
    ask(all).catch((failure) => {
      if (!areOthers(failure) || !all.length) throw failure;
      const anew = all.map((photo) => Object.assign({}, photo, { id: undefined }));
      return uploadAll(anew, who, done).then(ask);
    })
  );
}

/** @param {Failure} failure */
function areOthers(failure) {
  return failure.code === 'not_yours' && (failure.fields || []).indexOf('photos') >= 0;
}

/** @param {Photo} photo
 *  @param {string} who
 *  @returns {Promise<Photo>} */
function upload(photo, who) {
  const asked = { content_type: photo.type, size: photo.size };
  return api
    .ask({ who: who, method: 'POST', path: '/api/uploads', body: asked })
    .then((/** @type {Schemas['UploadForm']} */ form) =>
      lanes.run(() => post(form, photo)).then(() => Object.assign({}, photo, { id: form.photo_id }))
    );
}

/** @param {Pick<Schemas['UploadForm'], 'url' | 'fields'>} form
 *  @param {{ path: string }} photo */
function post(form, photo) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: form.url,
      filePath: photo.path,
      name: 'file',
      formData: form.fields,
      timeout: TIMEOUT,
      success: (answer) => {
        if (answer.statusCode >= 200 && answer.statusCode < 300) resolve(undefined);
        else reject(failures.ofAnswer(/EntityTooLarge/.test(String(answer.data)) ? 413 : answer.statusCode, null));
      },
      fail: (fault) =>
        reject(
          /no such file|not exist|not found/i.test(fault.errMsg || '') ? gone() : failures.ofNetwork(fault.errMsg)
        ),
    });
  });
}

function gone() {
  return failures.own('photo_gone', '手机上已找不到这张照片，请删掉它重新选一张');
}

/** Remove files that are no longer needed.
 *  @param {{ path: string }[]} photos */
function discard(photos) {
  photos.forEach((photo) => wx.getFileSystemManager().removeSavedFile({ filePath: photo.path, fail: () => {} }));
}

/** A link to a photo of a ticket, good for five minutes. A photo just uploaded is asked for again a few times.
 *  @param {string} id
 *  @param {string} ticketId
 *  @param {string} who
 *  @param {boolean} thumbnail
 *  @param {number} [tries]
 *  @returns {Promise<string>} */
function link(id, ticketId, who, thumbnail, tries) {
  const rest = tries === undefined ? 4 : tries;
  /** @type {Asks<'GET', '/api/photos/{}'>} */
  const query = { ticket_id: ticketId, size: thumbnail ? 'thumb' : undefined };
  return api.ask({ who: who, path: `/api/photos/${api.part(id)}`, query: query }).then(
    (answer) => answer.url,
    (failure) => {
      if (failure.code !== 'not_ready' || rest <= 0) throw failure;
      return new Promise((resolve) => setTimeout(resolve, 3000)).then(() =>
        link(id, ticketId, who, thumbnail, rest - 1)
      );
    }
  );
}

module.exports = { allowed, choose, keep, post, uploadAndSend, discard, link, MOST };
