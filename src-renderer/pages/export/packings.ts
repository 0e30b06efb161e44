import type { ErrorData } from '#shared/base/errors.ts';
import type { BundlePlan } from '#shared/contract/api/export.ts';
import type { PlanOptions } from '#shared/export/plan/options.ts';
import { PACKINGS } from '#shared/export/plan/packing/registry.ts';
import type { PackingId } from '#shared/export/plan/packing/types.ts';
import { bytes, count } from '../../components/base/format.ts';

export type AskedPackings = PlanOptions['packing'];
export type PlanLayer = Pick<
  BundlePlan['layers'][number],
  'id' | 'packing' | 'weightBytes' | 'estimate' | 'alternatives'
>;

/** Value of the select for "as the planner chooses"; no packing has this name. */
export const AUTOMATIC = 'automatic';

export interface PackingItem {
  value: string;
  label: string;
  /** What it takes of flash and of time. */
  costs: string;
}

/** What the packings of a layer would cost, the planner's own choice first. */
export function packingItems(layer: PlanLayer, asked: PackingId | undefined): PackingItem[] {
  const automatic = asked
    ? { value: AUTOMATIC, label: 'Automatic', costs: 'as the objective says' }
    : {
        value: AUTOMATIC,
        label: `Automatic: ${layer.packing || 'none'}`,
        costs: costsOf(layer.weightBytes, layer.estimate),
      };
  const offered = layer.alternatives.map(({ packing, weightBytes, estimate }) => ({
    value: packing as string,
    label: packing as string,
    costs: costsOf(weightBytes, estimate),
  }));
  // What was asked for stays to be seen also where it is no longer offered.
  const lost = asked && !offered.some(({ value }) => value === asked);
  return [automatic, ...offered, ...(lost ? [{ value: asked, label: asked, costs: 'does not fit' }] : [])];
}

/** Whether there is anything to choose. */
export function hasChoice(layer: PlanLayer, asked: PackingId | undefined): boolean {
  return layer.alternatives.length > 0 || asked !== undefined;
}

function costsOf(weightBytes: number, estimate: number | null): string {
  return `${bytes(weightBytes)} of flash, ${estimate === null ? 'not estimated' : `≈ ${count(estimate)} instructions`}`;
}

/** What a packing is, in the registry's words; empty for those that belong to one kernel. */
export function packingTitle(id: string): string {
  return PACKINGS.find((packing) => packing.id === id)?.title ?? '';
}

/** The packings that are asked for after a choice. */
export function choosePacking(asked: AskedPackings, layer: string, value: string): AskedPackings {
  const { [layer]: _, ...others } = asked;
  const packing = PACKINGS.find(({ id }) => id === value)?.id;
  return packing ? { ...others, [layer]: packing } : others;
}

/** Of which layer's packing an error of the host speaks, and what it says of it. */
export function packingProblem(
  error: ErrorData | null,
  asked: AskedPackings,
): { layer: string; message: string } | undefined {
  if (error?.code !== 'invalid-input') return undefined;
  const layer = Object.keys(asked).find((id) => error.message.startsWith(`packing of ${id}: `));
  return layer === undefined
    ? undefined
    : { layer, message: error.message.slice(`packing of ${layer}: `.length) };
}
