import type { Staircase } from '../../quant/types.ts';
import { commonUnit } from './levels.ts';

/** The value of an activation as terms: real value at step i = Σ_term scale · codes[i], scales not negative. */
export interface StaircaseTerm {
  scale: number;
  codes: readonly number[];
}

/**
 * The terms of a staircase with positive float32 scales. Terms that are 0 on every step are left out, unless all are; and
 * where all scales are multiples of one of them, one term with codes of a byte says the same.
 */
export function termsOf(staircase: Staircase): StaircaseTerm[] {
  const all = [staircase, ...(staircase.more ?? [])].map(({ scale, codes }): StaircaseTerm => {
    const rounded = Math.fround(scale);
    // + 0: the negative of code 0 is no −0.
    return rounded < 0
      ? { scale: -rounded, codes: codes.map((code) => 0 - code) }
      : { scale: rounded, codes };
  });
  const used = all.filter(({ scale, codes }) => scale !== 0 && codes.some((code) => code !== 0));
  return mergedTerm(used) ?? (used.length > 0 ? used : all.slice(0, 1));
}

function mergedTerm(terms: readonly StaircaseTerm[]): StaircaseTerm[] | undefined {
  const scale = commonUnit(terms.map((term) => term.scale));
  if (terms.length < 2 || scale === 0) return undefined;
  const codes = (terms[0]?.codes ?? []).map((_, step) =>
    terms.reduce((sum, term) => sum + (term.scale / scale) * (term.codes[step] ?? 0), 0),
  );
  return codes.every((code) => Math.abs(code) <= 127) ? [{ scale, codes }] : undefined;
}

/**
 * Which place the real value of each step takes among all of them, from 0: what is stored where a staircase has several
 * terms, so that the largest of several values is the one with the largest rank. Equal values rank by their step.
 */
export function ranksOf(terms: readonly StaircaseTerm[]): number[] {
  const values = (terms[0]?.codes ?? []).map((_, step) =>
    terms.reduce((sum, { scale, codes }) => sum + scale * (codes[step] ?? 0), 0),
  );
  const order = values.map((_, step) => step).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const ranks = new Array<number>(values.length).fill(0);
  order.forEach((step, rank) => (ranks[step] = rank));
  return ranks;
}

/** The codes of one term by rank instead of by step. */
export function byRank(codes: readonly number[], ranks: readonly number[]): number[] {
  const table = new Array<number>(codes.length).fill(0);
  ranks.forEach((rank, step) => (table[rank] = codes[step] ?? 0));
  return table;
}
