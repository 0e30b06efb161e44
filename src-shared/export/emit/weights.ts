import type { IntegerWeights, ThresholdNode } from '../ir/graph.ts';
import { packPlane } from '../plan/encoding.ts';
import { packLanes } from '../plan/packing/lanes.ts';
import { packingOf } from '../plan/packing/registry.ts';
import type {
  ChosenPacking,
  Encoding,
  Plan,
  SlicedDenseStep,
  SlicedThresholds,
  Step,
  TotalsStep,
} from '../plan/types.ts';
import { hex32, int32Literal } from './c-text.ts';
import type { Emission } from './types.ts';

/** One constant table of the bundle. */
export interface Table {
  name: string;
  type: 'uint32_t' | 'int32_t' | 'int16_t' | 'uint16_t' | 'int8_t' | 'uint8_t';
  values: readonly string[];
  /** Bytes of alignment, where it is more than the type's own. */
  aligned?: 4;
}
const ELEMENT: Record<Table['type'], number> = {
  uint32_t: 4,
  int32_t: 4,
  int16_t: 2,
  uint16_t: 2,
  int8_t: 1,
  uint8_t: 1,
};

const known = new WeakMap<Plan, { name: string; tables: Table[] }>();

/** All constant tables of the network, in the order of the steps; made once for a plan. */
export function tablesOf({
  name,
  plan,
  symbols,
}: Pick<Emission, 'name' | 'plan' | 'symbols'>): readonly Table[] {
  const before = known.get(plan);
  if (before?.name === name) return before.tables;
  const tables = plan.steps.flatMap((step, index) => stepTables(step, `${name}_${symbols[index]}`));
  known.set(plan, { name, tables });
  return tables;
}

/** Exact bytes of all tables: what the network itself takes of flash, besides code. */
export function tableBytes(tables: readonly Table[]): number {
  return tables.reduce((bytes, table) => bytes + ELEMENT[table.type] * table.values.length, 0);
}

function stepTables(step: Step, name: string): Table[] {
  switch (step.kind) {
    case 'pad':
      return step.fill ? [fillTable(step.fill, step.from.type, name)] : [];
    case 'conv2d':
      return [
        ...weightTables(step.node.weights, step.encoding, name),
        ...startTable(step.start, name),
        ...(step.threshold ? thresholdTables(step.threshold, name) : []),
      ];
    case 'conv2d-levels':
      return [
        ...step.levels.flatMap((level, index) => [
          ...weightTables(level.node.weights, level.encoding, `${name}_level${index}`),
          ...startTable(level.start, `${name}_level${index}`),
          int32Table(`${name}_level${index}_multipliers`, level.multipliers),
        ]),
        int32Table(`${name}_bias`, step.bias),
        ...(step.threshold ? thresholdTables(step.threshold, name) : []),
      ];
    case 'dense':
      return [...weightTables(step.node.weights, step.encoding, name), ...startTable(step.start, name)];
    case 'threshold':
      return thresholdTables(step.node, name);
    case 'combine':
    case 'affine':
      return [
        int32Table(`${name}_bias`, step.node.bias),
        ...step.node.multipliers.map((row, index) => int32Table(`${name}_multipliers${index}`, row)),
      ];
    case 'lookup':
      return [{ name: `${name}_lookup`, type: 'int8_t', values: step.node.codes.map(String) }];
    case 'conv2d-sliced':
      return [...packedTables(step.packed, name), ...slicedThresholdTables(step.thresholds, name)];
    case 'conv2d-totals':
      return [
        ...(step.scratch.kind === 'swar' && step.scratch.ready ? [readyTable(step.scratch.ready, name)] : []),
        ...step.levels.flatMap((level, index) => [
          ...(isReady(step) ? [] : packedTables(level.packed, `${name}_level${index}`)),
          ...(level.multipliers ? [int32Table(`${name}_level${index}_multipliers`, level.multipliers)] : []),
        ]),
        ...(step.bias ? [int32Table(`${name}_bias`, step.bias)] : []),
        ...(step.threshold ? thresholdTables(step.threshold, name) : []),
        ...(step.scratch.kind === 'swar' && step.scratch.zero
          ? [fillTable(step.scratch.zero, 'u8', name)]
          : []),
      ];
    case 'join':
      return [{ name: `${name}_tables`, type: 'uint32_t', values: Array.from(step.tables, hex32) }];
    case 'dense-sliced':
      return [
        ...denseTables(step, name),
        ...(step.thresholds ? slicedThresholdTables(step.thresholds, name) : []),
      ];
    case 'pool':
    case 'add':
    case 'pack':
    case 'unpack':
    case 'flatten-sliced':
    case 'pool-sliced':
      return [];
  }
}

function denseTables({ stored }: SlicedDenseStep, name: string): Table[] {
  switch (stored.kind) {
    case 'planes':
      return weightTables(stored.weights, stored.encoding, name);
    case 'lanes':
      return [
        { name: `${name}_lanes`, type: 'uint32_t', values: Array.from(packLanes(stored.weights), hex32) },
      ];
    case 'packed':
      return packedTables(stored.packed, name);
  }
}

/** Whether a step's weights lie in flash as the lists that its kernel walks. */
export function isReady({ scratch }: TotalsStep): boolean {
  return scratch.kind === 'swar' && scratch.ready !== undefined;
}

/** The kernel reads two numbers at a time. */
function readyTable(numbers: Uint16Array, name: string): Table {
  return { name: `${name}_ready`, type: 'uint16_t', values: Array.from(numbers, String), aligned: 4 };
}

/** A table cannot be empty in C; a packing of nothing has none. */
function packedTables({ weights, packing }: ChosenPacking, name: string): Table[] {
  const { data, signs } = packingOf(packing).pack(weights);
  const table = (part: string, bytes: Uint8Array): Table[] =>
    bytes.length > 0 ? [{ name: `${name}_${part}`, type: 'uint8_t', values: Array.from(bytes, String) }] : [];
  return [...table('data', data), ...(signs ? table('signs', signs) : [])];
}

function slicedThresholdTables({ high, low }: SlicedThresholds, name: string): Table[] {
  const table = (part: string, values: Int16Array): Table => ({
    name: `${name}_${part}`,
    type: 'int16_t',
    values: Array.from(values, String),
  });
  return [table('high', high), ...(low ? [table('low', low)] : [])];
}

function fillTable(fill: readonly number[], type: 'u8' | 'i8' | 'i32', name: string): Table {
  return { name: `${name}_fill`, type: type === 'u8' ? 'uint8_t' : 'int8_t', values: fill.map(String) };
}

function weightTables(weights: IntegerWeights, encoding: Encoding, name: string): Table[] {
  if (encoding === 'bytes')
    return [{ name: `${name}_codes`, type: 'int8_t', values: Array.from(weights.codes, String) }];
  const plane = (part: string, test: (code: number) => boolean): Table => ({
    name: `${name}_${part}`,
    type: 'uint32_t',
    values: Array.from(packPlane(weights, test), hex32),
  });
  const negative = plane('negative', (code) => code < 0);
  return encoding === 'binary' ? [negative] : [plane('nonzero', (code) => code !== 0), negative];
}

function startTable(start: Int32Array | undefined, name: string): Table[] {
  return start ? [int32Table(`${name}_start`, start)] : [];
}

function int32Table(name: string, values: Int32Array): Table {
  return { name, type: 'int32_t', values: Array.from(values, int32Literal) };
}

function thresholdTables(node: ThresholdNode, name: string): Table[] {
  const falling = node.direction.some((sign) => sign < 0);
  return [
    int32Table(`${name}_thresholds`, node.values),
    ...(falling
      ? [{ name: `${name}_direction`, type: 'int8_t' as const, values: Array.from(node.direction, String) }]
      : []),
    { name: `${name}_steps`, type: 'int8_t', values: node.codes.map(String) },
  ];
}
