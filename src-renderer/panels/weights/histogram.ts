import type { Histogram } from '#shared/run/record.ts';
import type { BarChart } from '../../components/chart/types.ts';
import { signedCode } from '../layer-series.ts';

/** Layers that have histograms, in the order of the network. */
export function layersOf(histograms: readonly Histogram[]): string[] {
  return [...new Set(histograms.map((row) => row.layer))];
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

/** The weights as they are deployed: how many have each code of a level. @param level from 0 on */
export function codesChart(histogram: Histogram, level: number): BarChart {
  const shares = codeShares(histogram, level);
  const total = histogram.counts.reduce((sum, count) => sum + count, 0);
  return {
    kind: 'bars',
    x: shares.map(({ value }) => value),
    y: shares.map(({ share }) => Math.round(share * total)),
    label: `Codes of ${histogram.layer}`,
    xLabel: 'Code',
    names: shares.map(({ code }) => code),
  };
}

/** Shares of the codes of a level in numeric order, e.g. −1, 0, +1. */
export function codeShares(
  histogram: Histogram,
  level = 0,
): { code: string; value: number; share: number }[] {
  const codes = level === 0 ? histogram.codes : (histogram.more?.[level - 1] ?? {});
  return Object.entries(codes)
    .map(([code, share]) => ({ value: Number(code), share, code: signedCode(Number(code)) }))
    .toSorted((a, b) => a.value - b.value);
}
