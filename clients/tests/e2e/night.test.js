// One night at a desk, from the evening clerk's last hour to the morning: in town time, in a browser whose clock goes with it.
// What each flow cost the hand, in keys and taps, is counted and printed beside what it may cost. Part of `make nightly`.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { speaking } from "./cloud.js";
import { flow as counted, handOf, printFlows } from "./hand.js";
import { isMissing, noted, page, PHONE, SCREEN } from "./people.js";
import { at as onPhone } from "./phone.js";

const EVENING = "gglw-fc2"; // 15:00–23:00 by the sample town's roster
const NIGHT = "gglw-fc3"; // 23:00–07:00
const OUTSIDE = "gglw-gw9"; // the grid worker on the night shift
const ASLEEP = "gglw-fc1"; // behind the night clerk by the roster, and at work from 07:00
const HEAD = "gglw-head";
const LEADER = "gglw-leader";
const PITCH = { 523: "new", 880: "soon", 988: "danger" }; // how each of the three sounds begins
const MINUTE = 60;
const isAsked = (words) => words.includes("请马上确认是不是紧急");

describe.skipIf(isMissing || !process.env.MSLJ_NIGHTLY)("a night at the desk", () => {
  let night, desk, hand, caller;
  const at = (name) => desk.locator(`[data-test=${name}]`);

  beforeAll(async () => {
    night = await speaking("night.py");
    desk = await page(SCREEN);
    await desk.clock.install({ time: new Date(night.first.now) });
    await desk.addInitScript(hearing);
    hand = handOf(desk);
    await prefer(EVENING);
    await prefer(NIGHT);
  });

  afterAll(async () => {
    await night?.stop();
    printFlows();
  });

  afterEach(() => expect(noted()).toEqual([]));

  test("22:40 the evening clerk signs in, and hears that the desk listens", async () => {
    await desk.goto(`${night.first.url}console/index.html`);
    await signInWith(EVENING);
    await at("lanes").waitFor();
    await expect.poll(() => at("listening").textContent()).toBe("在听");
  });

  test("22:45 a call is entered in no more than ten actions, and its number is told back", async () => {
    await live(5 * MINUTE);
    await flow("来电登记", 10, async () => {
      await hand.press("9");
      await hand.tap(at("source-phone"));
      await hand.write(at("enter-phone"), "13800002222");
      await hand.write(at("enter-text"), "望月路路边有人摆摊，行人走不过去");
      await hand.write(at("enter-place-text"), "望月路");
      await hand.tap(at("enter-next"));
      await at("entered").waitFor();
    });
    [caller] = /MS\d{6}-\w{6}-\w/.exec(await at("entered").textContent());
  });

  test("23:00 the next clerk takes the seat in one step, without the first one's page", async () => {
    await live(15 * MINUTE);
    await flow("换班", 3, async () => {
      await hand.press("0");
      await hand.press("7");
      await at("lock-screen").waitFor();
    });
    expect(await desk.locator("body").innerText()).not.toContain("摆摊");
    await signInWith(NIGHT);
    await expect.poll(() => at("me").textContent()).toContain("首问接待丙");
    await expect.poll(() => at("listening").textContent()).toBe("在听"); // from the sign-in on, without another key
  });

  test("23:20 what comes is heard though the screen is locked, and what waits goes out by three keys", async () => {
    await live(20 * MINUTE);
    await at("lock-screen").waitFor();
    await seen();
    await heard();
    const { id, number } = await report("SHJY-4-1", "楼下麻将声到现在还没停，明天有人管管吗");
    await seen();
    await expect.poll(() => heard()).toContain("new");
    await unlock(NIGHT);
    await expect.poll(() => desk.title()).toMatch(/^\(2\)/); // the caller's too
    await flow("新来→当场答复", 5, async () => {
      await hand.press("1");
      await row(number).waitFor();
      await hand.press("Enter"); // what is due first stands first
      await at("acts").waitFor();
      expect(await at("ticket-number").textContent()).toBe(number);
      await hand.press("r");
      await hand.write(at("form-answer").locator("textarea"), "夜里已请保安上门劝止，明天上午物业再回访您。");
      await hand.press("Control+Enter");
    });
    await expect.poll(async () => (await look(id)).stage).toBe("closed");
    await seen();
    await desk.keyboard.press("0");
    await flow("新来→派出", 3, async () => {
      await hand.press("1");
      await row(caller).waitFor();
      await hand.press("Enter");
      await at("accept-suggestion").waitFor();
      await hand.press("a");
    });
    await live(8); // five seconds to take it back
    await seen();
    await expect.poll(() => desk.title()).not.toMatch(/^\(/);
  });

  test("02:10 somebody may be in danger: it rings otherwise, says the very words, and one tap makes it urgent", async () => {
    await live(170 * MINUTE);
    await unlock(NIGHT);
    await desk.keyboard.press("0");
    await seen();
    await heard();
    await arrived();
    const { id } = await report("SHJY-5-1", "隔壁好像有人在哭喊，打得很厉害，我不敢开门");
    await seen();
    await expect.poll(() => heard()).toContain("danger");
    expect(to(await arrived(), HEAD)).toEqual([]); // a minute is the desk's own
    await desk.goto(`${night.first.url}console/index.html#/tickets/${id}`);
    await at("danger").waitFor();
    expect(await at("danger").textContent()).toContain("原话");
    await flow("可能有危险→按紧急办", 1, () =>
      hand.tap(
        at("danger")
          .getByRole("button", { name: /^是，按紧急办|按紧急办/ })
          .first(),
      ),
    );
    await live(8);
    await expect.poll(async () => (await look(id)).urgent).toBe(true);
    expect(to(await arrived(), HEAD)).not.toEqual([]);
  });

  test("03:40 nobody is at the desk: the screen is locked, still rings and shows where, and the ladder goes out", async () => {
    await live(90 * MINUTE);
    await at("lock-screen").waitFor();
    await seen();
    await heard();
    await arrived();
    const { id, number } = await report("SHJY-4-1", "好像闻到一股怪味，人头晕，不知道是不是煤气");
    await seen();
    await expect.poll(() => heard()).toContain("danger");
    await expect.poll(() => at("lock-pressing").textContent()).toContain(number);
    const shown = await desk.locator("body").innerText();
    expect(shown).toContain("4号楼");
    expect(shown).not.toContain("头晕");
    await live(5 * MINUTE);
    const told = await arrived();
    for (const next of [OUTSIDE, HEAD, LEADER]) expect(to(told, next).some(isAsked), next).toBe(true);
    expect(to(told, ASLEEP)).toEqual([]); // rule 81: who is at work is rung before who sleeps
    expect(told.filter(({ platform }) => platform === "wecom").length).toBeGreaterThan(3);
    for (const { platform, body } of told) if (platform === "wecom") expect(JSON.stringify(body)).not.toContain("头晕");
    await urgedByTheLeader();
    await unlock(NIGHT);
    await desk.goto(`${night.first.url}console/index.html#/tickets/${id}`);
    await hand.tap(
      at("danger")
        .getByRole("button", { name: /按紧急办/ })
        .first(),
    );
    await live(8);
    await arrived();
    await live(10 * MINUTE);
    expect(to(await arrived(), LEADER).filter(isAsked)).toEqual([]);
  });

  test("07:05 the morning clerk finds what the night left, and nothing that was done is rung again", async () => {
    await live(190 * MINUTE);
    await at("lock-screen").waitFor();
    await signInWith("gglw-fc1");
    await desk.keyboard.press("0");
    await at("lanes").waitFor();
    await heard();
    await live(2 * MINUTE);
    expect(await heard()).not.toContain("danger");
  });

  // --- the town, and the clock of the browser with it ---

  async function live(seconds) {
    const { now } = await night.ask({ live: seconds });
    await desk.clock.fastForward(seconds * 1000);
    return now;
  }

  /** Until the console has asked again. A clock that was put forward cut off what it was asking; then it waits a while. */
  async function seen() {
    for (let step = 0; step < 12; step += 1) {
      const answer = desk.waitForResponse((one) => /\/staff\/(live|watch)/.test(one.url()), { timeout: 8000 });
      const looked = answer.then(
        (one) => one.status() < 400,
        () => false,
      );
      await desk.clock.fastForward(6_000);
      if (await looked) return;
    }
    throw new Error("the console has not asked again");
  }

  /** The area leader at home: what climbed is on top of the phone's page, and one tap answers it. */
  async function urgedByTheLeader() {
    const phone = await page(PHONE);
    await phone.clock.install({ time: new Date((await night.ask({ live: 0 })).now) });
    await phone.goto(`${night.first.url}s/app#/staff/sign-in/index`);
    await onPhone(phone, "code").fill((await night.ask({ code: LEADER })).code);
    await onPhone(phone, "sign-in").click();
    const tap = onPhone(phone, "tap-remind").first();
    await tap.waitFor();
    const thumb = handOf(phone);
    const urged = phone.waitForResponse((one) => one.url().endsWith("/remind"));
    await counted("升级→答复（片区负责人手机）", 1, thumb.made, () => thumb.tap(tap));
    expect((await urged).status()).toBe(200);
    await phone.context().close();
  }

  const row = (number) => desk.locator(`tr[data-number="${number}"]:visible`);
  const arrived = async () => (await night.ask({ arrived: true })).arrived;
  const to = (told, who) =>
    told.filter((one) => one.platform === "wecom" && one.to === who).map((one) => wordsOf(one.body));

  async function ask(method, path, body, token = "") {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(night.first.url + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async function report(place, text) {
    const { token } = await ask("POST", "api/sessions", {});
    return ask("POST", "api/tickets", { point: night.first.points[place], text }, token);
  }

  const look = async (id) => ask("GET", `staff/tickets/${id}`, undefined, (await night.ask({ token: HEAD })).token);

  async function prefer(staff) {
    const { token } = await night.ask({ token: staff });
    await ask("PUT", "staff/preferences", { preferences: { desk: { toured: true } } }, token);
  }

  async function signInWith(staff) {
    if (await at("sign-in-staff").isVisible()) await at("sign-in-staff").fill(staff);
    await at("sign-in-code").fill((await night.ask({ code: staff })).code);
    await at("sign-in-enter").click();
    await at("me").waitFor();
  }

  async function unlock(staff) {
    if (await at("lock-screen").isVisible()) await signInWith(staff);
    await at("me").waitFor();
  }

  /** What sounded since it was asked last. */
  const heard = () => desk.evaluate((pitch) => (window.sounded ?? []).splice(0).map((one) => pitch[one]), PITCH);

  const flow = (name, most, act) => counted(name, most, hand.made, act);
});

/** What a message of WeCom says, whichever of its kinds it is. */
function wordsOf({ msgtype, text, textcard, template_card: card }) {
  if (msgtype === "text") return text.content;
  if (msgtype === "textcard") return `${textcard.title}\n${textcard.description}`;
  if (msgtype === "template_card") return `${card.main_title.title}\n${card.sub_title_text}`;
  throw new Error(`a message of a kind that is not known: ${msgtype}`);
}

/** Notes every tone that begins, in the place of a loudspeaker. */
function hearing() {
  window.sounded = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) {
    const pitch = this.frequency.value;
    if (!window.last || window.last < Date.now() - 1500) window.sounded.push(pitch);
    window.last = Date.now();
    return start.apply(this, given);
  };
}
