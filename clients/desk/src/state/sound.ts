/** A sound at the fifth minute: once for each ticket whose first feedback has become late. */

import type { Row } from "../api/types";

const RECENT_MS = 10 * 60_000; // what was late long before this page was opened stays silent

/** The tickets whose feedback clock has run out since they were last looked at. */
export function newlyLate(rows: Row[], now: number, rung: Set<string>): Row[] {
  const late = rows.filter((row) => {
    const over = now - Date.parse(row.due_at);
    return row.clock === "feedback" && !row.paused && over > 0 && over < RECENT_MS && !rung.has(row.ticket_id);
  });
  for (const row of late) rung.add(row.ticket_id);
  return late;
}

let audio: AudioContext | null = null;

/** Browsers let a page sound only after the first key or click. */
export function unlockSound(): void {
  if (audio?.state === "running" || navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  void audio.resume();
}

export function ring(): void {
  if (!audio || audio.state !== "running") return;
  for (const [start, pitch] of [[0, 880], [0.22, 660], [0.44, 880]] as const) note(audio, audio.currentTime + start, pitch);
}

function note(context: AudioContext, at: number, pitch: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.2);
}
