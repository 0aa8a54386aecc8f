import { expect, test } from "vitest";
import { base, landing } from "../../browser/src/place.js";

const at = (pathname, search = "") => ({ origin: "https://x.example", pathname, search });

test.each([
  ["/s/7K3QX9A", "https://x.example"],
  ["/v1/s/7K3QX9A", "https://x.example/v1"],
  ["/_aws/execute-api/mslj/v1/s/app", "https://x.example/_aws/execute-api/mslj/v1"],
  ["/", "https://x.example"],
])("the API of a page at %s is below %s", (pathname, expected) => expect(base(at(pathname))).toBe(expected));

test("a scanned address is handed on as WeChat hands it on, and /s/app is nobody's code", () => {
  expect(landing(at("/v1/s/7K3QX9A"))).toMatch(
    /^\?q=https%3A%2F%2Fx\.example%2Fv1%2Fs%2F7K3QX9A&scancode_time=\d{10}$/,
  );
  expect(landing(at("/v1/s/app"))).toBe("");
  expect(landing(at("/"))).toBe("");
  expect(landing(at("/v1/s/app", "?slip=AB2"))).toBe(`?q=${encodeURIComponent("https://x.example/v1/s/app?slip=AB2")}`);
});
