import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { beforeEach, describe, expect, test } from "vitest";

/** The service worker on a cache as the specification has it: one answer for each address and what Vary names. */
const HERE = import.meta.url.replace(/^http:\/\/[^/]*/, "file://");
const SOURCE = readFileSync(fileURLToPath(new URL("../../browser/public/sw.js", HERE)), "utf-8");
const HOME = "https://town.example";

class FakeCache {
  kept = [];
  same = (one, other, ignoreVary) =>
    one.request.url === other.url &&
    (ignoreVary ||
      (one.answer.headers.get("Vary") ?? "")
        .split(",")
        .filter(Boolean)
        .every((name) => one.request.headers.get(name.trim()) === other.headers.get(name.trim())));
  match = async (request, how = {}) => this.kept.find((each) => this.same(each, request, how.ignoreVary))?.answer;
  keys = async () => this.kept.map((each) => each.request);
  put = async (request, answer) => {
    this.kept = [...this.kept.filter((each) => !this.same(each, request)), { request, answer }];
  };
  delete = async (request, how = {}) => {
    const before = this.kept.length;
    this.kept = this.kept.filter((each) => !this.same(each, request, how.ignoreVary));
    return this.kept.length < before;
  };
}

let worker;
let answer;
let stores;

beforeEach(() => {
  stores = new Map();
  const caches = {
    open: async (name) => stores.get(name) ?? stores.set(name, new FakeCache()).get(name),
    keys: async () => [...stores.keys()],
    delete: async (name) => stores.delete(name),
  };
  const heard = {};
  const self = {
    location: { origin: HOME },
    addEventListener: (name, listener) => (heard[name] = listener),
    skipWaiting: () => undefined,
    clients: { claim: async () => undefined },
  };
  worker = heard;
  vm.runInNewContext(SOURCE, {
    self,
    caches,
    fetch: async (request) => answer(request),
    URL,
    Headers,
    Request,
    Response,
    Date,
  });
});

/** What the page gets; undefined where the worker leaves the request to the browser. */
async function asked(path, token, more = {}) {
  const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...more };
  const request = new Request(HOME + path, { headers });
  let answered;
  worker.fetch({ request, respondWith: (promise) => (answered = promise), waitUntil: () => undefined });
  return (await answered)?.text();
}

const says = (text, status = 200, headers = {}) => (answer = () => new Response(text, { status, headers }));
const noSignal = () =>
  (answer = () => {
    throw new TypeError("no network");
  });

test("the page that asked for the worker is there at the next reload, with the files that had come before it did", async () => {
  says("page or file");
  const [page, script] = [`${HOME}/v1/s/7K3QX9A`, `${HOME}/v1/s/app-12345678.js`];
  let done;
  const data = { page, files: [script, `${HOME}/v1/api/points/7K3QX9A`] };
  worker.message({ data, waitUntil: (promise) => (done = promise) });
  await done;
  noSignal();
  expect(await asked("/v1/s/app-12345678.js")).toBe("page or file");
  expect(
    stores
      .get("files-1")
      .kept.map((each) => each.request.url)
      .sort(),
  ).toEqual([page, script]);
});

describe("what a resident read is there again without a signal", () => {
  test("to the session that read it", async () => {
    says("own tickets", 200, { Vary: "Origin, Accept-Encoding" });
    await asked("/api/tickets", "mine");
    noSignal();
    expect(await asked("/api/tickets", "mine")).toBe("own tickets");
  });

  test("and to no other: not the next holder of the phone, nor one who is nobody yet", async () => {
    says("own tickets");
    await asked("/api/tickets", "mine");
    noSignal();
    await expect(asked("/api/tickets", "another")).rejects.toThrow("no network");
    await expect(asked("/api/tickets")).rejects.toThrow("no network");
  });

  test.each([401, 403, 404, 410])("and not after the service has answered %i", async (status) => {
    says("a ticket");
    await asked("/api/tickets/T1", "mine");
    says("gone", status);
    expect(await asked("/api/tickets/T1", "mine")).toBe("gone");
    noSignal();
    await expect(asked("/api/tickets/T1", "mine")).rejects.toThrow("no network");
  });

  test("also after a moment in which the service was ill", async () => {
    says("a ticket");
    await asked("/api/tickets/T1", "mine");
    says("ill", 503);
    await asked("/api/tickets/T1", "mine");
    noSignal();
    expect(await asked("/api/tickets/T1", "mine")).toBe("a ticket");
  });
});

test("nothing that staff read is kept, also of what residents read by the same address", async () => {
  says("of staff");
  expect(await asked("/staff/queues/desk", "staff")).toBe(undefined);
  expect(await asked("/api/photos/p1?ticket_id=T1", "staff", { "Cache-Control": "no-store" })).toBe(undefined);
});

test("what an earlier worker kept for anybody is gone", async () => {
  stores.set("read-1", new FakeCache());
  let done;
  worker.activate({ waitUntil: (promise) => (done = promise) });
  await done;
  expect([...stores.keys()]).toEqual([]);
});
