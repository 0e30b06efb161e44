import { computed } from 'vue';
import { useCurves } from '../../components/chart/use-curves.ts';
import { bytes, count, duration, number } from '../../components/base/format.ts';
import type { RunSummary } from '#shared/run/record.ts';

const SERIES = ['memory/process', 'memory/backend', 'memory/tensors'];

/** What a running run does and takes at this moment. */
export function useLiveFigures(run: () => RunSummary, batchSize: () => number | null, live: () => boolean) {
  const { answer } = useCurves({
    request: () => ({
      lines: SERIES.map((series) => ({ id: series, series, runs: [run().id] })),
      x: 'step' as const,
      smoothing: { kind: 'ema' as const, weight: 0 },
      centre: 'mean' as const,
      band: 'none' as const,
      focus: false,
    }),
    range: () => null,
    width: () => 16,
    active: () => true,
  });
  const of = (series: string) => answer.value?.curves.find(({ id }) => id === series);
  const memory = computed(() => {
    const [process, backend, tensors] = SERIES.map(of);
    return [
      ...(process
        ? [
            {
              name: live() ? 'Process memory' : 'Most process memory',
              value: bytes(live() ? process.last : process.max),
            },
          ]
        : []),
      ...(backend
        ? [
            {
              name: live() ? 'Tensors' : 'Tensors at the end',
              value: `${bytes(backend.last)}${tensors ? ` in ${count(tensors.last)}` : ''}`,
            },
          ]
        : []),
    ];
  });
  const speed = computed(() => {
    const rate = run().stepsPerSecond;
    if (rate === null) return null;
    const batch = batchSize();
    return `${number(rate)} steps/s${batch === null ? '' : ` · ${count(rate * batch)} samples/s`}`;
  });
  const left = computed(() => {
    if (run().status !== 'running') return null;
    const seconds = run().etaSeconds;
    return seconds === null ? 'estimating the time left' : `${duration(seconds)} left`;
  });
  return { memory, speed, left };
}
