// wx as the browser host has it: it does what our pages use, and refuses what WeChat refuses.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fault, host, soon } from "./here.js";

let here;
beforeEach(() => {
  here = host();
});
afterEach(() => vi.unstubAllGlobals());

const API = "http://127.0.0.1/v1";
const asked = (options) => new Promise((success, fail) => here.wx.request({ success, fail, ...options }));
const uploaded = (options) => new Promise((success, fail) => here.wx.uploadFile({ success, fail, ...options }));
const answering = (body, status = 200) => vi.fn(async () => new Response(body, { status, headers: { etag: '"1"' } }));

// --- network -------------------------------------------------------------------------------------------------------

test("a request answers its status, its header and JSON as an object", async () => {
  const fetched = answering('{"a": 1}', 409);
  vi.stubGlobal("fetch", fetched);
  const answer = await asked({
    url: `${API}/api/x`,
    method: "POST",
    data: { b: 2 },
    header: { "Idempotency-Key": "k" },
  });
  expect(answer).toMatchObject({ statusCode: 409, data: { a: 1 }, errMsg: "request:ok" });
  expect(answer.header.etag).toBe('"1"');
  const [url, sent] = fetched.mock.calls[0];
  expect([url, sent.method, sent.body, sent.headers["Idempotency-Key"]]).toEqual([
    `${API}/api/x`,
    "POST",
    '{"b":2}',
    "k",
  ]);
});

test("what is no JSON is text", async () => {
  vi.stubGlobal("fetch", answering("<html>", 502));
  expect((await asked({ url: `${API}/` })).data).toBe("<html>");
});

test("without a signal a request fails, and says so", async () => {
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => {
      throw new TypeError("Failed to fetch");
    }),
  );
  expect((await fault(asked({ url: `${API}/` }))).errMsg).toBe("request:fail Failed to fetch");
});

const never = (_, { signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a request that takes too long, or is stopped, fails", async () => {
  vi.stubGlobal("fetch", never);
  expect((await fault(asked({ url: `${API}/`, timeout: 10 }))).errMsg).toBe("request:fail timeout");
  const failed = new Promise((fail) => here.wx.request({ url: `${API}/`, fail }).abort());
  expect((await failed).errMsg).toBe("request:fail abort");
});

test("ten requests run at once, an eleventh is refused, and the next may go when one has ended", async () => {
  vi.stubGlobal("fetch", never);
  const tasks = Array.from({ length: 10 }, () => here.wx.request({ url: `${API}/` }));
  expect((await fault(asked({ url: `${API}/`, timeout: 50 }))).errMsg).toBe("request:fail exceed max request count 10");
  tasks[0].abort();
  await soon(5);
  expect((await fault(asked({ url: `${API}/`, timeout: 10 }))).errMsg).toBe("request:fail timeout");
});

test.each([
  "http://api.example.cn/x",
  "https://other.example.cn/x",
  "https://photos.example.cn/x",
  "http://192.168.1.2/",
])("a request goes to our own origin alone, not to %s", async (url) => {
  vi.stubGlobal("fetch", answering("{}"));
  expect((await fault(asked({ url }))).errMsg).toBe("request:fail url not in domain list");
  expect(fetch).not.toHaveBeenCalled();
});

test("an address that is none, and a method that WeChat has not, are refused", async () => {
  expect((await fault(asked({ url: "/api/x" }))).errMsg).toContain("invalid url");
  expect((await fault(asked({ url: `${API}/`, method: "PATCH" }))).errMsg).toContain("PATCH");
});

// --- files ---------------------------------------------------------------------------------------------------------

/** What a person picks in the browser's own dialog. */
function picks(...files) {
  const click = vi.spyOn(HTMLInputElement.prototype, "click").mockImplementation(function pick() {
    if (this.type !== "file") return;
    Object.defineProperty(this, "files", { value: files });
    this.dispatchEvent(new Event(files.length ? "change" : "cancel"));
  });
  return () => click.mockRestore();
}

const photo = (bytes = 10) => new File([new Uint8Array(bytes)], "a.png", { type: "image/png" });

async function chosen(...files) {
  const done = picks(...files);
  try {
    return (await here.wx.chooseMedia({ count: 9, mediaType: ["image"] })).tempFiles;
  } finally {
    done();
  }
}

test("a chosen photo is saved and goes out as one form, its fields first", async () => {
  const [{ tempFilePath, size }] = await chosen(photo());
  expect(size).toBe(10);
  expect(tempFilePath).toMatch(/^wxfile:\/\/tmp\/.*\.png$/);
  const { savedFilePath } = await here.wx.getFileSystemManager().saveFile({ tempFilePath });
  const fetched = answering("done", 201);
  vi.stubGlobal("fetch", fetched);
  const answer = await uploaded({
    url: "https://photos.example.cn/",
    filePath: savedFilePath,
    name: "file",
    formData: { key: "k" },
  });
  expect([answer.statusCode, answer.data]).toEqual([201, "done"]);
  expect([...fetched.mock.calls[0][1].body.keys()]).toEqual(["key", "file"]);
  await here.wx.getFileSystemManager().removeSavedFile({ filePath: savedFilePath });
  const lost = await fault(uploaded({ url: "https://photos.example.cn/", filePath: savedFilePath, name: "file" }));
  expect(lost.errMsg).toContain("file not found");
});

test("no more photos are taken than asked for, and thinking better of it is a cancel", async () => {
  const done = picks(photo(), photo());
  expect((await here.wx.chooseMedia({ count: 1, mediaType: ["image"] })).tempFiles).toHaveLength(1);
  done();
  expect((await fault(chosen())).errMsg).toBe("chooseMedia:fail cancel");
});

test.each([
  [10 * 1024 * 1024, true],
  [10 * 1024 * 1024 + 1, false],
])("an upload of %i bytes", async (bytes, allowed) => {
  vi.stubGlobal("fetch", answering("", 201));
  const [{ tempFilePath }] = await chosen(photo(bytes));
  const sent = uploaded({ url: "https://photos.example.cn/", filePath: tempFilePath, name: "file" });
  expect(await fault(sent)).toEqual(allowed ? null : { errMsg: expect.stringContaining("file size limit exceeded") });
});

test("an upload to a domain that is not declared is refused", async () => {
  const [{ tempFilePath }] = await chosen(photo());
  const sent = uploaded({ url: "https://elsewhere.example.cn/", filePath: tempFilePath, name: "file" });
  expect((await fault(sent)).errMsg).toBe("uploadFile:fail url not in domain list");
});

// --- storage -------------------------------------------------------------------------------------------------------

test("what is kept comes back as it was, and what is not there is an empty string", () => {
  here.wx.setStorageSync("draft", { text: "灯坏了", photos: [1] });
  expect(here.wx.getStorageSync("draft")).toEqual({ text: "灯坏了", photos: [1] });
  here.wx.removeStorageSync("draft");
  expect(here.wx.getStorageSync("draft")).toBe("");
});

test("one entry takes a megabyte, and no more", () => {
  const around = JSON.stringify({ data: "" }).length;
  here.wx.setStorageSync("big", "x".repeat(1024 * 1024 - around));
  expect(() => here.wx.setStorageSync("big", "x".repeat(1024 * 1024 - around + 1))).toThrow("entry size limit");
});

test("all entries take ten megabytes together, and no more", () => {
  const kept = new Map();
  vi.stubGlobal(
    "localStorage",
    new Proxy(
      {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
      },
      { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
    ),
  );
  const megabyte = "x".repeat(1024 * 1024 - JSON.stringify({ data: "" }).length);
  for (let n = 0; n < 10; n += 1) here.wx.setStorageSync(`k${n}`, megabyte);
  expect(() => here.wx.setStorageSync("k10", "x")).toThrow("storage limit");
  here.wx.setStorageSync("k9", "y");
});

// --- what a person agrees to ---------------------------------------------------------------------------------------

test("messages are asked for in a tap, three templates at most, and a browser gets none", async () => {
  const ask = (...tmplIds) => here.wx.requestSubscribeMessage({ tmplIds });
  expect((await fault(ask("a"))).errMsg).toContain("TAP gesture");
  let answer;
  here.find("count").addEventListener("click", () => setTimeout(() => undefined));
  here.page().onCount = () => undefined;
  here.root.addEventListener("click", () => void (answer = ask("a", "b")));
  here.find("count").click();
  expect(await answer).toEqual({ errMsg: "requestSubscribeMessage:ok", a: "reject", b: "reject" });
  await soon(5);
  expect((await fault(ask("a"))).errMsg).toContain("TAP gesture");
});

test.each([
  [[], 10001],
  [["a", "b", "c", "d"], 20003],
])("templates %j are refused", async (tmplIds, errno) => {
  let answer;
  here.root.addEventListener("click", () => void (answer = fault(here.wx.requestSubscribeMessage({ tmplIds }))));
  here.find("count").click();
  expect((await answer).errno).toBe(errno);
});

test("the privacy guide is asked about once; who does not agree gets nothing", async () => {
  let asked = 0;
  here.wx.onNeedPrivacyAuthorization((resolve) => resolve({ event: (asked += 1) === 1 ? "disagree" : "agree" }));
  expect((await fault(here.wx.requirePrivacyAuthorize())).errno).toBe(104);
  await here.wx.requirePrivacyAuthorize();
  await here.wx.requirePrivacyAuthorize();
  expect(asked).toBe(2);
});

test.each(["getLocation", "chooseLocation"])("wx.%s, which app.json does not declare, is refused", (name) => {
  expect(() => here.wx[name]({})).toThrow("requiredPrivateInfos");
});

test("a call that the host does not do is refused by name", () => {
  expect(() => here.wx.startBluetooth()).toThrow("wx.startBluetooth is not done by the browser host");
});

// --- dialogs -------------------------------------------------------------------------------------------------------

const button = (text) => [...document.querySelectorAll("dialog button")].find((one) => one.textContent === text);

test("a modal answers what was chosen and what was typed, and is gone", async () => {
  const asked = here.wx.showModal({ title: "撤回", content: "", editable: true, placeholderText: "原因" });
  document.querySelector("dialog textarea").value = "填错了";
  button("确定").click();
  expect(await asked).toMatchObject({ confirm: true, cancel: false, content: "填错了" });
  expect(document.querySelector("dialog")).toBeNull();
});

test("no, and Escape, are a cancel", async () => {
  const first = here.wx.showModal({ content: "真的吗？" });
  button("取消").click();
  expect(await first).toMatchObject({ confirm: false, cancel: true });
  const second = here.wx.showModal({ content: "真的吗？" });
  document.querySelector("dialog").dispatchEvent(new Event("cancel"));
  expect(await second).toMatchObject({ cancel: true });
});

test("a toast is read out by a screen reader", async () => {
  await here.wx.showToast({ title: "已提交" });
  expect(document.querySelector('[role="status"]').textContent).toBe("已提交");
  await here.wx.hideLoading();
  expect(document.querySelector('[role="status"]').textContent).toBe("");
});

test("a code is typed where no camera reads it", async () => {
  const scanned = here.wx.scanCode({});
  await expect.poll(() => document.querySelector("dialog textarea")).not.toBeNull();
  document.querySelector("dialog textarea").value = " 7K3QX9A ";
  button("确定").click();
  expect((await scanned).result).toBe("7K3QX9A");
});

test("callbacks and promises: with callbacks there is no promise", async () => {
  const done = [];
  const answer = here.wx.getNetworkType({ success: () => done.push("success"), complete: () => done.push("complete") });
  await soon();
  expect([answer, done]).toEqual([undefined, ["success", "complete"]]);
  expect((await here.wx.getNetworkType()).networkType).toBe("wifi");
});

test("there is no WeChat to log in to", async () => {
  expect((await fault(here.wx.login())).errMsg).toContain("login:fail");
});
