/** The path and the query of an app's URL. Values stay as they were written: WeChat decodes none. */
export function parse(url) {
  const [path, rest = ""] = [url.split("?")[0], url.slice(url.split("?")[0].length + 1)];
  const pairs = rest.split("&").filter(Boolean);
  const query = Object.fromEntries(
    pairs.map((pair) => [pair.split("=")[0], pair.slice(pair.split("=")[0].length + 1)]),
  );
  return { path: path.replace(/^\//, ""), query };
}

/** `url` as the page at `from` means it, from the root. */
export function resolve(from, url) {
  if (url.startsWith("/")) return url;
  const [path, rest] = [url.split("?")[0], url.slice(url.split("?")[0].length)];
  const parts = from.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}${rest}`;
}
