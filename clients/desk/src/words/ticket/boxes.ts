/** Boxes drawn on a photo, in thousandths of its width and height, by pointer or by arrow keys. */

import type { Box } from "../../api/photos";

export const MOST_BOXES = 20;
const WHOLE = 1000;
const LEAST = 8; // thousandths: less is a slip of the hand
const STEP = 20;

export interface Point {
  x: number;
  y: number;
}

/** Where the pointer stands on what is drawn at `area`. */
export function pointOn(
  area: { left: number; top: number; width: number; height: number },
  x: number,
  y: number,
): Point {
  const within = (value: number) => Math.min(WHOLE, Math.max(0, Math.round(value)));
  return {
    x: within(((x - area.left) / area.width) * WHOLE),
    y: within(((y - area.top) / area.height) * WHOLE),
  };
}

/** The box between two corners, whichever way it was drawn; null where it is a slip of the hand. */
export function boxBetween(one: Point, other: Point): Box | null {
  const box = {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    right: Math.max(one.x, other.x),
    bottom: Math.max(one.y, other.y),
  };
  return box.right - box.left < LEAST || box.bottom - box.top < LEAST ? null : box;
}

/** One in the middle, to be moved from there: for whoever does not draw. */
export function boxInTheMiddle(): Box {
  return { left: 400, top: 400, right: 600, bottom: 600 };
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

/** An arrow moves the box, with Shift its lower right corner; it stays on the photo. Null for another key. */
export function nudged(box: Box, key: string, larger: boolean): Box | null {
  const arrow = ARROWS[key];
  if (!arrow) return null;
  const [x, y] = arrow;
  if (larger) {
    return {
      ...box,
      right: Math.min(WHOLE, Math.max(box.left + LEAST, box.right + x)),
      bottom: Math.min(WHOLE, Math.max(box.top + LEAST, box.bottom + y)),
    };
  }
  const dx = Math.min(WHOLE - box.right, Math.max(-box.left, x));
  const dy = Math.min(WHOLE - box.bottom, Math.max(-box.top, y));
  return { left: box.left + dx, top: box.top + dy, right: box.right + dx, bottom: box.bottom + dy };
}
