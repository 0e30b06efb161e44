import { z } from 'zod';
import type { TrainedGraph } from '../export/trained-graph.ts';
import { codeSparsity } from '../quant/measures/planes.ts';
import {
  activationPlanes,
  effectualActivations,
  operandsOf,
  tapWeights,
  weightLevels,
  type Operands,
  type TapWeights,
} from './operands.ts';
import { addReads, placesOf, type TapReads } from './tap-reads.ts';

const share = z.number();

/** Operations for one sample, on average, when the zeros of an operand are skipped. */
const OperationsSchema = z.strictObject({
  /** Nothing skipped: the denominator of the reductions, and what the multi-level binary network of equal levels does. */
  dense: z.number(),
  weights: z.number(),
  activations: z.number(),
  both: z.number(),
});

const SideSchema = z.strictObject({
  /** Bit planes: M levels of one plane each for residual binary and ternary, the binary digits of larger codes. */
  planes: z.number(),
  /** Share of words that are zero in every level. */
  zeroWords: share,
  /** Share of bit planes that are empty. */
  zeroBits: share,
});

export const LayerSparsitySchema = z.strictObject({
  id: z.string(),
  weights: SideSchema.extend({ count: z.number() }),
  /** What the layer reads; null where that is not coded (samples, sums, floating point): counted as dense words. */
  activations: SideSchema.nullable(),
  /** Operations at bit level, M_w · M_a · multiply-accumulates when dense. */
  bit: OperationsSchema,
  /** Operations at word level, multiply-accumulates when dense. */
  word: OperationsSchema,
});
export type LayerSparsity = z.output<typeof LayerSparsitySchema>;

export const SparsityReportSchema = z.strictObject({
  /** Samples over which activations were measured. */
  samples: z.number(),
  layers: z.array(LayerSparsitySchema),
  weights: z.strictObject({ count: z.number(), zeroWords: share, zeroBits: share }),
  bit: OperationsSchema,
  word: OperationsSchema,
  /** dense / both, and with only one operand's zeros skipped. */
  reductions: z.strictObject({
    bit: z.strictObject({ weights: z.number(), activations: z.number(), both: z.number() }),
    word: z.strictObject({ weights: z.number(), activations: z.number(), both: z.number() }),
  }),
});
export type SparsityReport = z.output<typeof SparsityReportSchema>;
type Operations = z.output<typeof OperationsSchema>;

/** Measures a network: give it what its layers read, sample by sample, then ask for the report. */
export interface SparsityMeter {
  /** Names of the values that `add` needs. */
  wanted: readonly string[];
  /** @param values each wanted value for `count` samples, row-major with the batch axis first */
  add(values: ReadonlyMap<string, Float32Array>, count: number): void;
  report(): SparsityReport;
}

/**
 * Sparsity of weights and activations at bit and word level, and what it saves:
 *   S_bit  = M_w · M_a · N_mac / Σ_mac Σ_ij 1[Tw_i ≠ 0] · 1[Ta_j ≠ 0]
 *   S_word = N_mac / Σ_mac 1[w ≠ 0] · 1[a ≠ 0]
 * against the multi-level binary network (ReBNet) with the same levels, which has no zero and does all of it. With only
 * one operand's zeros skipped the other factor is 1. Taps in padding count as multiply-accumulates and as zero
 * activations (or as what the layer is padded with).
 */
export function sparsityMeter(graph: TrainedGraph): SparsityMeter {
  const layers = operandsOf(graph).map((operands) => layerMeter(operands));
  let samples = 0;
  return {
    wanted: [...new Set(layers.flatMap(({ operands }) => (operands.staircase ? [operands.input] : [])))],
    add(values, count) {
      samples += count;
      for (const layer of layers) layer.add(values.get(layer.operands.input), count);
    },
    report: () =>
      totalSparsity(
        samples,
        layers.map((layer) => layer.report(samples)),
      ),
  };
}

function layerMeter(operands: Operands) {
  const { node, inputShape, staircase } = operands;
  const weights = tapWeights(node);
  const planes = staircase ? effectualActivations(staircase) : null;
  const reads: TapReads = { words: new Float64Array(weights.taps), bits: new Float64Array(weights.taps) };
  const seen = { words: 0, nonZero: 0, bits: 0 };
  const size = inputShape.reduce((product, extent) => product * extent, 1);
  return {
    operands,
    add(values: Float32Array | undefined, count: number) {
      if (!planes) return;
      if (values?.length !== count * size)
        throw new RangeError(`layer ${node.id} lacks the value ${operands.input}`);
      for (let sample = 0; sample < count; sample++) {
        const effectual = planes(values.subarray(sample * size, (sample + 1) * size));
        addReads(reads, node, inputShape, effectual);
        seen.words += size;
        for (const each of effectual) {
          if (each > 0) seen.nonZero++;
          seen.bits += each;
        }
      }
    },
    report(samples: number): LayerSparsity {
      const { zeroWords, zeroBits } = codeSparsity(weightLevels(node));
      const activations = activationPlanes(staircase);
      return {
        id: node.id,
        weights: { count: weights.taps * weights.filters, planes: weights.planes, zeroWords, zeroBits },
        activations: planes
          ? {
              planes: activations,
              zeroWords: 1 - seen.nonZero / Math.max(seen.words, 1),
              zeroBits: 1 - seen.bits / Math.max(activations * seen.words, 1),
            }
          : null,
        ...countOperations(weights, planes ? reads : null, placesOf(node), activations, samples),
      };
    },
  };
}

/** Operations per sample. Each tap is read at every place by every filter that has it. @param reads null: not coded */
export function countOperations(
  weights: TapWeights,
  reads: TapReads | null,
  places: number,
  activationCount: number,
  samples: number,
): { bit: Operations; word: Operations } {
  const { taps, filters } = weights;
  const read = (which: 'words' | 'bits', tap: number) =>
    reads ? (reads[which][tap] ?? 0) / Math.max(samples, 1) : places;
  const sum = (value: (tap: number) => number) =>
    Array.from({ length: taps }, (_, tap) => value(tap)).reduce((a, b) => a + b, 0);
  const count = (which: 'words' | 'bits', weightPlanes: number, activationPlanes_: number): Operations => ({
    dense: weightPlanes * activationPlanes_ * taps * filters * places,
    weights: sum((tap) => (weights[which][tap] ?? 0) * activationPlanes_ * places),
    activations: sum((tap) => weightPlanes * filters * read(which, tap)),
    both: sum((tap) => (weights[which][tap] ?? 0) * read(which, tap)),
  });
  return { bit: count('bits', weights.planes, activationCount), word: count('words', 1, 1) };
}

/** The report over all layers. */
export function totalSparsity(samples: number, layers: LayerSparsity[]): SparsityReport {
  const sum = (value: (layer: LayerSparsity) => number) =>
    layers.reduce((all, layer) => all + value(layer), 0);
  const operationsOf = (level: 'bit' | 'word'): Operations => ({
    dense: sum((layer) => layer[level].dense),
    weights: sum((layer) => layer[level].weights),
    activations: sum((layer) => layer[level].activations),
    both: sum((layer) => layer[level].both),
  });
  const [bit, word] = [operationsOf('bit'), operationsOf('word')];
  const reduction = ({ dense, weights, activations, both }: Operations) => ({
    weights: ratio(dense, weights),
    activations: ratio(dense, activations),
    both: ratio(dense, both),
  });
  const count = sum(({ weights }) => weights.count);
  const bits = sum(({ weights }) => weights.count * weights.planes);
  return {
    samples,
    layers,
    weights: {
      count,
      zeroWords: sum(({ weights }) => weights.count * weights.zeroWords) / Math.max(count, 1),
      zeroBits: sum(({ weights }) => weights.count * weights.planes * weights.zeroBits) / Math.max(bits, 1),
    },
    bit,
    word,
    reductions: { bit: reduction(bit), word: reduction(word) },
  };
}

/** A reduction of nothing to nothing is 1; where all is skipped, the whole denominator counts as saved. */
function ratio(dense: number, left: number): number {
  return left > 0 ? dense / left : Math.max(dense, 1);
}
