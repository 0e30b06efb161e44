import { layerKindOf } from './layers/registry.ts';
import { weightBits, type ResolvedModel } from './resolve.ts';
import type { ResolvedLayer, Shape } from './types.ts';

/** One row of the cost report. Counts are split by bit width, as in larq's model summary. */
export interface LayerCost {
  id: string;
  kind: string;
  inputBits: number;
  shape: Shape;
  /** Number of weights per bit width, e.g. {2: 800, 32: 32}. */
  weights: Readonly<Record<number, number>>;
  /** Numbers that training changes; those of quantizers are not among them. */
  trainable: number;
  /** Bytes of those weights (8 one-bit weights are one byte). */
  bytes: number;
  /** Multiply-accumulates per sample and precision; the precision is the larger of input and weight bits. */
  macs: Readonly<Record<number, number>>;
}

export interface CostReport {
  layers: readonly LayerCost[];
  total: {
    weights: Record<number, number>;
    macs: Record<number, number>;
    parameters: number;
    trainable: number;
    bytes: number;
    /** The same with 32-bit parameters counted as 8 bits. */
    bytesWithInt8: number;
    float32Bytes: number;
    compression: number;
    macsTotal: number;
    binaryMacsRatio: number;
    ternaryMacsRatio: number;
  };
}

/**
 * Parameters, memory and multiply-accumulates of a resolved network as it is deployed. A batch norm counts two numbers
 * per channel (its four vectors fold into a factor and an offset), whether or not it is trained.
 */
export function costReport(model: Pick<ResolvedModel, 'layers'>): CostReport {
  return totalCost(model.layers.map(layerCost));
}

/** The same from the rows of its layers. */
export function totalCost(layers: readonly LayerCost[]): CostReport {
  const weights = sumRecords(layers.map((layer) => layer.weights));
  const macs = sumRecords(layers.map((layer) => layer.macs));
  const parameters = sum(Object.values(weights));
  const bytes = sum(layers.map((layer) => layer.bytes));
  const macsTotal = sum(Object.values(macs));
  const float = weights[32] ?? 0;
  return {
    layers,
    total: {
      weights,
      macs,
      parameters,
      trainable: sum(layers.map((layer) => layer.trainable)),
      bytes,
      bytesWithInt8: bytes - float * 3,
      float32Bytes: parameters * 4,
      compression: bytes === 0 ? 1 : (parameters * 4) / bytes,
      macsTotal,
      binaryMacsRatio: macsTotal === 0 ? 0 : (macs[1] ?? 0) / macsTotal,
      ternaryMacsRatio: macsTotal === 0 ? 0 : (macs[2] ?? 0) / macsTotal,
    },
  };
}

/** One row: what a layer takes by itself. */
export function layerCost(layer: ResolvedLayer): LayerCost {
  const kind = layerKindOf(layer.spec.kind);
  const weights: Record<number, number> = {};
  const add = (bits: number, count: number) => {
    if (count > 0) weights[bits] = (weights[bits] ?? 0) + count;
  };
  const kernel = kind.kernel?.(layer.spec, layer.inputShapes);
  const bits = weightBits(layer);
  if (kernel) add(bits, size(kernel.shape));
  const extra = kind.variables?.(layer.spec, layer.inputShapes) ?? [];
  const learned = sum(extra.filter((variable) => variable.trainable).map((variable) => size(variable.shape)));
  add(32, kind.deployedFloats?.(layer.spec, layer.inputShapes) ?? learned);
  const macs = kind.macs?.(layer.spec, layer.inputShapes, layer.shape) ?? 0;
  return {
    id: layer.spec.id,
    kind: layer.spec.kind,
    inputBits: layer.inputBits,
    shape: layer.shape,
    weights,
    trainable: (kernel ? size(kernel.shape) : 0) + learned,
    bytes: sum(Object.entries(weights).map(([width, count]) => (Number(width) * count) / 8)),
    macs: macs > 0 ? { [Math.max(layer.inputBits, bits)]: macs } : {},
  };
}

function size(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function sumRecords(records: readonly Readonly<Record<number, number>>[]): Record<number, number> {
  const total: Record<number, number> = {};
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) total[Number(key)] = (total[Number(key)] ?? 0) + value;
  }
  return total;
}
