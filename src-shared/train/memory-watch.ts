import type { TF } from '../base/tensorflow.ts';

/** Seconds between two looks: it changes slowly. */
const EVERY = 2;

/** What training takes up, now and then, as points of metric series. */
export class MemoryWatch {
  readonly #tf: TF;
  readonly #process: (() => number) | undefined;
  #seenAt = -Infinity;

  /** @param process bytes that the process takes, where somebody can tell */
  constructor(tf: TF, process?: () => number) {
    this.#tf = tf;
    this.#process = process;
  }

  /** @param now seconds; nothing where the last look was just before */
  look(now: number): Record<string, number> {
    if (now - this.#seenAt < EVERY) return {};
    this.#seenAt = now;
    const { numBytes, numTensors } = this.#tf.memory();
    return {
      'memory/backend': numBytes,
      'memory/tensors': numTensors,
      ...(this.#process ? { 'memory/process': this.#process() } : {}),
    };
  }
}
