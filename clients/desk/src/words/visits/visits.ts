/** What the console knows of visits, patrols and volunteers (docs/visits.md). */

export interface VisitPlan {
  code: string;
  name: string;
  source: string;
  each: string;
  times: number;
  weeks: number;
}

export interface Coverage {
  plan: string;
  name: string;
  times: number;
  mondays: string[];
  places: number;
  done: number;
  items: { place: string; name: string; times: number; left: number; weeks: { monday: string; times: number }[] }[];
  next: string | null;
}

export interface Volunteer {
  id: string;
  name: string;
  state: string;
  state_name: string;
  place_name: string;
  since: string;
  history: { at: string; what: string; by_name: string; note: string }[];
}

export const EACH: Record<string, string> = { block: "街区", neighbourhood: "居民区", grid: "网格", building: "楼栋", point: "点位" };

export const STATES = [
  { code: "applied", name: "等待审核" },
  { code: "approved", name: "已通过" },
  { code: "refused", name: "未通过" },
  { code: "left", name: "已退出" },
] as const;

/** 每4周每个楼栋1次 */
export function howOften(plan: VisitPlan): string {
  return `${plan.weeks > 1 ? `每${plan.weeks}周` : "每周"}每个${EACH[plan.each] ?? "地点"}${plan.times}次`;
}

/** The day `weeks` periods away, as the server takes it. */
export function dayAway(day: string, weeks: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
}
