import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { get } from "../../desk/src/api/http";
import { forgetKey, keyFor } from "../../desk/src/api/keys";
import { useDraft, draftsOf, draftsWritten, loadDraft, dropDrafts } from "../../desk/src/state/drafts";
import { keepComputer, leaveSeat, seats } from "../../desk/src/state/computer";
import { everyRow, heardRows, live, look } from "../../desk/src/state/live";
import { guardScreen, isDue, lockScreen } from "../../desk/src/state/lock";
import { cover, screen, uncover, useUnfinished } from "../../desk/src/state/screen";
import { resume, session, signIn, signOut, unlock } from "../../desk/src/state/session";
import { listen } from "../../desk/src/state/arriving";
import { now } from "../../desk/src/state/now";
import { holdBack } from "../../desk/src/state/undo";
import { ring } from "../../desk/src/state/sound";
import LockScreen from "../../desk/src/parts/shell/LockScreen.vue";
import PinDialog from "../../desk/src/parts/shell/PinDialog.vue";
import { noticeOf } from "../../desk/src/words/queue/arrivals";
import type { MeHere, Row, WatchedRow } from "../../desk/src/api/types";
import { aRow, aServer, after, NOW, type Heard } from "./cases";
import { plugins } from "./plugins";

vi.mock("../../desk/src/state/sound", async (original) => ({ ...(await original<object>()), ring: vi.fn() }));

const MINUTE = 60_000;
const KEY = btoa("k".repeat(32));
const OTHER_KEY = btoa("o".repeat(32));
const LOCK = {
  idle_seconds: 900,
  busy_seconds: 3600,
  is_registered: true,
  has_pin: true,
  ends_at: after(43_200),
  draft_key: "",
};
const lying = (begins: string) => Object.keys(localStorage).filter((name) => name.startsWith(begins));
const me = (code = "fc1", name = "首问接待甲"): MeHere => ({
  code,
  name,
  unit: "ST",
  unit_name: "工作站",
  roles: ["first_contact"],
  lock: LOCK,
});
const watched = (given: Partial<WatchedRow> = {}): WatchedRow => ({
  ticket_id: "T1",
  urgent: false,
  paused: "",
  clock: "feedback",
  due_at: after(300),
  rings_at: [],
  confidential: false,
  number: "",
  place: "",
  category_name: "",
  ...given,
});
const DANGER = watched({
  ticket_id: "D1",
  clock: "danger",
  due_at: after(60),
  number: "MS261123-DDDDDD-D",
  place: "盛华景苑 4号楼",
  category_name: "火情",
});

let heard: Heard[];
let answer: (one: Heard) => { status?: number; body?: unknown } | undefined;
let stop = () => {};
let part: VueWrapper | undefined;
const reload = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  localStorage.clear();
  document.body.innerHTML = "";
  vi.stubGlobal("location", { ...location, reload, hash: "" });
  reload.mockClear();
  vi.mocked(ring).mockClear();
  Object.assign(session, { token: "tok", me: me(), asking: false, sitting: { code: "fc1", name: "甲", hasPin: true } });
  Object.assign(live, { names: ["desk"], queues: { desk: { rows: [], more: false, mark: "" } }, watched: null });
  live.heardAt = NOW;
  answer = () => undefined;
  heard = aServer((one) => answer(one) ?? { body: { items: [], queues: {}, now: after(0), town: "" } });
  uncover();
});
afterEach(() => {
  stop();
  stop = () => {};
  part?.unmount();
  part = undefined;
  uncover();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const press = () => void dispatchEvent(new KeyboardEvent("keydown", { key: "x" }));
const sent = (path: string) => heard.filter((one) => one.method === "POST" && one.path.endsWith(path));
const guarded = () => (stop = guardScreen());
/** The next answer at this path is `said`, and comes when what this answers is called. */
const holding = (path: string, said: { status: number; body: unknown }) => {
  const answered = globalThis.fetch;
  let say = () => {};
  const told = new Promise<void>((now) => (say = now));
  answer = (one) => (one.path.endsWith(path) ? said : undefined);
  globalThis.fetch = async (...asked) => {
    const found = await answered(...asked);
    if (!String(asked[0]).endsWith(path)) return found;
    globalThis.fetch = answered;
    await told;
    return found;
  };
  return say;
};
const until = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a screen that nobody sits at", () => {
  test("locks after fifteen minutes without a key, not before, and the server is told", async () => {
    guarded();
    press();
    await until(15 * MINUTE);
    expect(screen.locked).toBe(false);
    await until(1_000);
    expect(screen.locked).toBe(true);
    expect(sent("/staff/sessions/lock")).toHaveLength(1);
  });

  test.each(["keydown", "pointerdown", "wheel"])(
    "stays open with every %s, and no mere move of the mouse",
    async (name) => {
      guarded();
      await until(10 * MINUTE);
      dispatchEvent(new Event(name));
      await until(10 * MINUTE);
      dispatchEvent(new Event("pointermove"));
      await until(5 * MINUTE);
      expect(screen.locked).toBe(false);
      await until(1_000);
      expect(screen.locked).toBe(true);
    },
  );

  test("stays open for sixty minutes while a call runs, and locks as soon as it is over", async () => {
    const call = useUnfinished();
    call.begin();
    guarded();
    await until(60 * MINUTE);
    expect(screen.locked).toBe(false);
    await until(1_000);
    expect(screen.locked).toBe(true);
    uncover();
    await until(20 * MINUTE);
    call.end();
    await until(11_000); // another window may still say so for ten seconds
    expect(screen.locked).toBe(true);
  });

  test("unsent words count as long as they are unsent", () => {
    const { form, sent: done } = useDraft("T1.answer", () => ({ text: "" }));
    vi.setSystemTime(NOW + 16 * MINUTE);
    expect(isDue()).toBe(true);
    form.text = "明天上午";
    expect(isDue()).toBe(false);
    done();
    expect(isDue()).toBe(true);
  });

  test("a computer that slept locks by the key that wakes it", async () => {
    guarded();
    vi.setSystemTime(NOW + 30 * MINUTE);
    press();
    expect(screen.locked).toBe(true);
  });

  test("another window's key counts here, and its unsent words too", async () => {
    guarded();
    await until(14 * MINUTE);
    localStorage.setItem("desk.keyAt", String(Date.now()));
    await until(14 * MINUTE);
    expect(screen.locked).toBe(false);
    localStorage.setItem("desk.unfinishedAt", String(Date.now() + 2 * MINUTE));
    await until(2 * MINUTE);
    expect(screen.locked).toBe(false);
  });

  test("the server hears at most once a minute how long ago the last key was", async () => {
    guarded();
    press();
    await until(2_000);
    press();
    await until(30_000);
    press();
    await until(60_000);
    expect(sent("/staff/sessions/stay").map((one) => one.body)).toEqual([
      { idle_seconds: expect.any(Number), is_busy: false },
      { idle_seconds: 29, is_busy: false },
    ]);
    await until(10 * MINUTE);
    expect(sent("/staff/sessions/stay")).toHaveLength(2); // no key, nothing to say
  });

  test("who opens it after the computer slept is not locked again by the key of before", async () => {
    guarded();
    press();
    vi.setSystemTime(NOW + 16 * MINUTE);
    await until(1_000);
    expect(screen.locked).toBe(true);
    uncover();
    await until(1_000);
    expect(sent("/staff/sessions/stay").map((one) => one.body)).toEqual([{ idle_seconds: 1, is_busy: false }]);
  });

  test("what the server has locked is covered at once", async () => {
    answer = (one) => (one.path.endsWith("/stay") ? { status: 401, body: { code: "locked", message: "" } } : undefined);
    guarded();
    press();
    await until(1_000);
    expect(screen.locked).toBe(true);
  });

  test("who is at no console's session locks nothing by time", () => {
    session.me = { ...me(), lock: null };
    vi.setSystemTime(NOW + 120 * MINUTE);
    expect(isDue()).toBe(false);
  });

  test("a token that never locks is none for this screen", async () => {
    answer = (one) => (one.path.endsWith("/staff/me") ? { body: { ...me(), lock: null } } : undefined);
    session.me = null;
    await resume();
    expect([session.token, session.me]).toEqual(["", null]);
  });
});

/** What a window hears when another one of the browser wrote to what they share. */
const elsewhere = (key: string | null, newValue: string | null) =>
  void dispatchEvent(new StorageEvent("storage", { key, newValue }));

describe("a second window of the same browser", () => {
  const waits = () => {
    const work = vi.fn(async () => {});
    holdBack({ ticketId: "T1", words: "", work, takenBack: () => {} });
    return work;
  };

  test("is covered by a lock in the first, and what waits in it is sent while it may", () => {
    guarded();
    const work = waits();
    elsewhere("desk.locked", "1");
    expect([screen.locked, work.mock.calls.length]).toEqual([true, 1]);
    elsewhere("desk.locked", null);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["signed out in", "desk.token", null],
    ["signed in as somebody else in", "desk.token", "another"],
    ["cleared in", null, null],
  ])("shows nothing any more once somebody %s the first, and is loaded anew", (_, key, value) => {
    guarded();
    elsewhere(key, value);
    expect([screen.locked, reload.mock.calls.length]).toEqual([true, 1]);
  });

  test("goes on where the token is its own", () => {
    guarded();
    elsewhere("desk.token", "tok");
    elsewhere("desk.keyAt", "1");
    expect([screen.locked, reload.mock.calls.length]).toEqual([false, 0]);
  });

  test.each([
    ["a sign-out", () => signOut()],
    ["a change of shift", () => signIn("fc2-12345678").catch(() => {})],
  ])("sends what waits before %s in the first ends the token", async (_, leave) => {
    const order: string[] = [];
    const kept = vi.spyOn(Storage.prototype, "setItem").mockImplementation((name) => void order.push(name));
    answer = (one) => void order.push(one.path) as undefined;
    await leave();
    kept.mockRestore();
    expect(order[0]).toBe("desk.leaving");
    expect(order[1]).toMatch(/^.staff.sessions/);
    guarded();
    const work = waits();
    elsewhere("desk.leaving", "1");
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe("a locked screen rings on", () => {
  test("it asks for the watch alone, and hears what comes", async () => {
    stop = listen();
    now.value = NOW;
    live.queues = { desk: { rows: [aRow()], more: false, mark: "1" } };
    await until(0);
    cover();
    answer = (one) =>
      one.path.endsWith("/staff/watch") ? { body: { items: [watched(), DANGER], now: after(0) } } : {};
    await look();
    await flushPromises();
    expect(heard.map((one) => one.path)).toEqual(["/staff/watch"]);
    expect(vi.mocked(ring).mock.calls).toEqual([["danger"]]);
  });

  test("a lock that the server says in the middle of a look does not stop the look", async () => {
    answer = (one) =>
      one.path.endsWith("/staff/live")
        ? { status: 401, body: { code: "locked", message: "" } }
        : { body: { items: [DANGER], now: after(0) } };
    await look();
    expect(screen.locked).toBe(true);
    expect(heardRows.value?.map((row) => row.ticket_id)).toEqual(["D1"]);
  });

  test("nor does a lock by this page's own clock before the server says the same", async () => {
    const say = holding("/staff/live", { status: 401, body: { code: "locked", message: "" } });
    const looked = look();
    await until(0);
    cover();
    answer = () => ({ body: { items: [DANGER], now: after(0) } });
    say();
    await looked;
    expect(heardRows.value?.map((row) => row.ticket_id)).toEqual(["D1"]);
  });

  test("what rang while it was locked does not ring again once it is open, and what was there does not at all", async () => {
    stop = listen();
    live.queues = { desk: { rows: [aRow({ ticket_id: "OLD" })], more: false, mark: "1" } };
    await until(0);
    cover();
    live.watched = [watched({ ticket_id: "OLD" }), watched({ ticket_id: "NEW" })];
    await until(0);
    expect(vi.mocked(ring).mock.calls).toEqual([["new"]]);
    uncover();
    await until(0);
    live.queues = { desk: { rows: [aRow({ ticket_id: "OLD" }), aRow({ ticket_id: "NEW" })], more: false, mark: "2" } };
    await until(0);
    expect(ring).toHaveBeenCalledTimes(1);
  });

  test("a page that is loaded while it is locked rings for the first one that comes, also out of nothing", async () => {
    Object.assign(live, { names: [], queues: {} });
    cover();
    stop = listen();
    live.watched = [];
    await until(0);
    live.watched = [watched()];
    await until(0);
    expect(vi.mocked(ring).mock.calls).toEqual([["new"]]);
  });

  test("beside the computer's clock it says no more than the screen", () => {
    expect(noticeOf({ sound: "new", rows: [watched()] }).body).toBe("请解锁查看");
    expect(noticeOf({ sound: "danger", rows: [DANGER] }).body).toBe("火情 · 盛华景苑 4号楼");
  });
});

const shown = async (rows: WatchedRow[] = []) => {
  cover();
  answer = (one) => (one.path.endsWith("/staff/watch") ? { body: { items: rows, now: after(0) } } : undefined);
  part = mount(LockScreen, { global: { plugins }, attachTo: document.body });
  await look();
  await flushPromises();
  return document.querySelector<HTMLElement>("[data-test=lock-screen]")!;
};
const find = <T extends HTMLElement>(name: string) => document.querySelector<T>(`[data-test=${name}]`)!;
const type = async (text: string) => {
  const field = document.querySelector<HTMLInputElement>("#lock-pin")!;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await flushPromises();
  find("lock-open").closest("form")!.dispatchEvent(new Event("submit"));
  await flushPromises();
};

describe("the cover", () => {
  test("hides every other part of the document, and gives the key to the PIN", async () => {
    const secret = document.createElement("div");
    document.body.append(secret);
    await shown();
    expect(document.body.classList.contains("is-locked")).toBe(true);
    expect(document.activeElement?.id).toBe("lock-pin");
    part!.unmount();
    part = undefined;
    expect(document.body.classList.contains("is-locked")).toBe(false);
  });

  test("shows number, place and kind of what is pressing, and of nothing else", async () => {
    const secretOne = {
      ...DANGER,
      ticket_id: "D2",
      number: "MS-SECRET",
      place: "",
      category_name: "",
      confidential: true,
    };
    const cover = await shown([DANGER, watched({ ticket_id: "N" }), secretOne]);
    const lines = [...cover.querySelectorAll("[data-test=lock-pressing] p")].map((each) => each.textContent);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("MS261123-DDDDDD-D");
    expect(lines[0]).toContain("火情 · 盛华景苑 4号楼");
    expect(lines[1]).toContain("MS-SECRET");
    expect(lines[1]).toContain("保密工单");
  });

  test("an urgent ticket that was seen before the lock is not told again; a danger is", async () => {
    live.queues = {
      desk: { rows: [aRow({ ticket_id: "U1", urgent: true }), aRow({ ticket_id: "D1" })], more: false, mark: "1" },
    };
    expect(everyRow.value.map((row: Row) => row.ticket_id)).toContain("U1");
    const urgent = watched({ urgent: true, clock: "take", number: "MS-U", place: "4号楼" });
    const cover = await shown([{ ...urgent, ticket_id: "U1" }, { ...urgent, ticket_id: "U2" }, DANGER]);
    expect(cover.querySelectorAll("[data-test=lock-pressing] p")).toHaveLength(2);
  });

  test("the right PIN opens it; a wrong one says how often it may be tried and keeps the field", async () => {
    keepComputer("c.secret");
    await shown();
    answer = (one) =>
      one.path.endsWith("/unlock")
        ? one.body.pin === "2580"
          ? { body: { code: "fc1", token: "tok-open" } }
          : { status: 403, body: { code: "wrong_pin", message: "锁屏密码不对，还可以试4次", tries_left: 4 } }
        : { body: me() };
    await type("1357");
    expect(find("lock-failure").textContent).toContain("还可以试4次");
    expect(screen.locked).toBe(true);
    expect(document.activeElement?.id).toBe("lock-pin");
    await type("2580");
    expect(screen.locked).toBe(false);
    expect(sent("/unlock").at(-1)!.body).toEqual({ pin: "2580", computer: "c.secret", leaving: "" });
    expect([session.token, localStorage.getItem("desk.token")]).toEqual(["tok-open", "tok-open"]);
  });

  test("after the last wrong try it asks for a code", async () => {
    await shown();
    answer = () => ({ status: 401, body: { code: "not_signed_in", message: "请用登录码登录" } });
    await type("1357");
    expect(find("sign-in-code")).toBeTruthy();
    expect(document.querySelector("#lock-pin")).toBeNull();
  });

  test("whoever has no PIN here signs in by code", async () => {
    session.sitting = { code: "fc1", name: "甲", hasPin: false };
    await shown();
    expect(find("sign-in-code")).toBeTruthy();
  });

  test.each(["light", "dark"])("axe finds nothing in it, %s", async (theme) => {
    document.documentElement.classList.toggle("dark", theme === "dark");
    leaveSeat({ code: "fc2", name: "首问接待乙", token: "tok2" });
    const cover = await shown([DANGER]);
    vi.useRealTimers();
    const found = await axe.run(cover, { rules: { "color-contrast": { enabled: false } } });
    expect(found.violations.map((each) => each.id)).toEqual([]);
    document.documentElement.classList.remove("dark");
  });
});

describe("the next clerk", () => {
  const signedIn = (who: MeHere) => ({ body: { token: "tok-new", staff: who } });

  test("takes the place by code in one step: the one before is locked on the server and may come back", async () => {
    cover();
    keepComputer("c.secret");
    answer = (one) => (one.path.endsWith("/staff/sessions") ? signedIn(me("fc2", "首问接待乙")) : undefined);
    await signIn(" gglw-fc2-1234 5678 ");
    expect(sent("/staff/sessions")[0]!.body).toEqual({
      code: "gglw-fc2-12345678",
      console: true,
      computer: "c.secret",
      leaving: "tok",
    });
    expect(session.token).toBe("tok-new");
    expect(seats()).toEqual([{ code: "fc1", name: "甲", hasPin: true, token: "tok" }]);
    expect(reload).toHaveBeenCalledTimes(1); // nothing of the other's page stays
  });

  test("comes back by PIN to the own seat, and the place changes hands again", async () => {
    leaveSeat({ code: "fc2", name: "首问接待乙", token: "tok2" });
    cover();
    answer = (one) => ({
      body: one.path.endsWith("/staff/me") ? me("fc2", "首问接待乙") : { code: "fc2", token: "tok3" },
    });
    await unlock("8642", seats()[0]);
    const [asked] = sent("/unlock");
    expect(asked!.headers.get("Authorization")).toBe("Bearer tok2");
    expect(asked!.body.leaving).toBe("tok");
    expect([session.token, seats().map((each) => each.code)]).toEqual(["tok3", ["fc1"]]);
  });

  test.each(["locked", "not_signed_in"])("is not locked out by an answer to the one before: %s", async (code) => {
    const say = holding("/staff/live", { status: 401, body: { code, message: "" } });
    void look();
    await until(0);
    cover();
    answer = (one) => (one.path.endsWith("/staff/sessions") ? signedIn(me("fc2", "首问接待乙")) : undefined);
    await signIn("gglw-fc2-12345678");
    say();
    await until(0);
    expect([screen.locked, session.asking, session.token]).toEqual([false, false, "tok-new"]);
    expect(heard.filter((one) => one.path.endsWith("/staff/live"))).toHaveLength(1); // nothing of the one before is asked as the next
  });

  test("the same person by a new code is asked for no other, and what was refused meanwhile is asked again", async () => {
    const say = holding("/staff/me", { status: 401, body: { code: "not_signed_in", message: "" } });
    const read = get("/staff/me", { quiet: true });
    await until(0);
    answer = (one) => (one.path.endsWith("/staff/sessions") ? signedIn(me()) : undefined);
    await signIn("gglw-fc1-12345678");
    answer = () => ({ body: me() });
    say();
    expect((await read).code).toBe("fc1");
    const asked = heard.filter((one) => one.path.endsWith("/staff/me"));
    expect(asked.map((one) => one.headers.get("Authorization"))).toEqual(["Bearer tok", "Bearer tok-new"]);
    expect([screen.locked, session.asking]).toEqual([false, false]);
  });

  test("is not locked by the lock of the one before, whose act was long on its way", async () => {
    let done = () => {};
    const work = () => new Promise<void>((sentAtLast) => (done = sentAtLast));
    holdBack({ ticketId: "T1", words: "", work, takenBack: () => {} });
    const locked = lockScreen();
    answer = (one) => (one.path.endsWith("/staff/sessions") ? signedIn(me("fc2", "首问接待乙")) : undefined);
    await signIn("gglw-fc2-12345678");
    done();
    await locked;
    expect(sent("/staff/sessions/lock").map((one) => one.headers.get("Authorization"))).toEqual(["Bearer tok"]);
  });

  test("a seat that no PIN opens any more is gone, and the own place is untouched", async () => {
    leaveSeat({ code: "fc2", name: "首问接待乙", token: "tok2" });
    answer = () => ({ status: 401, body: { code: "not_signed_in", message: "请用登录码登录" } });
    await expect(unlock("8642", seats()[0])).rejects.toThrow();
    expect([seats(), session.token, session.asking]).toEqual([[], "tok", false]);
  });

  test("each finds the own drafts, and signing out takes the own alone", async () => {
    await draftsOf("fc1", KEY);
    useDraft("T1.answer", () => ({ text: "" })).form.text = "甲写的";
    await draftsOf("fc2", OTHER_KEY);
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "" });
    useDraft("T1.answer", () => ({ text: "" })).form.text = "乙写的";
    dropDrafts();
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "" });
    await draftsOf("fc1", KEY);
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "甲写的" });
  });

  test("what nobody came back for in a week is gone, whoever's it is", async () => {
    await draftsOf("fc1", KEY);
    useDraft("T1.answer", () => ({ text: "" })).form.text = "甲写的";
    await draftsWritten();
    expect(lying("desk.draft.fc1.")).toHaveLength(1);
    await draftsOf("fc2", OTHER_KEY, Date.now() + 7 * 86_400_000 + 1);
    expect(lying("desk.draft.")).toEqual([]);
  });

  test("whoever opens the browser's tools reads no draft, nor of which ticket one is", async () => {
    await draftsOf("fc1", KEY);
    const { form, sent: done } = useDraft("01TICKET.answer", () => ({ text: "" }));
    form.text = "物业经理甲";
    form.text += "骂了我";
    await draftsWritten();
    const everything = JSON.stringify({ ...localStorage });
    for (const word of ["01TICKET", "answer", "物业", KEY]) expect(everything).not.toContain(word);
    await draftsOf("fc1", OTHER_KEY); // of somebody who signed in by another's code
    expect(loadDraft("01TICKET.answer", { text: "" })).toEqual({ text: "" });
    await draftsOf("fc2", KEY);
    expect(loadDraft("01TICKET.answer", { text: "" })).toEqual({ text: "" });
    await draftsOf("fc1", KEY);
    expect(loadDraft("01TICKET.answer", { text: "" })).toEqual({ text: "物业经理甲骂了我" });
    done();
    await draftsWritten();
    expect(lying("desk.draft.")).toEqual([]);
  });

  test("nor where an act without an answer went, nor anything by which what was in it could be guessed", async () => {
    await draftsOf("fc1", KEY);
    const body = { phone: "13812345678", reason: "follow_up_call" };
    const key = keyFor("POST /staff/tickets/01TICKET/reveal", body);
    await draftsWritten();
    const everything = JSON.stringify({ ...localStorage });
    for (const word of ["01TICKET", "reveal", "desk.key.", "content", key]) expect(everything).not.toContain(word);
    await draftsOf("fc2", OTHER_KEY);
    expect(keyFor("POST /staff/tickets/01TICKET/reveal", body)).not.toBe(key);
    await draftsOf("fc1", KEY);
    expect(keyFor("POST /staff/tickets/01TICKET/reveal", body)).toBe(key); // also after a reload
    forgetKey("POST /staff/tickets/01TICKET/reveal");
    await draftsWritten();
    expect(lying("desk.draft.fc1.")).toEqual([]);
  });

  test("a draft is bound to its place: laid under another name or person it opens no more", async () => {
    await draftsOf("fc1", KEY);
    useDraft("T1.answer", () => ({ text: "" })).form.text = "甲写的";
    await draftsWritten();
    const [place] = lying("desk.draft.fc1.");
    localStorage.setItem("desk.draft.fc1.moved", localStorage.getItem(place!)!);
    localStorage.removeItem(place!);
    await draftsOf("fc1", KEY);
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "" });
  });

  test("drafts from before they were sealed go, and without keys of the browser's none lies there", async () => {
    localStorage.setItem("desk.draft.fc9.T1.answer", JSON.stringify({ at: Date.now(), value: { text: "明文" } }));
    await draftsOf("fc1", KEY);
    expect(JSON.stringify({ ...localStorage })).not.toContain("明文");
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes });
    await draftsOf("fc1", KEY);
    useDraft("T1.answer", () => ({ text: "" })).form.text = "甲写的";
    await draftsWritten();
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "甲写的" });
    expect(lying("desk.draft.")).toEqual([]);
  });

  test("the page keeps no key of its own", async () => {
    session.me = null;
    answer = (one) =>
      one.path.endsWith("/staff/me") ? { body: { ...me(), lock: { ...LOCK, draft_key: KEY } } } : undefined;
    await resume();
    expect(session.me).not.toBe(null);
    expect(JSON.stringify([session.me, { ...localStorage }])).not.toContain(KEY);
  });
});

test("locking by hand sends what waited, and a PIN is set once the computer is the unit's own", async () => {
  await lockScreen();
  expect(screen.locked).toBe(true);
  uncover();
  session.me = { ...me(), lock: { ...LOCK, is_registered: false, has_pin: false } };
  answer = (one) => {
    if (one.path.endsWith("/staff/computers")) return { status: 201, body: { computer: "c.new" } };
    return one.path.endsWith("/staff/me") ? { body: me() } : { body: { message: "" } };
  };
  part = mount(PinDialog, { props: { modelValue: true }, global: { plugins }, attachTo: document.body });
  await until(500);
  const fill = (name: string, text: string) => {
    const field = document.querySelector<HTMLInputElement>(`#${name}`)!;
    field.value = text;
    field.dispatchEvent(new Event("input"));
  };
  fill("pin-name", "大厅左边");
  fill("pin-new", "2580");
  fill("pin-again", "2581");
  await flushPromises();
  expect(find<HTMLButtonElement>("pin-save").disabled).toBe(true);
  fill("pin-again", "2580");
  await flushPromises();
  find("pin-save").closest("form")!.dispatchEvent(new Event("submit"));
  await flushPromises();
  expect(
    heard
      .filter((one) => one.method !== "GET")
      .map((one) => [one.path, one.body])
      .slice(-2),
  ).toEqual([
    ["/staff/computers", { name: "大厅左边" }],
    ["/staff/pin", { pin: "2580", computer: "c.new" }],
  ]);
});
