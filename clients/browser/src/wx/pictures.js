// wx.chooseMedia, previewImage, scanCode.

import { Fault, call } from "./calls.js";
import { element, open } from "./dialogs.js";

const MOST = 20; // photos chosen at once
const LONGEST_SIDE = 1920; // px of a compressed photo
const GOOD_ENOUGH = 1024 * 1024; // bytes; a smaller photo is left as it is

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

  const previewImage = call("previewImage", async ({ current, urls }) => {
    const box = element("dialog", "wx-preview");
    const picture = box.appendChild(element("img", "wx-preview__picture"));
    const foot = box.appendChild(element("div", "wx-preview__foot"));
    let at = Math.max(0, urls.indexOf(current));
    const show = async (step) => {
      at = (at + step + urls.length) % urls.length;
      picture.alt = `第 ${at + 1} 张，共 ${urls.length} 张`;
      picture.src = await files.address(urls[at]);
    };
    const button = (text, act) =>
      foot.appendChild(element("button", "wx-preview__button", text)).addEventListener("click", act);
    if (urls.length > 1) button("上一张", () => show(-1));
    button("关闭", () => box.remove());
    if (urls.length > 1) button("下一张", () => show(1));
    box.addEventListener("close", () => box.remove());
    root.append(box);
    open(box);
    await show(0);
  });

  /** A photo of the code, where the browser can read one; else the number that is printed under it. */
  const scanCode = call("scanCode", async () => {
    const canRead = "BarcodeDetector" in window;
    const extra = canRead ? [{ text: "拍码识别", act: readPhoto }] : [];
    const answer = await ask({
      title: "输入码牌上的编号",
      placeholderText: "编号印在二维码下面，七位",
      editable: true,
      extra,
    });
    if (!answer.confirm || !answer.content.trim()) throw new Fault("cancel");
    return { result: answer.content.trim(), scanType: "QR_CODE", charSet: "UTF-8" };
  });

  return { chooseMedia, previewImage, scanCode };
}

async function readPhoto() {
  const [photo] = await choose({ capture: true });
  if (!photo) return "";
  const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(photo));
  return found.length ? found[0].rawValue : "";
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

/** A photo small enough for a phone's connection; as it is where the browser cannot make it smaller. */
async function compressed(photo) {
  if (photo.size <= GOOD_ENOUGH || typeof createImageBitmap === "undefined") return photo;
  try {
    const drawn = await createImageBitmap(photo);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return made && made.size < photo.size ? made : photo;
  } catch {
    return photo;
  }
}
