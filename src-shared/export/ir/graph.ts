/**
 * The integer graph: what the firmware computes, and nothing else. No floating point, no back end, no layout in memory.
 * Its meaning is written down by the interpreter in `src-shared/verify/interpret.ts`.
 *
 * Nodes are in topological order; `inputs` name earlier nodes or `input`. Maps are [height, width, channels], vectors
 * are [length]; the last axis is "the channels" of a value.
 */
export interface IntegerGraph {
  /** Version of this form; a manifest with another one is refused. */
  version: 1;
  name: string;
  /**
   * Raw bytes p. Element number i of a u8 value (the input, a max-pooling or flattening of it) stands for the integer
   * p − zero[i mod channels of the input]: so linear and threshold nodes read it.
   */
  input: { shape: readonly number[]; zero: readonly number[] };
  nodes: readonly IntegerNode[];
  /** Id of the `affine` node whose value is the logits, and their number. */
  output: string;
  classes: number;
}

/** Codes are 8-bit, sums and accumulators 32-bit. Only raw bytes are u8. */
export type ValueType = 'u8' | 'i8' | 'i32';

interface NodeBase {
  id: string;
  inputs: readonly string[];
  shape: readonly number[];
  type: ValueType;
  /** The proven interval of every element of the value. */
  range: Interval;
}
export interface Interval {
  low: number;
  high: number;
}

/** Weights of all filters, filter by filter; within a filter by kernel row, kernel column, channel (fastest). */
export interface IntegerWeights {
  filters: number;
  /** Weights of one filter. */
  taps: number;
  codes: Int8Array;
}

/**
 * Rows and columns around the input that count as "no contribution" (x = 0, for raw bytes p = zero), but for a
 * convolution with another value `outside`.
 */
export interface Border {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface WindowNode extends NodeBase {
  kernel: readonly [number, number];
  strides: readonly [number, number];
  padding: Border;
}
/**
 * Sum over taps of w · x. Depthwise: filter c sees channel c alone.
 *
 * `outside`: what x is under a tap in the padding; absent: 0. It is −1 only where all codes of the input are −1 or +1.
 */
export interface ConvNode extends WindowNode {
  kind: 'conv2d' | 'depthwise-conv2d';
  dilation: readonly [number, number];
  outside?: 0 | -1;
  weights: IntegerWeights;
}
/** taps = number of elements of the input, flattened row-major. */
export interface DenseNode extends NodeBase {
  kind: 'dense';
  weights: IntegerWeights;
}
/** Largest, or sum, of the elements under the window that lie inside the input. */
export interface PoolNode extends WindowNode {
  kind: 'max-pool' | 'sum-pool';
}
export interface AddNode extends NodeBase {
  kind: 'add';
}
/**
 * Sums to codes: channel c passes threshold i when direction[c] · x ≥ values[c · steps + i]; thresholds ascend within
 * a channel; the value is codes[number passed].
 */
export interface ThresholdNode extends NodeBase {
  kind: 'threshold';
  steps: number;
  values: Int32Array;
  direction: Int8Array;
  codes: readonly number[];
}
/**
 * Several integers as one: value = bias[c] + Σ_input multipliers[input][c] · x_input[c] for every element of channel c,
 * exact in 32 bits in any order of the inputs.
 */
export interface CombineNode extends NodeBase {
  kind: 'combine';
  multipliers: readonly Int32Array[];
  bias: Int32Array;
}
/** value = codes[x − low] for every element. */
export interface LookupNode extends NodeBase {
  kind: 'lookup';
  low: number;
  codes: readonly number[];
}
/** The same elements as a vector, row-major. */
export interface FlattenNode extends NodeBase {
  kind: 'flatten';
}
/**
 * logit[c] = bias[c] + Σ_input multipliers[input][c] · x_input[c], exact in 32 bits. The trained network's real logit
 * is about logit · 2^−exponent, one exponent for all classes, so that the arg-max needs no scale.
 */
export interface AffineNode extends NodeBase {
  kind: 'affine';
  multipliers: readonly Int32Array[];
  bias: Int32Array;
  exponent: number;
}

export type LinearNode = ConvNode | DenseNode;
export type IntegerNode =
  | ConvNode
  | DenseNode
  | PoolNode
  | AddNode
  | ThresholdNode
  | CombineNode
  | LookupNode
  | FlattenNode
  | AffineNode;

/** Number of elements of a shape. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Length of the last axis. */
export function channelsOf(shape: readonly number[]): number {
  return shape.at(-1) ?? 1;
}

/** Any value as a map: a vector is 1 × 1 × length. */
export function mapShape(shape: readonly number[]): [height: number, width: number, channels: number] {
  const [height, width, channels] = shape;
  return height !== undefined && width !== undefined && channels !== undefined
    ? [height, width, channels]
    : [1, 1, elementsOf(shape)];
}

export function isLinear(node: IntegerNode): node is LinearNode {
  return node.kind === 'conv2d' || node.kind === 'depthwise-conv2d' || node.kind === 'dense';
}

/** Multiply-accumulates of one inference: weights times outputs, padding counted as computed. */
export function macsOf(node: IntegerNode): number {
  if (!isLinear(node)) return 0;
  return node.weights.taps * elementsOf(node.shape);
}

/** Weights that are not zero. */
export function nonzerosOf(weights: IntegerWeights): number {
  return weights.codes.reduce((count, code) => count + (code === 0 ? 0 : 1), 0);
}

/** The value that an input name stands for. */
export function valueOf(
  graph: Pick<IntegerGraph, 'input' | 'nodes'>,
  name: string,
): { shape: readonly number[]; type: ValueType } {
  if (name === 'input') return { shape: graph.input.shape, type: 'u8' };
  const node = graph.nodes.find((candidate) => candidate.id === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
}
