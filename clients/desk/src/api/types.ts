/** What the API answers (docs/architecture.md, "What screens are answered"). */

export interface Named {
  code: string;
  name: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Me {
  code: string;
  name: string;
  unit: string;
  unit_name: string;
  roles: string[];
}

export interface Row {
  ticket_id: string;
  number: string;
  stage: string;
  stage_name: string;
  category: string;
  category_name: string;
  place: string;
  source: string;
  urgent: boolean;
  track: string;
  round: number;
  unit_id: string;
  unit_name: string;
  handler_id: string;
  handler_name: string;
  confidential: boolean;
  practice: boolean;
  extension_asked: boolean;
  paused: string;
  /** Words of a resident wait for whoever must act. */
  unread?: boolean;
  clock: string;
  clock_name: string;
  due_at: string;
  received_at: string;
}

export interface Running {
  kind: string;
  name: string;
  round: number;
  started_at: string;
  due_at: string;
  overdue: boolean;
  paused: boolean;
  extended: boolean;
  provisional: boolean;
}

export interface Suggestion {
  category: string | null;
  category_name: string;
  unit_id: string | null;
  unit_name: string;
  track: string;
  urgent: boolean;
  confidential: boolean;
  forward_to: string;
  sure: boolean;
  reason: string;
}

/** What the trained model takes an unsorted report for; `confidence` from 0 to 1. */
export interface Guess {
  category: string;
  category_name: string;
  confidence: number;
  words: string[];
}

/** One way closed tickets like this one went; `hours` of work, the median, null for too few. */
export interface HandledGroup {
  tickets: number;
  share: number;
  hours: number | null;
}

/** What became of closed tickets of its category nearby. */
export interface Handled {
  tickets: number;
  units: (HandledGroup & { unit_id: string; unit_name: string })[];
  tracks: (HandledGroup & { track: string })[];
  text: string;
}

/** The class of things a ticket is in; `measure` "" without one. */
export interface TicketClass {
  id: string;
  name: string;
  state: string;
  state_name: string;
  reporters: number;
  measure: string;
}

export interface Line {
  version: number;
  kind: string;
  at: string;
  by: string;
  what: string;
  note: string;
  public: boolean;
  photos: { id: string }[];
}

export interface Assisting {
  unit_id: string;
  unit_name: string;
  state: "open" | "finished" | "waived";
  note: string;
}

export interface Similar {
  id: string;
  number: string;
  category_name: string;
  stage: string;
  stage_name: string;
  received_at: string;
  place?: string;
  /** Why it is shown beside another ticket. */
  reason?: string;
}

export interface Order {
  id: string;
  by: string;
  at: string;
  text: string;
  answered_at: string | null;
  answer: string;
}

/** 可能有人有危险: what was said, what the resident answered, what the desk decided. */
export interface DangerCard {
  level: string;
  is_open: boolean;
  title: string;
  kinds: Named[];
  words: string[];
  answer: string;
  answer_name: string;
  decided: string;
  reason: string;
  whys: Named[];
}

export interface EmergencySheet {
  rows: { name: string; number: string; text: string }[];
  numbers: { name: string; number: string }[];
  called: Named[];
}

export interface Ticket {
  id: string;
  number: string;
  version: number;
  stage: string;
  stage_name: string;
  source: string;
  text: string;
  photos: string[];
  public_text: string;
  practice: boolean;
  category: string | null;
  category_name: string;
  track: string;
  urgent: boolean;
  confidential: boolean;
  concerns: string[];
  round: number;
  returns: number;
  reachable: string;
  where: { place: string | null; name: string; inside_wall: boolean; point_code: string | null };
  acts: string[];
  danger: DangerCard | null;
  emergency: EmergencySheet | null;
  suggestion: Suggestion | null;
  guess: Guess | null;
  handled: Handled | null;
  issue_class: TicketClass | null;
  place_path: { code: string; name: string; kind: string }[];
  station: Named & { phone: string };
  lead_unit: (Named & { phone: string }) | null;
  handler: Named | null;
  assisting: Assisting[];
  running: Running[];
  pause: { kind: string; reason: string; review_at: string } | null;
  extension: { asked_by: string; asked_at: string; working_days: number; reason: string } | null;
  similar: Similar[];
  history: Line[];
  external_ids: { partner: string; number: string; due_at: string | null; status?: string }[];
  supervision_orders: Order[];
  attempts: { round: number; at: string; by: string; outcome: string; note: string }[];
  members: number;
  has_reporter: boolean;
  may_reveal: boolean;
  viewer: Named;
  received_at: string;
  closed_at: string | null;
  resolution: { by: string; at: string; note: string; photos: string[] } | null;
  merged_into: string | null;
  /** What was merged into it, as its reporters said it. */
  merged: { id: string; number: string; text: string; photos: string[]; received_at: string }[];
  /** 分拆: of its own matter, the report it is part of, and the report's other matters. */
  title: string;
  part_of: { id: string; number: string } | null;
  parts: { id: string; number: string; title: string; stage: string; stage_name: string }[];
  forwarded_to: string;
  forwarded_number: string;
}

export interface Told {
  to: string;
  line: string;
  may_resend: boolean;
  way: string;
  template: string;
  at: string;
  state: string;
  attempts: number;
  detail: string;
}

export interface Call {
  to: string;
  line: string;
  ticket_id: string;
  number: string;
  at: string;
  title: string;
  text: string;
}

export interface Place {
  code: string;
  parent: string | null;
  kind: string;
  name: string;
  full_name: string;
  inside_wall: boolean;
}

export interface Unit extends Named {
  kind: string;
  area: string;
  phone: string;
}

export interface Staff extends Named {
  unit: string;
  roles: string[];
  places: string[];
}

export interface Category extends Named {
  parent: string | null;
  track: string;
  urgent: boolean;
  facility: boolean;
  sensitive: boolean;
}

export interface Directory {
  version: string;
  places: Place[];
  units: Unit[];
  staff: Staff[];
  categories: Category[];
  stages: Named[];
  tracks: Named[];
  clocks: Named[];
  roles: Named[];
  sources: Named[];
  place_kinds: Named[];
  unit_kinds: Named[];
  return_reasons: Named[];
  decline_reasons: Named[];
  queues: Named[];
  reveal_reasons: Named[];
}

export interface Live {
  queues: Record<string, string>;
  town: string;
  now: string;
}

export interface ReadyAnswer {
  id: string;
  title: string;
  text: string;
  category: string | null;
  category_name: string;
  by: string;
  at: string;
}

export interface Acted {
  id: string;
  number: string;
  stage: string;
  version: number;
  round: number;
}

export interface BulkResult {
  id: string;
  ok: boolean;
  message?: string;
  code?: string;
}
