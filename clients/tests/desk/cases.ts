/** What the tests are about, with everything filled in that they do not care for. */

import declared from "../acts.json";
import type { Offer, Row, Ticket } from "../../desk/src/api/types";

/** Every act as the server declares it (`make docs`), narrowed to no ticket. */
export const DECLARED = declared as unknown as Offer[];

export function offer(name: string, given: Partial<Offer> = {}): Offer {
  return { ...DECLARED.find((act) => act.name === name)!, ...given };
}

/** What a partner's number holds where no order came with it. */
export const UNSENT = { sent_at: null, digest: "", status: "" };

export const NOW = Date.parse("2026-11-23T08:00:00+08:00");

export function after(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString();
}

export function aRow(given: Partial<Row> = {}): Row {
  return {
    ticket_id: "T1",
    number: "MS261123-AAAAAA-A",
    stage: "received",
    stage_name: "已受理",
    category: "B01",
    category_name: "楼道照明",
    place: "盛华景苑 5号楼",
    source: "qr",
    urgent: false,
    track: "simple",
    round: 1,
    unit_id: "",
    unit_name: "",
    handler_id: "",
    handler_name: "",
    confidential: false,
    practice: false,
    extension_asked: false,
    paused: "",
    clock: "feedback",
    clock_name: "反馈",
    due_at: after(300),
    rings_at: [120, 210, 300, 600].map(after),
    received_at: after(0),
    ...given,
  };
}

/** A ticket; `acts` are offered as they are declared, where `offers` does not say more. */
export function aTicket(given: Partial<Ticket> = {}): Ticket {
  const acts = given.acts ?? ["dispatch", "answer", "classify", "comment"];
  return {
    id: "T1",
    number: "MS261123-AAAAAA-A",
    version: 3,
    stage: "received",
    stage_name: "已受理",
    source: "qr",
    text: "楼道灯不亮",
    photos: [],
    public_text: "",
    practice: false,
    category: "B01",
    category_name: "楼道照明",
    track: "simple",
    urgent: false,
    confidential: false,
    concerns: [],
    confrontations: [],
    round: 1,
    returns: 0,
    reachable: "in_app",
    where: {
      place: "SHJY-5-1",
      name: "5号楼 1单元",
      inside_wall: true,
      point_code: null,
      path: [],
      candidates: [],
      said: "",
    },
    room: "",
    may_enter: false,
    acts,
    offers: DECLARED.filter((act) => acts.includes(act.name)),
    danger: null,
    recording: null,
    may_listen: false,
    emergency: null,
    guess: null,
    matters: 1,
    handled: null,
    usual: "",
    suggestion: {
      category: "B01",
      category_name: "楼道照明",
      unit_id: "PM-SHJY",
      unit_name: "盛华景苑物业",
      track: "simple",
      urgent: false,
      confidential: false,
      forward_to: "",
      sure: true,
      reason: "关键词 楼道灯",
    },
    place_path: [],
    station: { code: "ST", name: "工作站", phone: "" },
    lead_unit: null,
    handler: null,
    assisting: [],
    running: [],
    pause: null,
    extension: null,
    similar: [],
    history: [
      {
        version: 1,
        kind: "received",
        at: after(0),
        by: "reporter",
        what: "已收到",
        note: "",
        public: false,
        photos: [],
        details: {},
      },
    ],
    external_ids: [],
    supervision_orders: [],
    attempts: [],
    members: 1,
    has_reporter: true,
    may_reveal: true,
    viewer: { code: "fc1", name: "首问接待甲" },
    received_at: after(0),
    closed_at: null,
    resolution: null,
    merged_into: null,
    merged: [],
    title: "",
    part_of: null,
    parts: [],
    forwarded_to: "",
    forwarded_number: "",
    ...given,
  } as Ticket; // what no page looks at is left out
}

/** A server that answers what it is told, and remembers what it was asked. */
export interface Heard {
  method: string;
  path: string;
  body: any;
  headers: Headers;
}

export function aServer(
  answers: (heard: Heard) => { status?: number; body?: unknown; headers?: Record<string, string> } | Error,
) {
  const heard: Heard[] = [];
  globalThis.fetch = (async (address: string, init: RequestInit = {}) => {
    const url = new URL(address);
    const one = {
      method: init.method ?? "GET",
      path: url.pathname + url.search,
      body: init.body ? JSON.parse(String(init.body)) : undefined,
      headers: new Headers(init.headers),
    };
    heard.push(one);
    const said = answers(one);
    if (said instanceof Error) throw said;
    const { status = 200, body = {}, headers = {} } = said;
    return new Response(status === 304 ? null : JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/json", ...headers },
    });
  }) as typeof fetch;
  return heard;
}
