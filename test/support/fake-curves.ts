import { RandomStream } from '#shared/base/random.ts';
import type { Histogram, MetricPoint, Series } from '#shared/run/record.ts';

/** Layers of the fake network that carry quantized weights. */
export const FAKE_LAYERS = ['conv1', 'conv2', 'conv3', 'dense1'] as const;

export interface FakeCurve {
  seed: number;
  /** Where the validation accuracy ends. */
  plateau: number;
  stepsPerEpoch: number;
  epochs: number;
  /** Every series has a point at every step: for measuring the window. */
  dense?: boolean;
}

/** The points that training reports for one step (0-based), as the real job would. */
export function pointsAt(curve: FakeCurve, step: number, random: RandomStream): MetricPoint[] {
  const epoch = step / curve.stepsPerEpoch;
  const time = step / 38;
  const total = curve.stepsPerEpoch * curve.epochs;
  const decay = Math.exp((-4.5 * step) / total);
  const noise = () => random.nextNormal();
  const point = (series: string, value: number): MetricPoint => ({ series, step, epoch, time, value });
  const spike = random.nextUniform() > 0.997 ? 0.6 : 0;
  const points = [
    point('train/loss', Math.max(0.005, 0.06 + 2.2 * decay + 0.05 * Math.abs(noise()) + spike)),
    point('train/accuracy', clamp(curve.plateau + 0.006 - 0.9 * decay + 0.012 * noise())),
  ];
  if (step % 20 === 0 || curve.dense) {
    points.push(
      point('learning-rate', 0.0005 * (1 + Math.cos((Math.PI * step) / total))),
      point('steps-per-second', 38 + 1.5 * noise()),
      point('memory/process', 412e6 + 40e6 * (1 - decay) + 1e6 * Math.abs(noise())),
      point('memory/backend', 48_300_000),
      point('memory/tensors', 214),
    );
    FAKE_LAYERS.forEach((layer, i) => {
      points.push(
        point(`layer/${layer}/zero-fraction`, clamp(0.34 + 0.05 * i + 0.14 * (1 - decay) + 0.004 * noise())),
        point(`layer/${layer}/flip-ratio`, Math.max(0, 0.09 * decay * (1 + 0.2 * i) + 0.001 * noise())),
      );
    });
    if (step % curve.stepsPerEpoch === 0 || curve.dense) {
      FAKE_LAYERS.forEach((layer, i) => {
        const scale = 0.6 + 0.1 * i + 0.25 * (1 - decay);
        points.push(
          point(`layer/${layer}/scale`, scale),
          point(`layer/${layer}/scale-low`, 0.8 * scale),
          point(`layer/${layer}/scale-high`, 1.3 * scale),
          point(`layer/${layer}/threshold/0`, -0.42 - 0.05 * (1 - decay)),
          point(`layer/${layer}/threshold/1`, 0.4 + 0.06 * (1 - decay)),
        );
      });
      points.push(
        point('layer/act1/threshold/0', -0.5),
        point('layer/act1/threshold/1', 0.5 + 0.1 * decay),
        point('layer/act1/scale', 1),
      );
    }
  }
  if (step > 0 && (step % curve.stepsPerEpoch === 0 || curve.dense)) {
    points.push(
      point('validation/loss', Math.max(0.01, 0.09 + 1.6 * decay + 0.02 * noise())),
      point('validation/accuracy', clamp(curve.plateau - 0.7 * decay + 0.004 * noise())),
    );
  }
  return points;
}

/** All points up to a step, thinned by `stride`. */
export function seriesUpTo(curve: FakeCurve, steps: number, stride: number): Map<string, Series> {
  const random = new RandomStream(curve.seed, 'curve');
  const series = new Map<string, Series>();
  for (let step = 0; step <= steps; step++) {
    const due = step % stride === 0 || step % curve.stepsPerEpoch === 0;
    if (due) pointsAt(curve, step, random).forEach((point) => appendPoint(series, point));
  }
  return series;
}

export function appendPoint(series: Map<string, Series>, point: MetricPoint): void {
  const found = series.get(point.series) ?? { name: point.series, step: [], epoch: [], time: [], value: [] };
  series.set(point.series, found);
  found.step.push(point.step);
  found.epoch.push(point.epoch);
  found.time.push(point.time);
  found.value.push(point.value);
}

/** Ternary weights gather around −1, 0 and +1 as the epochs pass. */
export function histogramsOf(curve: FakeCurve, epochsDone: number): Histogram[] {
  const edges = Array.from({ length: 41 }, (_, i) => -1.25 + (i * 2.5) / 40);
  return Array.from({ length: epochsDone }, (_, e) =>
    FAKE_LAYERS.map((layer, i): Histogram => {
      const sharp = 1 + (5 * (e + 1)) / curve.epochs;
      const counts = edges.slice(0, -1).map((edge) => {
        const x = edge + 1.25 / 40;
        const bump = (centre: number, weight: number) => weight * Math.exp(-((x - centre) ** 2) * sharp * 3);
        return Math.round(1200 * (bump(0, 1) + bump(0.75, 0.55 + 0.05 * i) + bump(-0.75, 0.5)));
      });
      const zero = 0.34 + 0.05 * i + (0.14 * (e + 1)) / curve.epochs;
      return {
        layer,
        epoch: e + 1,
        step: (e + 1) * curve.stepsPerEpoch,
        edges,
        counts,
        codes: { '-1': (1 - zero) * 0.47, '0': zero, '1': (1 - zero) * 0.53 },
        scales: [{ low: 0.5, mean: 0.6 + 0.1 * i, high: 0.9 }],
        // The last layer is residual: what the first level leaves over has codes of its own.
        ...(layer === 'dense1' ? { more: [{ '-1': 0.3, '0': 0.35, '1': 0.35 }] } : {}),
      };
    }),
  ).flat();
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
