// What the desk does at its screen.

import { api, signInCode, token, town } from "./people.js";

export async function signInAtDesk(page, staff) {
  await hasSeenTour(staff, true);
  await enter(page, staff);
}

/** Signs in, whatever the first sight of the console is. */
export async function enter(page, staff) {
  await page.goto(`${town.url}console/index.html`);
  await page.locator("[data-test=sign-in-code]").fill(await signInCode(staff));
  await page.locator("[data-test=sign-in-enter]").click();
  await page.locator("[data-test=me]").waitFor();
}

/** The first sign-in shows a tour. Whether it was seen is said before, so that no test waits for what may not come. */
export async function hasSeenTour(staff, toured) {
  const theirs = await token(staff);
  const { preferences } = (await api("GET", "staff/preferences", undefined, theirs)).body;
  const desk = { ...preferences.desk, toured };
  const kept = await api("PUT", "staff/preferences", { preferences: { ...preferences, desk } }, theirs);
  if (kept.status !== 200) throw new Error(`preferences of ${staff}: ${kept.status}`);
}

export async function openAtDesk(page, id) {
  await page.goto(`${town.url}console/index.html#/tickets/${id}`);
  await page.locator("[data-test=ticket-stage]").waitFor();
}
