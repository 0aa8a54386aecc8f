// What axe finds on a page as it stands: WCAG 2.2 AA and its best practices.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const GRAVE = ["serious", "critical"];
export const GRAVE_AND_MODERATE = [...GRAVE, "moderate"];

export async function violations(shown, impacts) {
  await shown.evaluate(AXE);
  const found = await shown.evaluate(async () => {
    const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
    return (await window.axe.run(document, rules)).violations;
  });
  const said = found
    .filter((one) => impacts.includes(one.impact))
    .map(
      (one) =>
        `${one.id}: ${one.nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 160) + (node.any[0]?.message ?? ""))
          .join(" | ")}`,
    );
  return [...said, ...(await groundless(shown))];
}

/** Buttons of a phone's page that look like plain words: without an edge, and of the colour of the paper they stand on. A red row of
 *  numbers to call is itself a row of buttons. */
function groundless(shown) {
  return shown.evaluate(() => {
    const CLEAR = "rgba(0, 0, 0, 0)";
    const ground = (one) => getComputedStyle(one).backgroundColor;
    const under = (one) => {
      for (let at = one.parentElement; at; at = at.parentElement) if (ground(at) !== CLEAR) return ground(at);
      return "rgb(255, 255, 255)";
    };
    const isPaper = (colour) => {
      const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
      return Math.max(red, green, blue) - Math.min(red, green, blue) < 40;
    };
    return [...document.querySelectorAll("wx-page:not([hidden]) button:not(.link)")]
      .filter((one) => one.offsetWidth && getComputedStyle(one).borderTopWidth === "0px")
      .filter((one) => [CLEAR, under(one)].includes(ground(one)) && isPaper(under(one)))
      .map((one) => `groundless button: ${one.textContent.trim()}`);
  });
}
