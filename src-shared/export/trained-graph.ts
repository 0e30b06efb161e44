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
}
export interface TrainedGlobalPool extends NodeBase {
  kind: 'global-average-pool';
}
export interface TrainedAdd extends NodeBase {
  kind: 'add';
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
  | TrainedFlatten
  | TrainedActivation;

/**
 * The arithmetic that training evaluates between an exact integer sum S and a threshold, in float32, one rounding per
 * operation, in this order:
 *   z = Σ_level fl(S_level · scale_level)      (levels added in order; a single level: one product)
 *   z = fl(z + bias)                           (where there is a bias)
 *   y = fl(fl(z · factor) + offset)            (each batch norm)
 * For the first layer S sums w·(p − zero) and scale_level is replaced by fl(scale_level · input.scale).
 * For a layer fed by codes with staircase scale s ≠ 1, scale_level is replaced by fl(scale_level · s).
 */
export const TRAINING_ARITHMETIC = 'float32-in-order';
