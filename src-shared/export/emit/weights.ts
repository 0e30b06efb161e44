import type { LinearNode, ThresholdNode } from '../ir/graph.ts';
import { packPlane } from '../plan/encoding.ts';
import type { Encoding, Step } from '../plan/types.ts';
import { arrayText, banner, hex32, int32Literal } from './c-text.ts';
import type { BundleFile, Emission } from './types.ts';

/** One constant table of the bundle. */
export interface Table {
  name: string;
  type: 'uint32_t' | 'int32_t' | 'int8_t' | 'uint8_t';
  values: readonly string[];
}
const ELEMENT: Record<Table['type'], number> = { uint32_t: 4, int32_t: 4, int8_t: 1, uint8_t: 1 };

/** All constant tables of the network, in the order of the steps. */
export function tablesOf(emission: Emission): Table[] {
  return emission.plan.steps.flatMap((step, index) =>
    stepTables(step, `${emission.name}_${emission.symbols[index]}`),
  );
}

/** Exact bytes of all tables: what the network itself takes of flash, besides code. */
export function tableBytes(tables: readonly Table[]): number {
  return tables.reduce((bytes, table) => bytes + ELEMENT[table.type] * table.values.length, 0);
}

function stepTables(step: Step, name: string): Table[] {
  switch (step.kind) {
    case 'pad':
      return step.fill ? [{ name: `${name}_fill`, type: 'uint8_t', values: step.fill.map(String) }] : [];
    case 'conv2d':
      return [
        ...weightTables(step.node, step.encoding, name),
        ...startTable(step.start, name),
        ...(step.threshold ? thresholdTables(step.threshold, name) : []),
      ];
    case 'conv2d-levels':
      return [
        ...step.levels.flatMap((level, index) => [
          ...weightTables(level.node, level.encoding, `${name}_level${index}`),
          ...startTable(level.start, `${name}_level${index}`),
          int32Table(`${name}_level${index}_multipliers`, level.multipliers),
        ]),
        int32Table(`${name}_bias`, step.bias),
        ...(step.threshold ? thresholdTables(step.threshold, name) : []),
      ];
    case 'dense':
      return [...weightTables(step.node, step.encoding, name), ...startTable(step.start, name)];
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
    case 'pool':
    case 'add':
      return [];
  }
}

function weightTables({ weights }: LinearNode, encoding: Encoding, name: string): Table[] {
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

/** `src/<net>_weights.h` and `src/<net>_weights.c`. */
export function weightFiles(emission: Emission): BundleFile[] {
  const { name, upper } = emission;
  const tables = tablesOf(emission);
  const title = `Constant tables of the network ${name}.`;
  const declare = (table: Table) => `const ${table.type} ${table.name}[${table.values.length}]`;
  const header =
    banner(title, []) +
    `#ifndef ${upper}_WEIGHTS_H\n#define ${upper}_WEIGHTS_H\n\n#include <stdint.h>\n\n` +
    tables.map((table) => `extern ${declare(table)};\n`).join('') +
    '\n#endif\n';
  const source =
    banner(title, [
      'Bit planes: one row of 32-bit words per filter; bit k & 31 of word k >> 5 belongs to tap k (bitsmith.h).',
    ]) +
    `#include "${name}_weights.h"\n\n` +
    tables.map((table) => arrayText(declare(table), table.values)).join('\n');
  return [
    { path: `src/${name}_weights.h`, content: header },
    { path: `src/${name}_weights.c`, content: source },
  ];
}
