import type { DeploymentEstimate, LayerEstimate } from '#shared/export/estimate/types.ts';
import type { InspectedLayer, ModelInspection } from '#shared/model/inspect/types.ts';
import type { DataTable } from '#shared/run/export/csv.ts';

/** Counts by bit width. */
export type ByBits = Readonly<Record<number, number>>;

/** One layer of the cost table; null: not known. */
export interface CostRow {
  id: string;
  kind: string;
  shape: readonly number[] | null;
  weights: ByBits | null;
  macs: ByBits | null;
  /** Bytes of its tables. */
  flash: number | null;
  /** Bytes of the arena while it is computed. */
  ram: number | null;
  instructions: number | null;
  kernel: string;
  packing: string;
  /** The layer whose step computes it, where that is another. */
  computedBy: string | null;
}

/** All layers with what is known of them. An estimate of another network gives what it knows of layers of the same id. */
export function costRows(layers: readonly InspectedLayer[], estimate: DeploymentEstimate | null): CostRow[] {
  const known = new Map(estimate?.layers.map((layer) => [layer.id, layer]));
  return layers.map((layer) => costRow(layer, known.get(layer.id)));
}

export function costRow(layer: InspectedLayer, estimate: LayerEstimate | undefined): CostRow {
  return {
    id: layer.id,
    kind: layer.kind,
    shape: layer.shape,
    weights: layer.cost?.weights ?? null,
    macs: layer.cost?.macs ?? null,
    flash: estimate?.flashBytes ?? null,
    ram: estimate ? estimate.valueBytes + estimate.scratchBytes : null,
    instructions: estimate?.instructions ?? null,
    kernel: estimate?.kernel ?? '',
    packing: estimate?.packing ?? '',
    computedBy: estimate && estimate.computedBy !== layer.id ? estimate.computedBy : null,
  };
}

/** The bit widths that occur, narrow ones first. */
export function widths(records: readonly (ByBits | null)[]): number[] {
  const all = records.flatMap((record) => Object.keys(record ?? {}).map(Number));
  return [...new Set(all)].sort((a, b) => a - b);
}

export function bitsTitle(width: number): string {
  return width >= 32 ? 'float' : `${width} bit`;
}

/** Share of a memory; null where either is unknown. */
export function shareOf(used: number | null, of: number | null | undefined): number | null {
  return used === null || of === null || of === undefined || of === 0 ? null : used / of;
}

/** The table with its totals, as exact as the numbers are. */
export function costTable(inspection: ModelInspection, estimate: DeploymentEstimate | null): DataTable {
  const rows = costRows(inspection.layers, estimate);
  const weights = widths(rows.map((row) => row.weights));
  const macs = widths(rows.map((row) => row.macs));
  const { total } = inspection.cost;
  return {
    columns: [
      'layer',
      'kind',
      'shape',
      ...weights.map((bits) => `parameters at ${bits} bits`),
      ...macs.map((bits) => `multiply-accumulates at ${bits} bits`),
      'bytes of flash',
      'bytes of RAM',
      'instructions',
      'kernel',
      'packing',
    ],
    rows: [
      ...rows.map((row) => [
        row.id,
        row.kind,
        row.shape?.join('x') ?? null,
        ...weights.map((bits) => (row.weights ? (row.weights[bits] ?? 0) : null)),
        ...macs.map((bits) => (row.macs ? (row.macs[bits] ?? 0) : null)),
        row.flash,
        row.ram,
        row.instructions,
        row.kernel,
        row.packing,
      ]),
      ...frontEndRows(estimate, weights.length + macs.length),
      [
        'total',
        '',
        null,
        ...weights.map((bits) => total.weights[bits] ?? 0),
        ...macs.map((bits) => total.macs[bits] ?? 0),
        estimate?.total.flash ?? null,
        estimate?.total.ram ?? null,
        estimate?.total.instructions ?? null,
        '',
        '',
      ],
    ],
  };
}

/** What makes the input of sound, where the network hears. */
function frontEndRows(estimate: DeploymentEstimate | null, counts: number): DataTable['rows'] {
  if (!estimate?.frontEnd) return [];
  const { flash, scratch } = estimate.frontEnd;
  const nothing = Array.from({ length: counts }, () => null);
  return [['Sound front end', 'front end', null, ...nothing, flash, scratch, null, '', '']];
}
