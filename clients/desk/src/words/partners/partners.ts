/** Orders of partners, exchanges and jobs: their shapes as the server answers them, and their words. */

import type {
  AnswerFile,
  ExchangeShown as Exchange,
  JobRow as Job,
  OrderRow as PartnerOrder,
  OrdersRead as Told,
  PartnerShown as Partner,
  StatusesTaken as Taken,
  Trouble,
} from "../../api/types";

export type { AnswerFile, Partner, PartnerOrder, Told, Exchange, Job, Taken, Trouble };

export function toldOf(told: Told): string {
  const words = [
    `读到 ${told.rows} 行，正在导入 ${told.taken} 行（第一条 ${told.first}，最后一条 ${told.last}），进度见下面的作业`,
  ];
  return [...words, ...notReadOf(told)].join("；");
}

/** What became of a file of answers: every row that was read is one or the other. */
export function takenOf(told: Taken): string {
  const read = `读到 ${told.rows} 行（第一条 ${told.first}，最后一条 ${told.last}）`;
  const counted = `新记入 ${told.taken} 条${told.same ? `，${told.same} 条以前已记过` : ""}；内容在各工单的办理过程里`;
  return [`${read}，${counted}`, ...notReadOf(told)].join("；");
}

/** Lines that were passed over, and sheets that nobody read. */
function notReadOf(told: Pick<Taken, "passed_over" | "other_sheets">): string[] {
  const words: string[] = [];
  if (told.passed_over.length)
    words.push(`跳过了 ${told.passed_over.map((one) => `第 ${one.line} 行（${one.why}）`).join("、")}`);
  if (told.other_sheets.length) words.push(`工作表“${told.other_sheets.join("、")}”没有读，请另存为单独的文件再导入`);
  return words;
}

export const STANDINGS: Record<string, string> = {
  nothing_owed: "没有要回的",
  waiting: "正在回传",
  stuck: "回传卡住",
  by_hand: "待到对方系统录入",
  done: "对方已收到",
};

export const STATES: Record<string, string> = {
  received: "收到",
  waiting: "等待对方确认",
  acknowledged: "对方已确认",
  by_hand: "待到对方系统录入",
  entered: "已在对方系统录入",
};

const RECEIVED: Record<string, string> = { made: "对方派来", updated: "对方更新" };
const KINDS: Record<string, string> = { orders: "导入外部派单", town: "导入城镇数据" };
const COUNTS: Record<string, string> = {
  made: "新建",
  updated: "更新",
  same: "已有，没有变化",
  refused: "没有导入",
  told: "已通知",
  points: "点位",
  new_codes: "新发码",
  removed_points: "停用点位",
  handed_over: "交接工单",
};

export function toneOf(standing: string): "success" | "warning" | "danger" | "info" {
  if (standing === "stuck") return "danger";
  if (standing === "by_hand" || standing === "waiting") return "warning";
  return ["done", "acknowledged", "entered"].includes(standing) ? "success" : "info";
}

/** What was exchanged: their word for what we did, or that they sent something. */
export function exchangeName(exchange: Pick<Exchange, "act" | "code">): string {
  return exchange.code || RECEIVED[exchange.act] || exchange.act;
}

export function jobName(job: Job, partners: Partner[]): string {
  const partner = partners.find((each) => each.name === job.about.partner);
  return [KINDS[job.kind] ?? "批量作业", partner?.title].filter(Boolean).join("：");
}

/** A job's counts in the order of COUNTS, for the store keeps them in none. */
export function countsText(counts: Record<string, number>): string {
  const known = Object.keys(COUNTS);
  const place = (name: string) => (known.includes(name) ? known.indexOf(name) : known.length);
  return Object.entries(counts)
    .sort(([one], [other]) => place(one) - place(other))
    .map(([name, number]) => `${COUNTS[name] ?? name} ${number}`)
    .join("，");
}

/** The rows of a file that the server could not read; other refusals list names of fields. */
export function badRows(fields: unknown): Trouble[] {
  const isRow = (each: unknown): each is Trouble =>
    typeof each === "object" && each !== null && "row" in each && "message" in each;
  return Array.isArray(fields) ? fields.filter(isRow) : [];
}
