/** Subscribers of the feed as the server answers them (docs/feed.md). */

import type { FeedShown as Feed, GivenUp as DeadTicket } from "../../api/types";

export type { Feed, DeadTicket };

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
