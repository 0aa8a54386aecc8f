import { expect, test } from "vitest";
import { isPartOfNumber, sayOfPart, withPart } from "../../desk/src/words/ticket/numbers";
import { aRow } from "./cases";

const ROWS = [aRow({ number: "MS261201-W79F4H-S" }), aRow({ number: "MS261201-W79FXX-3" })];

test.each([
  ["W79F4H", 1],
  ["w79f4h-s", 1],
  ["261201-W79F4H", 1],
  ["W79F", 2],
  ["MS261201-W79F4H-S", 1],
  ["4H-", 0], // too short: half the board has it
  ["PVQP75", 0],
])("%s is found on the board in %i numbers", (typed, count) => {
  expect(withPart(ROWS, typed)).toHaveLength(count);
});

test.each([
  ["MS261201-W79F4H-S", false],
  ["261201W79F4HS", false],
  ["W79F4H", true],
])("whether %s is but a part: %s", (typed, isPart) => {
  expect(isPartOfNumber(typed)).toBe(isPart);
});

test("a part that leads nowhere says what to do instead of calling the number wrong", () => {
  expect(sayOfPart("w7", 0)).toContain("4位");
  expect(sayOfPart("w79f", 2)).toContain("多写几位");
  expect(sayOfPart("PVQP75", 0)).toContain("完整的工单号");
});
