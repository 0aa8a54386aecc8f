// What residents and staff do on a phone.

import { deflateSync, crc32 } from "node:zlib";
import { signInCode, town, until } from "./people.js";

export const point = (page, place) => page.goto(`${town.url}s/${town.points[place]}`);
export const open = (page, path) => page.goto(`${town.url}s/app#${path}`);
export const at = (page, test) => page.locator(`wx-page:not([hidden]) [data-test="${test}"]`);

/** Report what `text` says from the point that is open, with a photo (true: any, or the bytes of one); answers the ticket's id. */
export async function report(page, text, { photo = true, ...more } = {}) {
  await at(page, "report").click();
  await at(page, "text").fill(text);
  for (const [field, value] of Object.entries(more)) await at(page, field).fill(value);
  if (photo) await addPhoto(page, photo === true ? picture() : photo);
  await at(page, "submit").click();
  await at(page, "number").waitFor();
  return new URL(page.url().replace("#", "")).searchParams.get("id");
}

/** Choose one photo; the first time the privacy guide is agreed to. */
export async function addPhoto(page, bytes = picture()) {
  const chosen = page.waitForEvent("filechooser");
  await at(page, "photo-add").click();
  const agree = page.getByRole("dialog").getByRole("button", { name: "同意", exact: true });
  await Promise.race([
    chosen,
    agree.waitFor().then(
      () => agree.click(),
      () => {},
    ),
  ]);
  await (
    await chosen
  ).setFiles({ name: "photo.png", mimeType: bytes[0] === 0xff ? "image/jpeg" : "image/png", buffer: bytes });
  await at(page, "photo-remove").first().waitFor();
}

/** A green picture of 40 × 30 as PNG. */
export function picture(width = 40, height = 30) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([10, 120, 60]))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.concat(Array(height).fill(row)));
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const size = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  size.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

/** The page of a ticket, opened anew until it asks how it went. */
export const mayRate = (page) =>
  until(async () => {
    await page.reload();
    const asks = at(page, "rate").waitFor({ timeout: 3_000 });
    return asks.then(
      () => true,
      () => false,
    );
  }, "the resident may rate");

/** Sign in on a staff phone by a code from the desk. */
export async function signIn(page, staff) {
  await open(page, "/staff/sign-in/index");
  await at(page, "code").fill(await signInCode(staff));
  await at(page, "sign-in").click();
  await page.waitForURL("**#/staff/work**");
}

export async function openTicket(page, id) {
  await open(page, `/staff/ticket/index?id=${id}`);
  await page.reload();
  await at(page, "stage").waitFor();
}
