/** The CSV files that make a town (docs/town.md). */

export const FILES = [
  "places", "units", "staff", "duty", "categories", "triage", "clocks", "follow_up", "roles", "emergency",
  "danger", "calendar",
] as const;
/** Those that a town may have beside them. */
const OPTIONS = ["subscribers", "sensor_rules", "visit_plans", "hazards", "emergency_sheets", "knowledge", "everyday_words"];

export function isTownFile(name: string): boolean {
  return [...FILES, ...OPTIONS].some((known) => name.toLowerCase() === `${known}.csv`);
}

export function missingFiles(chosen: string[]): string[] {
  const names = new Set(chosen.map((name) => name.toLowerCase().replace(/\.csv$/, "")));
  return FILES.filter((name) => !names.has(name)).map((name) => `${name}.csv`);
}

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  return btoa(text);
}

export interface RowError {
  file: string;
  line: number;
  column: string;
  reason: string;
}

/** The faults of the rows as the server lists them; other refusals list names of fields, which are no rows. */
export function rowErrors(fields: unknown): RowError[] {
  const isRow = (each: unknown): each is RowError => typeof each === "object" && each !== null && "reason" in each;
  return Array.isArray(fields) ? fields.filter(isRow) : [];
}
