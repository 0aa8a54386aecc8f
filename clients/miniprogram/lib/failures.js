// What went wrong, as one object everywhere: { code, status, message, … }, its message a Chinese sentence that says what to do.

/** @type {Record<number, string>} */
const BY_STATUS = {
  401: '登录已失效，请重新登录；已填写的内容还在',
  403: '您的岗位不能这样做；如有疑问请联系工作站',
  404: '没有找到，可能已被移走，请刷新后再试',
  409: '内容已有变化，请刷新看看最新情况再操作',
  413: '照片太大，请换一张小一点的，或裁剪后再传',
  422: '填写的内容有误，请检查后再提交',
  429: '操作太频繁，请稍等一会儿再试',
};
const BUSY = '系统繁忙，您填写的内容已保存在手机上，请稍后再试；紧急情况请直接拨打电话';
const NO_SIGNAL = '现在没有信号。您填写的内容已保存在手机上，有信号后再点一次即可；紧急情况请直接拨打电话';
const BUSY_READING = '系统繁忙，现在打不开，请稍后再试；紧急情况请直接拨打电话';
const NOT_READ = '现在没有信号，这一页还没有存到手机上。有信号后会自动打开；紧急情况请直接拨打电话';
const READ_TOO_SLOW = '网络太慢，没有打开，请再试一次';
const TOO_SLOW = '网络太慢，没有等到回复。您填写的内容已保存，请再点一次，不会重复提交';

/** A failure of an answer: the server's own sentence where it gave one. `isRead`: nothing was to be done by it.
 *  @param {number} status
 *  @param {any} body
 *  @param {boolean} [isRead]
 *  @returns {Failure} */
function ofAnswer(status, body, isRead) {
  const given = body && typeof body === 'object' ? body : {};
  const known = BY_STATUS[status] || (isRead ? BUSY_READING : BUSY);
  let message = given.message || known;
  if (status === 429 && given.phone && message.indexOf(given.phone) < 0) message += '；着急请拨打 ' + given.phone;
  return Object.assign({}, given, { status: status, code: given.code || 'http_' + status, message: message });
}

/** A failure without an answer: `errMsg` as wx.request and wx.uploadFile give it.
 *  @param {string} errMsg
 *  @param {boolean} [isRead]
 *  @returns {Failure} */
function ofNetwork(errMsg, isRead) {
  const slow = /time(d)?\s?out/i.test(String(errMsg || ''));
  if (isRead)
    return { status: 0, code: slow ? 'too_slow' : 'no_signal', message: slow ? READ_TOO_SLOW : NOT_READ, isRead: true };
  return { status: 0, code: slow ? 'too_slow' : 'no_signal', message: slow ? TOO_SLOW : NO_SIGNAL };
}

/** A failure on the way to what was only to be read, in those words.
 *  @param {Failure} failure
 *  @returns {Failure} */
function ofReading(failure) {
  return failure.status === 0 ? ofNetwork(failure.code === 'too_slow' ? 'timeout' : '', true) : failure;
}

/** @param {string} code
 *  @param {string} message
 *  @returns {Failure} */
function own(code, message) {
  return { status: -1, code: code, message: message };
}

/** Whether the same thing may succeed later without anyone changing it: no answer, a busy server, a limit.
 *  @param {Failure} failure */
function isPassing(failure) {
  return failure.status === 0 || failure.status === 429 || failure.status >= 500;
}

module.exports = { ofAnswer, ofNetwork, ofReading, own, isPassing };
