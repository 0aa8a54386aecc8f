// Every page, with something on it: axe finds no serious violation, nothing sticks out on a phone; with MSLJ_SCREENS
// (`make screens`) a picture of each at both sizes goes to docs/screens/.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { asked } from "./cloud.js";
import { api, isMissing, noted, page, PHONE, SCREEN, token, town, until } from "./people.js";
import { DESK, RESIDENT, STAFF } from "./pages.js";
import { point, report, signIn } from "./phone.js";
import { signInAtDesk } from "./screen.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OUT = fileURLToPath(new URL("../../../docs/screens/", import.meta.url));
const LIFT = ["停在三楼不动", "又停运了，老人下不了楼", "门关不上，一直响", "今天第二次停运"];
const about = { point: town?.points["SHJY-4-1"], id: "", cls: "" };
const open = {};

describe.skipIf(isMissing)("every page", () => {
  beforeAll(async () => {
    if (process.env.MSLJ_SCREENS) mkdirSync(OUT, { recursive: true });
    const first = working("first_contact");
    open.resident = await page();
    await point(open.resident, "SHJY-4-1");
    about.id = await report(open.resident, "四号楼一单元楼道灯不亮，老人晚上看不清台阶，请来修");
    const desk = await token(first);
    await api("POST", `desk/tickets/${about.id}/dispatch`, { unit_id: await lead(about.id, desk) }, desk);
    about.cls = await measured(await token(working("station_head")));
    await asked(inject("door"), { furnish: true });
    const handler = await until(async () => (await api("GET", `staff/tickets/${about.id}`, undefined, desk)).body.handler, "a handler");
    open.staff = await page();
    await signIn(open.staff, handler.code);
    open.desk = await page(SCREEN);
    await signInAtDesk(open.desk, first);
  });

  const rows = [
    ...Object.entries(RESIDENT).map(([name, where]) => ["resident", name, where]),
    ...Object.entries(STAFF).map(([name, where]) => ["staff", name, where]),
    ...Object.entries(DESK).map(([name, where]) => ["desk", name, where]),
  ];
  test.each(rows)("%s %s can be used by everybody", async (who, name, where) => {
    const shown = open[who];
    await shown.setViewportSize(who === "desk" ? SCREEN : PHONE);
    await shown.goto(town.url + where(about));
    await shown.reload();
    await settled(shown);
    expect(noted()).toEqual([]);
    if (who !== "desk") expect(await sticksOut(shown)).toEqual([]);
    await picture(shown, who, name);
    expect(await violations(shown)).toEqual([]);
  });
});

const working = (role) => Object.values(town.units).flat().find((one) => one.roles.includes(role) && one.code.startsWith("gglw")).code;

/** A class of four people's reports, with a measure that was announced. */
async function measured(head) {
  const ids = [];
  for (const [n, words] of LIFT.entries()) {
    const { token: reporter } = (await api("POST", "api/sessions", {})).body;
    const sent = await api("POST", "api/tickets", { point: town.points[n % 2 ? "SHJY-4-1" : "SHJY-5-1"], text: `电梯${words}` }, reporter);
    ids.push(sent.body.id);
  }
  const { id } = (await api("POST", "desk/classes", { name: "电梯反复停运", ticket_ids: ids }, head)).body;
  const from = new Date(Date.now() + 86_400_000).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
  const measure = { what: "更换曳引机，更换前每天巡检两次", place: "盛华景苑4号楼、5号楼", schedule: "每天 7:00 和 18:00", unit: "PM-SHJY", from };
  await until(async () => (await api("POST", `desk/classes/${id}/announce`, measure, head)).status < 300, "announced");
  return id;
}

async function lead(id, desk) {
  return (await api("GET", `staff/tickets/${id}`, undefined, desk)).body.suggestion.unit_id;
}

async function settled(shown) {
  await shown.waitForLoadState("networkidle", { timeout: 8_000 }).catch(() => {}); // a desk never stops asking
  await shown.waitForTimeout(300);
}

async function violations(shown) {
  await shown.evaluate(AXE);
  const found = await shown.evaluate(async () => {
    const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] };
    return (await window.axe.run(document, rules)).violations;
  });
  return found
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

/** What is wider than the page; a watermark may be. */
function sticksOut(shown) {
  return shown.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    return [...document.querySelectorAll("wx-page:not([hidden]) *")]
      .filter((one) => !one.closest("watermark") && one.getBoundingClientRect().right > wide + 1)
      .map((one) => one.outerHTML.slice(0, 120));
  });
}

async function picture(shown, who, name) {
  if (!process.env.MSLJ_SCREENS) return;
  for (const [size, suffix] of [[PHONE, "phone"], [SCREEN, "desktop"]]) {
    await shown.setViewportSize(size);
    await shown.waitForTimeout(200);
    await shown.screenshot({ path: `${OUT}${who}-${name}-${suffix}.png` });
  }
}
