// A small table of blobs in IndexedDB; in memory where a browser has none (private windows of old ones, tests).

const TABLE = "files";

export function kept() {
  return typeof indexedDB === "undefined" ? inMemory() : inDatabase();
}

function inMemory() {
  const blobs = new Map();
  return {
    get: async (path) => blobs.get(path),
    set: async (path, blob) => void blobs.set(path, blob),
    remove: async (path) => void blobs.delete(path),
    size: async () => [...blobs.values()].reduce((sum, blob) => sum + blob.size, 0),
  };
}

function inDatabase() {
  let opened;
  const open = () => (opened ||= answered(opening()));
  const within = async (mode, work) => answered(work((await open()).transaction(TABLE, mode).objectStore(TABLE)));
  return {
    get: (path) => within("readonly", (table) => table.get(path)),
    set: (path, blob) => within("readwrite", (table) => table.put(blob, path)),
    remove: (path) => within("readwrite", (table) => table.delete(path)),
    size: async () => (await within("readonly", (table) => table.getAll())).reduce((sum, blob) => sum + blob.size, 0),
  };
}

function opening() {
  const request = indexedDB.open("mslj", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return request;
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
