import { describe, expect, test } from "vitest";
import { arrivals, noticeOf, waiting } from "../../desk/src/words/queue/arrivals";
import { aRow, after, NOW } from "./cases";

const known = () => new Set(["T0"]);
const soundsOf = (
  row: ReturnType<typeof aRow>,
  seconds: number[],
  there: Set<string> | null = new Set([row.ticket_id]),
) => {
  const told = new Set<string>();
  return seconds.map((at) => arrivals([row], NOW + at * 1000, there, told)?.sound ?? "");
};

describe("what the desk hears", () => {
  test("a new ticket is heard once; what was there when the page was opened is not new", () => {
    const told = new Set<string>();
    expect(arrivals([aRow()], NOW, known(), told)).toMatchObject({ sound: "new", rows: [{ ticket_id: "T1" }] });
    expect(arrivals([aRow()], NOW, known(), told)).toBeNull();
    expect(arrivals([aRow()], NOW, null, new Set())).toBeNull();
  });

  test("a first answer is heard at 2 and at 3.5 minutes of its 5, and when it is late: each once", () => {
    expect(soundsOf(aRow({ due_at: after(300) }), [119, 120, 121, 150, 211, 299, 300, 301, 400])).toEqual([
      "", "", "soon", "", "soon", "", "", "soon", "",
    ]); // prettier-ignore
  });

  test("somebody in danger is heard when it comes and whenever its ladder climbs", () => {
    expect(soundsOf(aRow({ clock: "danger", due_at: after(60) }), [1, 30, 61, 121, 200, 241, 300])).toEqual([
      "danger", "", "danger", "danger", "", "danger", "",
    ]); // prettier-ignore
  });

  test("an urgent ticket comes with the sound of danger, and danger drowns the others", () => {
    const rows = [aRow({ ticket_id: "a" }), aRow({ ticket_id: "b", urgent: true, clock: "take" })];
    expect(arrivals(rows, NOW, known(), new Set())).toMatchObject({ sound: "danger", rows: [{ ticket_id: "b" }] });
  });

  test.each([
    ["what waits for somebody else", aRow({ due_at: after(-1), paused: "waiting" })],
    ["another clock", aRow({ due_at: after(-1), clock: "resolution" })],
    ["what was late long before the page was opened", aRow({ due_at: after(-600) })],
  ])("%s is silent", (_, row) => {
    expect(arrivals([row], NOW, new Set(["T1"]), new Set())).toBeNull();
  });
});

test("the notice beside the clock says what and where, and of a confidential ticket neither", () => {
  expect(noticeOf({ sound: "new", rows: [aRow(), aRow()] })).toEqual({
    title: "新来：2 张工单",
    body: "楼道照明 · 盛华景苑 5号楼，另有 1 张",
  });
  const secret = noticeOf({ sound: "danger", rows: [aRow({ confidential: true })] });
  expect(JSON.stringify(secret)).not.toMatch(/楼道照明|盛华/);
});

test("the title counts what waits for the desk, not what waits for others", () => {
  expect(waiting([aRow(), aRow({ paused: "suspended" }), aRow({ paused: "waiting", clock: "review" })])).toBe(2);
});
