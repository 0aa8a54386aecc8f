// wx.*StorageSync on localStorage, with WeChat's limits.

const PREFIX = "mslj:";
const MOST_OF_ONE = 1024 * 1024; // bytes
const MOST = 10 * 1024 * 1024;

const bytes = (text) => new TextEncoder().encode(text).length;

export const storage = {
  getStorageSync(key) {
    const kept = localStorage.getItem(PREFIX + key);
    return kept === null ? "" : JSON.parse(kept).data;
  },

  setStorageSync(key, data) {
    if (typeof key !== "string") throw new Error("setStorageSync:fail parameter error: key should be String");
    const kept = JSON.stringify({ data });
    if (bytes(kept) > MOST_OF_ONE) throw new Error("setStorageSync:fail entry size limit reached");
    if (used(key) + bytes(kept) > MOST) throw new Error("setStorageSync:fail storage limit exceeded");
    localStorage.setItem(PREFIX + key, kept);
  },

  removeStorageSync(key) {
    localStorage.removeItem(PREFIX + key);
  },
};

/** Bytes of everything kept but for `key`. */
function used(key) {
  return Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX) && name !== PREFIX + key)
    .reduce((sum, name) => sum + bytes(localStorage.getItem(name)), 0);
}
