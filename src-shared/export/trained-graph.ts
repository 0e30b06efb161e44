import type { DeployedWeights, Staircase } from '../quant/types.ts';

/**
 * A trained network as plain numbers: what the exporter lowers. Built from a model specification and a checkpoint by
 * `buildTrainedGraph`; no tensors, no files.
 *
 * Nodes are in topological order; `inputs` name earlier nodes or `input`. Feature maps are [height, width, channels].
 */
export interface TrainedGraph {
  name: string;
  input: TrainedInput;
  nodes: readonly TrainedNode[];
  /** Id of the node whose value is the logits, shape [classes]. */
  output: string;
  classes: number;
}

/**
 * Raw samples are bytes p in 0 … 255. The network was trained on x = (p − zero[channel]) · scale, with integer zero
 * points and one scale, so that the first layer can be computed exactly on the raw bytes. Zero padding of x means
 * padding with p = zero[channel].
 */
export interface TrainedInput {
  shape: readonly number[];
  zero: readonly number[];
  scale: number;
}

export interface Padding {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/**
 * What a convolution reads in its padding: −1 where it holds that code of the activation of −1 and +1 (one term of scale
 * 1) that feeds the layer; absent or 0 where a tap in the padding adds nothing.
 */
export type Outside = 0 | -1;

interface NodeBase {
  id: string;
  inputs: readonly string[];
  /** Shape of the value, without the batch axis. */
  shape: readonly number[];
}
/** Weight order: [kh, kw, cin, cout] (output channel fastest). `bias` has one float32 per output channel. */
export interface TrainedConv2d extends NodeBase {
  kind: 'conv2d';
  kernel: readonly [number, number];
  strides: readonly [number, number];
  dilation: readonly [number, number];
  padding: Padding;
  outside?: Outside;
  weights: DeployedWeights;
  bias?: Float32Array;
}
/** Weight order: [kh, kw, channels]. */
export interface TrainedDepthwise extends NodeBase {
  kind: 'depthwise-conv2d';
  kernel: readonly [number, number];
  strides: readonly [number, number];
  dilation: readonly [number, number];
  padding: Padding;
  outside?: Outside;
  weights: DeployedWeights;
  bias?: Float32Array;
}
/** Weight order: [inputs, units]. A [h, w, c] input is flattened row-major. */
export interface TrainedDense extends NodeBase {
  kind: 'dense';
  weights: DeployedWeights;
  bias?: Float32Array;
}
/**
 * y = x · factor + offset per channel in float32, each operation rounded: the running statistics are already folded by
 * `foldBatchNorm` (the trainer evaluates with the very same two vectors).
 */
export interface TrainedBatchNorm extends NodeBase {
  kind: 'batch-norm';
  factor: Float32Array;
  offset: Float32Array;
}
export interface TrainedPool extends NodeBase {
  kind: 'max-pool' | 'average-pool';
  size: readonly [number, number];
  strides: readonly [number, number];
  padding: Padding;
  /** Average pooling only: padded zeros count in the mean, which then always divides by the window's size. */
  countPadding?: true;
}
export interface TrainedGlobalPool extends NodeBase {
  kind: 'global-average-pool';
}
export interface TrainedAdd extends NodeBase {
  kind: 'add';
}
/** Every stride-th pixel, with zero channels before and after the input's. */
export interface TrainedShortcutA extends NodeBase {
  kind: 'shortcut-a';
  strides: readonly [number, number];
  before: number;
  after: number;
}
export interface TrainedFlatten extends NodeBase {
  kind: 'flatten';
}
/** `staircase` absent: the activation is computed in floating point by `name` and cannot be lowered. */
export interface TrainedActivation extends NodeBase {
  kind: 'activation';
  name: string;
  staircase?: Staircase;
}

export type TrainedNode =
  | TrainedConv2d
  | TrainedDepthwise
  | TrainedDense
  | TrainedBatchNorm
  | TrainedPool
  | TrainedGlobalPool
  | TrainedAdd
  | TrainedShortcutA
  | TrainedFlatten
  | TrainedActivation;

/**
 * The arithmetic of the deployment form: what evaluation computes with tensors, lowering with integers, both bit by bit.
 *
 * A layer over codes yields integer sums S, one for each pair of a weight level and a term of its input, of scale
 * fl(scale of the level · scale of the term); for the first layer S sums w·(p − zero), and its scale is the input's. With
 * one sum, what follows is float32 with one rounding per operation, in this order:
 *   z = fl(fl(S) · scale)
 *   z = fl(z + bias)                           (where there is a bias)
 *   y = fl(fl(z · factor) + offset)            (each batch norm)
 * With several, one integer stands for them, Σ multiplier · S, and z = fl(integer) · 2^−e: `fixedPoint` says how scales
 * are rounded to multipliers. Averages and additions of anything but codes of one scale, and the logits, are affine in
 * the sums: bias and batch norm are folded into slopes and offsets in double precision, and those are rounded the same way.
 */
export const TRAINING_ARITHMETIC = 'float32-in-order';
