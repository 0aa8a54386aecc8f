/** The queues in the order in which a role works on them, and which rows of one stand together. */

import type { Row } from "../../api/types";

const OLD_MS = 2 * 3600_000; // domain.tickets.dangers.OLD_ORDER

/** An order that a partner sent more than two hours before it came in, and of which nobody has said whether it is a danger. */
export function isOldOrder(row: Pick<Row, "clock" | "due_at" | "received_at">): boolean {
  return row.clock === "danger" && Date.parse(row.received_at) - Date.parse(row.due_at) > OLD_MS;
}

const DESK = ["desk", "escalated", "calls", "verify", "mine", "unit"];
const LEADER = ["escalated", "mine", "unit", "verify"];
const OTHERS = ["mine", "unit", "escalated", "verify"];

export function queueOrder(there: string[], roles: string[]): string[] {
  const isDesk = roles.includes("first_contact") || roles.includes("station_head");
  const isLeader = roles.includes("area_leader") || roles.includes("town_leader");
  const order = isDesk ? DESK : isLeader ? LEADER : OTHERS;
  return [...order.filter((name) => there.includes(name)), ...there.filter((name) => !order.includes(name))];
}
