import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// `make run` prints the address of the local cloud; the dev server passes the API on to it.
const cloud = process.env.MSLJ_BASE ?? "http://127.0.0.1:4566/_aws/execute-api/mslj/v1/";
const passed = ["/api", "/staff", "/desk", "/admin", "/s"];

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./", // served under /console/ of whatever base path the stage has
  plugins: [vue()],
  server: {
    host: "127.0.0.1",
    port: Number(process.env.MSLJ_DESK_PORT ?? 5173),
    proxy: Object.fromEntries(
      passed.map((path) => [
        `${path}/`,
        { target: new URL(cloud).origin, rewrite: (url: string) => new URL(cloud).pathname.replace(/\/$/, "") + url },
      ]),
    ),
  },
  build: {
    outDir: process.env.MSLJ_DESK_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsDir: "", // API Gateway knows one path segment only: every file lies flat beside index.html
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
