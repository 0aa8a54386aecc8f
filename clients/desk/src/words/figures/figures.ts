/** The figures of the first dashboard in words. A figure is never shown without its denominator. */

import type { FigureRow, FiguresToday as Today, Indicator, PromiseShown as FigurePromise } from "../../api/types";

export type { Indicator, FigureRow, Today, FigurePromise };

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
