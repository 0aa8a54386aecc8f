// The small modules behind the pages, at their boundaries.

import { beforeEach, describe, expect, test } from "vitest";
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
    ["2026-11-22T18:00:01+08:00", "还剩 0分01秒", "soon"],
    ["2026-11-22T18:00:00+08:00", "还剩 0分00秒", "soon"], // the last instant is still in time
    ["2026-11-22T17:59:59+08:00", "已超时 0分01秒", "late"],
    ["2026-11-22T18:30:00+08:00", "还剩 30分00秒", "soon"],
    ["2026-11-22T18:30:01+08:00", "还剩 30分01秒", "calm"],
    ["2026-11-22T19:00:00+08:00", "还剩 1小时00分", "calm"],
    ["2026-11-23T17:59:59+08:00", "还剩 23小时59分", "calm"],
    ["2026-11-23T18:00:00+08:00", "还剩 1天0小时", "calm"],
    ["2026-11-22T10:00:00Z", "还剩 0分00秒", "soon"],
  ])("due %s at 18:00: %s, %s", (due, text, tone) => expect(lib("time").left(due, AT)).toMatchObject({ text, tone }));

  test.each([
    ["2026-11-22T00:00:00+08:00", "今天 00:00"],
    ["2026-11-21T23:59:59+08:00", "11月21日 23:59"],
    ["2027-01-01T08:05:00+08:00", "2027年1月1日 08:05"],
    ["2026-11-21T16:30:00Z", "今天 00:30"],
    ["nonsense", ""],
  ])("%s is said as %j in the town, whatever the phone is set to", (instant, words) => expect(lib("time").day(instant, AT)).toBe(words));

  test("a phone whose clock is wrong counts by the server's", () => {
    const time = lib("time");
    time.heardFrom(new Date(Date.now() + 600_000).toUTCString());
    expect(Math.abs(time.now() - Date.now() - 600_000)).toBeLessThan(1500);
    time.heardFrom(new Date().toUTCString());
    expect(Math.abs(time.now() - Date.now())).toBeLessThan(5);
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
    [[item("a", "one_time", 2), item("b", "one_time", 0), item("c", "one_time", 1), item("d", "one_time", 5)], ["b", "c", "a"]],
    [[item("long", "long_term", 0), item("b", "one_time", 1)], ["long"]], // the two kinds may not be asked for together
  ])("of %j are asked %j", (items, ids) => expect(lib("consent").choose({ items })).toEqual(ids));
});

describe("failures", () => {
  test.each([
    [400, false], [401, false], [403, false], [404, false], [409, false], [413, false], [422, false], [429, true], [500, true], [503, true],
  ])("%i may pass by itself: %s, and says something in Chinese either way", (status, passes) => {
    const failure = lib("failures").ofAnswer(status, "<html>Bad Gateway</html>");
    expect(lib("failures").isPassing(failure)).toBe(passes);
    expect(failure.message).toMatch(/[\u4e00-\u9fff]{6}/);
  });

  test("the server's own sentence wins, and a limit's phone is named once", () => {
    const { ofAnswer } = lib("failures");
    expect(ofAnswer(409, { code: "stale", message: "工单刚被他人处理过" }).message).toBe("工单刚被他人处理过");
    expect(ofAnswer(429, { message: "请3分钟后再试；着急请拨打 021-1", phone: "021-1" }).message).toBe("请3分钟后再试；着急请拨打 021-1");
    expect(ofAnswer(429, { message: "请3分钟后再试", phone: "021-1" }).message).toContain("021-1");
  });

  test.each([["request:fail timeout", "too_slow"], ["request:fail time out", "too_slow"], ["request:fail ", "no_signal"], [undefined, "no_signal"]])(
    "%j is %s",
    (errMsg, code) => expect(lib("failures").ofNetwork(errMsg).code).toBe(code),
  );
});

describe("acts", () => {
  test("every act of the phone has words for its button and each of its fields", () => {
    for (const act of Object.values(lib("acts").ACTS)) {
      expect(act.name).toMatch(/[\u4e00-\u9fff]/);
      for (const field of act.fields) expect(field.label).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  test("a review date is an instant that many days from now", () => {
    const { body } = lib("acts").requestFor("suspend", { id: "T" }, { reason: "等配件", review_days: 7 }, { unit: "U" }, AT);
    expect(body).toEqual({ reason: "等配件", review_at: "2026-11-29T10:00:00.000Z" });
  });

  test("a helper ends its own part", () => {
    expect(lib("acts").requestFor("finish-assisting", { id: "T" }, { note: "好了" }, { unit: "U" }, AT).body).toEqual({ note: "好了", unit_id: "U" });
  });

  test("what the desk does goes to the desk's routes, and an id cannot lead elsewhere", () => {
    expect(lib("acts").requestFor("supervise", { id: "a/../b" }, {}, {}, AT).path).toBe("/desk/tickets/a%2F..%2Fb/supervise");
  });
});

describe("drafts", () => {
  test.each([[7 * 24 * 3600 * 1000, true], [7 * 24 * 3600 * 1000 + 1, false]])("a draft %i ms old is still there: %s", (age, there) => {
    localStorage.setItem("mslj:draft.x", JSON.stringify({ data: { at: lib("time").now() - age + (there ? 1000 : 0), fields: { text: "半句" } } }));
    expect(lib("drafts").read("x")).toEqual(there ? { text: "半句" } : {});
  });

  test("a full phone does not stop anyone from going on", () => {
    expect(lib("drafts").write("x", { text: "长".repeat(600_000) })).toBe(false);
  });
});
