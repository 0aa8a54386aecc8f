import { beforeEach, describe, expect, test } from "vitest";
import { act } from "../../desk/src/api/acting";
import { NoAnswer, Refused, sentenceOf } from "../../desk/src/api/errors";
import { get, send, useGate } from "../../desk/src/api/http";
import type { Offered } from "../../routes";
import { dropDrafts, loadDraft, saveDraft, useDraft } from "../../desk/src/state/drafts";
import { aServer } from "./cases";

const refusing = () => useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });

beforeEach(() => {
  localStorage.clear();
  refusing();
});

describe("what went wrong is one sentence that says what to do", () => {
  const refused = (status: number, code = "", message = "", details = {}) =>
    new Refused(status, code, message, details);
  test.each([
    [new NoAnswer("down"), "稍后再点一次"],
    [new NoAnswer("offline"), "网络断开"],
    [new NoAnswer("slow"), "不会重复办理"],
    [new NoAnswer("slow", true), "请稍后重试"], // who only looks has clicked nothing that could be done twice
    [new NoAnswer("offline", true), "不是最新的"],
    [refused(401), "重新登录"],
    [refused(409, "stale", "", { changes: [{ kind: "taken", at: "", what: "镇城建中心已签收" }] }), "镇城建中心已签收"],
    [refused(409, "stale"), "内容有更新"],
    [refused(409, "wrong_stage", "工单现在是“已结案”"), "已结案"],
    [refused(413), "10MB"],
    [refused(422, "invalid", "note：内容太短"), "内容太短"],
    [refused(429, "too_many", "提交太频繁了", { retry_after_seconds: 30 }), "30秒后"],
    [refused(429, "too_many", "提交太频繁了", { retry_after_seconds: 600 }), "约10分钟后"],
    [refused(429, "too_many", "提交太频繁了", { retry_after_seconds: "<b>" }), "提交太频繁了"],
    [refused(502), "没有做任何改动"],
    [new TypeError("x is undefined"), "刷新"],
  ])("%o", (error, words) => {
    expect(sentenceOf(error)).toContain(words);
  });
});

describe("a request", () => {
  test("carries token and ETag, and a 304 has no body", async () => {
    const heard = aServer(() => ({ status: 304 }));
    const answer = await send("GET", "/staff/live", { etag: '"1"' });
    expect(answer.status).toBe(304);
    expect(heard[0]!.headers.get("If-None-Match")).toBe('"1"');
    expect(heard[0]!.headers.get("Authorization")).toBe("Bearer tok");
  });

  test("that is refused with 401 is sent again once the person has signed in", async () => {
    let signedIn = false;
    useGate({ token: () => "tok", signInAgain: async () => void (signedIn = true) });
    const heard = aServer(() => (signedIn ? { body: { ok: 1 } } : { status: 401, body: { code: "not_signed_in" } }));
    expect(await get("/staff/me")).toEqual({ ok: 1 });
    expect(heard).toHaveLength(2);
  });

  test("answered with a page instead of JSON is a refusal, not a crash", async () => {
    globalThis.fetch = (async () => new Response("<html>", { status: 502 })) as typeof fetch;
    await expect(get("/staff/me")).rejects.toMatchObject({ status: 502 });
  });
});

describe("an act", () => {
  test("that was not answered is sent again under the same key, and a changed one under another", async () => {
    const heard = aServer(() => new TypeError("network"));
    for (const text of ["甲甲", "甲甲", "乙乙"])
      await act("/desk/tickets/T1/answer" as Offered, { text }).catch(() => undefined);
    const keys = heard.map((one) => one.headers.get("Idempotency-Key"));
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test("that was answered is over: the same words again are a new act", async () => {
    const heard = aServer(({ body }) =>
      body.text === "refused" ? { status: 422, body: { code: "invalid" } } : { body: {} },
    );
    for (const text of ["ok", "ok", "refused", "refused"])
      await act("/desk/x" as Offered, { text }).catch(() => undefined);
    expect(new Set(heard.map((one) => one.headers.get("Idempotency-Key"))).size).toBe(4);
  });
});

describe("a draft", () => {
  test("is there again after a reload, until it was sent", () => {
    const { form, sent } = useDraft("T1.answer", () => ({ text: "" }));
    form.text = "明天上午修好";
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "明天上午修好" });
    sent();
    expect(form.text).toBe("");
    expect(loadDraft("T1.answer", { text: "" })).toEqual({ text: "" });
  });

  test("is kept for seven days and no longer", () => {
    const day = 86_400_000;
    saveDraft("a", { text: "x" }, 0);
    expect(loadDraft("a", { text: "" }, 7 * day)).toEqual({ text: "x" });
    expect(loadDraft("a", { text: "" }, 7 * day + 1)).toEqual({ text: "" });
  });

  test("that is damaged, or of an older form, does no harm", () => {
    saveDraft("c", { gone: 1, text: "x" });
    expect(loadDraft("c", { text: "" })).toEqual({ text: "x" });
  });

  test("leaves with whoever signs out", () => {
    saveDraft("enter", { phone: "13800001111" });
    localStorage.setItem("desk.staff", "fc1");
    dropDrafts();
    expect(JSON.stringify({ ...localStorage })).not.toContain("13800001111");
    expect(localStorage.getItem("desk.staff")).toBe("fc1");
  });
});
