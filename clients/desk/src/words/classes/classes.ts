/** Issue classes 一类事 in words: what a check says, what may be done, what was done. */

import type {
  ListedClass as ClassRow,
  CountedWeek as Week,
  MeasureCheck as Check,
  MeasureShown as ClassMeasure,
  WholeClass as IssueClass,
} from "../../api/types";
import type { Reads } from "../../../../routes";

export type { Week, Check, ClassMeasure, ClassRow, IssueClass };

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

export const DONE: Record<string, string> = {
  propose: "系统提出",
  begin: "建立",
  split_off: "从另一类拆出",
  confirm: "确认",
  rename: "改名、换负责人",
  discard: "不成一类",
  announce: "公布措施",
  call_off: "措施停一次",
  hold: "措施照常",
  end: "了结",
  merge: "并入另一类",
  absorb: "并进了一类",
  split: "拆出一部分",
};

export type ClassActName = "confirm" | "announce" | "rename" | "add" | "split" | "merge" | "end" | "discard";

export interface ClassAct {
  name: ClassActName;
  title: string;
  tone?: "primary" | "danger";
  hint: string;
  /** Station heads and leaders only. */
  heads?: boolean;
  /** Of the path, where it is not the name. */
  path?: string;
}

export const CLASS_ACTS: ClassAct[] = [
  { name: "confirm", title: "确认", tone: "primary", hint: "这些确实是一类事：起个名字，定一位负责人。" },
  {
    name: "announce",
    title: "公布措施",
    tone: "primary",
    heads: true,
    hint: "写清做什么、在哪里、什么时候、由谁负责。",
  },
  { name: "rename", title: "改名、换负责人", hint: "" },
  { name: "add", title: "加工单", path: "members", hint: "按工单号查找，一次最多 30 张。" },
  { name: "split", title: "拆分", hint: "在下面的工单里勾选要拆出的，一次最多 24 张；它们另成一类，由您负责。" },
  { name: "merge", title: "并入另一类", hint: "工单和反映人都算到另一类，不会丢。" },
  { name: "end", title: "了结", heads: true, hint: "事情办好了。以后再有同样的反映会另外提出。" },
  { name: "discard", title: "不成一类", tone: "danger", hint: "不再当作一类事，系统也不会再提出。工单各办各的。" },
];

export function shownClassActs(allowed: readonly string[], isHead: boolean): ClassAct[] {
  return CLASS_ACTS.filter((act) => allowed.includes(act.name) && (isHead || !act.heads));
}

export type ClassForm = {
  name: string;
  owner: string;
  reason: string;
  into: string;
  ticket_ids: string[];
  what: string;
  place: string;
  schedule: string;
  unit: string;
  from: string;
  weekdays: number[];
  every: number;
  hours: string;
  until: string;
  on_holidays: boolean;
};

export const WEEKDAYS = ["一", "二", "三", "四", "五", "六", "日"].map((name, at) => ({
  at: at + 1,
  name: `周${name}`,
}));
/** What only a measure that recurs has. */
const RECURS = ["weekdays", "every", "hours", "until", "on_holidays"] as const;

/** What each act reads, as the API declares it. */
type FormOf = { [Act in ClassActName]: (keyof ClassForm & keyof Read<Act>)[] };
type Read<Act extends ClassActName> = Reads<"POST", `/desk/classes/${string}/${Act extends "add" ? "members" : Act}`>;

export const FORM_OF: FormOf = {
  confirm: ["name", "owner"],
  rename: ["name", "owner"],
  announce: ["what", "place", "schedule", "unit", "from", ...RECURS],
  add: ["ticket_ids"],
  split: ["name", "ticket_ids"],
  merge: ["into"],
  end: ["reason"],
  discard: ["reason"],
};

const LABELS: Record<keyof ClassForm, string> = {
  name: "名称",
  owner: "负责人",
  reason: "理由",
  into: "并入哪一类",
  ticket_ids: "工单",
  what: "做什么",
  place: "在哪里",
  schedule: "什么时候",
  unit: "责任单位",
  from: "从哪天起",
  weekdays: "每周哪几天（定期的才选）",
  every: "每几周一次",
  hours: "几点到几点",
  until: "到哪天为止",
  on_holidays: "节假日照常",
};

const LONGEST: Partial<Record<keyof ClassForm, number>> = {
  name: 60,
  reason: 500,
  what: 200,
  place: 60,
  schedule: 60,
  hours: 30,
};

export const labelOf = (field: keyof ClassForm): string => LABELS[field];
export const longestOf = (field: keyof ClassForm): number | undefined => LONGEST[field];

/** What is still missing in words; empty when it may be sent. */
export function missingInClass(act: ClassActName, form: ClassForm): string {
  const needed = FORM_OF[act].filter((field) => !isOptional(field, form));
  const empty = needed.filter((field) =>
    Array.isArray(form[field]) ? !form[field].length : !String(form[field] ?? "").trim(),
  );
  return empty.length ? `请填写${empty.map(labelOf).join("、")}` : "";
}

/** A measure says when in words, or by its weekdays. */
export function isOptional(field: keyof ClassForm, form: ClassForm): boolean {
  return (RECURS as readonly string[]).includes(field) || (field === "schedule" && form.weekdays?.length > 0);
}

export function bodyOfClass(act: ClassActName, form: ClassForm): Record<string, unknown> {
  const recurs = form.weekdays?.length > 0;
  const said = FORM_OF[act].filter((field) => {
    if (field === "until" && !form.until) return false;
    return recurs || !(RECURS as readonly string[]).includes(field);
  });
  return Object.fromEntries(
    said.map((field) => [field, typeof form[field] === "string" ? form[field].trim() : form[field]]),
  );
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
