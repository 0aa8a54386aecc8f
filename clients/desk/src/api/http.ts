/** The one way in for requests: address, token, ETag, idempotency key, time limit, and signing in again on 401. */

import { NoAnswer, Refused } from "./errors";
import type { Asks, Keyed, Reads, Responds } from "../../../routes";

export interface Asked<Body = unknown, Asking = unknown> {
  body?: Body;
  /** What is empty is not sent. */
  query?: Asking;
  /** Idempotency-Key: the same act sent twice is done once. */
  key?: string;
  etag?: string;
  timeoutMs?: number;
  /** Answer 401 at once instead of asking the person to sign in. */
  quiet?: boolean;
  signal?: AbortSignal;
  /** Of somebody else who signed in at this computer, instead of the session's own. */
  token?: string;
}

export interface Answer<T> {
  status: number;
  etag: string;
  body: T;
  headers: Headers;
}

interface Gate {
  token: () => string;
  /** Shows the sign-in dialog over the page, or the cover where the screen is locked; resolves once that is over. */
  signInAgain: (refused: Refused) => Promise<void>;
  /** Resolves where the same person goes on by another token; never where somebody else sits here, for whom the page is loaded anew. */
  goesOn?: () => Promise<void>;
}

const SLOW_MS = 20_000;
let gate: Gate = { token: () => "", signInAgain: () => Promise.reject(new Error("no gate")) };

export function useGate(given: Gate): void {
  gate = given;
}

/** For what asks quietly, since it must go on meanwhile. */
export const signInAgain = (refused: Refused): Promise<void> => gate.signInAgain(refused);

/** The API lies beside the console's own folder, whatever base path the stage has. */
export function address(path: string): string {
  return new URL(path.replace(/^\//, ""), new URL("../", document.baseURI)).href;
}

type Given<Method extends string, Path extends string> = Asked<Reads<Method, Path>, Asks<Method, Path>> &
  Keyed<Method, Path>;

/**
 * What goes along: the body where the route reads one, the key where it heeds one (`act` keeps it over lost answers);
 * nothing that fits where no route serves the address.
 */
type With<Method extends string, Path extends string> = [Reads<Method, Path>] extends [never]
  ? [never]
  : [Reads<Method, Path>] extends [Record<string, never>]
    ? Partial<Given<Method, Path>> extends Given<Method, Path>
      ? [asked?: Given<Method, Path>]
      : [asked: Given<Method, Path>]
    : [asked: Given<Method, Path> & { body: Reads<Method, Path> }];

/** `path` names the route that is asked, which types its query, the body that it reads and the answer (routes.d.ts). */
export async function send<Method extends string, Path extends string>(
  method: Method,
  path: Path,
  ...[asked]: With<Method, Path>
): Promise<Answer<Responds<Method, Path>>> {
  return request(method, path, asked);
}

/** The same for `send` and `act`, which know the types. */
export async function request<T>(method: string, path: string, asked: Asked = {}): Promise<Answer<T>> {
  const sent = gate.token();
  try {
    return await once<T>(method, path, asked);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    if (asked.token === undefined && isPast(sent)) {
      await gate.goesOn?.();
      return request<T>(method, path, asked);
    }
    if (asked.quiet) throw error;
    await gate.signInAgain(error);
    return once<T>(method, path, asked);
  }
}

/** Whether another session has begun since: that this one was locked or ended says nothing of whoever sits here now. */
function isPast(token: string): boolean {
  const present = gate.token();
  return present !== "" && present !== token;
}

export async function get<Path extends string>(
  path: Path,
  ...asked: With<"GET", Path>
): Promise<Responds<"GET", Path>> {
  return (await send("GET", path, ...asked)).body;
}

async function once<T>(method: string, path: string, asked: Asked): Promise<Answer<T>> {
  const answered = await fetched(method, path + queryOf(asked.query), asked);
  if (answered.status === 304)
    return { status: 304, etag: asked.etag ?? "", body: undefined as T, headers: answered.headers };
  const body = await bodyOf(answered);
  if (!answered.ok) throw refusedBy(answered.status, body);
  return {
    status: answered.status,
    etag: answered.headers.get("ETag") ?? "",
    body: body as T,
    headers: answered.headers,
  };
}

/** ?a=1&b=2 of what is given; nothing for what is empty. */
function queryOf(asked: unknown): string {
  const given = Object.entries(asked ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query && `?${query}`;
}

async function fetched(method: string, path: string, asked: Asked): Promise<Response> {
  const limit = AbortSignal.timeout(asked.timeoutMs ?? SLOW_MS);
  try {
    return await fetch(address(path), {
      method,
      headers: headersOf(asked),
      body: asked.body === undefined ? undefined : JSON.stringify(asked.body),
      cache: "no-store",
      credentials: "omit",
      keepalive: leaving(asked), // what is sent as the page is left still arrives
      signal: asked.signal ? AbortSignal.any([limit, asked.signal]) : limit,
    });
  } catch (error) {
    if (asked.signal?.aborted) throw error;
    throw new NoAnswer(limit.aborted ? "slow" : navigator.onLine === false ? "offline" : "down", method === "GET");
  }
}

const MOST_KEPT_ALIVE = 60_000; // characters; browsers refuse more than 64 kB

function leaving({ body }: Asked): boolean {
  return document.visibilityState === "hidden" && JSON.stringify(body ?? "").length < MOST_KEPT_ALIVE;
}

function headersOf(asked: Asked): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const token = asked.token ?? gate.token();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  if (asked.key) headers["Idempotency-Key"] = asked.key;
  if (asked.etag) headers["If-None-Match"] = asked.etag;
  return headers;
}

async function bodyOf(answered: Response): Promise<unknown> {
  const text = await answered.text();
  if (!(answered.headers.get("Content-Type") ?? "").includes("json")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function refusedBy(status: number, body: unknown): Refused {
  const known = body && typeof body === "object" ? (body as Record<string, unknown>) : {};
  return new Refused(status, String(known.code ?? ""), String(known.message ?? ""), known);
}
