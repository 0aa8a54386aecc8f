/** The figures of the first dashboard in words. A figure is never shown without its denominator. */

export interface Indicator {
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
  disproved?: number;
  not_solved?: number;
  unreached?: number;
  silent?: number;
  explained?: number;
  exempt?: number;
}

/** Rounds of one clock that promised one amount, under the name of that promise. */
export interface FigurePromise extends Indicator {
  clock: string;
  name: string;
  disproved: number;
}

export interface FigureRow {
  key: string;
  name: string;
  received: number;
  closed: number;
  indicators: Record<string, Indicator>;
  promises: FigurePromise[];
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
export function share(indicator: Indicator | undefined): string {
  if (!indicator || indicator.denominator === 0) return "–";
  return `${Math.round((indicator.numerator / indicator.denominator) * 100)}%`;
}

export function fraction(indicator: Indicator | undefined): string {
  return indicator ? `${indicator.numerator} / ${indicator.denominator}` : "";
}

export function tilesOf(today: Today): Tile[] {
  const { received, closed, indicators, promises } = today.total;
  const { satisfied } = indicators;
  return [
    { name: "今日受理", value: String(received), of: "件", hint: `未结 ${today.open} 件（含往日）` },
    ...["feedback", "response"].flatMap((clock) => promises.filter((each) => each.clock === clock).map(tileOf)),
    { name: "今日结案", value: String(closed), of: "件", hint: "" },
    { name: "满意", value: share(satisfied), of: fraction(satisfied), hint: answered(satisfied) },
  ];
}

/** One promise under its own name: what was promised in five minutes stands apart from what was in fifteen days. */
function tileOf(promise: FigurePromise): Tile {
  return { name: promise.name, value: share(promise), of: fraction(promise), hint: `还在计时 ${promise.open}` };
}

function answered(indicator: Indicator | undefined): string {
  return indicator ? `问了 ${indicator.asked ?? 0}，答了 ${indicator.answered ?? 0}` : "";
}
