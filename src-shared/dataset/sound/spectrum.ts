import { SINE_BITS, type SoundTables } from './tables.ts';

const UNIT = 2 ** -SINE_BITS;

/**
 * The spectrum of a frame in integers, scaled by 2/fft: a sine of amplitude A at a bin becomes a number of magnitude A times
 * the window's mean.
 *
 * `fft` real numbers are taken as fft/2 complex ones, z[n] = y[2n] + i·y[2n+1]; a radix-2 transform with decimation in time
 * halves in every stage; the last step separates the spectra of even and odd samples and joins them:
 *   butterfly  t = ⌊w·b⌉₂₄,  a′ = ⌊(a + t)/2⌉,  b′ = ⌊(a − t)/2⌉
 *   X[k] = ⌊(E + ⌊wᵏ·O⌉₂₄)/2⌉,  E = Z[k] + Z*[m−k],  O = −i(Z[k] − Z*[m−k])
 * where ⌊x⌉ rounds to the nearest integer, halves up, and ⌊x⌉₂₄ first divides by 2²⁴. Every product is below 2⁵³, so float64
 * computes it exactly, as 64-bit integers do (Cooley and Tukey 1965; Sorensen et al. 1987 for the real transform).
 */
export class Spectrum {
  readonly re: Int32Array;
  readonly im: Int32Array;
  readonly #half: number;
  readonly #sines: Int32Array;
  readonly #reversed: Uint16Array;

  constructor(fft: number, { sines }: Pick<SoundTables, 'sines'>) {
    this.#half = fft / 2;
    this.#sines = sines;
    this.re = new Int32Array(this.#half + 1);
    this.im = new Int32Array(this.#half + 1);
    this.#reversed = new Uint16Array(this.#half);
    for (let i = 1, bit = this.#half >> 1; i < this.#half; i++) {
      this.#reversed[i] = (this.#reversed[i >> 1]! >> 1) | (i & 1 ? bit : 0);
    }
  }

  /** @param windowed `fft` integers, at most 2²² in magnitude; afterwards `re` and `im` hold the bins 0 … fft/2 */
  transform(windowed: Int32Array): void {
    const { re, im } = this;
    const half = this.#half;
    for (let n = 0; n < half; n++) {
      const to = this.#reversed[n]!;
      re[to] = windowed[2 * n]!;
      im[to] = windowed[2 * n + 1]!;
    }
    this.#stages();
    re[half] = re[0]!;
    im[half] = im[0]!;
    for (let k = 0; 2 * k <= half; k++) this.#join(k);
  }

  #stages(): void {
    const { re, im } = this;
    const half = this.#half;
    const sines = this.#sines;
    const quarter = half / 2;
    for (let length = 1; length < half; length *= 2) {
      const step = half / length;
      for (let j = 0; j < length; j++) {
        const angle = j * step;
        const s = angle <= quarter ? sines[angle]! : sines[half - angle]!;
        const c = angle <= quarter ? sines[quarter - angle]! : -sines[angle - quarter]!;
        for (let a = j; a < half; a += 2 * length) {
          const b = a + length;
          const [br, bi] = [re[b]!, im[b]!];
          const tr = Math.floor((c * br + s * bi) * UNIT + 0.5);
          const ti = Math.floor((c * bi - s * br) * UNIT + 0.5);
          const [ar, ai] = [re[a]!, im[a]!];
          re[a] = (ar + tr + 1) >> 1;
          im[a] = (ai + ti + 1) >> 1;
          re[b] = (ar - tr + 1) >> 1;
          im[b] = (ai - ti + 1) >> 1;
        }
      }
    }
  }

  /** Bins k and fft/2 − k. */
  #join(k: number): void {
    const { re, im } = this;
    const [half, sines] = [this.#half, this.#sines];
    const mirror = half - k;
    const [s, c] = [sines[k]!, sines[half / 2 - k]!];
    const [er, ei] = [re[k]! + re[mirror]!, im[k]! - im[mirror]!];
    const [or, oi] = [im[k]! + im[mirror]!, re[mirror]! - re[k]!];
    const tr = Math.floor((c * or + s * oi) * UNIT + 0.5);
    const ti = Math.floor((c * oi - s * or) * UNIT + 0.5);
    re[k] = (er + tr + 1) >> 1;
    im[k] = (ei + ti + 1) >> 1;
    re[mirror] = (er - tr + 1) >> 1;
    im[mirror] = (ti - ei + 1) >> 1;
  }
}
