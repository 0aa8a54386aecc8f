/** 会商: who is called together over a ticket, and what they undertook. */

import { shown } from "../queue/clocks";
import type {
  ConvenedBody,
  DecidedBody,
  ShownMeeting as Meeting,
  ShownUndertaking as Undertaking,
} from "../../api/types";

export type { Undertaking, Meeting };

/** What is decided while it is written down: by whom and until when may still be open. */
export type Decided = Required<Omit<DecidedBody, "unit_id" | "due_at">> & Record<"unit_id" | "due_at", string | null>;

export const emptyMeeting = () => ({
  at: null as string | null,
  place: "",
  question: "",
  unit_ids: [] as string[],
  outside: "",
  public: "已约有关单位一起商量，有结果会告诉您",
  invite: true,
});
export const emptyRecord = () => ({
  present: "",
  minutes: "",
  decided: [emptyDecided()] as Decided[],
  public: "会商定了下一步，办好会告诉您",
});
export const emptyDecided = (): Decided => ({ unit_id: null, what: "", due_at: null, outside: "" });

/** Names of those who are none of the town's units, however they were parted. */
export function namesIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[、，,；;\n]/)
        .map((each) => each.trim())
        .filter(Boolean),
    ),
  ];
}

/** A line that was left empty is none; one that was begun must say who does what by when. */
export function decisionsOf(rows: Decided[]): { given: DecidedBody[]; missing: string } {
  const given = rows.filter((each) => each.unit_id || each.what.trim() || each.due_at);
  const broken = given.some((each) => !each.unit_id || each.what.trim().length < 2 || !each.due_at);
  return { given: given as DecidedBody[], missing: broken ? "每项任务都要写明单位、做什么、何时办好" : "" };
}

export function convenedBody(form: ReturnType<typeof emptyMeeting>): ConvenedBody {
  return {
    at: form.at!,
    place: form.place.trim(),
    question: form.question.trim(),
    unit_ids: form.unit_ids,
    outside: namesIn(form.outside),
  };
}

export function stateOf(one: Undertaking): string {
  return one.done_at ? `${shown(one.done_at)} 办好：${one.note}` : `${shown(one.due_at)} 前办好`;
}
