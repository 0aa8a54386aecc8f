import { Fault } from "./calls.js";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The address, when a mini-program might ask it: https and declared. Our own origin and this machine may be plain. */
export function checkAddress(address, declared) {
  let url;
  try {
    url = new URL(address);
  } catch {
    throw new Fault(`invalid url "${address}"`);
  }
  const isHere = url.origin === location.origin || LOOPBACK.has(url.hostname);
  if (isHere) return url.href;
  if (url.protocol !== "https:" || !declared.includes(url.origin)) throw new Fault("url not in domain list");
  return url.href;
}
