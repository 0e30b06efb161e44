import type {
  AffineNode,
  AddNode,
  Border,
  CombineNode,
  ConvNode,
  DenseNode,
  LookupNode,
  PoolNode,
  ThresholdNode,
  ValueType,
} from '../ir/graph.ts';

/**
 * How the firmware computes an integer graph: one kernel call after the other, and where every value lies in memory.
 * The plan is what the emitter writes down, nothing is decided later.
 */
export interface Plan {
  steps: readonly Step[];
  buffers: readonly Buffer[];
  arenaBytes: number;
  /** Names of the values that an observer sees, in order: the node whose value each step completes. */
  layers: readonly PlannedLayer[];
}

/** Part of the arena. Buffers whose lives do not overlap may share bytes. */
export interface Buffer {
  id: string;
  bytes: number;
  /** First and last step (inclusive) that uses it. */
  from: number;
  to: number;
  /** Bytes from the start of the arena, a multiple of ARENA_ALIGNMENT. */
  offset: number;
}

export const ARENA_ALIGNMENT = 16;

/** Where a value lies: a map in a buffer, with a border of zeros around it where a convolution needs padding. */
export interface Place {
  /** A buffer's id, or `input`, the caller's sample. */
  buffer: string;
  type: ValueType;
  height: number;
  width: number;
  channels: number;
  border: Border;
}

/** How weights are stored: one plane (signs), two planes (nonzero, negative), or a byte each. */
export type Encoding = 'binary' | 'ternary' | 'bytes';

export interface PadStep {
  kind: 'pad';
  id: string;
  kernel: string;
  from: Place;
  to: Place;
  /** Raw input: the byte per channel that stands for 0. */
  fill?: readonly number[];
}
export interface ConvStep {
  kind: 'conv2d';
  id: string;
  kernel: string;
  node: ConvNode;
  encoding: Encoding;
  /** What each filter's sum begins with: −Σ w · zero. */
  start?: Int32Array;
  /** Fused into the kernel: max-pooling of the sums, then thresholds. */
  pool?: PoolNode;
  threshold?: ThresholdNode;
  from: Place;
  to: Place;
  plane: string;
  list?: string;
}
/** One of several convolutions whose sums are added, each times its multipliers. */
export interface ConvLevel {
  node: ConvNode;
  encoding: Encoding;
  start?: Int32Array;
  from: Place;
  /** One per filter. */
  multipliers: Int32Array;
}
export interface ConvLevelsStep {
  kind: 'conv2d-levels';
  id: string;
  kernel: string;
  levels: readonly ConvLevel[];
  /** One per filter. */
  bias: Int32Array;
  pool?: PoolNode;
  threshold?: ThresholdNode;
  to: Place;
  /** Two planes: the sum, and that of one level. */
  plane: string;
  list?: string;
}
export interface DenseStep {
  kind: 'dense';
  id: string;
  kernel: string;
  node: DenseNode;
  encoding: Encoding;
  start?: Int32Array;
  from: Place;
  to: Place;
}
export interface PoolStep {
  kind: 'pool';
  id: string;
  kernel: string;
  node: PoolNode;
  from: Place;
  to: Place;
}
export interface AddStep {
  kind: 'add';
  id: string;
  kernel: string;
  node: AddNode;
  from: readonly [Place, Place];
  to: Place;
}
export interface ThresholdStep {
  kind: 'threshold';
  id: string;
  kernel: string;
  /** With the zero points of raw input already in its thresholds. */
  node: ThresholdNode;
  from: Place;
  to: Place;
}
export interface CombineStep {
  kind: 'combine';
  id: string;
  kernels: readonly string[];
  node: CombineNode;
  from: readonly Place[];
  to: Place;
}
export interface LookupStep {
  kind: 'lookup';
  id: string;
  kernel: string;
  node: LookupNode;
  from: Place;
  to: Place;
}
export interface AffineStep {
  kind: 'affine';
  id: string;
  kernels: readonly string[];
  node: AffineNode;
  from: readonly Place[];
}
export type Step =
  | PadStep
  | ConvStep
  | ConvLevelsStep
  | DenseStep
  | PoolStep
  | AddStep
  | ThresholdStep
  | CombineStep
  | LookupStep
  | AffineStep;

/** The kernels that a step calls, in order; a kernel may come more than once. */
export function stepKernels(step: Step): readonly string[] {
  return 'kernels' in step ? step.kernels : [step.kernel];
}

/** Facts of one observed layer, exact. */
export interface PlannedLayer {
  /** The node whose value is observed, and all nodes that the step computes. */
  id: string;
  nodes: readonly string[];
  kind: string;
  shape: readonly number[];
  kernel: string;
  weightBytes: number;
  macs: number;
  nonzeros: number;
  /** Index of its step. */
  step: number;
}
