export interface Clock {
  now(): number;
  after(ms: number, work: () => void): unknown;
  cancel(timer: never): void;
}

const realClock: Clock = {
  now: () => performance.now(),
  after: (ms, work) => setTimeout(work, ms),
  cancel: (timer) => clearTimeout(timer),
};

/**
 * Collapses many hints into few refreshes: waits for a quiet moment, but never longer than the ceiling, so that a storm
 * of hints cannot starve the screen; and never runs two refreshes at once.
 */
export function createRefresher(
  refresh: () => Promise<void>,
  { quietMs, ceilingMs }: { quietMs: number; ceilingMs: number },
  clock: Clock = realClock,
): { hint(): void; stop(): void } {
  let timer: unknown;
  let firstHint: number | undefined;
  let running = false;
  let stopped = false;

  function fire(): void {
    timer = undefined;
    firstHint = undefined;
    running = true;
    void refresh().finally(() => {
      running = false;
      if (firstHint !== undefined) plan();
    });
  }

  function plan(): void {
    if (stopped || running) return;
    if (timer !== undefined) clock.cancel(timer as never);
    const waited = clock.now() - (firstHint ?? clock.now());
    timer = clock.after(Math.max(0, Math.min(quietMs, ceilingMs - waited)), fire);
  }

  return {
    hint: () => {
      firstHint ??= clock.now();
      plan();
    },
    stop: () => {
      stopped = true;
      if (timer !== undefined) clock.cancel(timer as never);
    },
  };
}
