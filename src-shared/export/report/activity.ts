import { addReads, placesOf, type TapReads } from '../../prune/tap-reads.ts';
import {
  countOperations,
  totalSparsity,
  type LayerSparsity,
  type SparsityReport,
} from '../../prune/sparsity-report.ts';
import type { TapWeights } from '../../prune/operands.ts';
import { codeSparsity, effectualPlanes, planesOf } from '../../quant/measures/planes.ts';
import { valueOf, type IntegerGraph } from '../ir/graph.ts';
import { codesOf } from '../plan/form.ts';
import { operandsOfGraph, type Operand } from './operands.ts';

/** Sparsity of what the firmware multiplies. `values`: of every node, as the interpreter has them for one sample. */
export interface ActivityMeter {
  add(values: ReadonlyMap<string, Int32Array>): void;
  /** One entry for each operand, under the id of its first node; without samples the weights alone skip anything. */
  report(): SparsityReport;
}

/**
 * Sparsity and operations of an integer graph at bit and word level, by the definitions of `prune/sparsity-report.ts`:
 * a word is a weight or an activation with all its levels, a bit a plane of a level; bytes of the input and sums count as
 * dense words.
 */
export function activityMeter(graph: IntegerGraph): ActivityMeter {
  const meters = operandsOfGraph(graph).map((operand) => operandMeter(graph, operand));
  let samples = 0;
  return {
    add(values) {
      samples++;
      for (const meter of meters) meter.add(values);
    },
    report: () =>
      totalSparsity(
        samples,
        meters.map((meter) => meter.report(samples)),
      ),
  };
}

function operandMeter(graph: IntegerGraph, operand: Operand) {
  const { node, inputs, levels } = operand;
  const weights = weightsByTap(operand);
  const codes = inputs.map((name) => codesOf(graph, name));
  const largest = codes.map((known) => Math.max(0, ...(known ?? []).map(Math.abs)));
  const coded = codes.every((known) => known !== undefined);
  const planes = coded ? largest.reduce((sum, most) => sum + planesOf(most), 0) : 1;
  const reads: TapReads = { words: new Float64Array(weights.taps), bits: new Float64Array(weights.taps) };
  const seen = { words: 0, nonZero: 0, bits: 0 };
  const { shape } = valueOf(graph, inputs[0] ?? '');
  const places = placesOf(node);
  return {
    add(values: ReadonlyMap<string, Int32Array>): void {
      if (!coded) return;
      const terms = inputs.map((name) => values.get(name) ?? new Int32Array());
      const effectual = Uint8Array.from(terms[0] ?? [], (_, i) =>
        terms.reduce((sum, term) => sum + effectualPlanes(term[i] ?? 0), 0),
      );
      addReads(reads, node, shape, effectual);
      seen.words += effectual.length;
      for (const bits of effectual) {
        if (bits > 0) seen.nonZero++;
        seen.bits += bits;
      }
    },
    report(samples: number): LayerSparsity {
      const { zeroWords, zeroBits } = codeSparsity(levels);
      return {
        id: node.id,
        weights: { count: weights.taps * weights.filters, planes: weights.planes, zeroWords, zeroBits },
        activations:
          coded && samples > 0
            ? {
                planes,
                zeroWords: 1 - seen.nonZero / Math.max(seen.words, 1),
                zeroBits: 1 - seen.bits / Math.max(planes * seen.words, 1),
              }
            : null,
        ...countOperations(weights, coded && samples > 0 ? reads : null, places, planes, samples),
      };
    },
  };
}

/** A kernel by tap: position and input channel. The taps of a depthwise filter are those of its own channel. */
function weightsByTap({ node, levels }: Operand): TapWeights {
  const { filters, taps } = node.weights;
  const depthwise = node.kind === 'depthwise-conv2d';
  const count = depthwise ? taps * filters : taps;
  const words = new Float64Array(count);
  const bits = new Float64Array(count);
  for (let filter = 0; filter < filters; filter++) {
    for (let tap = 0; tap < taps; tap++) {
      const effectual = levels.reduce(
        (sum, codes) => sum + effectualPlanes(codes[filter * taps + tap] ?? 0),
        0,
      );
      const at = depthwise ? tap * filters + filter : tap;
      words[at] = (words[at] ?? 0) + (effectual > 0 ? 1 : 0);
      bits[at] = (bits[at] ?? 0) + effectual;
    }
  }
  return { taps: count, filters: depthwise ? 1 : filters, planes: codeSparsity(levels).planes, words, bits };
}
