// Every page, with something on it: axe finds no serious violation, nothing sticks out on a phone; with MSLJ_SCREENS
// (`make screens`) a picture of each at both sizes goes to docs/screens/.

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { GRAVE, GRAVE_AND_MODERATE, violations } from "./axe.js";
import { asked } from "./cloud.js";
import { api, isMissing, noted, page, PHONE, SCREEN, token, town, until } from "./people.js";
import { DESK, FIRST, LISTED, PICTURED, RESIDENT, STAFF } from "./pages.js";
import { addPhoto, at, mayRate, openTicket, point, report, signIn } from "./phone.js";
import { landing } from "./scene.js";
import { enter, hasSeenTour, signInAtDesk } from "./screen.js";

const OUT = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const TAKEN = Boolean(process.env.MSLJ_SCREENS); // a picture is worth a town that is in use; the rules hold without it
const PREPARING = TAKEN ? 600_000 : 120_000; // milliseconds
const LIFT = ["停在三楼不动", "又停运了，老人下不了楼", "门关不上，一直响", "今天第二次停运"];
const LIFT_FAULT = "B02";
const TABLET = { width: 820, height: 1180 };
const TWO_LINES = 76; // px: of the console's head, where the hand is small
const NARROW = { width: 320, height: 568 };
// A screen of 1280 × 1024, enlarged.
const AT_200 = { width: 640, height: 512 };
const AT_400 = { width: 320, height: 256 };
const about = { point: town?.points["SHJY-4-1"], id: "", cls: "", slip: "", meeting: "", petition: "" };
const open = {};

describe.skipIf(isMissing)("every page", () => {
  beforeAll(async () => {
    if (TAKEN) mkdirSync(OUT, { recursive: true });
    const first = working("first_contact");
    open.resident = await page();
    await point(open.resident, "SHJY-4-1");
    const words = "四号楼一单元楼道灯不亮，老人晚上看不清台阶，请来修";
    about.id = await report(open.resident, words, { photo: TAKEN ? await landing() : true });
    const desk = await token(first);
    await api("POST", `desk/tickets/${about.id}/dispatch`, { unit_id: await lead(about.id, desk) }, desk);
    about.cls = await measured(await token(working("station_head")));
    await asked(inject("door"), { furnish: true });
    Object.assign(about, await counter(desk, await token(working("area_leader"))));
    const handler = await until(
      async () => (await api("GET", `staff/tickets/${about.id}`, undefined, desk)).body.handler,
      "a handler",
    );
    const trapped = { source: "phone", text: "电梯停在三楼，里面困着一位老人", place: "SHJY-4-1" };
    await api("POST", "staff/tickets", trapped, desk); // urgent, and on top of the handler's list
    open.staff = await page();
    await signIn(open.staff, handler.code);
    if (TAKEN) await doneNearby(desk);
    if (TAKEN) await atHand(desk);
    about.number = (await api("GET", `staff/tickets/${about.id}`, undefined, desk)).body.number;
    open.desk = await page(SCREEN);
    await signInAtDesk(open.desk, first);
    open.admin = await page(SCREEN);
    await signInAtDesk(open.admin, town.people.admin.code);
  }, PREPARING);

  const rows = [
    ...Object.entries(RESIDENT).map(([name, where]) => ["resident", name, where]),
    ...Object.entries(STAFF).map(([name, where]) => ["staff", name, where]),
    ...Object.entries(DESK).map(([name, where]) => ["desk", name, where]),
  ];
  test.each(rows)("%s %s can be used by everybody", async (who, name, where) => {
    const shown = name === "town" ? open.admin : open[who];
    await shown.setViewportSize(who === "desk" ? SCREEN : PHONE);
    await shown.goto(town.url + where(about));
    await shown.reload();
    await settled(shown);
    await FIRST[name]?.(shown);
    if (TAKEN) await PICTURED[name]?.(shown, about);
    if (TAKEN && name !== "board") await wavedAway(shown);
    if (TAKEN && LISTED[name]) await shown.locator(`${LISTED[name]}:visible`).first().waitFor();
    expect(noted()).toEqual([]);
    if (who !== "desk") expect(await sticksOut(shown)).toEqual([]);
    await picture(shown, who, name);
    expect(await violations(shown, GRAVE_AND_MODERATE)).toEqual([]);
    if (who !== "desk") {
      await shown.setViewportSize(AT_400);
      expect(await sticksOut(shown)).toEqual([]);
      expect(await fixed(shown)).toEqual([]);
      return;
    }
    await shown.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" }); // the night, by the same rules
    await shown.waitForFunction(() => document.documentElement.classList.contains("dark"));
    await expect.poll(() => violations(shown, GRAVE), { interval: 800, timeout: 8000 }).toEqual([]); // a colour may be on its way
    for (const size of [TABLET, AT_200, PHONE, AT_400]) {
      await shown.setViewportSize(size);
      expect(await headOf(shown)).toBeLessThanOrEqual(TWO_LINES);
      expect(await isWider(shown)).toBe(false);
      expect(await crushed(shown)).toEqual([]);
    }
    await shown.emulateMedia({ colorScheme: "light", reducedMotion: null });
  });
});

describe.skipIf(isMissing)("the tour of a first sign-in", () => {
  test("can be used by everybody, step by step", async () => {
    const code = working("area_leader");
    await hasSeenTour(code, false);
    const shown = await page(SCREEN);
    await enter(shown, code);
    for (const step of ["所有队列都在这里", "其他工作"]) {
      await shown.locator(".el-tour__content h2", { hasText: step }).waitFor();
      await expect.poll(() => violations(shown, GRAVE_AND_MODERATE), { interval: 800, timeout: 8000 }).toEqual([]);
      await shown.locator(".el-tour__footer button", { hasText: "下一步" }).click();
    }
    await shown.context().close();
  });
});

// 工信部《移动互联网应用适老化通用设计规范》: in the elder view, for staff as for residents.
const LARGEST_TEXT = 30; // dp at least, of the largest text of a page
const TARGET = 60; // dp at least, each way

describe.skipIf(isMissing)("in the elder view", () => {
  const rows = [
    ...Object.entries(RESIDENT).map(([name, where]) => ["resident", name, where]),
    ...Object.entries(STAFF).map(([name, where]) => ["staff", name, where]),
  ];
  test.each(rows)("%s %s has large text, and nothing too small to tap", async (who, name, where) => {
    const shown = open[who];
    await shown.setViewportSize(PHONE);
    await shown.goto(town.url + where(about));
    await shown.evaluate(() => localStorage.setItem("mslj:large", JSON.stringify({ data: true })));
    await shown.reload();
    await settled(shown);
    const { largest, small } = await reachable(shown);
    await shown.setViewportSize(NARROW);
    expect(await sticksOut(shown)).toEqual([]);
    await shown.evaluate(() => localStorage.removeItem("mslj:large"));
    expect(largest).toBeGreaterThanOrEqual(LARGEST_TEXT);
    expect(small).toEqual([]);
  });
});

/** Who has that role at the station; at any hour whose shift runs, for it is to that person that messages go. */
function working(role) {
  const all = Object.values(town.units)
    .flat()
    .filter((one) => one.roles.includes(role) && one.code.startsWith("gglw"));
  return (all.find((one) => one.on_duty) ?? all[0]).code;
}

/** A class of four people's reports, with a measure that was announced. */
async function measured(head) {
  const ids = [];
  for (const [n, words] of LIFT.entries()) {
    const { token: reporter } = (await api("POST", "api/sessions", {})).body;
    const sent = await api(
      "POST",
      "api/tickets",
      { point: town.points[n % 2 ? "SHJY-5-2" : "SHJY-5-1"], text: `电梯${words}`, category: LIFT_FAULT },
      reporter,
    );
    ids.push(sent.body.id);
  }
  const { id } = (await api("POST", "desk/classes", { name: "电梯反复停运", ticket_ids: ids }, head)).body;
  const from = new Date(Date.now() + 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  const measure = {
    what: "更换曳引机，更换前每天巡检两次",
    place: "盛华景苑5号楼",
    schedule: "每天 7:00 和 18:00",
    unit: "PM-SHJY",
    from,
  };
  await until(async () => (await api("POST", `desk/classes/${id}/announce`, measure, head)).status < 300, "announced");
  return id;
}

/** The id of a ticket that is entered, once it is: an overloaded machine may say to try again. */
const made = (entered, desk) =>
  until(async () => (await api("POST", "staff/tickets", entered, desk)).body.id, "entered", 90);

/** A walk-in with a phone, a meeting that was held with two tasks, a petition that was answered. */
async function counter(desk, leader) {
  const entered = {
    place: "YDL-EXIT", // where it is heard: at the door of a house it would be laid to the lift's
    text: "出隧道第五条道，前头车子看不懂灯就停牢，后头一个劲儿揿喇叭，从早揿到夜里",
    source: "walk_in",
    contact: { name: "王阿姨", phone: "13812345678" },
    on_behalf: { name: "陈老太", phone: "13987654321" },
  };
  const slip = await made(entered, desk);
  const meeting = await made({ ...entered, on_behalf: undefined }, desk);
  await api("POST", `desk/tickets/${meeting}/classify`, { category: "D01", track: "joint" }, desk);
  await api("POST", `desk/tickets/${meeting}/dispatch`, { unit_id: "DA-JJ", track: "joint" }, desk);
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  const held = {
    convened: {
      at: at(-1),
      place: "关港蓝湾工作站二楼",
      question: "出口第五车道又直行又右转，后车就揿喇叭，怎么治",
      unit_ids: ["DA-JJ", "OF-CJ"],
      outside: ["隧道公司"],
    },
    present: "交警支队、城建中心、隧道公司、五号楼居民代表",
    minutes: "现场看了两个早高峰：直行车等灯，右转车被堵。先装声呐取证，再改标线。",
    public: "会商定了：先装设备查乱鸣号，再改出口标线",
    decided: [
      { unit_id: "OF-CJ", what: "第五车道出口装电子声呐", due_at: at(20), outside: "隧道公司" },
      { unit_id: "DA-JJ", what: "重画出口标线，右转和直行分开", due_at: at(10) },
    ],
  };
  expect((await api("POST", `desk/tickets/${meeting}/meetings/record`, held, leader)).status).toBe(200);
  const letter = "小区东门外的空地讲好造口袋公园，围了三年没动静，要一个说法";
  return { slip, meeting, petition: (await asked(inject("door"), { petition: letter })).id };
}

/** One matter that was done, with its photos before and after, as the desk published it. */
async function doneNearby(desk) {
  const resident = await page();
  await point(resident, "SHJY-4-2");
  const id = await report(resident, "四号楼二单元楼道灯不亮，晚上一片黑，请来修", { photo: await landing() });
  await api("POST", `desk/tickets/${id}/dispatch`, { unit_id: await lead(id, desk) }, desk);
  const handler = await until(
    async () => (await api("GET", `staff/tickets/${id}`, undefined, desk)).body.handler,
    "a handler",
  );
  const phone = await page();
  await signIn(phone, handler.code);
  await openTicket(phone, id);
  await at(phone, "act-take").click();
  await at(phone, "act-arrived").waitFor();
  if (!(await at(phone, "act-resolve").count())) await at(phone, "more-acts").click();
  await at(phone, "act-resolve").click();
  await at(phone, "field-note").fill("换了灯泡和灯座，试亮正常");
  await at(phone, "field-feedback").fill("灯换好了，请您晚上走走看");
  await addPhoto(phone, await landing({ isLit: true }));
  await at(phone, "submit").click();
  await phone.waitForURL(/staff\/ticket/);
  await mayRate(resident);
  await at(resident, "rate").click();
  await at(resident, "solved-yes").click();
  await at(resident, "submit").click();
  await at(resident, "stage").waitFor();
  const told = { text: "二单元二楼的灯坏了，当天换了灯泡和灯座", with_photos: true };
  expect((await api("POST", `desk/tickets/${id}/publish`, told, desk)).status).toBe(200);
  await resident.context().close();
  await phone.context().close();
}

/** What lies at a clerk's hand, and an order of the hotline. */
async function atHand(desk) {
  const answers = [
    ["垃圾清运时间", "小包垃圾每天早上七点、下午四点各清运一次，过了时间请放到四号楼北面的误时投放点。"],
    ["停水了先看什么", "请先看楼下阀门和物业通知；整栋没有水，我们马上联系供水公司，修好前送水车停在东门。"],
    ["食堂开门时间", "社区食堂每天上午十点半到下午一点、下午四点半到六点半开门，六十岁以上打九折。"],
  ];
  for (const [title, text] of answers)
    expect((await api("POST", "desk/answers", { title, text }, desk)).status).toBe(201);
  const outage = { place: "SHJY-6", text: "6号楼电梯正在更换钢丝绳，今晚八点前恢复，请走2号电梯" };
  expect((await api("POST", "desk/outages", outage, desk)).status).toBe(201);
  const { id } = await asked(inject("door"), { order: "小区门口的路灯一到晚上就闪，请派人来看" });
  const answered = { text: "已联系路灯所，今晚八点前修好，您反映的情况我们会再看一次。" }; // which the hotline is told
  expect((await api("POST", `desk/tickets/${id}/answer`, answered, desk)).status).toBe(200);
  const owed = async () =>
    (await api("GET", "desk/exchanges?state=by_hand&partner=hotline", undefined, desk)).body.items;
  await until(async () => (await owed()).length, "owed to the hotline", 90);
  await asked(inject("door"), { set_aside: about.id });
  const stalls = ["卖水果的", "卖烧烤的", "卖衣服的", "修手机的", "卖早点的", "发传单的"]; // a place where it has become more
  for (const who of stalls) {
    const entered = { source: "patrol", text: `望月路上${who}占了人行道，走不过去`, place_text: "望月路" };
    expect((await api("POST", "staff/tickets", entered, desk)).status).toBe(201);
  }
}

async function lead(id, desk) {
  return (await api("GET", `staff/tickets/${id}`, undefined, desk)).body.suggestion.unit_id;
}

async function settled(shown) {
  await shown.waitForLoadState("networkidle", { timeout: 8_000 }).catch(() => {}); // a desk never stops asking
  await shown.waitForTimeout(300);
}

/** What is pressing stands above every page; one picture of it is enough. */
async function wavedAway(shown) {
  const seen = shown.locator("[data-test=pressing-seen]:visible");
  if (await seen.count()) await seen.first().click();
}

/** The size of the largest text in px, and what can be tapped and is smaller than a target either way: its row counts. */
function reachable(shown) {
  return shown.evaluate((least) => {
    const page = [...document.querySelectorAll("wx-page:not([hidden])")].pop();
    const isSeen = (one) => one.getClientRects().length > 0 && !one.closest("wx-watermark, watermark");
    const all = [...document.querySelectorAll(".wx-bar *"), ...page.querySelectorAll("*")].filter(isSeen);
    const hasWords = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const sizes = all.filter(hasWords).map((one) => parseFloat(getComputedStyle(one).fontSize));
    const tapped = "button, a, input, textarea, select, label, [role=button], [role=link], [role=tab], [role=switch]";
    const target = (one) => one.closest(".weui-cell, label, button, a") ?? one;
    const small = all
      .filter((one) => one.matches(tapped) && !one.disabled)
      .map((one) => [one, target(one).getBoundingClientRect()])
      .filter(([, box]) => box.width < least || box.height < least)
      .map(([one, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${one.outerHTML.slice(0, 140)}`);
    return { largest: Math.max(0, ...sizes), small };
  }, TARGET);
}

/** Whether the page itself moves sideways; a table inside its card may. */
const isWider = (shown) => shown.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** How high the console's head is with the most that may stand in it: what is late, and a page that is not heard yet. */
function headOf(shown) {
  return shown.evaluate(() => {
    const light = document.querySelector("[data-test=listening]");
    const words = light.textContent;
    const late = document.createElement("span");
    late.className = "el-tag el-tag--danger el-tag--dark";
    late.textContent = "12 张超时";
    light.textContent = "点一下才有声音";
    light.parentElement.prepend(late);
    const { height } = document.querySelector("[role=banner]").getBoundingClientRect();
    late.remove();
    light.textContent = words;
    return height;
  });
}

/** Sentences in a column of a few characters, and cards that cut off what is no table. */
function crushed(shown) {
  return shown.evaluate(() => {
    const cells = [...document.querySelectorAll("main td")].filter(
      (cell) => cell.innerText.trim().length >= 8 && cell.clientWidth > 0 && cell.clientWidth < 60,
    );
    const cards = [...document.querySelectorAll("main .card")].filter(
      (card) => !card.querySelector("table, canvas") && card.scrollWidth > card.clientWidth + 1,
    );
    return [...cells, ...cards].map((one) => `${one.clientWidth}: ${one.innerText.slice(0, 80)}`);
  });
}

/** What stays over a page that is moved: on so low a screen it would leave nothing of it. */
function fixed(shown) {
  return shown.evaluate(() =>
    [...document.querySelectorAll("wx-page:not([hidden]) *")]
      .filter((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position) && !one.closest("watermark"))
      .filter((one) => one.getClientRects().length > 0)
      .map((one) => one.outerHTML.slice(0, 120)),
  );
}

/** What is wider than the page; a watermark may be. */
function sticksOut(shown) {
  return shown.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    return [...document.querySelectorAll("wx-page:not([hidden]) *")]
      .filter((one) => !one.closest("watermark") && one.getBoundingClientRect().right > wide + 1)
      .map((one) => one.outerHTML.slice(0, 120));
  });
}

async function picture(shown, who, name) {
  if (!TAKEN) return;
  for (const [size, suffix] of [
    [PHONE, "phone"],
    [SCREEN, "desktop"],
  ]) {
    await shown.setViewportSize(size);
    await shown.waitForTimeout(200);
    await shown.screenshot({ path: `${OUT}${who}-${name}-${suffix}.png` });
  }
}
