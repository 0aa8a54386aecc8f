/** Every act of the desk as data: its words, its form, its key. Which of them are shown, the server's `acts` decides. */

import type { Named } from "../../api/types";

export type FieldKind =
  | "line"
  | "area"
  | "unit"
  | "handler"
  | "category"
  | "track"
  | "choice"
  | "pick"
  | "yesno"
  | "maybe"
  | "number"
  | "instant"
  | "photos"
  | "ticket"
  | "matters"
  | "order"
  | "assisting"
  | "place"
  | "concerns";

export const CALL_OUTCOMES: readonly Named[] = [
  { code: "answered", name: "本人接听" },
  { code: "not_answered", name: "无人接听" },
  { code: "somebody_else", name: "他人接听" },
  { code: "wrong_number", name: "号码有误" },
  { code: "call_later", name: "约定再打" },
];

export function outcomeName(code: string): string {
  return CALL_OUTCOMES.find((each) => each.code === code)?.name ?? code;
}

export interface Field {
  name: string;
  label: string;
  kind: FieldKind;
  required?: boolean;
  most?: number;
  /** What stands there before anything is typed. */
  initial?: unknown;
  options?: readonly Named[];
  /** Name of a list of the directory (reasons). */
  list?: string;
  hint?: string;
  /** Offer the station's reusable answers. */
  reusable?: boolean;
}

export interface Act {
  name: string;
  title: string;
  path: "staff" | "desk";
  fields: Field[];
  /** One key on the ticket's page opens it. */
  key?: string;
  tone?: "primary" | "danger";
  /** A sentence above the form. */
  hint?: string;
}

const words = (name: string, label: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  kind: "area",
  required: true,
  most: 2000,
  ...more,
});
const note = (label = "说明", more: Partial<Field> = {}): Field => words("note", label, { required: false, ...more });
const unit = (label: string): Field => ({ name: "unit_id", label, kind: "unit", required: true });
const handler: Field = { name: "handler_id", label: "指定经办人", kind: "handler", hint: "不选则由该单位值班人员办理" };
const photos: Field = { name: "photos", label: "照片", kind: "photos" };
const assisting: Field = { name: "unit_id", label: "协办单位", kind: "assisting", required: true };
const track: Field = { name: "track", label: "办理方式", kind: "track" };

export const ACTS: Act[] = [
  {
    name: "dispatch",
    title: "派单",
    path: "desk",
    key: "d",
    tone: "primary",
    fields: [unit("主办单位"), handler, track, note("给经办人的话")],
  },
  {
    name: "answer",
    title: "当场答复",
    path: "desk",
    key: "r",
    tone: "primary",
    hint: "居民会立即收到，您的岗位作为首问负责留在工单上。",
    fields: [words("text", "答复内容", { reusable: true })],
  },
  {
    name: "classify",
    title: "改分类",
    path: "desk",
    key: "c",
    fields: [
      { name: "category", label: "类别", kind: "category", required: true },
      track,
      { name: "urgent", label: "紧急", kind: "maybe" },
      { name: "confidential", label: "保密", kind: "maybe" },
      { name: "concerns", label: "涉及的单位、人员", kind: "concerns", hint: "涉及方看不到这张工单" },
    ],
  },
  {
    name: "assign-finally",
    title: "签派",
    path: "desk",
    key: "g",
    tone: "primary",
    hint: "签派后不能再退单。",
    fields: [unit("主办单位"), handler, words("note", "签派意见")],
  },
  {
    name: "add-assisting",
    title: "请协办",
    path: "staff",
    key: "b",
    fields: [unit("协办单位"), words("note", "请其做什么")],
  },
  {
    name: "merge",
    title: "并案",
    path: "desk",
    key: "m",
    hint: "这张工单并入另一张，上报人会随那张一起得到答复。",
    fields: [
      { name: "into", label: "并入哪张工单", kind: "ticket", required: true },
      { name: "sure", label: "紧急的并入不紧急的，确认要并", kind: "yesno", initial: false, hint: "并后合在一起的工单按紧急办" },
    ],
  },
  {
    name: "divide",
    title: "分拆",
    path: "desk",
    hint: "一次反映说了几件事时用：每件各办各的，居民还是一个号，全部办好才算办完。第一件留在这张工单上。",
    fields: [{ name: "matters", label: "分成的几件", kind: "matters", required: true, initial: [] }],
  },
  {
    name: "decline",
    title: "不予受理",
    path: "desk",
    tone: "danger",
    fields: [
      { name: "reason", label: "理由", kind: "choice", list: "decline_reasons", required: true },
      words("text", "向居民说明", { reusable: true }),
      words("instead", "应到哪里办理"),
    ],
  },
  {
    name: "forward",
    title: "转送",
    path: "desk",
    key: "w",
    hint: "送往镇外（区级部门、12345），居民会被告知。",
    fields: [
      { name: "to", label: "转给谁", kind: "line", required: true, most: 100 },
      { name: "number", label: "对方编号", kind: "line", most: 100 },
      words("text", "向居民说明"),
    ],
  },
  {
    name: "decide-extension",
    title: "审批延期",
    path: "desk",
    key: "e",
    tone: "primary",
    fields: [{ name: "approved", label: "是否同意", kind: "yesno", required: true }, note("意见")],
  },
  { name: "supervise", title: "督办", path: "desk", key: "s", tone: "danger", fields: [words("text", "督办要求")] },
  {
    name: "suspend",
    title: "挂账",
    path: "staff",
    key: "p",
    fields: [
      words("reason", "挂账原因"),
      { name: "review_at", label: "复核时间", kind: "instant", required: true, hint: "到时会重新提醒" },
    ],
  },
  { name: "resume", title: "恢复办理", path: "staff", key: "u", tone: "primary", fields: [words("note", "恢复原因")] },
  {
    name: "follow-up",
    title: "记录回访",
    path: "desk",
    key: "f",
    tone: "primary",
    fields: [
      { name: "outcome", label: "通话结果", kind: "pick", options: CALL_OUTCOMES, required: true },
      { name: "solved", label: "解决了吗", kind: "maybe" },
      { name: "satisfied", label: "满意吗", kind: "maybe" },
      words("words", "居民原话", { required: false }),
      { name: "call_at", label: "约定的时间", kind: "instant", hint: "居民要求改时间再打时填写" },
    ],
  },
  {
    name: "verify",
    title: "记录核查",
    path: "staff",
    key: "v",
    tone: "primary",
    fields: [{ name: "ok", label: "确已办好", kind: "yesno", required: true }, note("看到的情况"), photos],
  },
  {
    name: "reopen",
    title: "重新打开",
    path: "desk",
    key: "o",
    tone: "primary",
    hint: "已结束的工单重新办理，应有的时限和提醒都重新开始。",
    fields: [words("note", "为什么重新打开")],
  },
  { name: "read-words", title: "来话已阅", path: "desk", key: "y", fields: [note("怎样处理")] },
  { name: "rework", title: "重办", path: "desk", tone: "danger", fields: [words("reason", "为什么没有解决")] },
  {
    name: "decide-explanation",
    title: "决定解释结案",
    path: "desk",
    tone: "danger",
    hint: "同意后结案，居民会看到依据和还可以到哪里；不算已解决。",
    fields: [{ name: "approved", label: "是否同意", kind: "yesno", required: true }, note("意见")],
  },
  { name: "exempt", title: "免回访", path: "desk", fields: [words("rule", "依据的规则或理由")] },
  { name: "close", title: "结案", path: "desk", key: "x", tone: "primary", fields: [note("结案说明")] },
  {
    name: "relocate",
    title: "改地点",
    path: "desk",
    hint: "工作站、片区、队列和数据一起改；原来写的地点会保留。",
    fields: [{ name: "place", label: "实际地点", kind: "place", required: true }, note("依据")],
  },
  { name: "split", title: "拆案", path: "desk", fields: [words("note", "拆出的原因")] },
  {
    name: "publish",
    title: "公开内容",
    path: "desk",
    hint: "扫这个点位的人都看得到。只写事情，不写人；留空即撤下。",
    fields: [{ name: "text", label: "公开的话", kind: "line", most: 100 }],
  },
  { name: "transfer", title: "转办", path: "staff", fields: [unit("主办单位"), handler, words("note", "转办原因")] },
  { name: "waive-assisting", title: "免除协办", path: "staff", fields: [assisting, words("note", "原因")] },
  { name: "finish-assisting", title: "协办完成", path: "staff", fields: [assisting, words("note", "做了什么")] },
  { name: "take", title: "签收", path: "staff", key: "t", tone: "primary", fields: [] },
  { name: "arrived", title: "已到现场", path: "staff", fields: [note(), photos] },
  { name: "contact", title: "先行联系", path: "staff", key: "l", fields: [words("note", "与居民说了什么")] },
  {
    name: "unit-feedback",
    title: "初步反馈",
    path: "staff",
    hint: "告诉居民准备怎么办、何时办好。",
    fields: [words("text", "反馈内容", { reusable: true })],
  },
  {
    name: "progress",
    title: "记进展",
    path: "staff",
    fields: [words("text", "进展"), photos, { name: "public", label: "居民可见", kind: "yesno", initial: true }],
  },
  {
    name: "return",
    title: "退单",
    path: "staff",
    tone: "danger",
    fields: [{ name: "reason", label: "理由", kind: "choice", list: "return_reasons", required: true }, note()],
  },
  {
    name: "ask-extension",
    title: "申请延期",
    path: "staff",
    fields: [
      { name: "working_days", label: "延长几个工作日", kind: "number", required: true, initial: 3 },
      words("reason", "原因"),
    ],
  },
  { name: "wait", title: "等待居民", path: "staff", fields: [words("question", "请居民补充什么")] },
  {
    name: "resolve",
    title: "办结",
    path: "staff",
    tone: "primary",
    fields: [words("note", "怎样办好的"), photos, words("feedback", "对居民说的话", { required: false })],
  },
  {
    name: "propose-explanation",
    title: "提请解释结案",
    path: "staff",
    hint: "重办两次仍依法解决不了时用；由片区领导决定，居民会看到下面三项。",
    fields: [
      words("ground", "依据（法律、政策）"),
      words("text", "向居民的说明"),
      words("elsewhere", "不同意还可以到哪里", { most: 200 }),
    ],
  },
  {
    name: "answer-supervision",
    title: "答复督办",
    path: "staff",
    tone: "primary",
    fields: [{ name: "order_id", label: "督办单", kind: "order", required: true }, words("text", "答复")],
  },
  {
    name: "comment",
    title: "留言",
    path: "staff",
    key: "n",
    fields: [
      words("text", "内容", { reusable: true }),
      photos,
      { name: "public", label: "居民可见", kind: "yesno", initial: false },
    ],
  },
];

const BY_NAME = new Map(ACTS.map((act) => [act.name, act]));

export function actOf(name: string): Act | undefined {
  return BY_NAME.get(name);
}

/** The acts a person may do now, in the order of the table, so that a button never jumps about. */
export function shownActs(allowed: readonly string[]): Act[] {
  return ACTS.filter((act) => allowed.includes(act.name));
}

/** The form as it opens on a ticket: a dispatch begins with what triage proposes. */
export function startOf(act: Act, suggestion: { unit_id: string | null; track: string } | null): Record<string, unknown> {
  const proposed = act.name === "dispatch" && suggestion ? { unit_id: suggestion.unit_id, track: suggestion.track } : {};
  return { ...emptyForm(act), ...proposed };
}

export function emptyForm(act: Act): Record<string, unknown> {
  return Object.fromEntries(act.fields.map((field) => [field.name, field.initial ?? emptyOf(field)]));
}

function emptyOf(field: Field): unknown {
  if (field.kind === "photos" || field.kind === "concerns" || field.kind === "matters") return [];
  return field.kind === "line" || field.kind === "area" ? "" : null;
}

/** The body as the API wants it: what was left open is not sent. */
export function bodyOf(act: Act, form: Record<string, unknown>): Record<string, unknown> {
  const given = act.fields
    .map((field) => [field, form[field.name]] as const)
    .filter(([field, value]) => value !== null && value !== undefined && !(field.kind === "concerns" && isEmpty(value)))
    .map(([field, value]) => [field.name, typeof value === "string" ? value.trim() : value]);
  return Object.fromEntries(given);
}

/** What is missing, by field; empty when it may be sent. The server checks again. */
export function missingIn(act: Act, form: Record<string, unknown>): Record<string, string> {
  const found: Record<string, string> = {};
  if (act.name === "divide" && !areMatters(form.matters)) found.matters = "请写两件到六件，每件都要有题目和内容";
  for (const field of act.fields) {
    const value = form[field.name];
    const text = typeof value === "string" ? value.trim() : value;
    if (field.required && isEmpty(text)) found[field.name] = `请填写${field.label}`;
    else if (field.kind === "area" && typeof text === "string" && text.length === 1) found[field.name] = "至少写两个字";
  }
  if (act.name === "follow-up" && form.outcome === "answered" && form.solved === null) found.solved = "接通了，请问清是否解决";
  if (act.name === "follow-up" && form.outcome === "call_later" && !form.call_at) found.call_at = "请填写居民约定的时间";
  return found;
}

export interface Matter {
  title: string;
  text: string;
}

function areMatters(given: unknown): boolean {
  const matters = Array.isArray(given) ? (given as Matter[]) : [];
  const said = matters.filter((each) => each.title.trim().length >= 2 && each.text.trim().length >= 2);
  return said.length === matters.length && matters.length >= 2 && matters.length <= 6;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
