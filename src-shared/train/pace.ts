/** Seconds and steps that are looked back on for the throughput. */
const WINDOW_SECONDS = 10;
const LEAST_SECONDS = 2;
/** Epochs that the time still to go is estimated from. */
const RECENT_EPOCHS = 5;

/**
 * How fast training goes and how long it will take, from its recent past: a pause, a slow first step or another job beside
 * it fade from the numbers instead of weighing on them for ever.
 */
export class Pace {
  readonly #stepsPerEpoch: number;
  /** In seconds of training: what is between epochs is taken out. */
  #marks: { steps: number; at: number }[] = [];
  #between = 0;
  #epochs: number[] = [];
  #epochBegan: number | null = null;

  constructor(stepsPerEpoch: number) {
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Training goes on after something that was no step: a start, an evaluation, a checkpoint. @param at seconds */
  goesOn(at: number): void {
    const last = this.#marks.at(-1);
    if (last) this.#between = at - last.at;
    else this.#marks = [{ steps: 0, at }];
  }

  /** The first step of an epoch is next. */
  epochBegins(at: number): void {
    this.#epochBegan = at;
  }

  /** An epoch that was seen from its first step is over, with its evaluation and its checkpoint. */
  epochEnds(at: number): void {
    if (this.#epochBegan !== null)
      this.#epochs = [...this.#epochs, at - this.#epochBegan].slice(-RECENT_EPOCHS);
    this.#epochBegan = null;
  }

  /** @param steps computed since the last mark */
  mark(steps: number, now: number): void {
    const last = this.#marks.at(-1);
    const at = now - this.#between;
    this.#marks.push({ steps: (last?.steps ?? 0) + steps, at });
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) >= WINDOW_SECONDS) this.#marks.shift();
  }

  /** Steps per second over the last seconds, without what is between epochs; null before the first mark. */
  stepsPerSecond(): number | null {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at <= first.at) return null;
    return (last.steps - first.steps) / (last.at - first.at);
  }

  /** Seconds for so many steps, from the median of the last epochs; within the first one from its steps; null: too early. */
  secondsFor(steps: number): number | null {
    const epoch = median(this.#epochs);
    if (epoch !== null) return (steps / this.#stepsPerEpoch) * epoch;
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    const rate = this.stepsPerSecond();
    if (rate === null || !first || !last || last.at - first.at < LEAST_SECONDS) return null;
    return steps / rate;
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
