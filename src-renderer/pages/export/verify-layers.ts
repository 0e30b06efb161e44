import type { Bundle, VerifyResult, VerifyRow } from '#shared/contract/api/export.ts';
import { verifyRows } from './verdict.ts';

/** What was counted for one layer on one core. */
export interface LayerCount {
  instructions: number | null;
  /** Of all counted instructions of that core. */
  share: number | null;
}

export interface VerifyLayerRow {
  id: string;
  /** By the cost laws, for a Cortex-M4. */
  estimate: number | null;
  /** In the order of `countedCores`. */
  counts: LayerCount[];
  /** Cores on which this is the first layer that differs from the reference. */
  differsOn: string[];
}

/** The core that the planner's cost laws are for: only there is a ratio to the estimate an honest one. */
export const ESTIMATED_CORE = 'cortex-m4';

/** Places where instructions were counted by layer. */
export function countedCores(result: VerifyResult): VerifyRow[] {
  return verifyRows(result).filter(({ layers }) => layers.length > 0);
}

/** Estimates and counts of every layer, with the first layers that differ. */
export function verifyLayerRows(layers: Bundle['layers'], result: VerifyResult): VerifyLayerRow[] {
  const cores = countedCores(result).map((row) => ({
    byId: new Map(row.layers.map(({ id, instructions }) => [id, instructions])),
    total: row.layers.reduce((sum, { instructions }) => sum + instructions, 0),
  }));
  const ids = [
    ...new Set([
      ...layers.map(({ id }) => id),
      ...countedCores(result).flatMap((row) => row.layers.map(({ id }) => id)),
    ]),
  ];
  return ids.map((id) => ({
    id,
    estimate: layers.find((layer) => layer.id === id)?.estimate ?? null,
    counts: cores.map(({ byId, total }) => {
      const instructions = byId.get(id) ?? null;
      return { instructions, share: instructions === null || total === 0 ? null : instructions / total };
    }),
    differsOn: verifyRows(result)
      .filter(({ firstMismatch }) => firstMismatch?.layer === id)
      .map(({ core }) => core),
  }));
}

/** Counted over estimated: `1.08 ×`; null where either is missing or nothing was estimated. */
export function ratioToEstimate(counted: number | null, estimate: number | null): number | null {
  return counted === null || !estimate ? null : counted / estimate;
}

/** What the verification was made on, in one sentence. */
export function samplesSentence({ samples }: VerifyResult, write: (value: number) => string): string {
  const { asked, taken, source, adversarial, thresholdsHit, thresholds } = samples;
  const kind = source === 'test' ? 'test samples' : 'random samples';
  const fewer = taken < asked ? ` (of ${write(asked)} asked for: the reference would take too long)` : '';
  const hit =
    thresholds > 0
      ? `, which hit or just miss ${write(thresholdsHit)} of ${write(thresholds)} thresholds`
      : '';
  const hard = adversarial > 0 ? ` and ${write(adversarial)} adversarial ones${hit}` : '';
  return `${write(taken)} ${kind}${fewer}${hard}.`;
}
