import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { aRow, aServer, after, type Heard } from "./cases";

let heard: Heard[];
let state: typeof import("../../desk/src/state/live");
const queues = () => heard.filter((one) => one.path.includes("/staff/queues/")).map((one) => one.path);

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ now: Date.parse(after(0)) });
  state = await import("../../desk/src/state/live");
});
afterEach(() => void vi.useRealTimers());

function town(
  marks: () => Record<string, string>,
  pages: (path: string) => unknown = () => ({ items: [aRow()], next: null }),
) {
  heard = aServer(({ path, headers }) => {
    if (path.includes("/staff/directory")) return { body: { version: "v1" }, headers: { ETag: '"v1"' } };
    if (!path.includes("/staff/live")) return { body: pages(path) };
    const etag = `"${JSON.stringify(marks())}"`.replaceAll('"', "'");
    if (headers.get("If-None-Match") === etag) return { status: 304 };
    return { body: { queues: marks(), town: "v1", now: after(0) }, headers: { ETag: etag } };
  });
}

test("while nothing changes, only the one small question is asked", async () => {
  town(() => ({ desk: "1", calls: "" }));
  await state.look();
  await state.look();
  await state.look();
  expect(queues()).toEqual(["/staff/queues/desk", "/staff/queues/calls"]);
  expect(heard.filter((one) => one.path === "/staff/live")).toHaveLength(3);
});

test("only the queue whose mark is another is read again", async () => {
  let mark = "1";
  town(() => ({ desk: mark, calls: "7" }));
  await state.look();
  mark = "2";
  await state.look();
  expect(queues().slice(2)).toEqual(["/staff/queues/desk"]);
});

test("a queue that could not be read is asked for again, though its mark is the same", async () => {
  let fails = true;
  town(
    () => ({ desk: "1" }),
    () => (fails ? null : { items: [aRow()], next: null }),
  );
  await expect(state.look()).rejects.toThrow();
  expect(state.live.failed).toBeTruthy();
  fails = false;
  await state.look();
  expect(state.rowsOf("desk")).toHaveLength(1);
  expect(state.live.failed).toBeNull();
});

test("a lost mark is late, never gone: after five minutes everything is read again", async () => {
  town(() => ({ desk: "1" }));
  await state.look();
  vi.advanceTimersByTime(5 * 60_000 - 1);
  await state.look();
  expect(queues()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await state.look();
  expect(queues()).toHaveLength(2);
});

test("every page of a long queue is read, up to six", async () => {
  town(
    () => ({ desk: "1" }),
    () => ({ items: [aRow()], next: "c/1" }),
  );
  await state.look();
  expect(queues()).toHaveLength(6);
  expect(queues()[1]).toBe("/staff/queues/desk?after=c%2F1");
  expect(state.live.queues.desk!.more).toBe(true);
});

test("a ticket that stands in two queues is one ticket", async () => {
  town(() => ({ desk: "1", escalated: "1" }));
  await state.look();
  expect(state.everyRow.value).toHaveLength(1);
});
