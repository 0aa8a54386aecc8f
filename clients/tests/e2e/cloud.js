// One local cloud for all end-to-end tests, deployed afresh with the sample town; its own folder and ports.
//
// To try things again and again: `node tests/e2e/cloud.js` keeps one and prints MSLJ_E2E_DOOR=…; tests that find that
// variable use it, with the client files as they were built last (`npm run build:browser`) in the place of the deployed.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";

/** Why the tests cannot run here; "" when they can. */
function missing() {
  if (!existsSync(CHROMIUM))
    return `${CHROMIUM} is missing: install Debian's package chromium, or name a browser by CHROMIUM`;
  if (spawnSync(python(), ["-c", "import chalice, boto3, moto"]).status !== 0)
    return "no Python with the project's packages: run `make test`";
  return "";
}

function python() {
  const own = join(ROOT, ".venv", "bin", "python");
  return process.env.MSLJ_PYTHON || (existsSync(own) ? own : "python3");
}

export async function setup(project) {
  const why = missing();
  if (why && process.env.MSLJ_NO_SKIPS) throw new Error(`end-to-end tests may not be skipped here: ${why}`);
  project.provide("missing", why);
  if (why) {
    console.warn(`end-to-end tests skipped: ${why}`);
    project.provide("town", null);
    return undefined;
  }
  const kept = Number(process.env.MSLJ_E2E_DOOR);
  const cloud = kept ? null : await keep();
  const port = kept || cloud.port;
  project.provide("door", port);
  project.provide("town", { ...(await asked(port, { town: true })), chromium: CHROMIUM, isKept: Boolean(kept) });
  return cloud?.stop;
}

/** A cloud, and a door at which tests, each in a worker of its own, ask for sign-ins. */
async function keep() {
  const home = mkdtempSync(join(tmpdir(), "mslj-e2e-"));
  const cloud = await started(home);
  const door = await listening((what) => (what.town ? cloud.first : cloud.ask(what)));
  const stop = async () => {
    door.close();
    await cloud.stop();
    rmSync(home, { recursive: true, force: true });
  };
  return { port: door.port, stop };
}

/** One question at the door. */
export function asked(port, what) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${JSON.stringify(what)}\n`));
    socket.on("error", reject);
    createInterface({ input: socket }).once("line", (line) => {
      socket.end();
      resolve(JSON.parse(line));
    });
  });
}

async function started(home) {
  const ports = {
    MSLJ_PORT: process.env.MSLJ_E2E_PORT || (await free()),
    MSLJ_DB_PORT: process.env.MSLJ_E2E_DB_PORT || (await free()),
  };
  return speaking("cloud.py", { MSLJ_HOME: home, MSLJ_PHONES_PORT: "0", ...ports });
}

/** A program beside this file that says a line of JSON when it is ready and then answers each line it is given. */
export async function speaking(program, environment = {}) {
  const child = spawn(python(), [fileURLToPath(new URL(program, import.meta.url))], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: ROOT, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} has ended; what it said is above`);
      if (value.startsWith("{")) return JSON.parse(value);
    }
  };
  const first = await next();
  let last = Promise.resolve();
  const ask = (what) => (last = last.then(() => (child.stdin.write(`${JSON.stringify(what)}\n`), next())));
  const stop = () =>
    new Promise((resolve) => {
      child.on("exit", resolve);
      child.stdin.end();
    });
  return { first, ask, stop };
}

function listening(ask) {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      createInterface({ input: socket }).on("line", async (line) =>
        socket.write(`${JSON.stringify(await ask(JSON.parse(line)))}\n`),
      );
    });
    server.listen(0, "127.0.0.1", () => resolve({ port: server.address().port, close: () => server.close() }));
  });
}

function free() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cloud = await keep();
  console.log(`MSLJ_E2E_DOOR=${cloud.port}`);
  process.on("SIGINT", () => cloud.stop().then(() => process.exit()));
  process.on("SIGTERM", () => cloud.stop().then(() => process.exit()));
}
