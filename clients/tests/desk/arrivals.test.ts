import { describe, expect, test } from "vitest";
import { arrivals, type Known, noticeOf, pressing, waiting } from "../../desk/src/words/queue/arrivals";
import { aRow, after, NOW } from "./cases";

const known = () => new Map([["T0", false]]);
const soundsOf = (
  row: ReturnType<typeof aRow>,
  seconds: number[],
  there: Known | null = new Map([[row.ticket_id, row.urgent]]),
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

  test("an order of the hotline is heard as the town's own row for it says, whatever its length", () => {
    const row = aRow({ due_at: after(7200), rings_at: [3600, 7200, 9000].map(after) });
    expect(soundsOf(row, [120, 3601, 7020, 7201, 9001])).toEqual(["", "soon", "", "soon", ""]);
  });

  test("somebody in danger is heard when it comes and whenever its ladder climbs", () => {
    const row = aRow({ clock: "danger", due_at: after(0), rings_at: [60, 120, 240].map(after) });
    expect(soundsOf(row, [1, 30, 61, 121, 200, 241, 300])).toEqual([
      "danger", "", "danger", "danger", "", "danger", "",
    ]); // prettier-ignore
  });

  test("an urgent ticket comes with the sound of danger, and danger drowns the others", () => {
    const rows = [aRow({ ticket_id: "a" }), aRow({ ticket_id: "b", urgent: true, clock: "take" })];
    expect(arrivals(rows, NOW, known(), new Set())).toMatchObject({ sound: "danger", rows: [{ ticket_id: "b" }] });
  });

  test("one that was there and has become urgent is heard as one that comes urgent, once", () => {
    const told = new Set<string>();
    const row = aRow({ urgent: true, clock: "response" });
    expect(arrivals([row], NOW, new Map([["T1", false]]), told)).toMatchObject({ sound: "danger" });
    expect(arrivals([row], NOW, new Map([["T1", true]]), told)).toBeNull();
    expect(arrivals([row], NOW, new Map([["T1", false]]), told)).toBeNull();
  });

  test("a danger that the desk has said yes to has not come anew", () => {
    expect(arrivals([aRow({ urgent: true, clock: "response" })], NOW, new Map([["T1", true]]), new Set())).toBeNull();
  });

  test("a locked screen shows what is urgent and was not before, also where it was there", () => {
    const rows = [aRow({ ticket_id: "was", urgent: true }), aRow({ ticket_id: "became", urgent: true })];
    expect(pressing(rows, new Set(["was"])).map((row) => row.ticket_id)).toEqual(["became"]);
  });

  test.each([
    ["what waits for somebody else", aRow({ due_at: after(-1), paused: "waiting" })],
    ["another clock", aRow({ due_at: after(-1), clock: "resolution" })],
    ["what was late long before the page was opened", aRow({ due_at: after(-600), rings_at: [after(-600)] })],
  ])("%s is silent", (_, row) => {
    expect(arrivals([row], NOW, new Map([["T1", false]]), new Set())).toBeNull();
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
