// The code of a point (7 characters), from wherever it comes: a scanned URL, a mini-program code, or typed by hand.

const CODE = /^[0-9A-Za-z]{4,20}$/;

/** The code in a printed URL https://…/s/<code>, in a scene, or in what was typed; '' when there is none.
 *  @param {string | undefined} text */
function codeIn(text) {
  const given = decoded(String(text || '')).trim();
  const path = /\/s\/([0-9A-Za-z]+)/.exec(given);
  if (path) return path[1];
  const bare = given.replace(/[\s-]/g, '').replace(/^s=/, '');
  return CODE.test(bare) ? bare : '';
}

/** The code of a slip of the counter, in the URL that was scanned; '' when it is none.
 *  @param {string | undefined} text */
function slipIn(text) {
  const found = /[?&]slip=([0-9A-Z]+)/.exec(decoded(String(text || '')));
  return found ? found[1] : '';
}

/** From what a page is opened with: `q` (扫普通链接二维码), `scene` (小程序码), or `code` (our own links).
 *  @param {Record<string, string | undefined>} query */
function codeOf(query) {
  return codeIn(query.code) || codeIn(query.q) || codeIn(query.scene);
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (broken) {
    return text;
  }
}

/** Scan with the camera: { code, slip, seen }; `seen` without either is a code of somebody else, neither is a person who gave up. */
function scan() {
  return new Promise((resolve) => {
    wx.scanCode({
      onlyFromCamera: false,
      scanType: ['qrCode'],
      success: (found) =>
        resolve({ code: slipIn(found.result) ? '' : codeIn(found.result), slip: slipIn(found.result), seen: true }),
      fail: () => resolve({ code: '', slip: '', seen: false }),
    });
  });
}

module.exports = { codeIn, codeOf, slipIn, scan };
