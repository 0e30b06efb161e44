import type { Histogram } from '#shared/run/record.ts';
import { layersOf } from '../../../panels/weights/histogram.ts';
import { layerMeasure } from '../../../panels/layer-series.ts';

/** A layer of which something is recorded. */
export interface RecordedLayer {
  id: string;
  /** Absent histogram: an activation. */
  kind: 'weights' | 'activation';
}

/**
 * The layers of a run: those with weights in the order of the network, then activations.
 *
 * @param latest histograms of the last epoch, of all layers
 */
export function recordedLayers(names: readonly string[], latest: readonly Histogram[]): RecordedLayer[] {
  const weights = layersOf(latest);
  const others = new Set(names.flatMap((name) => layerMeasure(name)?.layer ?? []));
  return [
    ...weights.map((id) => ({ id, kind: 'weights' as const })),
    ...[...others]
      .filter((id) => !weights.includes(id))
      .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      // Before the first epoch is over nobody knows which layers have weights; only those have a flip ratio.
      .map((id) => ({
        id,
        kind: names.includes(`layer/${id}/zero-fraction`) ? ('weights' as const) : ('activation' as const),
      })),
  ];
}

/** What all layers are compared by, in small pictures. */
export const MEASURES = [
  { value: 'states', label: 'States' },
  { value: 'history', label: 'Weights over time' },
  { value: 'zero-fraction', label: 'Zero fraction' },
  { value: 'flip-ratio', label: 'Flip ratio' },
  { value: 'scale', label: 'Scale' },
  { value: 'thresholds', label: 'Thresholds' },
] as const;
export type Measure = (typeof MEASURES)[number]['value'];
