/** What the console knows of visits, patrols and volunteers (docs/visits.md). */

import type {
  Coverage,
  PlanShown as VisitPlan,
  ShopPage,
  ShopSeen,
  SilentPlaces,
  VolunteerShown as Volunteer,
  WholeShop,
} from "../../api/types";

export type { VisitPlan, Coverage, ShopPage, SilentPlaces, Volunteer, WholeShop };

export const EACH: Record<string, string> = {
  block: "街区",
  neighbourhood: "居民区",
  grid: "网格",
  building: "楼栋",
  point: "点位",
};

export const TRADES = [
  { code: "open", name: "营业" },
  { code: "paused", name: "停业" },
  { code: "vacant", name: "空置" },
] as const;

/** What was found last at a shop of which no ticket may be seen. */
export function lastFound(shop: ShopSeen): string {
  if (shop.in_order === null) return "";
  return shop.in_order ? "正常" : "发现过问题";
}

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
