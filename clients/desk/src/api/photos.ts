/** Photos: one presigned POST each, straight to the bucket; and links for five minutes to look at one. */

import { NoAnswer, Refused } from "./errors";
import { get, send } from "./http";
import type { BoxBody, PhotoLink } from "./types";

const MOST_BYTES = 10 * 1024 * 1024;

const going = new Set<Promise<string>>();

/** Upload one file; answers the photo's id. Refuses too large ones before anything is sent. */
export function upload(file: File): Promise<string> {
  const sent = transfer(file);
  going.add(sent);
  const gone = () => void going.delete(sent);
  sent.then(gone, gone);
  return sent;
}

/** Once every photo that was chosen has arrived: whether all did. A form that is sent before would leave them behind. */
export async function haveArrived(): Promise<boolean> {
  let all = true;
  while (going.size) {
    const ends = await Promise.allSettled(going);
    all &&= ends.every((end) => end.status === "fulfilled");
  }
  return all;
}

async function transfer(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new Refused(413, "too_large", "");
  const { body } = await send("POST", "/api/uploads", { body: { content_type: file.type, size: file.size } });
  const form = new FormData();
  for (const [name, value] of Object.entries(body.fields)) form.append(name, value);
  form.append("file", file);
  const answered = await fetch(body.url, { method: "POST", body: form, credentials: "omit" }).catch(() => {
    throw new NoAnswer("down");
  });
  if (answered.status === 413 || answered.status === 400) throw new Refused(413, "too_large", "");
  if (!answered.ok) throw new Refused(answered.status, "upload", "照片没有传上去，请重试");
  return body.photo_id;
}

/** A link for five minutes; `original`: what lies beneath the covers, for the desk. */
export async function linkOf(
  photoId: string,
  ticketId: string,
  size: "thumb" | "whole" | "original",
): Promise<PhotoLink> {
  const how = size === "original" ? { original: true } : { size };
  return get(`/api/photos/${photoId}`, { query: { ticket_id: ticketId, ...how } });
}

/** A part of a photo in thousandths of its width and height. */
export type { BoxBody as Box } from "./types";

/** Paint these parts over for whoever is not the desk; none: show all of it again. */
export async function cover(photoId: string, ticketId: string, boxes: BoxBody[]): Promise<void> {
  await send("POST", `/desk/tickets/${ticketId}/photos/${photoId}/cover`, { body: { boxes } });
}
