/** Orders of partners, exchanges and jobs: their shapes as the server answers them, and their words. */

export interface Partner {
  name: string;
  title: string;
  source: string;
  has_interface: boolean;
  /** Reports go up to it, no orders come from it. */
  upward?: boolean;
}

export interface PartnerOrder {
  number: string;
  at: string;
  ticket_id: string;
  ticket_number: string;
  stage: string;
  stage_name: string;
  category_name: string;
  place: string;
  their_due_at: string | null;
  due_at: string | null;
  /** Cells of it that were odd, and how they were read: for the desk to check. */
  to_check: string;
  standing: string;
  detail: string;
}

/** What a file of orders holds, said back before anybody looks at the job. */
export interface Told {
  rows: number;
  taken: number;
  first: string;
  last: string;
  to_check: Trouble[];
  troubles: Trouble[];
  passed_over: { line: number; why: string }[];
  other_sheets: string[];
}

export function toldOf(told: Told): string {
  const words = [`读到 ${told.rows} 行，正在导入 ${told.taken} 行（第一条 ${told.first}，最后一条 ${told.last}），进度见下面的作业`];
  if (told.passed_over.length) words.push(`跳过了 ${told.passed_over.map((one) => `第 ${one.line} 行（${one.why}）`).join("、")}`);
  if (told.other_sheets.length) words.push(`工作表“${told.other_sheets.join("、")}”没有读，请另存为单独的文件再导入`);
  return words.join("；");
}

export interface Exchange {
  id: string;
  partner: string;
  partner_title: string;
  number: string;
  ticket_id: string;
  ticket_number: string;
  state: string;
  at: string;
  act: string;
  code: string;
  note: string;
  attempts: number;
  detail: string;
  retry_at: string | null;
  done_at: string | null;
  done_by: string;
  copy: string;
}

export interface Job {
  id: string;
  kind: string;
  about: Record<string, string>;
  by: string;
  at: string;
  total: number;
  chunks: number;
  chunks_done: number;
  counts: Record<string, number>;
  finished_at: string | null;
}

export interface Trouble {
  row: number;
  message: string;
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
const COUNTS: Record<string, string> = { made: "新建", updated: "更新", same: "已有，没有变化", refused: "没有导入", told: "已通知", points: "点位", new_codes: "新发码", removed_points: "停用点位", handed_over: "交接工单" };

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

export function countsText(counts: Record<string, number>): string {
  return Object.entries(counts).map(([name, number]) => `${COUNTS[name] ?? name} ${number}`).join("，");
}

/** The rows of a file that the server could not read; other refusals list names of fields. */
export function badRows(fields: unknown): Trouble[] {
  const isRow = (each: unknown): each is Trouble => typeof each === "object" && each !== null && "row" in each && "message" in each;
  return Array.isArray(fields) ? fields.filter(isRow) : [];
}
