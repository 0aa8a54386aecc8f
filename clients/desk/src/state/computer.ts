/** What this browser knows of the computer it runs on: its secret where it is registered, and who signed in at it this shift. */

const SECRET = "desk.computer";
const SEATS = "desk.seats";

/** Somebody whose locked session waits here for the PIN. */
export interface Seat {
  code: string;
  name: string;
  token: string;
}

export const computerSecret = (): string => localStorage.getItem(SECRET) ?? "";

export function keepComputer(secret: string): void {
  localStorage.setItem(SECRET, secret);
}

export function seats(): Seat[] {
  try {
    const kept = JSON.parse(localStorage.getItem(SEATS) ?? "[]") as Seat[];
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** Somebody left the place and may come back by PIN; one seat a person. */
export function leaveSeat(seat: Seat): void {
  localStorage.setItem(SEATS, JSON.stringify([seat, ...seats().filter((each) => each.code !== seat.code)]));
}

/** The seat is taken again, or good for nothing any more. */
export function dropSeat(code: string): void {
  localStorage.setItem(SEATS, JSON.stringify(seats().filter((each) => each.code !== code)));
}
