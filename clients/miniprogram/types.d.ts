// What JSDoc of the mini-program may name: the schemas of the API, which the server generates (clients/api.d.ts), and what a
// request of it may be (lib/api.js). Types alone: nothing of this file is uploaded (project.config.json) or runs.

type Schemas = import("../api").components["schemas"];
type Responds<Method extends string, Path extends string> = import("../routes").Responds<Method, Path>;
type Reads<Method extends string, Path extends string> = import("../routes").Reads<Method, Path>;
type Offered<Answer = Schemas["Acted"]> = import("../routes").Offered<Answer>;

interface Asked<Method extends string, Path extends string, Body> {
  who?: string;
  method?: Method;
  /** A template of the route, each part by `api.part`: its route types the body and the answer. */
  path: Path;
  query?: Record<string, unknown>;
  body?: Body;
  key?: string;
  etag?: string;
}

/** What a request must be beside: to a route that there is, with a body that is known to hold exactly what the route reads. */
type Fits<Method extends string, Path extends string, Body> =
  Path extends Offered<unknown>
    ? unknown
    : [Reads<Method, Path>] extends [never]
      ? { path: "no route" }
      : Missing<Body> extends true
        ? {} extends Reads<Method, Path>
          ? unknown
          : { body: Reads<Method, Path> }
        : { body: Exact<Body, Reads<Method, Path>> };
type Untyped<Given> = 0 extends 1 & Given ? true : false;
type Missing<Given> = Untyped<Given> extends true ? false : unknown extends Given ? true : false;

/** A body that goes to this route, of a helper that sends it on. */
type Sent<Method extends string, Path extends string, Body> = Body & Exact<Body, Reads<Method, Path>>;

/** What the outbox keeps and sends (lib/outbox.js). */
interface Queued<Path extends string, Body> {
  path: Path;
  body: Body;
  title: string;
  who?: string;
  photos?: any[];
  ticketId?: string;
  act?: string;
  filled?: Record<string, any>;
  version?: number;
}

/** `Known`, without any other field; nothing where the body's type was lost on the way. */
type Exact<Given, Known> = Untyped<Given> extends true ? never : Known & { [Key in Strange<Given, Known>]: never };
type Strange<Given, Known> = Given extends unknown ? Exclude<keyof Given, keyof Known> : never;
