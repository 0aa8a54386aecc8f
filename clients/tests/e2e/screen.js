// What the desk does at its screen.

import { signInCode, town } from "./people.js";

export async function signInAtDesk(page, staff) {
  await page.goto(`${town.url}console/index.html`);
  await page.locator("[data-test=sign-in-code]").fill(await signInCode(staff));
  await page.locator("[data-test=sign-in-enter]").click();
  await page.locator("[data-test=me]").waitFor();
  await endTour(page);
}

/** The first sign-in shows a tour; whoever closes it does not see it again. */
async function endTour(page) {
  const close = page.locator(".el-tour__closebtn");
  if (
    !(await close.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    ))
  )
    return;
  await close.click({ timeout: 5_000 }).catch(() => {}); // it goes by itself when the preferences say it was seen
  await close.waitFor({ state: "detached" });
}

export async function openAtDesk(page, id) {
  await page.goto(`${town.url}console/index.html#/tickets/${id}`);
  await page.locator("[data-test=ticket-stage]").waitFor();
}
