/** What became of each of many tickets, refused ones first. */

import type { BulkResult, Row } from "../../api/types";

export function resultsInWords(results: BulkResult[], rows: Row[]): { number: string; ok: boolean; words: string }[] {
  const numbers = new Map(rows.map((row) => [row.ticket_id, row.number]));
  return results
    .map((each) => ({
      number: numbers.get(each.id) ?? each.id,
      ok: each.ok,
      words: each.ok ? "" : (each.message ?? "没有成功"),
    }))
    .sort((one, other) => Number(one.ok) - Number(other.ok));
}
