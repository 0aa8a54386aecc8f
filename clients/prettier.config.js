// One shape for every script and page, in lines of 120 columns. The mini-program keeps the quotes of WeChat's own examples, and
// no commas that an older phone could not read.
export default {
  printWidth: 120,
  overrides: [{ files: "miniprogram/**/*.js", options: { singleQuote: true, trailingComma: "es5" } }],
};
