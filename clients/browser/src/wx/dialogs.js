// wx.showModal, showToast, showLoading: the browser's own dialog, and one line that a screen reader reads out.

import { call } from "./calls.js";

export function dialogs(root) {
  const line = root.appendChild(element("div", "wx-toast"));
  line.setAttribute("role", "status");
  let timer;

  const say = (title, isBusy, milliseconds) => {
    clearTimeout(timer);
    line.textContent = title;
    line.classList.toggle("wx-toast_busy", isBusy);
    line.classList.toggle("wx-toast_shown", Boolean(title));
    if (milliseconds) timer = setTimeout(() => say("", false), milliseconds);
  };

  return {
    ask: (options) => ask(root, options),
    showModal: call("showModal", (options) => ask(root, options)),
    showToast: call("showToast", ({ title, duration = 1500 }) => say(title, false, Math.max(duration, 1500))),
    showLoading: call("showLoading", ({ title }) => say(title || "请稍候", true)),
    hideLoading: call("hideLoading", () => say("", false)),
  };
}

/** {confirm, cancel, content}. Escape is a cancel. `extra`: more buttons, {text, act}; act answers what was typed. */
export function ask(root, options) {
  const {
    title = "",
    content = "",
    showCancel = true,
    cancelText = "取消",
    confirmText = "确定",
    editable = false,
    extra = [],
  } = options;
  const box = element("dialog", "wx-modal");
  if (title) box.append(element("h2", "wx-modal__title", title));
  if (content && !editable) box.append(element("p", "wx-modal__text", content));
  const field = editable ? box.appendChild(element("textarea", "wx-modal__field")) : null;
  if (field) {
    field.value = content;
    field.placeholder = options.placeholderText || "";
    field.setAttribute("aria-label", title || options.placeholderText || "请填写");
    field.rows = 2;
  }
  const foot = box.appendChild(element("div", "wx-modal__foot"));
  return new Promise((resolve) => {
    const end = (confirm) => {
      box.remove();
      resolve({ confirm, cancel: !confirm, content: field ? field.value : undefined });
    };
    const button = (text, act) => {
      const made = foot.appendChild(element("button", "wx-modal__button", text));
      made.addEventListener("click", act);
      return made;
    };
    for (const more of extra)
      button(more.text, () => more.act().then((found) => found && field && (field.value = found)));
    if (showCancel) button(cancelText, () => end(false));
    const last = button(confirmText, () => end(true));
    last.classList.add("wx-modal__button_main");
    box.addEventListener("cancel", (event) => (event.preventDefault(), end(false)));
    root.append(box);
    open(box);
    (field || last).focus();
  });
}

export function open(box) {
  if (box.showModal) box.showModal();
  else box.setAttribute("open", "");
}

export function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
