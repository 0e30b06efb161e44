import type { IntegerGraph, IntegerNode } from '../../export/ir/graph.ts';
import type { TrainedGraph } from '../../export/trained-graph.ts';
import type { FloatValues } from '../float/interpret-float.ts';
import { argMax, interpretAll } from '../interpret.ts';
import {
  compareIntegers,
  compareReal,
  extentOf,
  floatValues,
  realValues,
  unitsOf,
  type Extent,
  type IntegerDifference,
  type RealDifference,
} from './compare-values.ts';
import { coverageOf, type CoveredLayer } from './coverage.ts';
import { isExactNode } from './meaning.ts';
import type { Lowering } from './trace-lowering.ts';

/** One value of the network in the three of its forms. */
export interface ParityRow {
  /** Node of the integer graph. */
  id: string;
  kind: string;
  shape: number[];
  /** The step of the firmware that computes it: itself, or the one inside which it never leaves a kernel. */
  step: string;
  /** How the firmware holds it; empty inside a step or where unknown. */
  form: string;
  kernel: string;
  /** The trained layer that it stands for; null for a part of a sum. */
  standsFor: string | null;
  /** Trained layers that the step computes; empty inside a step. */
  covers: CoveredLayer[];
  reference: Extent;
  /** Null inside a step, or where nothing could be compiled. */
  firmware: (Extent & IntegerDifference) | null;
  /** Null without the trained network, and for a part of a sum. */
  float: (Extent & RealDifference) | null;
}

export interface LogitRow {
  class: number;
  float: number | null;
  reference: number;
  /** The reference's as a real number. */
  real: number;
  firmware: number | null;
}

/** What a sample becomes in the float network, in the reference and in the firmware. */
export interface Parity {
  rows: ParityRow[];
  logits: LogitRow[];
  predicted: { float: number | null; reference: number; firmware: number | null };
  /** First row, in the order of the firmware, where it differs from the reference. */
  firstDifference: string | null;
  /** First row whose codes are others than those of the float network. */
  firstRounding: string | null;
  /** Trained layers of which nothing is left. */
  gone: CoveredLayer[];
}

/** The values behind a row, as far as they exist, in the order of the reference's. */
export interface RowValues {
  shape: readonly number[];
  reference: Int32Array;
  firmware: Int32Array | null;
  /** Real numbers. */
  float: Float32Array | null;
  real: Float32Array | null;
  units: readonly (number | null)[] | null;
}

export interface ParityInput {
  graph: IntegerGraph;
  /** What the firmware shows, in its order. */
  observed: readonly { id: string; kernel: string; form: string }[];
  sample: Uint8Array;
  /** Values of the observed layers and the logits; null where it could not run. */
  firmware: { values: ReadonlyMap<string, Int32Array>; logits: Int32Array } | null;
  /** Null where the trained network is not at hand. */
  float: {
    whole: TrainedGraph;
    lowering: Lowering;
    /** Of `lowering.trained`. */
    values: FloatValues;
    /** Of `whole`: the network before every pass. */
    logits: Float32Array;
  } | null;
}

/** Compares one sample layer by layer. Pure. */
export function parityOf(input: ParityInput): { parity: Parity; values: ReadonlyMap<string, RowValues> } {
  const { graph, observed, sample, firmware, float } = input;
  const { logits, values: reference } = interpretAll(graph, sample);
  const ids = observed.map(({ id }) => id);
  const coverage = coverageOf(
    float?.whole ?? { nodes: [] },
    float?.lowering ?? { trained: { nodes: [] }, built: { nodes: new Map() } },
    graph,
    ids,
  );
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const values = new Map<string, RowValues>();
  const rows: ParityRow[] = [];
  for (const { id: step, kernel, form } of observed) {
    for (const id of coverage.nodes.get(step) ?? []) {
      const node = byId.get(id);
      const integers = reference.get(id);
      // Raw bytes, and their pooling, are no integers of the graph yet; a flattening is no value of its own.
      if (!node || !integers || (node.kind === 'flatten' && id !== step)) continue;
      const own = id === step;
      const found = rowValues(node, integers, own ? (firmware?.values.get(id) ?? null) : null, float);
      values.set(id, found);
      rows.push({
        id,
        kind: node.kind,
        shape: [...node.shape],
        step,
        form: own ? form : '',
        kernel: own ? kernel : '',
        standsFor: float?.lowering.readings.get(id)?.layer ?? null,
        covers: own ? [...(coverage.layers.get(step) ?? [])] : [],
        reference: extentOf(integers),
        ...differences(node, graph, found, float?.lowering ?? null),
      });
    }
  }
  return { parity: { rows, gone: [...coverage.gone], ...summary(rows, logits, input) }, values };
}

function rowValues(
  node: IntegerNode,
  reference: Int32Array,
  firmware: Int32Array | null,
  float: ParityInput['float'],
): RowValues {
  const reading = float?.lowering.readings.get(node.id);
  const trained = reading && float?.values.get(reading.layer);
  const none = { shape: node.shape, reference, firmware, float: null, real: null, units: null };
  if (!reading || !trained) return none;
  return {
    ...none,
    float: floatValues(reading, trained),
    real: realValues(reading, reference),
    units: unitsOf(reading),
  };
}

function differences(
  node: IntegerNode,
  graph: IntegerGraph,
  { reference, firmware, float, real }: RowValues,
  lowering: Lowering | null,
): Pick<ParityRow, 'firmware' | 'float'> {
  const reading = lowering?.readings.get(node.id);
  const against = reading && float && real ? compareReal(reading, float, real) : null;
  return {
    firmware: firmware && { ...extentOf(firmware), ...compareIntegers(firmware, reference) },
    float: against &&
      float && {
        ...extentOf(float),
        ...against,
        ...(isExactNode(node, graph) ? {} : { codes: null, first: null }),
      },
  };
}

function summary(
  rows: readonly ParityRow[],
  logits: Int32Array,
  { graph, firmware, float }: ParityInput,
): Pick<Parity, 'logits' | 'predicted' | 'firstDifference' | 'firstRounding'> {
  const output = graph.nodes.find(({ id }) => id === graph.output);
  const unit = output?.kind === 'affine' ? 2 ** -output.exponent : 1;
  return {
    logits: Array.from(logits, (value, index) => ({
      class: index,
      float: float?.logits[index] ?? null,
      reference: value,
      real: value * unit,
      firmware: firmware?.logits[index] ?? null,
    })),
    predicted: {
      float: float ? argMax(float.logits) : null,
      reference: argMax(logits),
      firmware: firmware ? argMax(firmware.logits) : null,
    },
    firstDifference: rows.find((row) => (row.firmware?.differing ?? 0) > 0)?.id ?? null,
    firstRounding: rows.find((row) => (row.float?.codes ?? 0) > 0)?.id ?? null,
  };
}
