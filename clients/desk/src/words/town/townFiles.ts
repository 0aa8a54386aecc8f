import { Refused } from "../../api/errors";

/** The CSV files that make a town (docs/town.md). */
export const FILES = [
  "places", "units", "staff", "duty", "categories", "triage", "clocks", "follow_up", "roles", "emergency",
  "danger", "calendar",
] as const;
/** Those that a town may have beside them. */
const OPTIONS = ["subscribers", "sensor_rules", "visit_plans", "hazards", "emergency_sheets", "knowledge", "everyday_words"];

const KINDS = /\.(csv|txt|tsv|xlsx|xlsm|xls|xlsb|ods)$/;
const WORKBOOK = /\.(xlsx|xlsm|xls|xlsb|ods)$/;

function stemOf(name: string): string {
  return name.toLowerCase().replace(KINDS, "");
}

/** A table of the town by its name, or any workbook: it may hold all of them. Other tables of the folder stay. */
export function isTownFile(name: string): boolean {
  const lower = name.toLowerCase();
  if (/^[~.]/.test(lower)) return false;
  return WORKBOOK.test(lower) || (KINDS.test(lower) && [...FILES, ...OPTIONS].some((known) => known === stemOf(name)));
}

/** What is not there by its name; whether a workbook holds it is for the server to say. */
export function missingFiles(chosen: string[]): string[] {
  const names = new Set(chosen.map(stemOf));
  const isBook = chosen.some((name) => WORKBOOK.test(name.toLowerCase()) && ![...FILES, ...OPTIONS].some((known) => known === stemOf(name)));
  return isBook ? [] : FILES.filter((name) => !names.has(name)).map((name) => `${name}.csv`);
}

/** Bytes of files in one request: it may hold 6 MB, and base64 makes four of every three. */
export const MOST_BYTES = 4 * 1024 * 1024;

/** Throws Refused before anything is sent that would come back as API Gateway's own 413. */
export function checkSize(files: Blob[], instead = "请分成几个文件再传"): void {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MOST_BYTES) throw new Refused(413, "too_large", `文件${files.length > 1 ? "合计" : ""}超过 4MB，${instead}`);
}

export async function base64Of(file: Blob): Promise<string> {
  checkSize([file]);
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
