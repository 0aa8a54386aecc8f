// Photos shown large, made smaller before they are sent, and read for the code that is on them.

import { Fault } from "./calls.js";
import { element, open } from "./dialogs.js";

const LONGEST_SIDE = 1920; // px of a compressed photo

export async function preview(root, files, { current, urls }) {
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
}

/** As it is where the browser cannot make it smaller. */
export async function smaller(photo) {
  if (typeof createImageBitmap === "undefined") return photo;
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

/** A photo of the code, where the browser can read one; else the number that is printed under it. */
export async function scan(ask, choose) {
  const canRead = "BarcodeDetector" in window;
  const extra = canRead ? [{ text: "拍码识别", act: () => readPhoto(choose) }] : [];
  const answer = await ask({
    title: "输入码牌上的编号",
    placeholderText: "编号印在二维码下面，七位",
    editable: true,
    extra,
  });
  if (!answer.confirm || !answer.content.trim()) throw new Fault("cancel");
  return { result: answer.content.trim(), scanType: "QR_CODE", charSet: "UTF-8" };
}

async function readPhoto(choose) {
  const [photo] = await choose({ capture: true });
  if (!photo) return "";
  const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(photo));
  return found.length ? found[0].rawValue : "";
}
