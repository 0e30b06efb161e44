import { hash32 } from '#shared/base/random.ts';
import type { LayerSparsity, SparsityReport } from '#shared/prune/sparsity-report.ts';

const LAYERS = [
  { id: 'conv1', count: 800, macs: 627_200, coded: false },
  { id: 'conv2', count: 25_600, macs: 2_508_800, coded: true },
  { id: 'dense1', count: 31_360, macs: 31_360, coded: true },
  { id: 'output', count: 840, macs: 840, coded: true },
];

/** A believable report, always the same for a run: shares by its id, operations that follow from them. */
export function fakeSparsity(run: string, samples: number): SparsityReport {
  const layers = LAYERS.map(({ id, count, macs, coded }): LayerSparsity => {
    const share = (what: string) => 0.35 + (hash32(`${run} ${id} ${what}`) % 1000) / 2500;
    const [w, a] = [share('weights'), share('activations')];
    const operations = {
      dense: macs,
      weights: macs * (1 - w),
      activations: coded ? macs * (1 - a) : macs,
      both: macs * (1 - w) * (coded ? 1 - a : 1),
    };
    return {
      id,
      weights: { count, planes: 1, zeroWords: w, zeroBits: w },
      activations: coded ? { planes: 1, zeroWords: a, zeroBits: a } : null,
      bit: operations,
      word: operations,
    };
  });
  const sum = (value: (layer: LayerSparsity) => number) => layers.reduce((all, one) => all + value(one), 0);
  const total = {
    dense: sum(({ bit }) => bit.dense),
    weights: sum(({ bit }) => bit.weights),
    activations: sum(({ bit }) => bit.activations),
    both: sum(({ bit }) => bit.both),
  };
  const reduction = {
    weights: total.dense / total.weights,
    activations: total.dense / total.activations,
    both: total.dense / total.both,
  };
  const count = sum(({ weights }) => weights.count);
  const zero = sum(({ weights }) => weights.count * weights.zeroWords) / count;
  return {
    samples,
    layers,
    weights: { count, zeroWords: zero, zeroBits: zero },
    bit: total,
    word: total,
    reductions: { bit: reduction, word: reduction },
  };
}
