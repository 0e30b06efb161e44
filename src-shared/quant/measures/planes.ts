/**
 * Integer codes as bit planes, as bit-serial hardware works through them: a code of several binary digits takes one plane
 * for each, and a plane in which it has a 0 costs nothing. Binary and ternary levels are one plane each, in which only
 * the code 0 is empty.
 */

/** Planes that codes up to this magnitude take; at least one. */
export function planesOf(largest: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.abs(largest) + 1)));
}

/** Planes in which a code is not empty: the binary digits 1 of its magnitude. */
export function effectualPlanes(code: number): number {
  let digits = 0;
  for (let rest = Math.abs(code); rest > 0; rest >>>= 1) digits += rest & 1;
  return digits;
}

/** The levels of a tensor, each with one code per element. */
export type CodeLevels = readonly ArrayLike<number>[];

export interface CodeSparsity {
  /** Elements. */
  words: number;
  /** Bit planes over all levels. */
  planes: number;
  /** Share of elements whose codes are 0 in every level. */
  zeroWords: number;
  /** Share of empty places over all planes of all elements. */
  zeroBits: number;
  /** Share of codes that are 0, for each level. */
  zeroCodes: number[];
}

/**
 * Sparsity of codes at word and at bit level.
 *
 * @param largest largest magnitude that each level can have; absent: that occurs
 */
export function codeSparsity(levels: CodeLevels, largest?: readonly number[]): CodeSparsity {
  const words = levels[0]?.length ?? 0;
  const zeroCodes = levels.map(() => 0);
  const most = levels.map(() => 0);
  let zeroWords = 0;
  let effectual = 0;
  for (let i = 0; i < words; i++) {
    let any = false;
    levels.forEach((codes, level) => {
      const code = codes[i] ?? 0;
      if (code === 0) zeroCodes[level] = (zeroCodes[level] ?? 0) + 1;
      else any = true;
      most[level] = Math.max(most[level] ?? 0, Math.abs(code));
      effectual += effectualPlanes(code);
    });
    if (!any) zeroWords++;
  }
  const planes = (largest ?? most).reduce((sum, magnitude) => sum + planesOf(magnitude), 0);
  const count = Math.max(words, 1);
  return {
    words,
    planes,
    zeroWords: zeroWords / count,
    zeroBits: planes === 0 ? 0 : 1 - effectual / (planes * count),
    zeroCodes: zeroCodes.map((zeros) => zeros / count),
  };
}
