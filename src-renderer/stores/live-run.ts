import type { TopicPayload } from '#shared/contract/topics/index.ts';
import type { Series } from '#shared/run/record.ts';

export type Batch = TopicPayload<'metrics'>;
export interface Pulled {
  sequence: number;
  series: Series[];
}

/**
 * The metric series of one run, kept complete while it trains: pushed batches are numbered, and a gap in the numbers
 * makes it pull everything again. Batches that arrive during a pull wait, and those that the pull contains are dropped.
 */
export class LiveRun {
  series = new Map<string, Series>();
  sequence = -1;
  readonly #pull: () => Promise<Pulled>;
  readonly #changed: () => void;
  #pulling: Promise<void> | undefined;
  #again = false;
  #waiting: Batch[] = [];

  constructor(pull: () => Promise<Pulled>, changed: () => void) {
    this.#pull = pull;
    this.#changed = changed;
  }

  /** Asks for everything. One pull at a time; a request during a pull leads to another one after it. */
  load(): Promise<void> {
    if (this.#pulling) {
      this.#again = true;
      return this.#pulling;
    }
    this.#pulling = this.#loadOnce().finally(() => {
      this.#pulling = undefined;
      if (this.#again) {
        this.#again = false;
        this.load().catch(() => undefined);
      }
    });
    return this.#pulling;
  }

  accept(batch: Batch): void {
    if (this.#pulling || this.sequence < 0) {
      this.#waiting.push(batch);
      return;
    }
    if (batch.sequence <= this.sequence) return;
    if (batch.sequence > this.sequence + 1) {
      this.load().catch(() => undefined);
      return;
    }
    this.#append(batch);
    this.#changed();
  }

  async #loadOnce(): Promise<void> {
    const { sequence, series } = await this.#pull();
    this.series = new Map(series.map((one) => [one.name, one]));
    this.sequence = sequence;
    const waiting = this.#waiting.sort((a, b) => a.sequence - b.sequence);
    this.#waiting = [];
    for (const batch of waiting) {
      if (batch.sequence === this.sequence + 1) this.#append(batch);
      else if (batch.sequence > this.sequence) this.#again = true;
    }
    this.#changed();
  }

  #append({ sequence, points }: Batch): void {
    this.sequence = sequence;
    for (const point of points) {
      let series = this.series.get(point.series);
      if (!series) {
        series = { name: point.series, step: [], epoch: [], time: [], value: [] };
        this.series.set(point.series, series);
      }
      series.step.push(point.step);
      series.epoch.push(point.epoch);
      series.time.push(point.time);
      series.value.push(point.value);
    }
  }
}
