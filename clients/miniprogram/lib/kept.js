// What stays on the phone (wx storage), by name. A full or broken storage loses the convenience, never the act in hand.

function get(name, fallback) {
  try {
    const value = wx.getStorageSync(name);
    return value === '' || value === undefined || value === null ? fallback : value;
  } catch (broken) {
    return fallback;
  }
}

/** Whether it could be kept. */
function set(name, value) {
  try {
    wx.setStorageSync(name, value);
    return true;
  } catch (full) {
    return false;
  }
}

function remove(name) {
  try {
    wx.removeStorageSync(name);
  } catch (broken) {
    set(name, '');
  }
}

module.exports = { get, set, remove };
