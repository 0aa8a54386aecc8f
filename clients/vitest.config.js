import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { miniprogram } from "./build/plugin.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

// Each kind of test by its own rules; `npm test -- --project host` runs one.
export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      { test: { name: "static", include: ["tests/static/**/*.test.{js,ts}"], testTimeout: 120_000 } },
      {
        plugins: [miniprogram(at("tests/host/app"))],
        test: {
          name: "host",
          include: ["tests/host/**/*.test.js"],
          environment: "jsdom",
          environmentOptions: { jsdom: { url: "http://127.0.0.1/v1/s/7K3QX9A" } },
        },
      },
      {
        plugins: [miniprogram(at("miniprogram"))],
        test: {
          name: "pages",
          include: ["tests/pages/**/*.test.js"],
          environment: "jsdom",
          environmentOptions: { jsdom: { url: "http://127.0.0.1/v1/s/7K3QX9A" } },
        },
      },
      { plugins: [vue()], test: { name: "desk", include: ["tests/desk/**/*.test.{js,ts}"], environment: "jsdom" } },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.js"],
          globalSetup: ["tests/e2e/cloud.js"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false, // one local cloud, two cores
        },
      },
    ],
  },
});
