/** 反馈表 and 上报: what the server answers, in sentences that say what to do next. */

import type { Ticket } from "../../api/types";
import type { FormTaken as HandedIn, PartnerShown as Above } from "../../api/types";

export type { HandedIn, Above };

/** What the server takes as a form, docs/forms.md. */
export const MOST_FORM_BYTES = 1024 * 1024;
const ENDED = new Set(["resolved", "closed", "declined", "forwarded", "withdrawn", "merged"]);
const PROPOSAL_OR_AFTER = new Set(["result_proposed", "resolved", "reworked", "reopened", "transferred"]);
const WITH_A_UNIT = new Set(["dispatched", "handling"]);

export interface BadCell {
  cell: string;
  message: string;
}

export const hasForm = (ticket: Ticket): boolean => ticket.track !== "simple";
export const takesForm = (ticket: Ticket): boolean => hasForm(ticket) && WITH_A_UNIT.has(ticket.stage);
export const mayGoUp = (ticket: Ticket): boolean =>
  hasForm(ticket) && !ENDED.has(ticket.stage) && !ticket.confidential && !ticket.practice;

/** How a form that was handed in was taken. */
export function handedInWords(answer: HandedIn): string {
  if (answer.how === "same") return "这份反馈表已经交回过，没有重复记录";
  const parts = [
    answer.opinions ? `${answer.opinions} 条意见已记为各单位的进展` : "",
    answer.proposed ? "办理结论已转给主办单位，核对后由其办结" : "",
  ];
  return `已交回：${parts.filter(Boolean).join("，")}`;
}

/** What the platform above said last of this ticket; "" where it was not reported there. */
export function standingAbove(ticket: Ticket, above: Above): string {
  const held = ticket.external_ids.find((each) => each.partner === above.name);
  if (!held) return "";
  return held.status ? `${above.title}最近答复：${held.status}` : `已上报${above.title}，等待答复`;
}

/** The lead's conclusion on a form, until somebody resolves the ticket or it goes back for rework; "" for none. */
export function proposalOf(ticket: Ticket): string {
  const last = ticket.history.filter((line) => PROPOSAL_OR_AFTER.has(line.kind)).at(-1);
  return last?.kind === "result_proposed" ? last.note : "";
}

/** The cells of a form that the server could not take; other refusals list names of fields. */
export function badCells(fields: unknown): BadCell[] {
  const isCell = (each: unknown): each is BadCell =>
    typeof each === "object" && each !== null && "cell" in each && "message" in each;
  return Array.isArray(fields) ? fields.filter(isCell) : [];
}
