/**
 * Counter-based randomness: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011). The value depends on (seed, stream, counter) alone, so a resumed run repeats an uninterrupted one, and two
 * purposes ("shuffle", "dropout of layer 3") never share numbers.
 */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

function mulHi(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const mid = aHigh * bLow + ((aLow * bLow) >>> 16);
  const mid2 = aLow * bHigh + (mid & 0xffff);
  return (aHigh * bHigh + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/** One Philox block: 4 unsigned 32-bit words from a 4-word counter and a 2-word key, written into `out`. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array = new Uint32Array(4),
): Uint32Array {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHi(M0, c0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = mulHi(M1, c2);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
  return out;
}

/** The high word of a product of unsigned 32-bit integers, all of them written as signed ones. */
function mulHiInt(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const second = (Math.imul(aLow, bHigh) + (first & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0;
}

/** `philox4x32` for consecutive counters in integer arithmetic alone; each word becomes a number in [0, 1). */
function fillUniform(
  out: Float32Array,
  from: number,
  blocks: number,
  counter: number,
  index: number,
  key: readonly [number, number],
): void {
  for (let block = 0; block < blocks; block++) {
    let c0 = (counter + block) | 0;
    let c1 = 0;
    let c2 = index | 0;
    let c3 = 0;
    let k0 = key[0] | 0;
    let k1 = key[1] | 0;
    for (let round = 0; round < 10; round++) {
      const high0 = mulHiInt(M0, c0);
      const high1 = mulHiInt(M1, c2);
      const low0 = Math.imul(M0, c0);
      const low1 = Math.imul(M1, c2);
      c0 = high1 ^ c1 ^ k0;
      c1 = low1;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + W0) | 0;
      k1 = (k1 + W1) | 0;
    }
    const at = from + 4 * block;
    out[at] = (c0 >>> 8) / 16777216;
    out[at + 1] = (c1 >>> 8) / 16777216;
    out[at + 2] = (c2 >>> 8) / 16777216;
    out[at + 3] = (c3 >>> 8) / 16777216;
  }
}

/** FNV-1a, 32 bit: turns a purpose ("shuffle") into a stream number. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash >>> 0;
}

/** A sequence of numbers named by (seed, stream, index): the same name gives the same sequence, for ever. */
export class RandomStream {
  readonly #key: readonly [number, number];
  readonly #index: number;
  readonly #block = new Uint32Array(4);
  #counter = 0;
  #used = 4;
  #spare: number | undefined;

  /**
   * @param seed the run's seed, an integer ≥ 0
   * @param stream purpose, e.g. `shuffle` or `init:conv1/kernel`
   * @param index epoch or step for which the numbers are drawn
   */
  constructor(seed: number, stream: string, index = 0) {
    this.#key = [seed >>> 0, (hash32(stream) ^ Math.floor(seed / 4294967296)) >>> 0];
    this.#index = index;
  }

  /** Unsigned 32-bit integer. */
  nextUint32(): number {
    if (this.#used === 4) {
      philox4x32([this.#counter >>> 0, 0, this.#index >>> 0, 0], this.#key, this.#block);
      this.#counter++;
      this.#used = 0;
    }
    return this.#block[this.#used++] ?? 0;
  }

  /** Uniform in [0, 1), 24 bits: exact in float32. */
  nextUniform(): number {
    return (this.nextUint32() >>> 8) / 16777216;
  }

  /** The next `count` numbers of `nextUniform`, several times as fast: for the noise of a training step. */
  uniforms(count: number): Float32Array {
    const values = new Float32Array(count);
    let filled = 0;
    // What is left of the block that single draws have begun comes first.
    while (filled < count && this.#used < 4) values[filled++] = this.nextUniform();
    const blocks = Math.floor((count - filled) / 4);
    fillUniform(values, filled, blocks, this.#counter, this.#index, this.#key);
    this.#counter += blocks;
    filled += 4 * blocks;
    while (filled < count) values[filled++] = this.nextUniform();
    return values;
  }

  /** Uniform integer in [0, bound), without modulo bias. */
  nextBelow(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    for (;;) {
      const value = this.nextUint32();
      if (value < limit) return value % bound;
    }
  }

  /** Standard normal (Box–Muller). */
  nextNormal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextUniform()));
    const angle = 2 * Math.PI * this.nextUniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** A permutation of 0 … n−1 (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.nextBelow(i + 1);
      const swap = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swap;
    }
    return order;
  }
}
