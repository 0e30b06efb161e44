import type { LayerSparsity, SparsityReport } from '#shared/prune/sparsity-report.ts';
import { count, percent } from '../../components/base/format.ts';

export interface OperationRow {
  id: 'bit' | 'word';
  title: string;
  /** What the reductions are divided by, in words. */
  denominator: string;
  dense: string;
  weights: string;
  activations: string;
  both: string;
}

/** `12.3 ×`, how many times fewer. */
export function times(reduction: number): string {
  return `${reduction >= 100 ? Math.round(reduction) : Number(reduction.toPrecision(3))} ×`;
}

function part(left: number, reduction: number): string {
  return `${count(left)} (${times(reduction)})`;
}

/** Operations for one sample, and how many times fewer they become where zeros are skipped. */
export function operationRows({ bit, word, reductions }: SparsityReport): OperationRow[] {
  const row = (id: 'bit' | 'word', title: string, denominator: string, of: typeof bit): OperationRow => ({
    id,
    title,
    denominator,
    dense: count(of.dense),
    weights: part(of.weights, reductions[id].weights),
    activations: part(of.activations, reductions[id].activations),
    both: part(of.both, reductions[id].both),
  });
  return [
    row('bit', 'Bit level', 'pairs of bit planes of weight and activation', bit),
    row('word', 'Word level', 'multiply-accumulates', word),
  ];
}

export interface LayerSparsityRow {
  id: string;
  weights: string;
  planes: string;
  zeroWeights: string;
  zeroWeightBits: string;
  zeroActivations: string;
  zeroActivationBits: string;
  bit: string;
  word: string;
}

export function layerRow({ id, weights, activations, bit, word }: LayerSparsity): LayerSparsityRow {
  const reduction = (of: typeof bit) => (of.both > 0 ? times(of.dense / of.both) : 'all skipped');
  return {
    id,
    weights: count(weights.count),
    planes: activations ? `${weights.planes} · ${activations.planes}` : `${weights.planes} · –`,
    zeroWeights: percent(weights.zeroWords, 1),
    zeroWeightBits: percent(weights.zeroBits, 1),
    zeroActivations: activations ? percent(activations.zeroWords, 1) : 'not coded',
    zeroActivationBits: activations ? percent(activations.zeroBits, 1) : 'not coded',
    bit: reduction(bit),
    word: reduction(word),
  };
}
