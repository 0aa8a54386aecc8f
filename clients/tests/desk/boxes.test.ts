import { expect, test } from "vitest";
import { boxBetween, nudged, pointOn } from "../../desk/src/words/ticket/boxes";

const AREA = { left: 100, top: 50, width: 400, height: 200 };

test.each([
  [100, 50, { x: 0, y: 0 }],
  [300, 150, { x: 500, y: 500 }],
  [999, 0, { x: 1000, y: 0 }], // the pointer left the photo
])("the pointer at %d, %d stands at %j thousandths", (x, y, at) => {
  expect(pointOn(AREA, x, y)).toEqual(at);
});

test("a box is the same whichever corner it was begun at, and a slip of the hand is none", () => {
  const box = { left: 100, top: 200, right: 300, bottom: 400 };
  expect(boxBetween({ x: 300, y: 400 }, { x: 100, y: 200 })).toEqual(box);
  expect(boxBetween({ x: 100, y: 400 }, { x: 300, y: 200 })).toEqual(box);
  expect(boxBetween({ x: 100, y: 100 }, { x: 107, y: 900 })).toBeNull();
});

test("arrows move a box and, with Shift, its corner; it never leaves the photo or turns inside out", () => {
  const box = { left: 0, top: 400, right: 200, bottom: 600 };
  expect(nudged(box, "ArrowLeft", false)).toEqual(box);
  expect(nudged(box, "ArrowDown", false)).toEqual({ ...box, top: 420, bottom: 620 });
  expect(nudged({ ...box, right: 10 }, "ArrowLeft", true)!.right).toBe(8);
  expect(nudged({ ...box, bottom: 995 }, "ArrowDown", true)!.bottom).toBe(1000);
  expect(nudged(box, "a", false)).toBeNull();
});
