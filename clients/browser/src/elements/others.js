// <button>, <form>, <navigator>, <image>, <label>, <page-meta>.

import { fire, isOn, text } from "./fire.js";

export function button(made, host) {
  made.wxProps.disabled = (_, value) => void (made.disabled = isOn(value));
  made.wxProps.loading = (_, value) => made.setAttribute("aria-busy", String(isOn(value)));
  made.wxProps["form-type"] = (_, value) => void (made.wxForm = value);
  made.wxProps["open-type"] = (_, value) => void (made.wxOpens = value);
  made.wxAfterTap = () => {
    if (made.wxForm === "submit") submit(made.closest("wx-form"));
    if (made.wxOpens === "agreePrivacyAuthorization") {
      host.agree();
      fire(made, "agreeprivacyauthorization");
    }
    // Only WeChat knows the number of who is signed in; the page says what to do instead.
    if (made.wxOpens === "getPhoneNumber")
      fire(made, "getphonenumber", { errMsg: "getPhoneNumber:fail no permission" });
  };
}

function submit(form) {
  if (!form) return;
  const named = [...form.querySelectorAll("*")].filter((one) => one.wxName && one.wxValue);
  fire(form, "submit", { value: Object.fromEntries(named.map((one) => [one.wxName, one.wxValue()])) });
}

export function navigator(made, host) {
  const open = { url: "", type: "navigate", delta: 1 };
  made.wxProps.url = (_, value) => {
    open.url = text(value);
    made.setAttribute("href", host.href(open.url));
  };
  made.wxProps["open-type"] = (_, value) => void (open.type = value || "navigate");
  made.wxProps.delta = (_, value) => void (open.delta = Number(value));
  made.addEventListener("click", (event) => event.preventDefault());
  made.wxAfterTap = () => host.open(open);
}

export function image(made, host) {
  const picture = made.appendChild(document.createElement("img"));
  picture.alt = "";
  made.wxProps.src = (_, value) => {
    made.wxSource = text(value);
    picture.hidden = !value;
    Promise.resolve(host.address(made.wxSource)).then((address) => {
      if (made.wxSource === text(value) && address) picture.src = address;
    });
  };
  made.wxProps["lazy-load"] = (_, value) => void (picture.loading = isOn(value) ? "lazy" : "eager");
  picture.addEventListener("load", () =>
    fire(made, "load", { width: picture.naturalWidth, height: picture.naturalHeight }),
  );
  picture.addEventListener("error", () => fire(made, "error", { errMsg: "image load failed" }));
}

/** A label without a field inside it belongs to the one whose id it names. */
export function label(made) {
  made.wxProps.for = (_, value) => void (made.wxFor = text(value));
  made.wxAfterTap = () => {
    if (!made.wxFor) return;
    const field = made.__wxElement.ownerShadowRoot.getElementById(made.wxFor)?.getBackendElement();
    if (!field) return;
    if (field.matches("[type=checkbox], [type=radio]")) field.click();
    else field.focus();
  };
}

/** The size of a rem follows the page that is looked at. */
export function pageMeta(made, host) {
  made.wxProps["root-font-size"] = (_, value) => host.rootFontSize(made, text(value));
  made.wxProps["page-style"] = (_, value) => host.pageStyle(made, text(value));
}
