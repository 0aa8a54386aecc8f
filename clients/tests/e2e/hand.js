// What a flow costs the hand: a key, a tap, a field that is filled is one action each; counted, held to its most, printed.

import { expect } from "vitest";

const flows = [];

export function handOf(shown) {
  let made = 0;
  return {
    made: () => made,
    press: (key) => ((made += 1), shown.keyboard.press(key)),
    tap: (what) => ((made += 1), what.click()),
    write: (field, words) => ((made += 1), field.fill(words)),
  };
}

export async function flow(name, most, made, act) {
  const before = await made();
  const began = performance.now();
  await act();
  const seconds = (performance.now() - began) / 1000;
  const cost = (await made()) - before;
  flows.push(`  ${name}：${cost} 个动作（至多 ${most}），机器用时 ${seconds.toFixed(1)} 秒`);
  expect(cost, name).toBeLessThanOrEqual(most);
}

/** Every trusted tap on this page from now on, whatever taps; `beside` are those that no page sees: into a field, at the camera. */
export async function tapsOn(shown, beside) {
  await shown.evaluate(() => {
    window.taps = 0;
    addEventListener("click", (event) => (window.taps += event.isTrusted ? 1 : 0), true);
  });
  let isFirst = true;
  return async () => {
    const seen = await shown.evaluate(() => window.taps);
    const all = isFirst ? seen : seen + beside;
    isFirst = false;
    return all;
  };
}

export const printFlows = () => flows.length && console.log(["手上的动作：", ...flows.splice(0)].join("\n"));
