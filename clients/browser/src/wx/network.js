// wx.request and wx.uploadFile, with WeChat's limits: ten at once, declared domains, a time for each.

import { checkAddress } from "./domains.js";
import { Fault, refused } from "./calls.js";

const MOST_AT_ONCE = 10;
const LONGEST = 60_000; // ms
const MOST_BYTES = 10 * 1024 * 1024; // of one upload

/** `files.blob(path)`: a chosen or saved file. `declared`: origins beside our own that uploads may go to. */
export function network({ app, files, declared }) {
  let running = 0;

  function task(name, options, work) {
    const stop = new AbortController();
    const limit = options.timeout || app.networkTimeout?.[name] || LONGEST;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limit);
    const signal = anyOf(stop.signal, late.signal);
    const isOne = running < MOST_AT_ONCE;
    if (isOne) running += 1;
    (isOne ? work(signal) : Promise.reject(new Fault(`exceed max ${name} count ${MOST_AT_ONCE}`)))
      .then(
        (answer) => ({ errMsg: `${name}:ok`, ...answer }),
        (fault) =>
          Promise.reject(
            refused(
              name,
              late.signal.aborted ? new Fault("timeout") : stop.signal.aborted ? new Fault("abort") : fault,
            ),
          ),
      )
      .finally(() => {
        clearTimeout(timer);
        if (isOne) running -= 1;
      })
      .then(
        (answer) => (options.success?.(answer), options.complete?.(answer)),
        (fault) => (options.fail?.(fault), options.complete?.(fault)),
      );
    return { abort: () => stop.abort() };
  }

  const request = (options) =>
    task("request", options, async (signal) => {
      const method = (options.method || "GET").toUpperCase();
      if (method === "PATCH") throw new Fault("method PATCH is not supported");
      const url = checkAddress(options.url, []);
      const header = { "Content-Type": "application/json", ...options.header };
      const answer = await fetch(url, {
        method,
        headers: header,
        body: bodyOf(method, options.data),
        signal,
        credentials: "omit",
      });
      return {
        statusCode: answer.status,
        header: Object.fromEntries(answer.headers),
        data: readable(await answer.text()),
        cookies: [],
      };
    });

  const uploadFile = (options) =>
    task("uploadFile", options, async (signal) => {
      const url = checkAddress(options.url, declared);
      const blob = await files.blob(options.filePath);
      if (!blob) throw new Fault(`file not found: ${options.filePath}`);
      if (blob.size > MOST_BYTES) throw new Fault(`file size limit exceeded: ${MOST_BYTES} bytes`);
      const form = new FormData();
      for (const [name, value] of Object.entries(options.formData || {})) form.append(name, value);
      form.append(options.name, blob, options.filePath.split("/").pop());
      const answer = await fetch(url, { method: "POST", body: form, signal, credentials: "omit" });
      return { statusCode: answer.status, header: Object.fromEntries(answer.headers), data: await answer.text() };
    });

  return { request, uploadFile };
}

function anyOf(...signals) {
  const whole = new AbortController();
  for (const signal of signals) signal.addEventListener("abort", () => whole.abort());
  return whole.signal;
}

function bodyOf(method, data) {
  if (method === "GET" || data === undefined) return undefined;
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** JSON as an object, anything else as its text, as wx.request does by itself. */
function readable(body) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
