import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { held, holdBack, mayWait, sendHeld, takeBack, WAIT_MS } from "../../desk/src/state/undo";
import { aTicket, after, NOW } from "./cases";

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await sendHeld();
  vi.useRealTimers();
});

function anAct(words = "派给物业") {
  const act = { ticketId: "T1", words, work: vi.fn(async () => {}), takenBack: vi.fn() };
  holdBack(act);
  return act;
}

test("it is sent after five seconds, not before, and once", () => {
  const { work } = anAct();
  vi.advanceTimersByTime(WAIT_MS - 1);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(WAIT_MS);
  expect(work).toHaveBeenCalledTimes(1);
});

test("what is taken back is never sent", () => {
  const { work, takenBack } = anAct();
  takeBack();
  vi.advanceTimersByTime(2 * WAIT_MS);
  expect(work).not.toHaveBeenCalled();
  expect(takenBack).toHaveBeenCalledTimes(1);
  expect(held.value).toBeNull();
});

test("the next act sends the one before, and so does leaving the page", () => {
  const first = anAct("一");
  const second = anAct("二");
  expect(first.work).toHaveBeenCalledTimes(1);
  dispatchEvent(new Event("pagehide"));
  expect(second.work).toHaveBeenCalledTimes(1);
});

const running = (left: number) => [
  {
    kind: "feedback",
    name: "反馈",
    round: 1,
    started_at: after(left - 300),
    due_at: after(left),
    overdue: false,
    rings_at: [],
    paused: false,
    extended: false,
    provisional: false,
  },
];
test.each([
  ["an ordinary ticket", {}, true],
  ["an urgent one", { urgent: true }, false],
  ["one whose suggestion is urgent", { suggestion: { ...aTicket().suggestion!, urgent: true } }, false],
  ["a first answer that is due in 11 s", { running: running(11) }, true],
  ["a first answer that would come late", { running: running(10) }, false],
  ["a first answer that is late already", { running: running(-1) }, true],
])("%s may wait: %s", (_, given, waits) => {
  expect(mayWait(aTicket(given), NOW)).toBe(waits);
});
