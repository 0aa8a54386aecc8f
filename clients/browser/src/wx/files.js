// Files of the mini-program: chosen ones live as long as the page, saved ones in the browser's database.

import { Fault, call } from "./calls.js";

const TEMPORARY = "wxfile://tmp/";
const SAVED = "wxfile://usr/";
const MOST = 200 * 1024 * 1024; // bytes of everything saved

/** `keep`: where saved files are, by path (kept.js). */
export function fileSystem(keep) {
  const temporary = new Map();
  const shown = new Map();

  const add = (blob) => {
    const path = `${TEMPORARY}${fresh()}.${kind(blob)}`;
    temporary.set(path, blob);
    return path;
  };
  const blob = async (path) => temporary.get(path) || (path.startsWith(SAVED) ? keep.get(path) : undefined);

  /** What an <img> can show: the address itself, or one made for a file of ours. */
  const address = async (path) => {
    if (!path.startsWith("wxfile://")) return path;
    if (!shown.has(path)) {
      const found = await blob(path);
      if (!found) return "";
      shown.set(path, URL.createObjectURL(found));
    }
    return shown.get(path);
  };

  const saveFile = call("saveFile", async ({ tempFilePath }) => {
    const found = temporary.get(tempFilePath);
    if (!found) throw new Fault(`tempFilePath file not exist: ${tempFilePath}`);
    if ((await keep.size()) + found.size > MOST)
      throw new Fault("the maximum size of the file storage limit is exceeded");
    const savedFilePath = tempFilePath.replace(TEMPORARY, SAVED);
    await keep.set(savedFilePath, found);
    return { savedFilePath };
  });

  const removeSavedFile = call("removeSavedFile", async ({ filePath }) => {
    if (!(await keep.get(filePath))) throw new Fault(`no such file or directory ${filePath}`);
    await keep.remove(filePath);
    if (shown.has(filePath)) URL.revokeObjectURL(shown.get(filePath));
    shown.delete(filePath);
  });

  return { add, blob, address, manager: { saveFile, removeSavedFile } };
}

// crypto.randomUUID is missing where a page came by plain http, as in a demonstration on the local network.
const fresh = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

const KINDS = {
  "image/png": "png",
  "image/webp": "webp",
  "audio/webm": "webm",
  "audio/mp4": "mp4",
  "audio/ogg": "ogg",
};
const kind = (blob) => KINDS[blob.type.split(";")[0]] || "jpg";
