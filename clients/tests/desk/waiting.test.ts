import { mount } from "@vue/test-utils";
import { expect, test, vi } from "vitest";
import { nextTick } from "vue";
import { useElement } from "../../desk/src/element";
import Waiting from "../../desk/src/parts/common/Waiting.vue";

test.each([
  [3_999, "正在读取…"],
  [4_000, "系统有点慢"],
])("after %i ms of waiting it says %s", async (ms, words) => {
  vi.useFakeTimers();
  const waiting = mount(Waiting, { global: { plugins: [{ install: useElement }] } });
  vi.advanceTimersByTime(ms);
  await nextTick();
  expect(waiting.text()).toContain(words);
  waiting.unmount();
  vi.useRealTimers();
});
