/** The figures of some days in words: what each is counted of, and what stands in neither (docs/indicators.md). */

import { fraction, share, type FigurePromise, type Indicator } from "./figures";
import type { FiguresOfDays as Dashboard, FullRow as DashboardRow, FunnelStep as FunnelLine } from "../../api/types";

export type { FunnelLine, DashboardRow, Dashboard };

export const WAYS = [
  { code: "area", name: "片区" },
  { code: "unit", name: "单位" },
  { code: "category", name: "类别" },
  { code: "channel", name: "来源" },
  { code: "origin", name: "主动／被动发现" },
  { code: "track", name: "办理方式" },
] as const;

export type Way = (typeof WAYS)[number]["code"];

interface Known {
  name: string;
  /** What the denominator is. */
  of: string;
}

export const INDICATORS: Record<string, Known> = {
  feedback: { name: "按时反馈居民", of: "已有结果的反馈承诺，各按自己的时限" },
  response: { name: "按时响应", of: "已有结果的响应承诺（公共设施、紧急）" },
  contacted: { name: "按时联系居民", of: "已有结果的初步反馈承诺，各按自己的时限" },
  take: { name: "按时签收", of: "已有结果的签收承诺" },
  finished: { name: "按期办结（未延期）", of: "已有结果、没有延期的办结承诺" },
  finished_extended: { name: "按期办结（延期后）", of: "批准过延期的办结承诺，另算" },
  supervision: { name: "按时答复督办", of: "已有结果的督办单" },
  progress: { name: "按时更新进展", of: "已有结果的进展承诺" },
  followed_up: { name: "按时回访", of: "已有结果的回访承诺（工作站的）" },
  returned: { name: "被退单", of: "受理的工单" },
  reworked: { name: "被重办", of: "答复过、办过的工单，算在答错的单位" },
  first_dispatch: { name: "首派就对", of: "结案的、派过单的工单；之后没有退单、换单位、加协办、改分类" },
  checked: { name: "核查通过", of: "做过的核查" },
  settled: { name: "当场处置", of: "主动发现的工单" },
  claimed: { name: "承办人说办结", of: "结案的工单；其余是当场答复" },
  confirmed: { name: "居民说解决了", of: "结案的、居民反映的工单" },
  double_follow_up: { name: "双回访完成", of: "结案的、居民反映且派过单的工单" },
  satisfied: { name: "满意（只算表了态的）", of: "回答了满意不满意的居民" },
};

export const COLUMNS = ["feedback", "response", "contacted", "finished", "returned", "confirmed", "satisfied"] as const;

export interface MeasureLine {
  key: string;
  name: string;
  share: string;
  fraction: string;
  of: string;
  beside: string;
  few: boolean;
}

/** Every indicator with both its numbers and what is in neither. */
export function measureLines(row: DashboardRow): MeasureLine[] {
  return Object.entries(INDICATORS)
    .map(([key, known]) => ({ key, known, indicator: row.indicators[key] }))
    .filter((each): each is typeof each & { indicator: Indicator } => Boolean(each.indicator))
    .map(({ key, known, indicator }) => ({
      key,
      name: known.name,
      share: share(indicator),
      fraction: fraction(indicator),
      of: known.of,
      beside: besideOf(indicator),
      few: !indicator.enough,
    }));
}

/** Every promise under its own name, the station's and the units' alike. */
export function promiseLines(row: DashboardRow): MeasureLine[] {
  return row.promises.map((each) => ({
    key: each.name,
    name: each.name,
    share: share(each),
    fraction: fraction(each),
    of: "已有结果的、承诺了这个时限的",
    beside: besideOf(each),
    few: !each.enough,
  }));
}

/** How long people waited, and what stands beside 按期, in one sentence each. */
export function waitedWords(row: DashboardRow): string[] {
  const { days, stopped, beside: other } = row;
  const waited = days.of
    ? `从反映到居民确认解决（按日历天，不扣除任何时间）：一半在 ${days.median} 天内，九成在 ${days.p90} 天内，共 ${days.of} 件；受理的还有 ${days.open} 件没办完。`
    : `还没有居民确认解决的；受理的还有 ${days.open} 件没办完。`;
  const beside = `受理的 ${stopped.of} 件里：停过计时 ${stopped.paused} 件（现在还停着 ${stopped.paused_now} 件）、共 ${stopped.paused_days} 天，延过期 ${stopped.extended} 件，重办 ${stopped.reworks} 次，说办结后来不是 ${stopped.disproved} 次。`;
  const approved = row.paused_by.map((each) => `${each.as_name} ${each.pauses} 次`).join("、");
  const rest = [
    `没有自己的解决结果的：不予受理 ${other.declined}，转送 ${other.forwarded}，撤回 ${other.withdrawn}，并入别件 ${other.merged}；分拆 ${other.parted}，挂账中 ${other.suspended}。`,
    `签收后 2 分钟内就到场 ${other.quick_arrivals} 件、到场后 5 分钟内就办结 ${other.quick_resolves} 件（到场的共 ${other.arrived} 件）：核查时多抽这些，快不等于假。`,
    `另算：同一人发现、半小时内办完 ${other.one_hand} 件，接待时录入并当场答复 ${other.typed} 件。`,
  ];
  return [waited, approved ? `${beside}停计时由谁批准：${approved}。` : beside, ...rest];
}

/** A row's days to a confirmed solution: two quantiles, of how many, and how many are not done yet. */
export function daysOf(row: DashboardRow): { said: string; of: string } {
  const { of, median, p90, open } = row.days;
  const said = of ? `一半 ${median} 天，九成 ${p90} 天` : "—";
  return { said, of: `${of} 件，没办完 ${open} 件` };
}

type Beside = Indicator & Partial<FigurePromise>; // an indicator, or a promise

const BESIDE: [keyof Beside & string, string][] = [
  ["by_person", "人工"],
  ["by_machine", "系统"],
  ["by_typing", "接待时录入（当面或电话）"],
  ["returned", "后来退单"],
  ["transferred", "后来换单位"],
  ["unit_added", "后来加协办"],
  ["corrected", "后来改分类"],
  ["finished", "由首派单位办完"],
  ["open", "还在计时"],
  ["void", "不计（撤回、改派等，不再承诺）"],
  ["times", "次数"],
  ["disproved", "说办结、后来不是"],
  ["not_solved", "说没解决"],
  ["unreached", "没联系上"],
  ["silent", "没回答"],
  ["explained", "依法解释"],
  ["exempt", "免回访"],
  ["asked", "问了"],
  ["answered", "答了"],
];

/** What is none is left out, but for how many were asked and answered. */
export function besideOf(indicator: Beside): string {
  return BESIDE.filter(([part]) => indicator[part] || (indicator[part] === 0 && /^a/.test(part)))
    .map(([part, name]) => `${name} ${String(indicator[part])}`)
    .join("，");
}

/** Days of Shanghai, both included. */
export function presets(today: string): { name: string; days: [string, string] }[] {
  const [year, month] = today.split("-").map(Number) as [number, number];
  const first = (back: number) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 10);
  return [
    { name: "近7天", days: [before(today, 6), today] },
    { name: "近30天", days: [before(today, 29), today] },
    { name: "本月", days: [first(0), today] },
    { name: "上月", days: [first(1), before(first(0), 1)] },
  ];
}

function before(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
