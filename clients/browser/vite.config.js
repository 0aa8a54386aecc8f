import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { miniprogram } from "../build/plugin.js";

// Where `make run` says the API is; the development server passes its paths on.
const api = process.env.MSLJ_API ?? "http://127.0.0.1:4566/_aws/execute-api/mslj/v1";

// What a resident who scans sees at once; the form comes as soon as that stands, a resident's other pages while it is looked
// at, those of staff when one of them is opened (start.js). Volunteers, who are residents, walk where there may be no signal.
const FIRST = ["pages/point/index"];
const FORM = ["pages/report/index"];
const OF_VOLUNTEERS = ["staff/walk/index", "staff/outbox/index"];
const isStaff = (page) => page.startsWith("staff/") && !OF_VOLUNTEERS.includes(page);
const partOf = (page) => (FIRST.includes(page) ? 0 : FORM.includes(page) ? 1 : isStaff(page) ? 3 : 2);
const home = process.env.MSLJ_MINIPROGRAM ?? fileURLToPath(new URL("../miniprogram", import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [miniprogram(home, partOf)],
  base: "./", // served at /s/{document} below any base path
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api", "/staff", "/desk", "/admin"].map((path) => [
        path,
        { target: new URL(api).origin, rewrite: (url) => new URL(api).pathname + url },
      ]),
    ),
  },
  build: {
    outDir: fileURLToPath(new URL("../../chalicelib/web/clients/browser", import.meta.url)),
    target: "es2018",
    assetsDir: "",
    assetsInlineLimit: 100_000, // the API answers text alone
    modulePreload: false,
    rollupOptions: {
      output: {
        entryFileNames: "app-[hash].js",
        chunkFileNames: "part-[hash].js",
        assetFileNames: "app-[hash][extname]",
      },
    },
  },
});
