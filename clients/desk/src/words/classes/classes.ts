/** Issue classes 一类事 in words: what a check says, what may be done, what was done. */

import type {
  ClassOffer,
  ListedClass as ClassRow,
  CountedWeek as Week,
  MeasureCheck as Check,
  MeasureShown as ClassMeasure,
  WholeClass as IssueClass,
} from "../../api/types";
import { isEmpty, type Form } from "../ticket/acts";

export type { Week, Check, ClassMeasure, ClassOffer, ClassRow, IssueClass };

export const VERDICTS: Record<Check["verdict"], string> = {
  too_early: "还看不出来",
  dropped: "减少了",
  unclear: "少了一些，可能是巧合",
  not_dropped: "没有减少",
};

export const VERDICT_TONES: Record<Check["verdict"], "success" | "info" | "warning" | "danger"> = {
  too_early: "info",
  dropped: "success",
  unclear: "warning",
  not_dropped: "danger",
};

export const STATE_TONES: Record<string, "warning" | "primary" | "success" | "info"> = {
  proposed: "warning",
  confirmed: "primary",
  measured: "success",
};

/** An act as its form stands: without what is asked only with something that is still empty; some of it may be left out by now. */
export function asked(act: ClassOffer, form: Form): ClassOffer {
  const fields = act.fields
    .filter((field) => !field.only_with || !isEmpty(form[field.only_with]))
    .map((field) => (field.unless && !isEmpty(form[field.unless]) ? { ...field, required: false } : field));
  return { ...act, fields };
}

/** 措施前 8 周 40 件，每周 5 件；措施后 3 周 4 件，每周 1.3 件。The counts stand beside what is made of them. */
export function checkSentence({ before, after }: Check): string {
  return `措施前 ${countsOf(before)}；措施后 ${countsOf(after)}`;
}

function countsOf(weeks: Week[]): string {
  if (!weeks.length) return "还没有满一周";
  const all = weeks.reduce((sum, week) => sum + week.count, 0);
  return `${weeks.length} 周 ${all} 件，每周 ${Math.round((all / weeks.length) * 10) / 10} 件`;
}

/** Every week from the first report to the last known, also those without any; the newest 26. */
export function everyWeek(weeks: Week[], measures: ClassMeasure[]): Week[] {
  const known = [...weeks, ...measures.flatMap((each) => [...each.check.before, ...each.check.after])];
  if (!known.length) return [];
  const counts = new Map(known.map((week) => [week.monday, 0]));
  for (const week of weeks) counts.set(week.monday, week.count);
  const mondays = [...counts.keys()].sort();
  const last = mondays[mondays.length - 1]!;
  const all: Week[] = [];
  for (let day = mondays[0]!; day <= last; day = weekAfter(day)) all.push({ monday: day, count: counts.get(day) ?? 0 });
  return all.slice(-26);
}

function weekAfter(monday: string): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + 7 * 86_400_000).toISOString().slice(0, 10);
}

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  return new Date(at.getTime() - ((at.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
}
