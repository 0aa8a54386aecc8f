/** Subscribers of the feed as the server answers them (docs/feed.md). */

export interface Feed {
  name: string;
  title: string;
  sends: boolean;
  identity: string[];
  acknowledged: { event: string; at: string } | null;
  fetched_at: string | null;
  waiting: number;
  waiting_more: boolean;
  waiting_since: string | null;
  lag_seconds: number;
  failing: { detail: string; since: string; attempts: number; retry_at: string | null } | null;
  dead: number;
  dead_more: boolean;
}

export interface DeadTicket {
  ticket_id: string;
  number: string;
  version: number;
  latest: number;
  attempts: number;
  detail: string;
  since: string;
  tried_at: string | null;
}

export const LATE_SECONDS = 5 * 60; // sent once a minute: later than a few runs is worth a look

export function feedTone(feed: Pick<Feed, "dead" | "failing" | "lag_seconds">): "success" | "warning" | "danger" {
  if (feed.dead) return "danger";
  return feed.failing || feed.lag_seconds > LATE_SECONDS ? "warning" : "success";
}

/** What a person reads first of a subscriber. */
export function feedState(feed: Pick<Feed, "dead" | "failing" | "lag_seconds">): string {
  if (feed.dead) return "有放弃的，请重发";
  if (feed.failing) return "对方没有确认，正在重试";
  return feed.lag_seconds > LATE_SECONDS ? "滞后" : "正常";
}

/** A count up to a hundred, of which there may be more. */
export function atLeast(count: number, more: boolean): string {
  return more ? `${count}+` : String(count);
}
