/** A ticket's number as somebody types it: whole, or the part that was read out. */

import type { Row } from "../../api/types";

const WHOLE = 13; // figures and letters of a number, without MS and dashes
const FEWEST = 4; // of a part

/** Whether it is shorter than a number, which alone the server finds. */
export function isPartOfNumber(typed: string): boolean {
  return plain(typed).length < WHOLE;
}

/** The tickets among `rows` whose number bears what was typed; none for a part that is too short. */
export function withPart(rows: readonly Row[], typed: string): Row[] {
  const part = plain(typed);
  return part.length < FEWEST ? [] : rows.filter((row) => plain(row.number).includes(part));
}

/** What to do where a part does not lead to one ticket. */
export function sayOfPart(typed: string, found: number): string {
  const part = plain(typed);
  if (part.length < FEWEST) return `请至少写工单号的${FEWEST}位`;
  if (found > 1) return `您的队列里有${found}张工单号带“${part}”，请多写几位`;
  return `您的队列里没有工单号带“${part}”的；不在队列里的，请写完整的工单号`;
}

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z\u4e00-\u9fff]/g, "")
    .replace(/^MS/, "");
