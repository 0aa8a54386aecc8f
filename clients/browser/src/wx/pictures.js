// wx.chooseMedia, previewImage, scanCode.

import { Fault, call } from "./calls.js";

const MOST = 20; // photos chosen at once
const GOOD_ENOUGH = 1024 * 1024; // bytes; a smaller photo is left as it is

/** What nobody needs before a photo is there: a part of its own (start.js fetches it while the first page is looked at). */
export const drawing = () => import("./drawing.js");

export function pictures(root, files, ask) {
  const chooseMedia = call(
    "chooseMedia",
    async ({ count = 9, mediaType = ["image", "video"], sizeType = ["original", "compressed"] }) => {
      if (mediaType.some((kind) => kind !== "image"))
        throw new Fault("only mediaType image is done by the browser host");
      const chosen = (await choose({ multiple: count > 1 })).slice(0, Math.min(count, MOST));
      if (!chosen.length) throw new Fault("cancel");
      const made = sizeType.includes("compressed") ? await Promise.all(chosen.map(compressed)) : chosen;
      const tempFiles = made.map((blob) => ({ tempFilePath: files.add(blob), size: blob.size, fileType: "image" }));
      return { tempFiles, type: "image" };
    },
  );

  const previewImage = call("previewImage", async (given) => (await drawing()).preview(root, files, given));

  const scanCode = call("scanCode", async () => (await drawing()).scan(ask, choose));

  return { chooseMedia, previewImage, scanCode };
}

/** The files a person picks; none when the person thinks better of it. */
function choose({ multiple = false, capture = false }) {
  const field = document.createElement("input");
  field.type = "file";
  field.accept = "image/*";
  field.multiple = multiple;
  if (capture) field.setAttribute("capture", "environment");
  field.hidden = true;
  field.setAttribute("aria-hidden", "true");
  document.body.append(field);
  return new Promise((resolve) => {
    const end = () => {
      field.remove();
      resolve([...field.files]);
    };
    field.addEventListener("change", end);
    field.addEventListener("cancel", end);
    field.click();
  });
}

/** A photo small enough for a phone's connection; as it is where what makes it smaller cannot be fetched. */
async function compressed(photo) {
  if (photo.size <= GOOD_ENOUGH) return photo;
  return drawing().then(
    ({ smaller }) => smaller(photo),
    () => photo,
  );
}
