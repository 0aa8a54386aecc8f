// What stays on the phone (wx storage), by name. A full or broken storage loses the convenience, never the act in hand.

/** What lies there under this name; `fallback` where nothing does.
 *  @param {string} name
 *  @param {unknown} fallback
 *  @returns {any} */
function get(name, fallback) {
  try {
    const value = wx.getStorageSync(name);
    return value === '' || value === undefined || value === null ? fallback : value;
  } catch (broken) {
    return fallback;
  }
}

/** Whether it could be kept.
 *  @param {string} name
 *  @param {unknown} value */
function set(name, value) {
  try {
    wx.setStorageSync(name, value);
    return true;
  } catch (full) {
    return false;
  }
}

/** @param {string} name */
function remove(name) {
  try {
    wx.removeStorageSync(name);
  } catch (broken) {
    set(name, '');
  }
}

module.exports = { get, set, remove };
