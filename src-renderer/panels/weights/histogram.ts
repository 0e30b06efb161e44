import type { Histogram } from '#shared/run/record.ts';
import type { BarChart } from '../../components/chart/types.ts';

/** Layers that have histograms, in the order of the network. */
export function layersOf(histograms: readonly Histogram[]): string[] {
  return [...new Set(histograms.map((row) => row.layer))];
}

export function epochsOf(histograms: readonly Histogram[], layer: string): number[] {
  return histograms.filter((row) => row.layer === layer).map((row) => row.epoch);
}

export function histogramChart(histogram: Histogram): BarChart {
  const x = histogram.counts.map((_, i) => ((histogram.edges[i] ?? 0) + (histogram.edges[i + 1] ?? 0)) / 2);
  return {
    kind: 'bars',
    x,
    y: histogram.counts,
    label: `Weights of ${histogram.layer}`,
    xLabel: 'Latent weight',
  };
}

/** Shares of the codes in numeric order, e.g. −1, 0, +1. */
export function codeShares(histogram: Histogram): { code: string; share: number }[] {
  return Object.entries(histogram.codes)
    .map(([code, share]) => ({ value: Number(code), share }))
    .toSorted((a, b) => a.value - b.value)
    .map(({ value, share }) => ({ code: value > 0 ? `+${value}` : String(value).replace('-', '−'), share }));
}
