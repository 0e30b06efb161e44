import { lower } from '#shared/export/passes/lower.ts';
import type { IntegerGraph } from '#shared/export/ir/graph.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { patternSamples } from '#shared/verify/patterns.ts';
import { randomTrainedGraph, samplesFor } from './graphs.ts';
import { randomLowBitGraph } from './low-bit-networks.ts';
import { emitNetwork, type EmittedNetwork } from './network-program.ts';
import { randomPlan } from './random-plan.ts';

/** A random network with all that belongs to it; the seed says everything. */
export interface FuzzNetwork extends EmittedNetwork {
  seed: number;
  plan: PlanOptions;
}

/** Two of three networks are of few-bit codes, one is of any kind; every second of those pads with −1 where it may. */
export function fuzzGraph(seed: number): IntegerGraph {
  const trained =
    seed % 3 === 0 ? randomTrainedGraph(seed, seed % 2 === 0 ? 'any' : 'signs') : randomLowBitGraph(seed);
  return lower({ ...trained, name: `fuzz_${seed}` });
}

/** @param samples how many: extremes and patterns, then random ones */
export function fuzzNetwork(seed: number, samples: number, target: TargetId = 'host'): FuzzNetwork {
  const graph = fuzzGraph(seed);
  const plan = randomPlan(seed, graph);
  const half = Math.ceil(samples / 2);
  const patterns = patternSamples(graph);
  const chosen = Array.from({ length: half }, (_, i) => patterns[(seed + 5 * i) % patterns.length]!);
  // The first three of these are extremes.
  const random = samplesFor(graph, samples - half + 3, seed).slice(3);
  return { ...emitNetwork(graph, [...chosen, ...random], plan, target), seed, plan };
}
