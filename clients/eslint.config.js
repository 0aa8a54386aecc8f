// What a tool can see of faults in scripts and pages; their shape is prettier's.
import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";

const WECHAT = ["App", "Behavior", "Component", "Page", "getApp", "getCurrentPages", "wx"]; // what WeChat puts there
const TIMERS = ["console", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];
const IN_WECHAT = Object.fromEntries([...WECHAT, ...TIMERS].map((name) => [name, "readonly"]));
const UNUSED = { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" };

export default ts.config(
  { ignores: ["node_modules/", "api.d.ts"] },
  js.configs.recommended,
  ts.configs.base,
  {
    rules: {
      "no-unused-vars": "off",
      "@typescript-eslint/no-unused-vars": ["error", UNUSED],
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-irregular-whitespace": "off", // the wide space of Chinese is meant
    },
  },
  {
    files: ["desk/**/*.{ts,vue}", "tests/**/*.ts"],
    extends: [ts.configs.recommended],
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", UNUSED],
      "@typescript-eslint/no-explicit-any": "off", // what a form holds is as the server declares it
    },
  },
  {
    files: ["**/*.vue"],
    extends: [vue.configs["flat/recommended-error"]],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      "vue/multi-word-component-names": "off",
      "vue/max-len": ["error", { code: 120 }],
      "vue/no-mutating-props": ["error", { shallowOnly: true }], // a filter or a form is changed where it is filled in
      "no-irregular-whitespace": "off",
      "vue/no-deprecated-filter": "off", // takes the | of a type for one
      // shape is prettier's
      "vue/attributes-order": "off",
      "vue/html-self-closing": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
    },
  },
  {
    files: ["miniprogram/**/*.js", "tests/host/app/**/*.js"],
    languageOptions: { sourceType: "commonjs", globals: { ...globals.commonjs, ...IN_WECHAT } },
  },
  {
    files: ["desk/**", "browser/**", "tests/**", "build/**", "wechat/*.mjs", "*.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
);
