import type {
  AffineNode,
  AddNode,
  Border,
  CombineNode,
  ConvNode,
  DenseNode,
  IntegerWeights,
  LookupNode,
  PoolNode,
  ThresholdNode,
  ValueType,
} from '../ir/graph.ts';
import type { SwarTables } from './packing/swar-tables.ts';
import type { PackingId } from './packing/types.ts';

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

/**
 * Where a value lies: elements in a buffer, with a border of zeros around it where a convolution needs padding; or bit
 * planes (`sliced`, without a border; `resources/runtime/include/bitsmith_sliced.h` has the exact form).
 */
export interface Place {
  /** A buffer's id, or `input`, the caller's sample. */
  buffer: string;
  type: ValueType;
  height: number;
  width: number;
  channels: number;
  border: Border;
  sliced?: SlicedForm;
  /** A vector that was gathered from a map channel by channel: element c · pixels + p is pixel p of channel c. */
  channelFirst?: { pixels: number; channels: number };
}

/** Codes as bit planes: one for two codes (a set bit is +1, a clear one `low`), two for -1, 0, +1. */
export interface SlicedForm {
  planes: 1 | 2;
  low: -1 | 0;
}
/** A place in planes. */
export type SlicedPlace = Place & { sliced: SlicedForm };

/** How the reference kernels' weights are stored: one plane (signs), two planes (nonzero, negative), or a byte each. */
export type Encoding = 'binary' | 'ternary' | 'bytes';

/** Weights in -1, 0, +1 in one of the packings of `packing/`, decoded filter by filter. */
export interface ChosenPacking {
  weights: IntegerWeights;
  packing: PackingId;
}

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

/** Elements to bit planes, or back. */
export interface ConvertStep {
  kind: 'pack' | 'unpack';
  id: string;
  kernel: string;
  from: Place;
  to: Place;
}
/** A map in planes as a vector without gaps. */
export interface FlattenStep {
  kind: 'flatten-sliced';
  id: string;
  kernel: string;
  from: SlicedPlace;
  to: SlicedPlace;
}
/** Thresholds on sums, for each filter and, with a skip value, for each of its codes. [filters, variants] */
export interface SlicedThresholds {
  variants: 1 | 2 | 3;
  high: Int16Array;
  /** Ternary outputs only. */
  low?: Int16Array;
}
/** Convolution of bit planes, then thresholds, to bit planes. */
export interface SlicedConvStep {
  kind: 'conv2d-sliced';
  id: string;
  kernel: string;
  node: ConvNode;
  packed: ChosenPacking;
  thresholds: SlicedThresholds;
  from: SlicedPlace;
  skip?: SlicedPlace;
  to: SlicedPlace;
  tiles: number;
  tile: string;
  list: string;
}
/** One of the convolutions that a step adds. */
export interface TotalsLevel {
  /** Index of its window. */
  window: number;
  packed: ChosenPacking;
  /** One for each filter; absent: all 1. */
  multipliers?: Int32Array;
}
/** Sums of one or several convolutions, by planes or by SWAR, as codes (elements or planes) or as they are. */
export interface TotalsStep {
  kind: 'conv2d-totals';
  id: string;
  kernel: string;
  /** What the levels read: geometry and input. Levels that read the same share one. */
  windows: readonly { node: ConvNode; from: Place }[];
  levels: readonly TotalsLevel[];
  bias?: Int32Array;
  threshold?: ThresholdNode;
  to: Place;
  scratch:
    | { kind: 'sliced'; tiles: number; tile: string; list: string }
    | {
        kind: 'swar';
        tables: SwarTables;
        rows: number;
        /** Numbers that `entries` has room for. */
        capacity: number;
        zero?: readonly number[];
        ring: string;
        /** The lists of all filters as the kernel walks them, in flash; else it decodes the weights into scratch. */
        ready?: Uint16Array;
        lists?: { list: string; entries: string };
      };
}
/** Max-pooling, or sums over all pixels, of bit planes. */
export interface SlicedPoolStep {
  kind: 'pool-sliced';
  id: string;
  kernel: string;
  node: PoolNode;
  from: SlicedPlace;
  to: Place;
}
/** Two maps in planes and thresholds behind their sum, as a table of 9 codes for each channel. */
export interface JoinStep {
  kind: 'join';
  id: string;
  kernel: string;
  tables: Uint32Array;
  from: readonly [SlicedPlace, SlicedPlace];
  to: SlicedPlace;
}
/** Dense layer over a vector in planes. */
export interface SlicedDenseStep {
  kind: 'dense-sliced';
  id: string;
  kernel: string;
  node: DenseNode;
  /** With the taps in the order of the vector's elements. */
  stored:
    | { kind: 'planes'; weights: IntegerWeights; encoding: Encoding }
    | { kind: 'lanes'; weights: IntegerWeights; list: string }
    | { kind: 'packed'; packed: ChosenPacking; list: string };
  thresholds?: SlicedThresholds;
  from: SlicedPlace;
  to: Place;
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
  | AffineStep
  | ConvertStep
  | FlattenStep
  | SlicedConvStep
  | TotalsStep
  | SlicedPoolStep
  | JoinStep
  | SlicedDenseStep;

/** The kernels that a step calls, in order; a kernel may come more than once. */
export function stepKernels(step: Step): readonly string[] {
  return 'kernels' in step ? step.kernels : [step.kernel];
}

/** Packings of a step's weights. */
export function packingsOf(step: Step): PackingId[] {
  switch (step.kind) {
    case 'conv2d-sliced':
      return [step.packed.packing];
    case 'conv2d-totals':
      return step.scratch.kind === 'swar' && step.scratch.ready
        ? []
        : step.levels.map(({ packed }) => packed.packing);
    case 'dense-sliced':
      return step.stored.kind === 'packed' ? [step.stored.packed.packing] : [];
    default:
      return [];
  }
}

/** The buffers that a step reads, writes or works in; the caller's `input` and logits are none. */
export function buffersOf(step: Step): string[] {
  const places: Place[] =
    'from' in step ? (Array.isArray(step.from) ? [...step.from] : [step.from as Place]) : [];
  if (step.kind === 'conv2d-levels') for (const level of step.levels) places.push(level.from);
  if (step.kind === 'conv2d-totals') for (const window of step.windows) places.push(window.from);
  if ('skip' in step && step.skip) places.push(step.skip);
  if ('to' in step) places.push(step.to);
  return [...places.map((place) => place.buffer), ...scratchOf(step)].filter((id) => id !== 'input');
}

function scratchOf(step: Step): string[] {
  switch (step.kind) {
    case 'conv2d':
    case 'conv2d-levels':
      return step.list === undefined ? [step.plane] : [step.plane, step.list];
    case 'conv2d-sliced':
      return [step.tile, step.list];
    case 'conv2d-totals': {
      const { scratch } = step;
      return scratch.kind === 'sliced'
        ? [scratch.tile, scratch.list]
        : [scratch.ring, ...(scratch.lists ? [scratch.lists.list, scratch.lists.entries] : [])];
    }
    case 'dense-sliced':
      return step.stored.kind === 'planes' ? [] : [step.stored.list];
    default:
      return [];
  }
}

/** Facts of one observed layer, exact. */
export interface PlannedLayer {
  /** The node whose value is observed, and all nodes that the step computes. */
  id: string;
  nodes: readonly string[];
  kind: string;
  shape: readonly number[];
  kernel: string;
  /** How its weights are stored, e.g. `delta`; empty without weights. */
  packing: string;
  weightBytes: number;
  macs: number;
  nonzeros: number;
  /** Estimated instructions of one inference on a Cortex-M4, by the cost laws of `cost/`. */
  estimate: number;
  /** What other packings would cost; empty where there is no choice. */
  alternatives: readonly PackingCost[];
  /** Indices of its steps: the last one completes the value. */
  steps: readonly number[];
}

/** Flash and time of one layer with one packing. */
export interface PackingCost {
  packing: PackingId;
  weightBytes: number;
  estimate: number;
}
