/** What is said on the phone, so that every call begins and asks the same, and nobody is asked what they have said already. */

import type { Line, Me, Ticket } from "../../api/types";

export function openingWords(me: Me | null): string {
  return `您好，这里是${me?.unit_name ?? "民情快办工作站"}。`;
}

export interface Said {
  /** "" where the resident has not said whether it is solved. */
  result: "" | "solved" | "not_solved";
  satisfied: boolean | null;
  words: string;
  /** What the resident wrote or photographed since it was called done, the newest last. */
  since: Line[];
}

/** What the resident has said of this round by himself. */
export function saidAlready(ticket: Ticket): Said {
  const own = (ticket.follow_ups ?? []).filter((each) => each.by === "reporter" && each.round === ticket.round);
  const last = own.at(-1);
  const done = Date.parse(ticket.resolution?.at ?? "");
  const words = last?.words ?? "";
  const since = ticket.history.filter(
    (line) => line.by === "reporter" && Date.parse(line.at) > done && (line.note || line.photos.length),
  );
  const result = last?.result === "solved" || last?.result === "not_solved" ? last.result : "";
  return { result, satisfied: last?.satisfied ?? null, words, since: since.filter(isMore(words)) };
}

/** The rating's own line of history says its words a second time. */
function isMore(words: string): (line: Line) => boolean {
  return (line) => line.photos.length > 0 || line.note !== words;
}

/** Why it is done again, in the resident's own words, each said once. */
export function whyAgain(said: Said): string {
  const all = [said.words, ...said.since.map((line) => line.note)].filter(Boolean);
  return [...new Set(all)].join("；");
}

export function followUpScript(me: Me | null, ticket: Ticket): string[] {
  const what = ticket.category_name || "您反映的事情";
  const about = `${openingWords(me)}您在${ticket.where.name}反映的“${what}”，`;
  const unit = ticket.lead_unit?.name ?? "承办单位";
  const said = saidAlready(ticket);
  const thanks = "谢谢您。如果又出现，请随时扫码或打电话给我们。";
  if (said.result === "not_solved") {
    return [
      `${about}您说还没有解决，我们看到了，耽误您一分钟问清楚。`,
      "第一，哪里没有解决？现在是什么样子？",
      "第二，什么时候方便让人再来？",
      "这件事我们马上重办，有结果再告诉您。",
    ];
  }
  const satisfaction = said.satisfied === null ? ["您对办理过程满意吗？"] : [];
  const solved = said.result === "solved" ? [] : ["事情解决了吗？"];
  const asks = [...solved, ...satisfaction, "还有什么要说的？"];
  const opening = said.result
    ? `${about}您说已经解决了，谢谢您，再问您一句。`
    : `${about}${unit}说已经办好，想听听您的意见，耽误您一分钟。`;
  return [opening, ...asks.map((ask, n) => `第${"一二三"[n]}，${ask}`), thanks];
}

/** What is written to somebody who cannot be called. */
export function askInWriting(ticket: Ticket): string {
  const what = ticket.category_name || "事情";
  return `您反映的“${what}”（${ticket.where.name}）解决了吗？请打开工单点“解决了”或“没有解决”，也可以直接回复这条消息。`;
}
