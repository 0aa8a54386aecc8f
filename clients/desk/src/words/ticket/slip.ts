/** 小票: what the counter prints for whoever stood there. */

import { shown } from "../queue/clocks";
import type { SlipPage as Slip } from "../../api/types";

export type { Slip };

export const PAPERS = [
  { code: "58", name: "58 毫米热敏", width: 54 },
  { code: "80", name: "80 毫米热敏", width: 74 },
  { code: "A5", name: "A5", width: 128 },
] as const;
export type Paper = (typeof PAPERS)[number]["code"];

const QUIET = 4; // modules that a code needs around it
const MM_OF_PX = 25.4 / 96;

/** A roll is cut where the slip ends: its page is as long as what stands on it. */
export function pageStyle(paper: Paper, heightPx: number): string {
  if (paper === "A5") return "@page{size:A5;margin:10mm}";
  return `@page{size:${paper}mm ${Math.ceil(heightPx * MM_OF_PX) + 8}mm;margin:2mm}`;
}

export function viewBox(modules: number): string {
  return `${-QUIET} ${-QUIET} ${modules + 2 * QUIET} ${modules + 2 * QUIET}`;
}

/** What was promised, by when and by whom. */
export function promisesOf(slip: Slip): string[] {
  if (slip.is_over) return ["已当场答复或办理，还有问题请打电话"];
  if (!slip.promises.length) return ["进展请报单号打电话问"];
  return slip.promises.map((each) => `${each.name}：${slip.unit} ${shown(each.due_at)}前`);
}
