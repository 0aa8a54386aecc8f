// Where glass-easel writes: real elements of the browser, made so that no style and no listener is ever inline.

import { CurrentWindowBackendContext, Element as Node, NativeNode } from "glass-easel";
import { ELEMENTS } from "../../build/tags.js";
import { isShown, onTap } from "./elements/access.js";
import { BEHAVIOURS } from "./elements/index.js";

/** The page's own elements instead of <view>, <button>, …; `host` is what their behaviours may ask for. */
export function backend(host) {
  mirror();
  class Backend extends CurrentWindowBackendContext {
    document = {
      createElement: (tag) => element(tag, host),
      createTextNode: (text) => document.createTextNode(text),
      createDocumentFragment: () => document.createDocumentFragment(),
    };

    /** Taps and the events of the elements are told by taps.js and elements/. */
    onEvent() {}

    setListenerStats(made, type) {
      if (made && type === "tap") onTap(made);
    }
  }
  return new Backend();
}

function element(tag, host) {
  const made = document.createElement(ELEMENTS[tag] || tag);
  const set = made.setAttribute;
  // A style attribute would need 'unsafe-inline' in the policy; the same through the object model needs nothing.
  made.setAttribute = (name, value) =>
    name === "style" ? void (made.style.cssText = value) : set.call(made, name, value);
  made.wxProps = {};
  BEHAVIOURS[tag]?.(made, host);
  return made;
}

let mirrored = false;

/** Attributes with a meaning go to the element's behaviour as they are; data-test goes into the page for tests. */
function mirror() {
  if (mirrored) return;
  mirrored = true;
  const update = NativeNode.prototype.updateAttribute;
  NativeNode.prototype.updateAttribute = function updateAttribute(name, value) {
    const made = this.getBackendElement();
    const take = made && (made.wxProps[name] || isShown[name] || (name.startsWith("aria-") && isShown.aria));
    if (take) take(made, value, name);
    else update.call(this, name, value);
  };
  const dataset = Node.prototype.setDataset;
  Node.prototype.setDataset = function setDataset(name, value) {
    dataset.call(this, name, value);
    if (name === "test") this.getBackendElement()?.setAttribute("data-test", value);
  };
}
