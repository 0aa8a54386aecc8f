/** The figures of the first dashboard in words. A figure is never shown without its denominator. */

export interface Measure {
  numerator: number;
  denominator: number;
  open: number;
  void: number;
  rankable: boolean;
  by_person?: number;
  by_machine?: number;
  asked?: number;
  answered?: number;
  times?: number;
  not_solved?: number;
  unreached?: number;
  silent?: number;
  explained?: number;
  exempt?: number;
}

export interface FigureRow {
  key: string;
  name: string;
  received: number;
  closed: number;
  measures: Record<string, Measure>;
}

export interface Today {
  day: string;
  counted_at: string | null;
  waiting: boolean;
  areas: { code: string; name: string }[];
  open: number;
  late: { to: string; to_name: string; tickets: number }[];
  total: FigureRow;
  by: Record<"area" | "channel" | "category" | "origin", FigureRow[]>;
}

export interface Tile {
  name: string;
  value: string;
  of: string;
  hint: string;
}

/** 83%, or – where nothing has been decided: none of none is no hundred per cent. */
export function share(measure: Measure | undefined): string {
  if (!measure || measure.denominator === 0) return "–";
  return `${Math.round((measure.numerator / measure.denominator) * 100)}%`;
}

export function fraction(measure: Measure | undefined): string {
  return measure ? `${measure.numerator} / ${measure.denominator}` : "";
}

export function tilesOf(today: Today): Tile[] {
  const { received, closed, measures } = today.total;
  const { feedback, response, satisfied } = measures;
  return [
    { name: "今日受理", value: String(received), of: "件", hint: `未结 ${today.open} 件（含往日）` },
    { name: "5分钟内反馈", value: share(feedback), of: fraction(feedback), hint: madeBy(feedback) },
    { name: "1小时内响应", value: share(response), of: fraction(response), hint: running(response) },
    { name: "今日结案", value: String(closed), of: "件", hint: "" },
    { name: "满意", value: share(satisfied), of: fraction(satisfied), hint: answered(satisfied) },
  ];
}

function madeBy(measure: Measure | undefined): string {
  if (!measure) return "";
  return `人工 ${measure.by_person ?? 0}，系统 ${measure.by_machine ?? 0}；${running(measure)}`;
}

function running(measure: Measure | undefined): string {
  return measure ? `还在计时 ${measure.open}` : "";
}

function answered(measure: Measure | undefined): string {
  return measure ? `问了 ${measure.asked ?? 0}，答了 ${measure.answered ?? 0}` : "";
}
