/** A running clock in words and colours. Instants come from the server; the last instant still counts. */

import type { Clock, Running } from "../../api/types";

export type Tone = "calm" | "soon" | "late" | "paused" | "met";

/** A clock as far as its chip looks: of a ticket, or a line of a queue. */
export type ClockLike = Pick<Running, "due_at" | "rings_at"> &
  Partial<Pick<Clock, "met_at" | "ended_at" | "paused_at">>;

export const CLOCK_NAMES: Record<string, string> = {
  danger: "确认紧急",
  feedback: "反馈",
  take: "签收",
  response: "响应",
  unit_feedback: "初步反馈",
  resolution: "办结",
  progress: "进展",
  supervision: "督办",
  follow_up: "回访",
  review: "复核",
};

/** Soon is from the first ring of its ladder on: when the town reminds whoever must act. */
export function toneOf(clock: ClockLike, now: number): Tone {
  if (clock.met_at || clock.ended_at) return "met";
  if (clock.paused_at) return "paused";
  const left = Date.parse(clock.due_at) - now;
  if (left < 0) return "late";
  const [first] = clock.rings_at;
  return first && Date.parse(first) <= now ? "soon" : "calm";
}

/** 还剩 3:07, 超 12:40, 还剩 2小时05分, 超 3天; digits to the second below an hour. */
export function leftText(due: string, now: number): string {
  const left = Date.parse(due) - now;
  return `${left < 0 ? "超" : "剩"}${lengthText(Math.abs(left))}`;
}

export function lengthText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}小时${String(minutes % 60).padStart(2, "0")}分`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)}天${hours % 24 ? `${hours % 24}小时` : ""}`;
}

interface Pressing {
  urgent?: boolean;
  due_at?: string;
  clock?: string;
}

/** Where somebody may be in danger, then what is urgent, then soonest due: the order in which the desk works. */
export function byPressure(one: Pressing, other: Pressing): number {
  const rank = (row: Pressing) => (row.clock === "danger" ? 0 : row.urgent ? 1 : 2);
  if (rank(one) !== rank(other)) return rank(one) - rank(other);
  return Date.parse(one.due_at ?? "9999-12-31") - Date.parse(other.due_at ?? "9999-12-31");
}

const FORMAT = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** 11月22日 18:00, always of Shanghai. */
export function shown(instant: string | null | undefined): string {
  if (!instant) return "";
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  const part = Object.fromEntries(FORMAT.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.month}月${part.day}日 ${part.hour}:${part.minute}`;
}

/** 11月22日 of 2026-11-22, and with the year when it is another one than that of `now`; "" of no day. */
export function dateShown(day: string | null | undefined, now = Date.now()): string {
  const [year, month, date] = (day ?? "").split("-").map(Number);
  if (!year || !month || !date) return "";
  return `${dayOf(now).startsWith(`${year}-`) ? "" : `${year}年`}${month}月${date}日`;
}

/** 2026年11月22日: of what is kept, or read long after. */
export function dateWritten(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** 11月22日至11月28日, or 11月22日 of one day. */
export function daysShown(from: string, to: string, now = Date.now()): string {
  return from === to ? dateShown(from, now) : `${dateShown(from, now)}至${dateShown(to, now)}`;
}

/** 2026-11-22, the day in Shanghai: for the server, which takes a day so. */
export function dayOf(at: number): string {
  return new Date(at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
}
