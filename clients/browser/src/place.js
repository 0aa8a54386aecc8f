// Where the page is, and what was scanned to come here.

const PRINTED = /^(.*)\/s\/([^/]*)$/;

/** The API's address, no slash at the end: what stands before /s/, whatever base path the stage has. */
export function base({ origin, pathname }) {
  const found = PRINTED.exec(pathname);
  return origin + (found ? found[1] : pathname.replace(/\/[^/]*$/, ""));
}

/** The query of the first page as WeChat gives it for a scanned link; none at /s/app, which is nobody's code. */
export function landing({ origin, pathname, search = "" }) {
  const found = PRINTED.exec(pathname);
  if (found && new URLSearchParams(search).get("slip")) return `?q=${encodeURIComponent(origin + pathname + search)}`;
  if (!found || found[2] === "app" || found[2] === "index.html") return "";
  return `?q=${encodeURIComponent(origin + pathname)}&scancode_time=${Math.floor(Date.now() / 1000)}`;
}
