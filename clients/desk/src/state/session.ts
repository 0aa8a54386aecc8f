/**
 * Who sits at this desk. The token outlives a reload, and is worth nothing while the screen is locked (rule 103); signing
 * out takes the own drafts along, and so does nobody else.
 */

import { computed, reactive } from "vue";
import { act } from "../api/acting";
import { Refused } from "../api/errors";
import { get, send, useGate } from "../api/http";
import type { MeHere } from "../api/types";
import { computerSecret, dropSeat, keepComputer, leaveSeat, type Seat } from "./computer";
import { draftsOf, dropDrafts } from "./drafts";
import { cover, tellLeaving, uncover } from "./screen";
import { sendHeld } from "./undo";

export const TOKEN = "desk.token";
const SITTING = "desk.sitting";
const DESK = ["first_contact", "station_head"];
const HEADS = ["station_head", "area_leader", "town_leader"];

export const session = reactive({
  token: localStorage.getItem(TOKEN) ?? "",
  me: null as MeHere | null,
  asking: false, // the sign-in dialog lies over the page
  sitting: readSitting(), // whose token it is, also while it answers nothing
});

interface Sitting {
  code: string;
  name: string;
  hasPin: boolean;
}

let waiting: { resolve: () => void; promise: Promise<void> } | null = null;
let isTaken = false; // by somebody else: this page is about to go

useGate({
  token: () => session.token,
  signInAgain: (refused) => {
    if (refused.code === "locked") cover();
    else session.asking = true;
    waiting ??= fresh();
    return waiting.promise;
  },
  goesOn: () => (isTaken ? fresh().promise : Promise.resolve()),
});

function fresh() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { resolve, promise };
}

export const isDesk = computed(() => DESK.some((role) => session.me?.roles.includes(role)));
export const isHead = computed(() => HEADS.some((role) => session.me?.roles.includes(role)));
export const isAdmin = computed(() => Boolean(session.me?.roles.includes("admin")));
export const isLeader = computed(() => ["area_leader", "town_leader"].some((role) => session.me?.roles.includes(role)));

/** Ask for a code on the staff phone. The answer does not say whether there is such a person. */
export async function askForCode(staff: string): Promise<string> {
  const { body } = await send("POST", "/staff/sign-in-codes", { body: { staff }, quiet: true });
  return body.message;
}

/** Exchange the code for a session; whoever sat here is locked in the same step, and may come back by PIN. */
export async function signIn(code: string): Promise<void> {
  if (session.token) tellLeaving();
  const typed = code.replace(/\s/g, "");
  const body = { code: typed, console: true, computer: computerSecret(), leaving: session.token };
  const answer = await send("POST", "/staff/sessions", { body, quiet: true });
  await take(answer.body.token, answer.body.staff);
}

/** The PIN opens the screen, or takes the place for who left this seat; by a fresh token, whoever read the old one here. */
export async function unlock(pin: string, seat?: Seat): Promise<void> {
  let token = seat?.token ?? session.token;
  const body = { pin, computer: computerSecret(), leaving: seat ? session.token : "" };
  try {
    ({ token } = (await send("POST", "/staff/sessions/unlock", { body, quiet: true, token })).body);
  } catch (error) {
    if (seat && isOver(error)) dropSeat(seat.code);
    else if (isOver(error)) session.asking = true;
    throw error;
  }
  await take(token, await get("/staff/me", { quiet: true, token }));
}

/** A locked session that no PIN opens any more. */
const isOver = (error: unknown): boolean => error instanceof Refused && error.status === 401;

/** The place is taken. Somebody else than before gets a fresh page, with the own drafts alone. */
async function take(token: string, who: MeHere): Promise<void> {
  const before = session.sitting;
  const another = before !== null && before.code !== who.code;
  isTaken = another;
  if (another && before.hasPin && session.token) leaveSeat({ ...before, token: session.token });
  dropSeat(who.code);
  keep(token);
  await sit(who);
  uncover();
  if (another) return location.reload();
  session.asking = false;
  waiting?.resolve();
  waiting = null;
}

async function sit(who: MeHere): Promise<void> {
  if (session.me?.code !== who.code) await draftsOf(who.code, who.lock?.draft_key);
  session.me = { ...who, lock: who.lock && { ...who.lock, draft_key: "" } }; // the key is the browser's alone from here on
  session.sitting = { code: who.code, name: who.name, hasPin: Boolean(who.lock?.has_pin) };
  localStorage.setItem(SITTING, JSON.stringify(session.sitting));
}

function readSitting(): Sitting | null {
  try {
    return JSON.parse(localStorage.getItem(SITTING) ?? "null") as Sitting | null;
  } catch {
    return null;
  }
}

/** The session of the kept token, if it still holds. One that never locks is none for a screen that others pass. */
export async function resume(): Promise<void> {
  if (!session.token) return;
  const me = await get("/staff/me", { quiet: true });
  if (me.lock) await sit(me);
  else keep("");
}

/** A PIN at this computer, which becomes the unit's own where it is not yet. */
export async function setPin(pin: string, name: string): Promise<void> {
  if (!session.me?.lock?.is_registered) {
    keepComputer((await act("/staff/computers", { name })).computer);
    await sit(await get("/staff/me"));
  }
  await send("PUT", "/staff/pin", { body: { pin, computer: computerSecret() } });
  await sit(await get("/staff/me"));
}

export async function signOut(): Promise<void> {
  tellLeaving();
  await sendHeld();
  await send("POST", "/staff/sessions/end", { body: {}, quiet: true }).catch(() => undefined);
  dropDrafts();
  keep("");
  localStorage.removeItem(SITTING);
  session.me = null;
  location.hash = "#/";
  location.reload();
}

export function keep(token: string): void {
  session.token = token;
  if (token) localStorage.setItem(TOKEN, token);
  else localStorage.removeItem(TOKEN);
}
