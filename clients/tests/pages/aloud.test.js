// 念给我听: what stands on a ticket read aloud, where the browser has a Chinese voice and nowhere else.

import { beforeEach, expect, test, vi } from "vitest";
import { backend, open, soon, until } from "./here.js";

const TICKET = {
  id: "T1",
  number: "MS261122-7K3QX9-4",
  stage: "closed",
  stage_name: "已结案",
  category_name: "居住证",
  standing: "已经答复您",
  place: "盛华景苑",
  text: "居住证在哪里办",
  photos: [],
  holder: null,
  timeline: [
    { at: "2026-11-22T10:00:00+08:00", what: "已收到", note: "", photos: [] },
    { at: "2026-11-22T10:04:00+08:00", what: "首问接待答复", note: "可以到一楼窗口办理", photos: [] },
    { at: "2026-11-22T10:05:00+08:00", what: "已结案", note: "", photos: [] },
  ],
  viewers: [],
  may: {},
  is_reporter: true,
};

function speech(...langs) {
  const listeners = [];
  const made = {
    langs,
    said: [],
    cancelled: 0,
    getVoices: () => made.langs.map((lang) => ({ lang })),
    addEventListener: (_, listener) => listeners.push(listener),
    speak: (words) => made.said.push(words),
    cancel: () => {
      made.cancelled += 1;
      made.said.at(-1)?.onend?.();
    },
    come: (lang) => {
      made.langs.push(lang);
      listeners.forEach((listener) => listener());
    },
  };
  vi.stubGlobal("speechSynthesis", made);
  vi.stubGlobal(
    "SpeechSynthesisUtterance",
    class {
      constructor(text) {
        this.text = text;
      }
    },
  );
  return made;
}

let town;
beforeEach(() => {
  const timeline = TICKET.timeline.slice(0, 2); // the answer is the last that happened
  town = backend({
    "POST /api/sessions": [201, { token: "resident-1" }],
    "GET /api/tickets/T1": { ...TICKET, timeline },
  });
});

test("what the last words came with is said to be of before, once more has happened", async () => {
  const spoken = speech("zh-CN");
  const standing = "您说办好了，已结案";
  const resolved = { at: TICKET.timeline[1].at, what: "物业报告已办好，等居民确认", note: "灯换好了", photos: [] };
  const [received, , closed] = TICKET.timeline;
  town.routes["GET /api/tickets/T1"] = { ...TICKET, standing, timeline: [received, resolved, closed] };
  const phone = await open("ticket/index?id=T1");
  await phone.tap("aloud");
  expect(spoken.said[0].text).toBe("居住证。您说办好了，已结案。之前，物业报告已办好，等居民确认：灯换好了");
});

test("how it stands and the last words of staff are read by a Chinese voice, and a second tap stops it", async () => {
  const spoken = speech("en-US", "zh-CN");
  const phone = await open("ticket/index?id=T1");
  await phone.tap("aloud");
  expect(spoken.said[0].text).toBe("居住证。已经答复您。首问接待答复：可以到一楼窗口办理");
  expect(spoken.said[0].voice.lang).toBe("zh-CN");
  await phone.say("不念了");
  await phone.tap("aloud");
  await phone.say("念给我听");
});

test("it says so itself when it is over", async () => {
  const spoken = speech("zh-CN");
  const phone = await open("ticket/index?id=T1");
  await phone.tap("aloud");
  await phone.say("不念了");
  spoken.said[0].onend();
  await phone.say("念给我听");
});

test("voices that come after the page bring the button", async () => {
  const spoken = speech();
  const phone = await open("ticket/index?id=T1");
  await phone.say("已经答复您");
  expect(phone.find("aloud")).toBeNull();
  spoken.come("cmn-Hans-CN");
  await phone.see("aloud");
});

test.each([[["en-US", "de-DE"]], [[]]])("without a Chinese voice (%s) there is no button", async (langs) => {
  speech(...langs);
  const phone = await open("ticket/index?id=T1");
  await phone.say("已经答复您");
  expect(phone.find("aloud")).toBeNull();
});

test("a browser without speech has no button", async () => {
  const phone = await open("ticket/index?id=T1");
  await phone.say("已经答复您");
  expect(phone.find("aloud")).toBeNull();
});

test("leaving the page ends what is being read", async () => {
  const spoken = speech("zh-CN");
  const phone = await open("ticket/index?id=T1");
  await phone.tap("aloud");
  const before = spoken.cancelled;
  phone.wx.reLaunch({ url: "/pages/mine/index" });
  await until(() => phone.path() === "pages/mine/index");
  await soon();
  expect(spoken.cancelled).toBe(before + 1);
});
