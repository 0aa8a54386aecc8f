// A resident without WeChat: everything from the printed URL, in a plain browser.

import { afterAll, afterEach, describe, expect, test } from "vitest";
import { flow, printFlows, tapsOn } from "./hand.js";
import { isMissing, noted, page, PHONE, town } from "./people.js";
import { at, point, report } from "./phone.js";

afterEach(() => expect(noted()).toEqual([]));
afterAll(printFlows);

/** What is asked before sending, by what shows it, and words that have it asked; a neighbour reported the lamp. */
const ASKED = {
  "danger-heard": "有人困在电梯里出不来了",
  matter: "四号楼一单元楼道灯不亮",
  known: "孙子户口在我这里，六岁半要读一年级了，分学校看户口还是看房产证",
};

/** How many square pixels the button that sends takes, and every other button of the page. */
const areas = (shown) =>
  shown.evaluate(() => {
    const seen = [...document.querySelectorAll("wx-page:not([hidden]) button")].filter((one) => one.offsetParent);
    const area = (one) => one.offsetWidth * one.offsetHeight;
    const sends = seen.find((one) => one.dataset.test === "submit");
    return { submit: area(sends), others: seen.filter((one) => one !== sends).map(area) };
  });

describe.skipIf(isMissing)("a resident in a browser", () => {
  test("scans, reports with a photo in under a minute, and sees who has it and by when", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    expect(await at(mine, "place").textContent()).toContain("4号楼");
    const began = Date.now();
    let id = "";
    await flow("扫码→带照片提交", 6, await tapsOn(mine, 2), async () => {
      id = await report(mine, "四号楼一单元楼道灯不亮，请来修");
    });
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(id).toMatch(/^[0-9A-Z]{26}$/);
    expect(await at(mine, "number").textContent()).toMatch(/MS\d{6}-/);
    await mine.reload();
    expect(await at(mine, "text").textContent()).toContain("楼道灯不亮");
    await at(mine, "photo").first().waitFor();
  });

  test("what looks like HTML is text everywhere", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    const id = await report(mine, "<img src=x onerror=alert(1)><b>灯</b>坏了", { photo: false });
    expect(id).toBeTruthy();
    expect(await at(mine, "text").textContent()).toContain("<b>灯</b>");
    expect(await mine.locator("wx-page b, wx-page img[src=x]").count()).toBe(0);
  });

  test("what was typed survives a reload", async () => {
    const mine = await page();
    await point(mine, "SHJY-4-1");
    await at(mine, "report").click();
    await at(mine, "text").fill("楼下垃圾桶满了");
    await mine.waitForTimeout(700);
    await mine.reload();
    expect(await at(mine, "text").inputValue()).toBe("楼下垃圾桶满了");
  });

  test.each([false, true])(
    "直接提交 is the largest button, whatever is asked before sending; in the elder view: %s",
    async (isLarge) => {
      const mine = await page();
      if (isLarge) await mine.addInitScript(() => localStorage.setItem("mslj:large", JSON.stringify({ data: true })));
      for (const [asked, text] of Object.entries(ASKED)) {
        await point(mine, "SHJY-4-1");
        await at(mine, "report").click();
        await at(mine, "text").fill(text);
        await at(mine, asked).first().waitFor();
        expect(await at(mine, "submit").textContent()).toBe("直接提交");
        const { submit, others } = await areas(mine);
        expect(others.length).toBeGreaterThan(2);
        expect(submit, asked).toBeGreaterThan(Math.max(...others));
      }
      await mine.context().close();
    },
  );

  test("in the elder view a refused field is not covered by the bar below", async () => {
    const mine = await page({ width: 375, height: 667 });
    await mine.addInitScript(() => localStorage.setItem("mslj:large", JSON.stringify({ data: true })));
    await point(mine, "SHJY-4-1");
    await at(mine, "report").click();
    await at(mine, "text").fill("楼道灯不亮");
    await at(mine, "phone").fill("12");
    await at(mine, "submit").click();
    const field = at(mine, "phone");
    await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
    const below = async () => {
      const [mark, bar] = [
        await field.boundingBox(),
        await mine.locator("wx-page:not([hidden]) .bottom").boundingBox(),
      ];
      return bar.y - (mark.y + mark.height);
    };
    await expect.poll(below).toBeGreaterThanOrEqual(0);
    await mine.context().close();
  });

  test("a tap on what is half under the bar below is no tap lost", async () => {
    const mine = await page({ width: 375, height: 667 });
    await mine.addInitScript(() => localStorage.setItem("mslj:large", JSON.stringify({ data: true })));
    await point(mine, "SHJY-4-1");
    await at(mine, "report").click();
    await at(mine, "text").fill("楼道灯不亮");
    const button = at(mine, "photo-add");
    await button.evaluate((one) => {
      const bar = document.querySelector("wx-page:not([hidden]) .bottom").getBoundingClientRect();
      one.closest("wx-page").scrollTop += one.getBoundingClientRect().bottom - bar.top - 20;
    });
    const box = await button.boundingBox();
    await mine.mouse.click(box.x + box.width / 2, box.y + 10);
    await mine.getByRole("dialog").waitFor();
    await mine.context().close();
  });

  test("the page is usable 320 pixels wide: nothing sticks out", async () => {
    const mine = await page({ width: 320, height: 568 });
    await point(mine, "SHJY-4-1");
    await at(mine, "report").waitFor();
    const wide = await mine.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector("wx-page").scrollWidth,
    ]);
    expect(Math.max(...wide)).toBeLessThanOrEqual(320);
  });

  test.skipIf(town?.isKept)("a reload without a signal shows what was there, and says of when it is", async () => {
    const mine = await page(PHONE, { serviceWorkers: "allow" });
    await point(mine, "SHJY-4-1");
    const place = await at(mine, "place").textContent();
    // the first visit is enough, once it has stood some seconds
    await expect.poll(() => mine.evaluate(keepsThePage), { timeout: 20_000 }).toBe(true);
    await mine.context().setOffline(true);
    await mine.reload();
    expect(await at(mine, "place").textContent()).toBe(place);
    expect(await at(mine, "old").textContent()).toContain("没有信号");
    await at(mine, "settings").click();
    await at(mine, "large").waitFor();
    await mine.goBack();
    await mine.context().setOffline(false); // and as it is now once the signal is back
    await at(mine, "old").waitFor({ state: "detached" });
  });

  test("files are kept for ever, pages are asked for each time, and the policy is strict", async () => {
    const answer = await fetch(`${town.url}s/${town.points["SHJY-4-1"]}`);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    const [, script] = /src="\.\/(app-[^"]+\.js)"/.exec(await answer.text());
    expect((await fetch(`${town.url}s/${script}`)).headers.get("cache-control")).toContain("immutable");
  });
});

/** Whether the service worker has this page, and at least as many files as it came of. */
async function keepsThePage() {
  const files = await caches.open("files-1");
  const kept = (await files.keys()).map((each) => each.url);
  const came = performance.getEntriesByType("resource").filter(({ name }) => /\/(app|part)-[^/]+$/.test(name));
  return kept.includes(location.href.split("#")[0]) && kept.length > came.length;
}
