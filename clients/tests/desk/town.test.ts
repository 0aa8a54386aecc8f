import { flushPromises, mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useElement } from "../../desk/src/element";
import TownJob from "../../desk/src/parts/town/TownJob.vue";
import { useGate } from "../../desk/src/api/http";
import { aServer, type Heard } from "./cases";

const job = {
  id: "J1",
  kind: "town",
  about: {},
  by: "admin",
  at: "",
  total: 11,
  chunks: 1,
  chunks_done: 0,
  counts: {},
  finished_at: null,
  troubles: [],
};
const ended = { ...job, chunks_done: 1, finished_at: "2026-11-23T10:00:00+08:00" };
let page: VueWrapper;
let heard: Heard[];

beforeEach(() => {
  vi.useFakeTimers();
  useGate({ token: () => "tok", signInAgain: () => Promise.reject(new Error("asked")) });
});
afterEach(() => {
  page.unmount();
  vi.useRealTimers();
});

async function open(...answers: unknown[]): Promise<void> {
  heard = aServer(() => ({ body: answers[Math.min(heard.length, answers.length) - 1] }));
  page = mount(TownJob, { props: { id: "J1" }, global: { plugins: [{ install: useElement }] } });
  await flushPromises();
}

test("a large town says that the present one holds until the job is through, and then what it did", async () => {
  await open(job, { ...ended, counts: { points: 5000, new_codes: 12 } });
  expect(page.text()).toContain("完成之前仍用现在的数据");
  expect(page.emitted("done")).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(page.text()).toContain("已生效：点位 5000，新发码 12");
  expect(page.emitted("done")).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard).toHaveLength(2);
});

test("what was refused meanwhile is said in words, and nothing is called in force", async () => {
  await open({
    ...ended,
    counts: { refused: 1 },
    troubles: [{ row: 0, message: "另一次导入正在进行，请等它完成后再试" }],
  });
  expect(page.text()).toContain("没有导入：另一次导入正在进行");
  expect(page.text()).not.toContain("已生效");
});
