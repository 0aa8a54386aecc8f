/** Who sits at this desk. The token outlives a reload; signing out takes the drafts along. */

import { computed, reactive } from "vue";
import { get, send, useGate } from "../api/http";
import type { Me } from "../api/types";
import { dropAllDrafts } from "./drafts";

const TOKEN = "desk.token";
const DESK = ["first_contact", "station_head"];
const HEADS = ["station_head", "area_leader", "town_leader"];

export const session = reactive({
  token: localStorage.getItem(TOKEN) ?? "",
  me: null as Me | null,
  asking: false, // the sign-in dialog lies over the page
});

let waiting: { resolve: () => void; promise: Promise<void> } | null = null;

useGate({
  token: () => session.token,
  signInAgain: () => {
    session.asking = true;
    waiting ??= fresh();
    return waiting.promise;
  },
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
  const { body } = await send<{ message: string }>("POST", "/staff/sign-in-codes", { body: { staff }, quiet: true });
  return body.message;
}

/** Exchange the code for a session. Somebody else than before gets a fresh page: nothing of the other's stays. */
export async function signIn(code: string): Promise<void> {
  const { body } = await send<{ token: string; staff: Me }>("POST", "/staff/sessions", { body: { code }, quiet: true });
  const another = session.me !== null && session.me.code !== body.staff.code;
  keep(body.token);
  if (another) {
    dropAllDrafts();
    location.reload();
    return;
  }
  session.me = body.staff;
  session.asking = false;
  waiting?.resolve();
  waiting = null;
}

/** The session of the kept token, if it still holds. */
export async function resume(): Promise<void> {
  if (!session.token) return;
  session.me = await get<Me>("/staff/me", { quiet: true });
}

export async function signOut(): Promise<void> {
  await send("POST", "/staff/sessions/end", { body: {}, quiet: true }).catch(() => undefined);
  dropAllDrafts();
  keep("");
  session.me = null;
  location.hash = "#/";
  location.reload();
}

export function keep(token: string): void {
  session.token = token;
  if (token) localStorage.setItem(TOKEN, token);
  else localStorage.removeItem(TOKEN);
}
