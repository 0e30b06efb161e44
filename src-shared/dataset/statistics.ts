/** Mean and standard deviation of bytes per channel, gathered piece by piece; exact, since it counts values. */
export class ChannelStatistics {
  readonly #channels: number;
  readonly #counts: Float64Array;
  #phase = 0;

  constructor(channels: number) {
    this.#channels = channels;
    this.#counts = new Float64Array(channels * 256);
  }

  /** @param bytes the next piece of channels-last images; it may end in the middle of a pixel */
  add(bytes: Uint8Array): void {
    let channel = this.#phase;
    for (let i = 0; i < bytes.length; i++) {
      this.#counts[channel * 256 + bytes[i]!]!++;
      if (++channel === this.#channels) channel = 0;
    }
    this.#phase = channel;
  }

  /** In bytes (0 … 255), one number for each channel. */
  result(): { mean: number[]; standardDeviation: number[] } {
    const mean: number[] = [];
    const standardDeviation: number[] = [];
    for (let c = 0; c < this.#channels; c++) {
      let count = 0;
      let sum = 0;
      for (let value = 0; value < 256; value++) {
        const times = this.#counts[c * 256 + value]!;
        count += times;
        sum += times * value;
      }
      const average = count === 0 ? 0 : sum / count;
      let spread = 0;
      for (let value = 0; value < 256; value++) {
        spread += this.#counts[c * 256 + value]! * (value - average) * (value - average);
      }
      mean.push(average);
      standardDeviation.push(count === 0 ? 0 : Math.sqrt(spread / count));
    }
    return { mean, standardDeviation };
  }
}
