/** What the desk must hear, and when: a new ticket at once, a first answer before it is late, a danger before all. */

import type { WatchedRow } from "../../api/types";
import type { Sound } from "../../state/sound";
import { dotted } from "../common/dotted";

/** The instants at which the ladder of a row's clock rings, as the town set it, in milliseconds. */
const ringsOf = (row: WatchedRow) => row.rings_at.map((at) => Date.parse(at));

/**
 * When a row is heard: a first answer whenever its ladder rings, until it is late; a danger when it comes, and whenever its
 * ladder climbs.
 */
const HEARD_AT: Record<string, { sound: Sound; moments: (row: WatchedRow) => number[] }> = {
  feedback: { sound: "soon", moments: (row) => ringsOf(row).filter((at) => at <= Date.parse(row.due_at)) },
  danger: { sound: "danger", moments: (row) => [Date.parse(row.due_at), ...ringsOf(row)] },
};
const RECENT_MS = 10 * 60_000; // what happened long before this page was opened stays silent

export interface Heard {
  sound: Sound;
  rows: WatchedRow[];
}

/** Which tickets were there at the look before, and whether they were pressing. */
export type Known = ReadonlyMap<string, boolean>;

/**
 * What is to be heard now, the gravest alone. `told` remembers what was heard; `known` is null at the first look, when
 * everything is found and nothing has come.
 */
export function arrivals(
  rows: readonly WatchedRow[],
  now: number,
  known: Known | null,
  told: Set<string>,
): Heard | null {
  const heard: Record<Sound, WatchedRow[]> = { danger: [], soon: [], new: [] };
  for (const row of rows) {
    const was = known?.get(row.ticket_id);
    const isNew = known !== null && (was === undefined || (isPressing(row) && !was)); // what has become urgent has come
    const said = saidOf(row, now, isNew);
    if (!said || told.has(said.mark)) continue;
    told.add(said.mark);
    heard[said.sound].push(row);
  }
  const gravest = (["danger", "soon", "new"] as const).find((sound) => heard[sound].length);
  return gravest ? { sound: gravest, rows: heard[gravest] } : null;
}

/** The sound of a row at this instant, and a mark by which it is heard once. */
function saidOf(row: WatchedRow, now: number, isNew: boolean): { sound: Sound; mark: string } | null {
  const clock = row.paused ? undefined : HEARD_AT[row.clock];
  const passed = clock ? timesPassed(clock.moments(row), now) : 0;
  if (clock && passed) return { sound: clock.sound, mark: `${row.ticket_id}.${row.clock}.${passed}` };
  if (!isNew) return null;
  const sound = isPressing(row) ? "danger" : "new";
  return { sound, mark: `${row.ticket_id}.${sound}` };
}

/** How many of the moments have passed; 0 where the last of them is long ago. */
function timesPassed(moments: number[], now: number): number {
  const passed = moments.filter((each) => now > each);
  return passed.length && now - passed.at(-1)! < RECENT_MS ? passed.length : 0;
}

/** Urgent, or somebody may be in danger. */
export const isPressing = (row: WatchedRow): boolean => row.urgent || row.clock === "danger";

/** What a locked screen shows: somebody may be in danger, or it is urgent and was not `before`; what is due first first. */
export function pressing(rows: readonly WatchedRow[], before: Set<string>): WatchedRow[] {
  const shown = rows.filter((row) => row.clock === "danger" || (row.urgent && !before.has(row.ticket_id)));
  return shown.sort((one, other) => Date.parse(one.due_at) - Date.parse(other.due_at));
}

const TITLES: Record<Sound, string> = { new: "新来", soon: "快超时", danger: "可能有人有危险" };

/** What the computer shows beside its clock: no words of a resident, and of what is confidential no place. */
export function noticeOf({ sound, rows }: Heard): { title: string; body: string } {
  const [first] = rows;
  const what = !first ? "" : first.number ? whatAndWhere(first) : "请解锁查看"; // a locked screen names what is pressing alone
  const more = rows.length > 1 ? `，另有 ${rows.length - 1} 张` : "";
  return { title: `${TITLES[sound]}：${rows.length} 张工单`, body: what + more };
}

/** 楼道照明 · 盛华景苑 5号楼: without a resident's words, and of what is confidential nothing. */
export function whatAndWhere(row: WatchedRow): string {
  if (row.confidential) return "保密工单";
  return dotted(row.category_name || "未分类", row.place || "地点待核实");
}

/** What is asked of whoever reads that it is pressing. */
export const pressingWord = (row: WatchedRow): string => (row.clock === "danger" ? "可能有危险" : "紧急");

/** How many wait for somebody here: paused ones wait for others. */
export function waiting(rows: readonly WatchedRow[]): number {
  return rows.filter((row) => !row.paused || row.clock === "review").length;
}
