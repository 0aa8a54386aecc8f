// 办结公示 and 关注: what was done around a place, and hearing of it once a day.

import { beforeEach, expect, test } from "vitest";
import { backend, open, until } from "./here.js";

const THING = {
  category: "楼道照明",
  place: "盛华景苑 4号楼",
  text: "灯换好了<script>alert(1)</script>",
  done_on: "2026-11-20",
  confirmed: true,
  before: [],
  after: [{ thumb: "https://photos.example.cn/t", url: "https://photos.example.cn/p" }],
};
const AROUND = {
  place: "SHJY",
  name: "盛华景苑",
  days: 30,
  done: 12,
  items: [THING, { ...THING, confirmed: false, after: [], text: "门口清干净了" }],
  watchable: [
    { place: "SHJY", name: "盛华景苑" },
    { place: "SHJY-4", name: "盛华景苑 4号楼" },
  ],
};
const PLACES = "nearby/index?place=SHJY-4-1";

let town;
beforeEach(() => {
  town = backend({
    "POST /api/sessions": [201, { token: "resident-1" }],
    "GET /api/places/SHJY-4-1/done": AROUND,
    "GET /api/watches": { items: [{ place: "SHJY", name: "盛华景苑" }] },
    "POST /api/watches": [201, { place: "SHJY-4", name: "盛华景苑 4号楼" }],
    "DELETE /api/watches/SHJY": { id: "SHJY" },
    "GET /api/subscriptions": { items: [] },
  });
});

const box = (watch) => watch.querySelector("input") || watch;

test("what was done is read with its day, its words as text, and who says so", async () => {
  const phone = await open(PLACES);
  await phone.say("办结 12 件");
  await phone.say("灯换好了<script>alert(1)</script>");
  const [first, second] = phone.all("done").map((each) => each.textContent);
  expect(first).toContain("居民说已解决");
  expect(second).toContain("已办结");
  expect(first).toMatch(/，(2026年)?11月20日办结/);
  expect(phone.all("after")).toHaveLength(1);
  expect(phone.root.querySelector("wx-page script")).toBeNull();
});

test.each([
  [null, "办结几件"],
  [0, "没有办结的事"],
  [5, "办结 5 件"],
])("of %s matters it says %s", async (done, said) => {
  town.routes["GET /api/places/SHJY-4-1/done"] = { ...AROUND, done, items: [] };
  const phone = await open(PLACES);
  await phone.say(said);
  if (done !== 0) await phone.say("还没有公开的办理结果");
  expect(document.body.textContent).not.toContain("下面是工作站公开的");
});

test("a place is watched and left by its switch, which shows what holds", async () => {
  const phone = await open(PLACES);
  await phone.see("watch");
  expect(phone.all("watch").map((each) => box(each).checked)).toEqual([true, false]);
  box(phone.all("watch")[1]).click();
  await until(() => town.of("POST", "/api/watches").length);
  expect(town.of("POST", "/api/watches")[0].body).toEqual({ place: "SHJY-4" });
  await phone.say("每天最多告诉您一次");
  box(phone.all("watch")[0]).click();
  await until(() => town.of("DELETE", "/api/watches/SHJY").length);
});

test("a switch that was refused goes back and says why", async () => {
  town.routes["POST /api/watches"] = [422, { code: "invalid", message: "最多关注10个地方，请先取消一个" }];
  const phone = await open(PLACES);
  await phone.see("watch");
  box(phone.all("watch")[1]).click();
  await phone.say("最多关注10个地方");
  expect(phone.all("watch").map((each) => box(each).checked)).toEqual([true, false]);
});

test("out of a message the places that are watched are there, each with its page", async () => {
  town.routes["GET /api/inbox"] = {
    items: [
      {
        id: "1",
        at: "2026-11-30T08:30:00+08:00",
        ticket_id: "",
        template: "nearby_published",
        title: "您关注的地方",
        text: "…",
        urgent: false,
        unread: false,
      },
    ],
    next: null,
    unread: 0,
  };
  town.routes["GET /api/places/SHJY/done"] = AROUND;
  const phone = await open("inbox/index");
  await phone.tap("message");
  await phone.say("关注：有新公开时");
  await phone.tap("open");
  await phone.say("办结 12 件");
});

test("who watches nothing is told how", async () => {
  town.routes["GET /api/watches"] = { items: [] };
  const phone = await open("nearby/index");
  await phone.say("还没有关注的地方");
});
