import { isLinear, type IntegerGraph } from '#shared/export/ir/graph.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import type { TargetId } from '#shared/export/targets/types.ts';
import { Draw } from '#test/support/random-quantities.ts';
import { baselineOf, FIGURES } from './baseline.ts';
import { GOALS, type BenchCase } from './cases.ts';
import type { Measured, MeasuredLayer } from './measure.ts';

/** One case on one core. */
export interface BenchRow {
  bench: BenchCase;
  core: TargetId;
  measured: Measured;
  /** The layers that are measured. */
  layers: readonly MeasuredLayer[];
  instructions: number;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');

/** @throws Error where no layer computes what the case measures */
export function rowOf(bench: BenchCase, core: TargetId, measured: Measured): BenchRow {
  const { nodes } = bench;
  const layers = measured.layers.filter((layer) => !nodes || nodes.some((id) => layer.nodes.includes(id)));
  if (layers.length === 0) throw new Error(`${bench.id}: no layer computes ${nodes?.join(', ')}`);
  const instructions = layers.reduce((sum, layer) => sum + layer.instructions, 0);
  return { bench, core, measured, layers, instructions };
}

export function ratioOf(row: BenchRow): number | undefined {
  const baseline = baselineOf(row.bench, row.core);
  return baseline === undefined ? undefined : baseline / row.instructions;
}

/** Geometric mean of the ratios of a group on a core; undefined without a baseline. */
export function groupRatio(rows: readonly BenchRow[], group: string, core: TargetId): number | undefined {
  const ratios = rows
    .filter((row) => row.bench.group === group && row.core === core)
    .map(ratioOf)
    .filter((ratio) => ratio !== undefined);
  if (ratios.length === 0) return undefined;
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** Goals, and what was reached: [group, core, goal, reached, verdict]. */
export function goalRows(rows: readonly BenchRow[]): (readonly (string | number)[])[] {
  return Object.entries(GOALS).flatMap(([group, cores]) =>
    Object.entries(cores).flatMap(([core, goal]) => {
      const reached = groupRatio(rows, group, core as TargetId);
      if (reached === undefined) return [];
      return [[group, core, `≥ ${goal}`, reached.toFixed(1), reached >= goal ? 'yes' : '**no**']];
    }),
  );
}

/** Kernels, or packings, of layers. */
export function namesOf(layers: readonly MeasuredLayer[], field: 'kernel' | 'packing'): string {
  return layers
    .map((layer) => layer[field])
    .filter((name) => name !== '')
    .join(', ');
}

/** `docs/firmware-benchmarks.md`. */
export function benchReport(rows: readonly BenchRow[], facts: { tools: readonly string[] }): string {
  const cores = [...new Set(rows.map((row) => row.core))];
  const cases = [...new Set(rows.map((row) => row.bench))];
  const at = (bench: BenchCase, core: TargetId) =>
    rows.find((row) => row.bench === bench && row.core === core);
  const cell = (row: BenchRow | undefined) => {
    if (!row) return '–';
    const ratio = ratioOf(row);
    return `${whole(row.instructions)}${ratio === undefined ? '' : ` (${ratio.toFixed(1)}×)`}`;
  };
  const layers = cases.filter((bench) => bench.nodes !== undefined);
  const networks = cases.filter((bench) => bench.nodes === undefined);
  return `# Firmware benchmarks

Written by \`npm run bench:firmware\`. Instructions of one inference under QEMU (\`-icount shift=0\`): exact and
repeatable, no cycles, no wait states. Every layer goes through the real exporter, and every integer is compared with
the reference on the way. In brackets: how many times fewer than CMSIS-NN's int8 kernels take for the same layer on the
same core. Weights and inputs are random, zeros lie anywhere; building of tiles, padding and thresholds are included.

- Here: ${facts.tools.join(', ')}.
- CMSIS-NN: ${FIGURES.source}

## Goals

Geometric mean of the ratios of a group's layers.

${table(['layers', 'core', 'goal', 'reached', 'met'], goalRows(rows))}

## Layers

${table(
  ['layer', ...cores],
  layers.map((bench) => [bench.id, ...cores.map((core) => cell(at(bench, core)))]),
)}

### Kernels that were chosen

${table(
  ['layer', 'kernel', 'packing', 'bytes of weights'],
  layers.map((bench) => {
    const parts = at(bench, cores[0] ?? 'cortex-m4')?.layers ?? [];
    const weights = parts.reduce((sum, layer) => sum + layer.weightBytes, 0);
    return [bench.id, namesOf(parts, 'kernel'), namesOf(parts, 'packing'), whole(weights)];
  }),
)}

## Networks

${table(
  ['network', ...cores],
  networks.map((bench) => [bench.id, ...cores.map((core) => cell(at(bench, core)))]),
)}

${networks.map((bench) => networkDetails(bench, at(bench, cores.includes('cortex-m4') ? 'cortex-m4' : (cores[0] ?? 'cortex-m4')))).join('\n\n')}

## Weights in flash

Bytes of each packing as a share of int8 (one byte a weight), for a 3×3 layer of 64 to 64 channels.

${packingTable()}

## Activations in RAM

${activationTable()}
`;
}

function networkDetails(bench: BenchCase, row: BenchRow | undefined): string {
  if (!row) return '';
  const { layers, arenaBytes } = row.measured;
  const weights = layers.reduce((sum, layer) => sum + layer.weightBytes, 0);
  return `### ${bench.id}

On ${row.core}; arena ${whole(arenaBytes)} bytes, weights ${whole(weights)} bytes (as int8 ${whole(int8WeightBytes(bench.graph()))}).

${table(
  ['layer', 'kernel', 'packing', 'bytes', 'instructions'],
  layers.map((layer) => [
    layer.id,
    `\`${layer.kernel}\``,
    layer.packing,
    whole(layer.weightBytes),
    whole(layer.instructions),
  ]),
)}`;
}

function int8WeightBytes(graph: IntegerGraph): number {
  return graph.nodes.reduce((sum, node) => sum + (isLinear(node) ? node.weights.codes.length : 0), 0);
}

const FLASH_ZEROS = [0.3, 0.5, 0.7, 0.9];

/** Share of int8's bytes, by packing and share of zeros. */
export function packingShares(): { packing: string; shares: (number | undefined)[] }[] {
  const draw = new Draw(9, 'packings');
  const sparse = FLASH_ZEROS.map((zeros) => {
    const codes = Int8Array.from({ length: 64 * 576 }, () => (draw.chance(zeros) ? 0 : draw.pick([-1, 1])));
    return { filters: 64, taps: 576, codes };
  });
  const binary = {
    filters: 64,
    taps: 576,
    codes: Int8Array.from({ length: 64 * 576 }, () => draw.pick([-1, 1])),
  };
  return PACKINGS.map((packing) => ({
    packing: packing.id,
    shares: [binary, ...sparse].map((weights) =>
      packing.fits(weights) ? packing.bytes(weights) / weights.codes.length : undefined,
    ),
  }));
}

function packingTable(): string {
  return table(
    ['packing', 'binary', ...FLASH_ZEROS.map((zeros) => `${zeros * 100} % zeros`)],
    packingShares().map(({ packing, shares }) => [
      packing,
      ...shares.map((share) => (share === undefined ? '–' : share.toFixed(3))),
    ]),
  );
}

function activationTable(): string {
  const maps = [
    [32, 32, 16],
    [16, 16, 32],
    [8, 8, 64],
    [25, 5, 64],
  ] as const;
  const planes = (height: number, width: number, channels: number, each: number) =>
    4 * Math.ceil((height * width) / 32) * channels * each;
  return table(
    ['map', 'int8', 'ternary', 'binary'],
    maps.map(([height, width, channels]) => {
      const bytes = height * width * channels;
      const share = (each: number) => {
        const packed = planes(height, width, channels, each);
        return `${whole(packed)} (1/${(bytes / packed).toFixed(1)})`;
      };
      return [`${height}×${width}×${channels}`, whole(bytes), share(2), share(1)];
    }),
  );
}
