/** Policy knowledge as the desk shows it, and as it stands in a reply. */

import type { DraftShown as Draft, EntryFound as Entry, Owed } from "../../api/types";
import { dateWritten } from "./clocks";

export type { Entry, Draft, Owed };

export const INQUIRY = "G"; // the top category of 政策咨询
export const FEWEST = 4; // characters that a question has at least
export const LONGEST_REPLY = 2000;

/** Whether this reads like a question of policy: its category is one, or an entry is sure. */
export function isInquiry(category: string | null, suggested: string | null | undefined): boolean {
  return (category ?? suggested ?? "").startsWith(INQUIRY);
}

/** The reply: what holds, what to do, whom to ask, and by what source. The clerk may change every word of it. */
export function replyOf(entry: Entry): string {
  const dated = entry.source_date ? `（${dateWritten(entry.source_date)}）` : "";
  const asks = entry.phone ? `也可以问${entry.owner}，电话${entry.phone}。` : "";
  const parts = [entry.answer, entry.steps && `怎么办：${entry.steps}`, asks, `依据：${entry.source_title}${dated}`];
  return parts.filter(Boolean).join("\n").slice(0, LONGEST_REPLY);
}
