/** When to ask again: every 5 s while the page is looked at, slower when nobody is there, backing off when it fails. */

export const VISIBLE_MS = 5_000;
export const IDLE_MS = 15_000; // visible, but no key and no mouse for a while
export const HIDDEN_MS = 20_000; // another window is in front: after 60 s of silence the desk counts as left (rule 81)
export const LONGEST_MS = 60_000;
export const IDLE_AFTER_MS = 5 * 60_000;

export interface Attention {
  visible: boolean;
  /** Milliseconds since the last key or mouse. */
  idleMs: number;
  /** Failures in a row. */
  failures: number;
}

export function nextDelay({ visible, idleMs, failures }: Attention): number {
  const usual = !visible ? HIDDEN_MS : idleMs >= IDLE_AFTER_MS ? IDLE_MS : VISIBLE_MS;
  return failures === 0 ? usual : Math.max(usual, Math.min(LONGEST_MS, VISIBLE_MS * 2 ** failures));
}

/** Runs `work` again and again, never twice at once, and at once when the page comes to the front. Returns how to stop. */
export function poll(work: () => Promise<void>): () => void {
  let failures = 0;
  let touchedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let running = false;

  const touched = () => {
    const wasIdle = Date.now() - touchedAt >= IDLE_AFTER_MS;
    touchedAt = Date.now();
    if (wasIdle) void run();
  };
  const run = async () => {
    if (stopped || running) return;
    running = true;
    clearTimeout(timer);
    try {
      await work();
      failures = 0;
    } catch {
      failures += 1;
    }
    running = false;
    const attention = { visible: !document.hidden, idleMs: Date.now() - touchedAt, failures };
    if (!stopped) timer = setTimeout(run, nextDelay(attention));
  };
  const shown = () => {
    if (!document.hidden) void run();
  };

  const watched = ["keydown", "pointerdown", "wheel", "pointermove"];
  for (const name of watched) addEventListener(name, touched, { passive: true });
  document.addEventListener("visibilitychange", shown);
  void run();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const name of watched) removeEventListener(name, touched);
    document.removeEventListener("visibilitychange", shown);
  };
}
