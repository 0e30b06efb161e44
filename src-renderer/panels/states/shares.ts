import type { DataTable } from '#shared/run/export/csv.ts';
import type { Histogram } from '#shared/run/record.ts';
import { signedCode } from '../layer-series.ts';

/** One code, or a stretch of neighbouring ones. */
export interface StateBand {
  label: string;
  /** Where it lies: its sign decides its hue, and how far out it is, how strong that is. */
  sign: -1 | 0 | 1;
  /** 0 … 1: 1 is furthest from 0. */
  strength: number;
  /** Share at each epoch. */
  shares: number[];
}

/** Shares of the codes of one level over the epochs; the bands of an epoch sum to 1. */
export interface StateShares {
  epochs: number[];
  /** From the lowest code to the highest. */
  bands: StateBand[];
}

/** More codes than this are put together: the ends, where weights are saturated, stay by themselves. */
const MOST_BANDS = 9;

/** Levels that a layer's codes have; 0 where its weights stay in floating point. */
export function levelsOf(row: Histogram | undefined): number {
  if (!row || Object.keys(row.codes).length === 0) return 0;
  return 1 + (row.more?.length ?? 0);
}

/** @param rows of one layer, in the order of epochs; @param level from 0 on */
export function stateShares(rows: readonly Histogram[], level = 0): StateShares {
  const shares = rows.map((row) => (level === 0 ? row.codes : (row.more?.[level - 1] ?? {})));
  const codes = [...new Set(shares.flatMap((each) => Object.keys(each).map(Number)))].toSorted(
    (a, b) => a - b,
  );
  const furthest = codes.reduce((most, code) => Math.max(most, Math.abs(code)), 1);
  return {
    epochs: rows.map(({ epoch }) => epoch),
    bands: stretches(codes).map((stretch) => {
      const [first = 0, last = first] = [stretch[0], stretch.at(-1)];
      return {
        label: first === last ? signedCode(first) : `${signedCode(first)} … ${signedCode(last)}`,
        sign: Math.sign(first + last) as -1 | 0 | 1,
        strength: Math.max(Math.abs(first), Math.abs(last)) / furthest,
        shares: shares.map((each) => stretch.reduce((sum, code) => sum + (each[String(code)] ?? 0), 0)),
      };
    }),
  };
}

/** Each code by itself; of many codes: the lowest, the negative ones, 0, the positive ones, the highest. */
function stretches(codes: readonly number[]): number[][] {
  if (codes.length <= MOST_BANDS) return codes.map((code) => [code]);
  const inner = codes.slice(1, -1);
  return [
    codes.slice(0, 1),
    inner.filter((code) => code < 0),
    inner.filter((code) => code === 0),
    inner.filter((code) => code > 0),
    codes.slice(-1),
  ].filter((stretch) => stretch.length > 0);
}

export function statesTable({ epochs, bands }: StateShares): DataTable {
  return {
    columns: ['Epoch', ...bands.map(({ label }) => label)],
    rows: epochs.map((epoch, i) => [epoch, ...bands.map(({ shares }) => shares[i] ?? null)]),
  };
}
