/**
 * Which route an address is of, and with it what it asks, reads and responds with (`Routes`, generated of OpenAPI): both
 * clients send and read by these, so that a misspelt parameter, or field of a body or of an answer, is an error.
 */

import type { Acted, Routes } from "./api";

declare const offered: unique symbol;

/** An address that is known at run time alone: of an act as the server declares it, with its fields. */
export type Offered<Answer = Acted> = string & { [offered]: Answer };

type Part<Given extends string> = string extends Given ? "{}" : Given;
type Parts<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? `${Part<First>}/${Parts<Rest>}`
  : Part<Path>;

/** The name of the route; `never` where no route serves such an address: one with a query in it is none. */
export type Route<Method extends string, Path extends string> = `${Method} ${Parts<Path>}` & keyof Routes;

type Of<Known extends keyof Routes, What extends "asks" | "reads" | "responds" | "keyed", Else> = Known extends unknown
  ? Routes[Known] extends Record<What, infer Kind>
    ? Kind
    : Else
  : never;

/** What the route asks: the parameters of its query; none where it asks for none. */
export type Asks<Method extends string, Path extends string> =
  Path extends Offered<unknown> ? Record<string, never> : Of<Route<Method, Path>, "asks", Record<string, never>>;

/** What the route reads: an object without fields where it reads none; `never` where there is no such route. */
export type Reads<Method extends string, Path extends string> =
  Path extends Offered<unknown> ? object : Of<Route<Method, Path>, "reads", Record<string, never>>;

/** The Idempotency-Key where the route heeds one: whatever is sent there carries it. */
export type Keyed<Method extends string, Path extends string> =
  Path extends Offered<unknown>
    ? { key: string }
    : Of<Route<Method, Path>, "keyed", false> extends true
      ? { key: string }
      : unknown;

/** What the route responds with. */
export type Responds<Method extends string, Path extends string> =
  Path extends Offered<infer Answer> ? Answer : Of<Route<Method, Path>, "responds", unknown>;
