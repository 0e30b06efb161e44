import { RandomStream } from '#shared/base/random.ts';
import type { MetricPoint } from '#shared/run/record.ts';
import type { Host } from '#main/host.ts';
import { newRunId } from '#main/store/index.ts';
import { fakeRun } from '#test/support/fake-runs.ts';

const STEPS_PER_EPOCH = 500;

/** Series that the page of runs draws by itself: those of layers it leaves out until it is asked. */
export const SERIES = [
  'train/loss',
  'train/accuracy',
  'validation/loss',
  'validation/accuracy',
  'learning-rate',
  'schedule/weight-quantization',
  'schedule/activation-quantization',
  'schedule/regularization',
  'schedule/sparsity',
  'gradient-norm',
] as const;

/** Stores finished runs, the newest last, and returns their ids. */
export function fillRuns(host: Host, count: number): string[] {
  const { store } = host;
  let last = store.runs.lastId();
  return store.transaction(() =>
    Array.from({ length: count }, (_, i) => {
      const { summary, config } = fakeRun(i + 10);
      const at = summary.createdAt;
      const id = newRunId(Date.now(), last);
      last = id;
      store.runs.create({ ...summary, id, config });
      store.runs.setStatus(id, 'running', { at });
      store.sessions.begin(id, 0, at);
      const { epochsDone, stepsDone, stepsTotal } = summary;
      store.runs.setProgress(id, { epochsDone, stepsDone, stepsTotal, stepsPerSecond: 38, etaSeconds: null });
      store.runs.setStatus(id, 'finished', {
        at,
        accuracy: summary.accuracy ?? 0.9,
        loss: summary.loss ?? 0.2,
      });
      return id;
    }),
  );
}

/** Gives a run curves that fall and rise, with noise and spikes. */
export function fillSeries(host: Host, run: string, seed: number, series: number, points: number): void {
  SERIES.slice(0, series).forEach((name, s) => {
    const random = new RandomStream(seed * 100 + s, 'bench');
    const rows = Array.from({ length: points }, (_, step): MetricPoint => {
      const decay = Math.exp((-4 * step) / points);
      const spike = random.nextUniform() > 0.999 ? 0.5 : 0;
      const value = (s % 2 === 0 ? decay : 1 - decay) + 0.05 * random.nextNormal() + spike;
      return { series: name, step, epoch: step / STEPS_PER_EPOCH, time: step / 40, value };
    });
    host.store.series.add(run, rows);
  });
}
