// The small modules behind the pages, at their boundaries.

import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import declared from "../acts.json";
import { backend, open } from "./here.js";

let lib;
beforeEach(async () => {
  backend({});
  const phone = await open("privacy/index");
  lib = (name) => phone.require(`lib/${name}.js`);
});

const AT = Date.parse("2026-11-22T18:00:00+08:00");

describe("time", () => {
  test.each([
    ["2026-11-22T18:00:01+08:00", "还剩 0分01秒", "calm"],
    ["2026-11-22T18:00:00+08:00", "还剩 0分00秒", "calm"], // the last instant is still in time
    ["2026-11-22T17:59:59+08:00", "已超时 0分01秒", "late"],
    ["2026-11-22T18:30:01+08:00", "还剩 30分01秒", "calm"],
    ["2026-11-22T19:00:00+08:00", "还剩 1小时00分", "calm"],
    ["2026-11-23T17:59:59+08:00", "还剩 23小时59分", "calm"],
    ["2026-11-23T18:00:00+08:00", "还剩 1天0小时", "calm"],
    ["2026-11-22T10:00:00Z", "还剩 0分00秒", "calm"],
  ])("due %s at 18:00: %s, %s", (due, text, tone) =>
    expect(lib("time").left(due, AT, [])).toMatchObject({ text, tone }),
  );

  test.each([
    [["2026-11-22T18:00:00+08:00", "2026-11-22T18:20:00+08:00"], "soon"],
    [["2026-11-22T18:00:01+08:00"], "calm"],
  ])("with a ladder that rings at %j it is %s at 18:00", (rings, tone) =>
    expect(lib("time").left("2026-11-22T19:00:00+08:00", AT, rings).tone).toBe(tone),
  );

  test.each([
    ["2026-11-22T00:00:00+08:00", "今天 00:00"],
    ["2026-11-21T23:59:59+08:00", "昨天 23:59"],
    ["2026-11-20T23:59:59+08:00", "11月20日 23:59"],
    ["2026-11-23T00:00:00+08:00", "明天 00:00"],
    ["2026-11-24T00:00:00+08:00", "11月24日 00:00"],
    ["2027-01-01T08:05:00+08:00", "2027年1月1日 08:05"],
    ["2026-11-21T16:30:00Z", "今天 00:30"],
    ["nonsense", ""],
  ])("%s is said as %j in the town, whatever the phone is set to", (instant, words) =>
    expect(lib("time").day(instant, AT)).toBe(words),
  );

  test.each([
    ["2026-11-22", "今天"],
    ["2026-11-21", "昨天"],
    ["2026-11-20", "11月20日"],
    ["2025-11-22", "2025年11月22日"],
    ["", ""],
  ])("the day %s is said as %j", (on, words) => expect(lib("time").date(on, AT)).toBe(words));

  test("a phone whose clock is wrong counts by the server's", () => {
    const time = lib("time");
    time.heardFrom(new Date(Date.now() + 600_000).toUTCString());
    expect(Math.abs(time.now() - Date.now() - 600_000)).toBeLessThan(1500);
    time.heardFrom(new Date().toUTCString());
    expect(Math.abs(time.now() - Date.now())).toBeLessThan(5);
  });
});

describe("photos of a session that has ended since", () => {
  const uploaded = () => [{ id: "P1", path: "wxfile://gone", size: 9, type: "image/jpeg" }];
  const refusedFor = (code, fields) => () => Promise.reject({ status: 403, code, message: "", fields });
  let town;
  beforeEach(() => {
    const given = { photo_id: "P2", url: "https://photos.example.cn/", fields: {} };
    town = backend({ "POST /api/sessions": { token: "fresh" }, "POST /api/uploads": given });
  });

  test("are uploaded again before what they belong to is sent again", async () => {
    const sent = lib("photos").uploadAndSend(uploaded(), "resident", () => {}, refusedFor("not_yours", ["photos"]));
    await expect(sent).rejects.toMatchObject({ code: "photo_gone" }); // this phone has lost it; it was looked for
    expect(town.of("POST", "/api/uploads").length).toBe(1);
  });

  test.each([
    ["not_yours", []],
    ["invalid", ["photos"]],
  ])("%s of %j is another refusal, and is told", async (code, fields) => {
    const sent = lib("photos").uploadAndSend(uploaded(), "resident", () => {}, refusedFor(code, fields));
    await expect(sent).rejects.toMatchObject({ code });
    expect(town.of("POST", "/api/uploads")).toEqual([]);
  });

  test("what was uploaded by the session that sends goes once", async () => {
    const taken = lib("photos").uploadAndSend(
      uploaded(),
      "resident",
      () => {},
      (all) => Promise.resolve(all),
    );
    expect(await taken).toEqual(uploaded());
    expect(town.of("POST", "/api/uploads")).toEqual([]);
  });
});

describe("codes", () => {
  test.each([
    ["https://mslj.example.gov.cn/s/7K3QX9A", "7K3QX9A"],
    ["https%3A%2F%2Fmslj.example.gov.cn%2Fs%2F7K3QX9A%3Fx%3D1", "7K3QX9A"],
    ["7k3qx9a", "7k3qx9a"],
    [" 7K3-QX 9A ", "7K3QX9A"],
    ["s=7K3QX9A", "7K3QX9A"],
    ["https://pay.example.com/other", ""],
    ["", ""],
    [undefined, ""],
    ["%E0%A4%A", ""],
    ["<script>", ""],
    ["abc", ""],
    ["a".repeat(21), ""],
  ])("%j is the code %j", (text, code) => expect(lib("code").codeIn(text)).toBe(code));

  test.each([
    [{ q: encodeURIComponent("https://h/s/7K3QX9A"), scancode_time: "1" }, "7K3QX9A"],
    [{ scene: "s%3D7K3QX9A" }, "7K3QX9A"],
    [{ code: "7K3QX9A", q: "https://h/s/OTHER99" }, "7K3QX9A"],
    [{}, ""],
  ])("a page opened with %j is of %j", (query, code) => expect(lib("code").codeOf(query)).toBe(code));
});

describe("consents", () => {
  const item = (id, kind, left) => ({ id, kind, left });
  test.each([
    [[], []],
    [
      [item("a", "one_time", 2), item("b", "one_time", 0), item("c", "one_time", 1), item("d", "one_time", 5)],
      ["b", "c", "a"],
    ],
    [[item("long", "long_term", 0), item("b", "one_time", 1)], ["long"]], // the two kinds may not be asked for together
  ])("of %j are asked %j", (items, ids) => expect(lib("consent").choose({ items })).toEqual(ids));

  const saying = (id, ...notices) => ({ ...item(id, "one_time", 0), notices });
  test.each([
    [[saying("a", "*"), saying("b", "received", "nearby_published")], ["b"]],
    [[saying("a", "received"), saying("b", "*"), saying("c", "*")], ["b"]],
    [[saying("a", "received")], []],
  ])("for one notice, of %j are asked %j", (items, ids) =>
    expect(lib("consent").choose({ items }, "nearby_published")).toEqual(ids),
  );
});

describe("failures", () => {
  test.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [413, false],
    [422, false],
    [429, true],
    [500, true],
    [503, true],
  ])("%i may pass by itself: %s, and says something in Chinese either way", (status, passes) => {
    const failure = lib("failures").ofAnswer(status, "<html>Bad Gateway</html>");
    expect(lib("failures").isPassing(failure)).toBe(passes);
    expect(failure.message).toMatch(/[\u4e00-\u9fff]{6}/);
  });

  test("the server's own sentence wins, and a limit's phone is named once", () => {
    const { ofAnswer } = lib("failures");
    expect(ofAnswer(409, { code: "stale", message: "工单刚被他人处理过" }).message).toBe("工单刚被他人处理过");
    expect(ofAnswer(429, { message: "请3分钟后再试；着急请拨打 021-1", phone: "021-1" }).message).toBe(
      "请3分钟后再试；着急请拨打 021-1",
    );
    expect(ofAnswer(429, { message: "请3分钟后再试", phone: "021-1" }).message).toContain("021-1");
  });

  test.each([
    ["request:fail timeout", "too_slow"],
    ["request:fail time out", "too_slow"],
    ["request:fail ", "no_signal"],
    [undefined, "no_signal"],
  ])("%j is %s", (errMsg, code) => expect(lib("failures").ofNetwork(errMsg).code).toBe(code));
});

describe("acts", () => {
  const offer = (name, more = {}) => ({ ...declared.find((act) => act.name === name), ...more });
  const acts = () => lib("acts");
  const queued = (of, id, filled, at) => acts().queuedFor(of, { id, where: { name: "四号楼" } }, filled, at);
  const names = (found) => [found.step?.act ?? "", ...found.more.map((button) => button.act)];

  test("a review date is an instant that many days from now", () => {
    const { body } = queued(offer("suspend"), "T", { reason: "等配件", review_at: 7 }, AT);
    expect(body).toEqual({ reason: "等配件", review_at: "2026-11-29T10:00:00.000Z" });
  });

  test("what the desk does goes to the desk's routes, and an id cannot lead elsewhere", () => {
    expect(queued(offer("supervise"), "a/../b", {}, AT).path).toBe("/desk/tickets/a%2F..%2Fb/supervise");
  });

  test("what goes along without being asked is sent, and what was left open is not", () => {
    const sent = queued(offer("on-my-way"), "T", {}, AT);
    expect(sent.path).toBe("/staff/tickets/T/comment");
    expect(sent.body).toEqual(offer("on-my-way").sent);
    expect(queued(offer("arrived"), "T", { note: " " }, AT).body).toEqual({ note: "" });
  });

  test.each(declared.map((act) => [act.name, act]))(
    "%s is drawn on a phone, or told to be done at the desk",
    (_, act) => {
      const found = acts().buttons({ stage_name: "", offers: [act] }, [], AT);
      expect(names(found).includes(act.name) || found.elsewhere).toBe(true);
      if (!found.elsewhere)
        for (const field of acts().fieldsOf(act, {}, []))
          expect(["text", "buttons", "list", "switch", "photos"]).toContain(field.drawn);
    },
  );

  describe("without a signal", () => {
    const then = ["arrived", "resolve", "contact", "unit-feedback", "comment"];
    const need = (field, met_by = []) => ({ code: field, words: "缺" + field, field, met_by });
    const dispatched = {
      stage_name: "已派单",
      offers: [
        offer("take", { then }),
        offer("arrived"),
        offer("return"),
        offer("unit-feedback"),
        offer("comment"),
        offer("resolve", { now: false, needs: [need("photos"), need("feedback", ["unit-feedback"])] }),
        offer("contact", { now: false }),
      ],
    };
    const after = (...queued) => acts().buttons(dispatched, queued, AT);

    test("one step after the other: 签收, 已到现场, 办结, and then nothing more", () => {
      expect([after().step.act, after("take").step.act, after("take", "arrived").step.act]).toEqual([
        "take",
        "arrived",
        "resolve",
      ]);
      expect([after().stage_name, after("take").stage_name]).toEqual(["已派单", "处置中"]);
      expect(after("take", "arrived", "resolve")).toMatchObject({
        step: null,
        more: [],
        stage_name: "已办结",
        isProjected: true,
      });
    });

    test("whoever arrived before taking takes next, and does not arrive twice", () => {
      expect(after("arrived").step.act).toBe("take");
      expect(after("arrived", "take").step.act).toBe("resolve");
      expect(names(after("arrived", "take"))).not.toContain("arrived");
    });

    test("taking opens what only it opens, and closes what it closes", () => {
      expect(names(after())).not.toContain("contact");
      expect(names(after("take"))).toContain("contact");
      expect(names(after("take"))).not.toContain("return");
      expect(names(after("take", "comment"))).toContain("comment");
    });

    test("what an act needs is asked for at once, and not again where it is on its way", () => {
      const resolve = dispatched.offers.find((each) => each.name === "resolve");
      expect(acts().missing(resolve, { note: "已修好" }, 0, ["take"])).toBe("缺photos");
      expect(acts().missing(resolve, { note: "已修好" }, 1, ["take"])).toBe("缺feedback");
      expect(acts().missing(resolve, { note: "已修好" }, 1, ["take", "unit-feedback"])).toBe("");
      expect(acts().missing(resolve, { note: "已修好", feedback: "修好了" }, 1, [])).toBe("");
    });

    test.each([
      [-1, true],
      [0, true],
      [1, false],
    ])("what may be done until an instant is offered %i s after it: %s", (seconds, there) => {
      const until = new Date(AT - seconds * 1000).toISOString();
      const found = acts().buttons({ stage_name: "", offers: [offer("return", { until })] }, [], AT);
      expect(names(found).includes("return")).toBe(there);
    });

    test("what cannot be done yet says why", () => {
      const waits = { code: "parts_done", words: "还有协办单位没有办完", field: "", met_by: [] };
      const found = acts().buttons(
        { stage_name: "", offers: [offer("resolve", { now: false, needs: [waits] })] },
        [],
        AT,
      );
      expect(found.heldUp).toEqual([{ label: "办结", words: "还有协办单位没有办完" }]);
    });
  });
});

describe("what was seen", () => {
  const seen = () => lib("seen");
  const days = (count) => count * 24 * 3600 * 1000;

  test("is there for three days, and not a moment longer", () => {
    seen().remember("ticket.T1", { text: "灯不亮" }, "m");
    const shelf = JSON.parse(localStorage.getItem("mslj:seen"));
    const aged = (by) =>
      localStorage.setItem("mslj:seen", JSON.stringify({ data: [{ ...shelf.data[0], at: shelf.data[0].at - by }] }));
    aged(days(3) - 5000);
    expect(seen().recall("ticket.T1").value).toEqual({ text: "灯不亮" });
    aged(days(3) + 5000);
    expect([seen().recall("ticket.T1"), seen().markOf("ticket.T1")]).toEqual([null, ""]);
    expect(JSON.stringify({ ...localStorage })).not.toContain("灯不亮");
  });

  test("is the latest few, and nothing once signed out", () => {
    for (let n = 0; n < 32; n += 1) seen().remember("ticket." + n, { n }, "");
    expect([seen().recall("ticket.1"), seen().recall("ticket.2").value, seen().recall("ticket.31").value]).toEqual([
      null,
      { n: 2 },
      { n: 31 },
    ]);
    seen().forget();
    expect(Object.keys(localStorage).filter((key) => key.includes("seen"))).toEqual([]);
  });
});

describe("drafts", () => {
  test.each([
    [7 * 24 * 3600 * 1000, true],
    [7 * 24 * 3600 * 1000 + 1, false],
  ])("a draft %i ms old is still there: %s", (age, there) => {
    localStorage.setItem(
      "mslj:draft.x",
      JSON.stringify({ data: { at: lib("time").now() - age + (there ? 1000 : 0), fields: { text: "半句" } } }),
    );
    expect(lib("drafts").read("x")).toEqual(there ? { text: "半句" } : {});
  });

  test("a full phone does not stop anyone from going on", () => {
    expect(lib("drafts").write("x", { text: "长".repeat(600_000) })).toBe(false);
  });
});

describe("where a version reports to", () => {
  test.each([
    ["release", "https://mslj.example.gov.cn"],
    ["trial", "https://drill.mslj.example.gov.cn"],
    ["develop", "https://drill.mslj.example.gov.cn"],
    ["", "https://drill.mslj.example.gov.cn"],
  ])("%j goes to %s: only what is published reaches the real desk", (envVersion, base) => {
    const module = { exports: {} };
    const wx = { getAccountInfoSync: () => ({ miniProgram: { envVersion } }) };
    new Function("wx", "module", readFileSync("miniprogram/config.js", "utf8"))(wx, module);
    expect(module.exports.base).toBe(base);
  });
});
