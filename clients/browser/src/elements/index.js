import { group, picker, toggle } from "./choices.js";
import { input, textarea } from "./fields.js";
import { button, image, label, navigator, pageMeta } from "./others.js";

const named = (behaviour) => (made, host) => {
  behaviour(made, host);
  made.wxProps.name = (_, value) => void (made.wxName = value);
};

/** What each of WeChat's elements does, by its tag: (element, host). Those without a line here only look. */
export const BEHAVIOURS = {
  button,
  image,
  label,
  navigator,
  "page-meta": pageMeta,
  input: named(input),
  textarea: named(textarea),
  picker: named(picker),
  switch: named(toggle("switch")),
  checkbox: toggle("checkbox"),
  radio: toggle("radio"),
  "checkbox-group": named(group("checkbox")),
  "radio-group": named(group("radio")),
};
