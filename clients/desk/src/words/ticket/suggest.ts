/** What accepting the machine's suggestion with one key means for a ticket. */

import type { Choice, Ticket } from "../../api/types";

export interface Sendable {
  kind: "send";
  steps: { act: string; body: Record<string, unknown> }[];
  words: string;
}

export type Plan =
  | Sendable
  | { kind: "form"; act: string; initial: Record<string, unknown>; words: string }
  | { kind: "none"; words: string };

/** Send at once what is complete; open the form of what a person still has to word; say why when there is nothing. */
export function planFor(ticket: Ticket): Plan {
  const suggested = ticket.suggestion;
  if (!suggested) return none("这张工单没有建议，请自行派单");
  if (isDangerOpen(ticket)) return none("请先回答上面的“可能有人有危险”，再分类、派单");
  if (suggested.forward_to) {
    if (!ticket.acts.includes("forward")) return none("现在不能转送");
    return {
      kind: "form",
      act: "forward",
      initial: { to: suggested.forward_to },
      words: `转送${suggested.forward_to}`,
    };
  }
  if (!suggested.unit_id && ticket.guess && ticket.acts.includes("classify")) {
    if (!ticket.guess.proposed) return none("系统没有把握，请在“模型看着像”里选一个，或自行分类");
    const { category, category_name } = ticket.guess;
    return { kind: "form", act: "classify", initial: { category }, words: `分类为${category_name}` };
  }
  if (!suggested.unit_id) return none("建议没有指出承办单位，请自行派单");
  if (isAvoided(ticket)) return none(`这件事避开了${suggested.unit_name}，请另选承办单位`);
  if (!ticket.acts.includes("dispatch")) return none("这张工单现在不能派单");
  const dispatch = { act: "dispatch", body: { unit_id: suggested.unit_id, track: suggested.track } };
  return { kind: "send", steps: [...reclassified(ticket), dispatch], words: `派给${suggested.unit_name}` };
}

/** Whether nobody knows yet if somebody is in danger: until then no key sends it on as an ordinary matter (rule 22). */
const isDangerOpen = ({ danger }: Ticket): boolean => Boolean(danger?.is_open);

/** Whether the unit that the rules would give it to is the very one that it is kept from. */
export const isAvoided = ({ suggestion, concerns }: Ticket): boolean =>
  Boolean(suggestion?.unit_id && concerns.includes(suggestion.unit_id));

/** 这样的判断 100 件里对 62 件，上下 8 件; what nobody has measured says so. */
export function shareWords({ share, error }: Choice): string {
  if (share === null) return "这样的判断准不准还没有量过";
  const right = Math.min(99, Math.max(1, Math.round(share * 100)));
  return `这样的判断 100 件里对 ${right} 件，上下 ${Math.max(1, Math.round(error * 100))} 件`;
}

function none(words: string): Plan {
  return { kind: "none", words };
}

function reclassified(ticket: Ticket): { act: string; body: Record<string, unknown> }[] {
  const wanted = ticket.suggestion?.category;
  const isMissing = Boolean(wanted) && !ticket.category && ticket.acts.includes("classify");
  return isMissing ? [{ act: "classify", body: { category: wanted } }] : [];
}
