/** Which rows of a queue are shown. A filter names what is wanted; an empty part wants everything. */

import type { Row } from "../api/types";
import { toneOf } from "../words/queue/clocks";
import type { Filter } from "./preferences";

export function matches(row: Row, filter: Filter, now: number): boolean {
  const text = filter.text.trim().toLowerCase();
  if (text && !`${row.number} ${row.place} ${row.category_name} ${row.unit_name}`.toLowerCase().includes(text))
    return false;
  if (filter.category && row.category !== filter.category) return false;
  if (filter.source && row.source !== filter.source) return false;
  if (filter.stage && row.stage !== filter.stage) return false;
  if (filter.only === "urgent") return row.urgent;
  return !filter.only || toneOfRow(row, now) === filter.only;
}

export function toneOfRow(row: Row, now: number) {
  if (!row.clock) return "met";
  return toneOf(
    { due_at: row.due_at, rings_at: row.rings_at, paused_at: row.paused && row.clock !== "review" ? row.due_at : null },
    now,
  );
}

export function countLate(rows: Row[], now: number): number {
  return rows.filter((row) => toneOfRow(row, now) === "late").length;
}
