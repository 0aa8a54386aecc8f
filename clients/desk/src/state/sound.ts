/** Three sounds and no more: 新来, 快超时, 有危险. Browsers let a page sound only after a key or click, in it or in the one that loaded it. */

import { ref } from "vue";

export type Sound = "new" | "soon" | "danger";

/** Pitch in hertz and when it begins, in seconds; a danger is told by its haste, not by its loudness alone. */
const NOTES: Record<Sound, { loud: number; notes: readonly (readonly [start: number, pitch: number])[] }> = {
  new: {
    loud: 0.1,
    notes: [
      [0, 523],
      [0.16, 659],
    ],
  },
  soon: {
    loud: 0.2,
    notes: [
      [0, 880],
      [0.22, 660],
      [0.44, 880],
    ],
  },
  danger: {
    loud: 0.35,
    notes: [0, 0.25, 0.5, 0.9, 1.15, 1.4].map((start, n) => [start, n % 3 === 1 ? 740 : 988] as const),
  },
};

let audio: AudioContext | null = null;
/** Whether this page may be heard: a desk that believes it listens must not be dumb. */
export const isHeard = ref(false);

export async function unlockSound(): Promise<void> {
  if (audio?.state === "running" || navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  await audio.resume().catch(() => undefined);
  isHeard.value = audio.state === "running";
}

export function ring(sound: Sound): void {
  if (!audio || audio.state !== "running") return;
  const { loud, notes } = NOTES[sound];
  for (const [start, pitch] of notes) note(audio, audio.currentTime + start, pitch, loud);
}

function note(context: AudioContext, at: number, pitch: number, loud: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(loud, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.2);
}
