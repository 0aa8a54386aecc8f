import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  HIDDEN_MS,
  IDLE_AFTER_MS,
  IDLE_MS,
  LONGEST_MS,
  VISIBLE_MS,
  nextDelay,
  poll,
} from "../../desk/src/state/polling";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([
  [{ visible: true, idleMs: 0, failures: 0 }, VISIBLE_MS],
  [{ visible: true, idleMs: IDLE_AFTER_MS - 1, failures: 0 }, VISIBLE_MS],
  [{ visible: true, idleMs: IDLE_AFTER_MS, failures: 0 }, IDLE_MS],
  [{ visible: false, idleMs: 0, failures: 0 }, HIDDEN_MS],
  [{ visible: true, idleMs: 0, failures: 1 }, 10_000],
  [{ visible: true, idleMs: 0, failures: 3 }, 40_000],
  [{ visible: true, idleMs: 0, failures: 4 }, LONGEST_MS],
  [{ visible: true, idleMs: 0, failures: 50 }, LONGEST_MS],
  [{ visible: false, idleMs: 0, failures: 1 }, HIDDEN_MS],
])("%j asks again after %d ms", (attention, wanted) => {
  expect(nextDelay(attention)).toBe(wanted);
});

test("a slow answer is waited for: there are never two questions at once", async () => {
  let asked = 0;
  let answer = () => {};
  const stop = poll(() => {
    asked += 1;
    return new Promise((done) => (answer = done));
  });
  await vi.advanceTimersByTimeAsync(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(asked).toBe(1);
  answer();
  await vi.advanceTimersByTimeAsync(VISIBLE_MS);
  expect(asked).toBe(2);
  stop();
});

test("a failure is asked again later, a success at the usual pace", async () => {
  const fails = [true, true, false];
  const at: number[] = [];
  const started = Date.now();
  const stop = poll(async () => {
    at.push((Date.now() - started) / 1000);
    if (fails.shift()) throw new Error("down");
  });
  await vi.advanceTimersByTimeAsync(36_000);
  expect(at).toEqual([0, 10, 30, 35]);
  stop();
});

test("who stops is not asked again", async () => {
  const work = vi.fn(async () => {});
  poll(work)();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(work).toHaveBeenCalledTimes(1);
});
