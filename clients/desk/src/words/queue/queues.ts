/** The queues in the order in which a role works on them. */

const DESK = ["desk", "escalated", "calls", "verify", "mine", "unit"];
const LEADER = ["escalated", "mine", "unit", "verify"];
const OTHERS = ["mine", "unit", "escalated", "verify"];

export function queueOrder(there: string[], roles: string[]): string[] {
  const isDesk = roles.includes("first_contact") || roles.includes("station_head");
  const isLeader = roles.includes("area_leader") || roles.includes("town_leader");
  const order = isDesk ? DESK : isLeader ? LEADER : OTHERS;
  return [...order.filter((name) => there.includes(name)), ...there.filter((name) => !order.includes(name))];
}
