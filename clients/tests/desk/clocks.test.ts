import { describe, expect, test } from "vitest";
import { matches } from "../../desk/src/state/filters";
import { noFilter } from "../../desk/src/state/preferences";
import { byPressure, dayOf, leftText, shown, toneOf } from "../../desk/src/words/queue/clocks";
import { NOW, aRow, after } from "./cases";

describe("the colour of a clock", () => {
  test.each([
    [181, "calm"],
    [180, "soon"], // the desk's first reminder
    [0, "soon"], // the last instant is still in time
    [-0.001, "late"],
  ])("that first rings three minutes before it is due, with %d s left, is %s", (left, tone) => {
    expect(toneOf({ due_at: after(left), rings_at: [left - 180, left].map(after) }, NOW)).toBe(tone);
  });

  test("without a ladder it is never soon", () => {
    expect(toneOf({ due_at: after(1), rings_at: [] }, NOW)).toBe("calm");
  });

  test("a paused clock and a met one are never late", () => {
    const late = { due_at: after(-60), rings_at: [after(-90)] };
    expect(toneOf({ ...late, paused_at: after(-90) }, NOW)).toBe("paused");
    expect(toneOf({ ...late, met_at: after(-90) }, NOW)).toBe("met");
  });
});

test.each([
  [0, "剩0:00"],
  [59, "剩0:59"],
  [3599, "剩59:59"],
  [3600, "剩1小时00分"],
  [86_399, "剩23小时59分"],
  [86_400, "剩1天"],
  [90_000, "剩1天1小时"],
  [-1, "超0:01"],
])("%d s read as %s", (left, words) => {
  expect(leftText(after(left), NOW)).toBe(words);
});

test("instants are shown in Shanghai's time wherever the desk's computer believes it is", () => {
  expect(shown("2026-11-22T16:05:00Z")).toBe("11月23日 00:05");
  expect(dayOf(Date.parse("2026-11-22T16:05:00Z"))).toBe("2026-11-23");
});

test("where somebody may be in danger comes first, then urgent tickets, then the soonest due", () => {
  const rows = [
    aRow({ ticket_id: "a", due_at: after(10) }),
    aRow({ ticket_id: "b", due_at: after(5) }),
    aRow({ ticket_id: "c", due_at: after(99), urgent: true }),
    aRow({ ticket_id: "d", due_at: after(60), clock: "danger" }),
    aRow({ ticket_id: "e", due_at: after(-9000), clock: "danger" }), // an order of hours ago
  ];
  expect(rows.sort(byPressure).map((row) => row.ticket_id)).toEqual(["e", "d", "c", "b", "a"]);
});

describe("a filter", () => {
  const row = aRow({ due_at: after(-1) });
  test.each([
    [{}, true],
    [{ text: "5号楼" }, true],
    [{ text: "aaaaaa" }, true],
    [{ text: "6号楼" }, false],
    [{ category: "B01" }, true],
    [{ category: "B02" }, false],
    [{ only: "late" as const }, true],
    [{ only: "soon" as const }, false],
    [{ only: "urgent" as const }, false],
  ])("%j lets a late ticket of building 5 through: %s", (given, wanted) => {
    expect(matches(row, { ...noFilter(), ...given }, NOW)).toBe(wanted);
  });
});
