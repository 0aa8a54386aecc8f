// WeChat's own components that the browser host has, and the element each becomes in a browser.

export const ELEMENTS = {
  view: "wx-view",
  text: "wx-text",
  image: "wx-image",
  form: "wx-form",
  picker: "wx-picker",
  "checkbox-group": "wx-checkbox-group",
  "radio-group": "wx-radio-group",
  "scroll-view": "wx-scroll-view",
  "page-meta": "wx-page-meta",
  icon: "wx-icon",
  page: "wx-page",
  button: "button",
  label: "label",
  input: "input",
  textarea: "textarea",
  navigator: "a",
  switch: "input",
  checkbox: "input",
  radio: "input",
};

/** What may stand in a template beside the app's own components. */
export const BUILT_IN = new Set([...Object.keys(ELEMENTS), "block", "slot", "template", "wxs", "import", "include"]);
BUILT_IN.delete("page");

/** Type selectors of a style sheet that are no element of WeChat's but mean something to a browser. */
export const SELECTORS = {
  ...ELEMENTS,
  switch: '[data-wx="switch"]',
  checkbox: '[data-wx="checkbox"]',
  radio: '[data-wx="radio"]',
};
