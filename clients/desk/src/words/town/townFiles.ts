import { Refused } from "../../api/errors";
import type { TownTable as Table } from "../../api/types";

export type { Table };

/** The tables that make a town (docs/town.md); which they are the server says. */

const TEXTS = ["csv", "txt", "tsv"];
const BOOKS = ["xlsx", "xlsm", "xls", "xlsb", "ods"];
const KINDS = new RegExp(`\\.(${[...TEXTS, ...BOOKS].join("|")})$`);
const WORKBOOK = new RegExp(`\\.(${BOOKS.join("|")})$`);
/** What every field for tables takes: the server has one reader for all of them. */
export const READABLE = [...[...TEXTS, ...BOOKS].map((kind) => `.${kind}`), "text/csv"].join(",");

function stemOf(name: string): string {
  return name.toLowerCase().replace(KINDS, "");
}

function tableOf(file: string, tables: Table[]): string | undefined {
  const stem = stemOf(file);
  return tables.find((table) => table.name === stem || table.title === stem)?.name;
}

/** A table of the town by its name in English or Chinese, or any workbook: it may hold all of them. Other files of the folder stay. */
export function isTownFile(file: string, tables: Table[]): boolean {
  const lower = file.toLowerCase();
  if (/^[~.]/.test(lower)) return false;
  return WORKBOOK.test(lower) || (KINDS.test(lower) && tableOf(file, tables) !== undefined);
}

/** What is not there by its name; whether a workbook holds it is for the server to say. */
export function missingFiles(chosen: string[], tables: Table[]): string[] {
  const found = chosen.map((file) => tableOf(file, tables));
  const isBook = chosen.some((file, at) => WORKBOOK.test(file.toLowerCase()) && found[at] === undefined);
  return isBook
    ? []
    : tables.filter((table) => table.needed && !found.includes(table.name)).map((table) => `${table.name}.csv`);
}

/** Bytes of files in one request: it may hold 6 MB, and base64 makes four of every three. */
export const MOST_BYTES = 4 * 1024 * 1024;

/** Throws Refused before anything is sent that would come back as API Gateway's own 413. */
export function checkSize(files: Blob[], instead = "请分成几个文件再传"): void {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MOST_BYTES)
    throw new Refused(413, "too_large", `文件${files.length > 1 ? "合计" : ""}超过 4MB，${instead}`);
}

export async function base64Of(file: Blob): Promise<string> {
  checkSize([file]);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
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
