import type { TrainedActivation, TrainedGraph, TrainedNode } from '../export/trained-graph.ts';
import { codeSparsity, effectualPlanes, planesOf, type CodeLevels } from '../quant/measures/planes.ts';
import type { Staircase } from '../quant/types.ts';

export type LinearNode = Extract<TrainedNode, { kind: 'conv2d' | 'dense' | 'depthwise-conv2d' }>;

/** A layer that multiplies weights with activations, and where its activations are coded. */
export interface Operands {
  node: LinearNode;
  /** The node whose value it reads. */
  input: string;
  /** Shape of that value, [height, width, channels] or [features]. */
  inputShape: readonly number[];
  /** The staircase whose codes that value has; null: samples, sums or floating point, of which nothing is skipped. */
  staircase: Staircase | null;
}

/** The layers with weights of a network, in its order. */
export function operandsOf(graph: TrainedGraph): Operands[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes.flatMap((node) => {
    if (node.kind !== 'conv2d' && node.kind !== 'dense' && node.kind !== 'depthwise-conv2d') return [];
    const [input = 'input'] = node.inputs;
    const inputShape = nodes.get(input)?.shape ?? graph.input.shape;
    return [{ node, input, inputShape, staircase: codedBy(nodes, input)?.staircase ?? null }];
  });
}

/** The activation whose codes a value still has: maximum pooling and flattening only choose and move them. */
function codedBy(nodes: ReadonlyMap<string, TrainedNode>, name: string): TrainedActivation | null {
  const node = nodes.get(name);
  if (node?.kind === 'activation') return node.staircase ? node : null;
  if (node?.kind === 'max-pool' || node?.kind === 'flatten') return codedBy(nodes, node.inputs[0] ?? '');
  return null;
}

/** Codes of each step of a staircase, level by level. */
export function staircaseLevels(staircase: Staircase): (readonly number[])[] {
  return [staircase, ...(staircase.more ?? [])].map(({ codes }) => codes);
}

/** Number of bit planes of a layer's activations. */
export function activationPlanes(staircase: Staircase | null): number {
  if (!staircase) return 1;
  return staircaseLevels(staircase).reduce(
    (sum, codes) => sum + planesOf(Math.max(...codes.map(Math.abs))),
    0,
  );
}

/** Effectual planes of each element of an activation; 0 where the word is zero. */
export type EffectualPlanes = (values: Float32Array) => Uint8Array;

/** Turns values of a staircase back into its steps (the nearest one) and counts their effectual planes. */
export function effectualActivations(staircase: Staircase): EffectualPlanes {
  const levels = staircaseLevels(staircase);
  const scales = [staircase, ...(staircase.more ?? [])].map(({ scale }) => scale);
  const steps = (levels[0] ?? []).map((_, step) => ({
    value: levels.reduce((sum, codes, l) => sum + (codes[step] ?? 0) * (scales[l] ?? 0), 0),
    planes: levels.reduce((sum, codes) => sum + effectualPlanes(codes[step] ?? 0), 0),
  }));
  const known = new Map<number, number>();
  const planesAt = (value: number): number => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const nearest = steps.reduce((a, b) => (Math.abs(b.value - value) < Math.abs(a.value - value) ? b : a));
    known.set(value, nearest.planes);
    return nearest.planes;
  };
  return (values) => Uint8Array.from(values, planesAt);
}

/**
 * A layer's kernel by tap, a tap being one input channel at one position of the window: how many filters have a weight
 * there that is not zero, and how many effectual planes those have together.
 */
export interface TapWeights {
  /** Taps of the kernel: positions · input channels. */
  taps: number;
  /** Filters that read each tap: all of them, or one in a depthwise layer. */
  filters: number;
  planes: number;
  words: Float64Array;
  bits: Float64Array;
}

export function tapWeights(node: LinearNode): TapWeights {
  const filters = node.kind === 'depthwise-conv2d' ? 1 : (node.shape.at(-1) ?? 1);
  const levels = weightLevels(node);
  const count = levels[0]?.length ?? 0;
  const taps = count / filters;
  const words = new Float64Array(taps);
  const bits = new Float64Array(taps);
  for (let i = 0; i < count; i++) {
    const effectual = levels.reduce((sum, codes) => sum + effectualPlanes(codes[i] ?? 0), 0);
    const tap = Math.floor(i / filters);
    words[tap] = (words[tap] ?? 0) + (effectual > 0 ? 1 : 0);
    bits[tap] = (bits[tap] ?? 0) + effectual;
  }
  return { taps, filters, planes: codeSparsity(levels).planes, words, bits };
}

/** A layer's codes level by level. Floating-point weights are words of one plane, empty where the weight is zero. */
export function weightLevels({ weights }: LinearNode): CodeLevels {
  if (weights.float) return [Uint8Array.from(weights.float, (w) => (w === 0 ? 0 : 1))];
  return weights.levels.map(({ codes }) => codes);
}
