// What JSDoc of the mini-program may name: the schemas of the API, which the server generates (clients/api.d.ts), and what a
// request of it may be (lib/api.js). Types alone: nothing of this file is uploaded (project.config.json) or runs.

type Schemas = import("../api").components["schemas"];
type Responds<Method extends string, Path extends string> = import("../routes").Responds<Method, Path>;
type Asks<Method extends string, Path extends string> = import("../routes").Asks<Method, Path>;
type Reads<Method extends string, Path extends string> = import("../routes").Reads<Method, Path>;
type Keyed<Method extends string, Path extends string> = import("../routes").Keyed<Method, Path>;
type Offered<Answer = Schemas["Acted"]> = import("../routes").Offered<Answer>;

interface Asked<Method extends string, Path extends string, Body> {
  who?: string;
  method?: Method;
  /** A template of the route, each part by `api.part`: its route types the body and the answer. */
  path: Path;
  query?: Asks<Method, Path>;
  body?: Body;
  key?: string;
  etag?: string;
}

/** A request once its types were judged: as it is sent. */
interface Plain {
  method?: string;
  path: string;
  query?: unknown;
  body?: unknown;
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

/** What a page is given to send later (lib/outbox.js). */
interface Queued<Path extends string, Body> {
  path: Path;
  body: Body;
  title: string;
  who?: string;
  photos?: Photo[];
  recording?: Recording | null;
  ticketId?: string;
  /** Where it was, and who can be asked, should it be refused once the ticket is in other hands. */
  where?: string;
  station?: string;
  act?: string;
  filled?: Record<string, unknown>;
  version?: number;
}

/** `setData` of a page: what it has, by its own names. */
type Sets<Data> = (data: Partial<Data>, done?: () => void) => void;

/** A photo of this phone (lib/photos.js): sent where it has an `id`; `as`: under which name of a body, if not photos. */
interface Photo {
  path: string;
  size: number;
  type: string;
  id?: string;
  as?: string;
}

/** What was spoken (lib/recordings.js). */
interface Recording {
  path: string;
  size: number;
  seconds: number;
  type: string;
  id?: string;
}

/** What went wrong (lib/failures.js): with what the server said beside. */
interface Failure {
  status: number;
  code: string;
  message: string;
  fields?: string[];
  phone?: string;
  /** Nothing was to be done by it: a page that could not be opened. */
  isRead?: boolean;
}

/** What the outbox keeps (lib/outbox.js). */
interface Entry {
  id: string;
  who: string;
  by: string;
  at: number;
  path: string;
  body: Record<string, unknown>;
  photos: Photo[];
  recording: Recording | null;
  title: string;
  ticketId: string;
  where: string;
  station: string;
  act: string;
  /** The form as it was filled in, to be put right. */
  filled: Record<string, unknown>;
  state: "waiting" | "refused";
  message: string;
  /** What of it was refused, by the API's names. */
  fields: string[];
}

/** How it went with what was given to the outbox. */
interface Result<Answer = unknown> {
  id?: string;
  state: "waiting" | "refused" | "sent";
  message: string;
  answer?: Answer;
  failure?: Failure;
}

/** What was last seen under this name (lib/seen.js). */
type Seen<Name extends string> = Name extends `ticket.${string}`
  ? Schemas["StaffTicket"]
  : Name extends `queue.${string}`
    ? Schemas["Page_QueueRow_"]
    : Name extends `shops.${string}`
      ? Schemas["ShopAtPoint"][]
      : Name extends `walk.${string}`
        ? Schemas["MyWalks"]
        : never;

/** `Known`, without any other field; nothing where the body's type was lost on the way. */
type Exact<Given, Known> = Untyped<Given> extends true ? never : Known & { [Key in Strange<Given, Known>]: never };
type Strange<Given, Known> = Given extends unknown ? Exclude<keyof Given, keyof Known> : never;
