import { BitsmithError } from '#shared/base/errors.ts';
import type { TopicPayload } from '#shared/contract/topics/index.ts';
import type { RunSummary } from '#shared/run/record.ts';
import type { Host } from '../host.ts';
import { percent, seconds, type ProgressLine } from './output.ts';

/** Shows a run's progress until it ends. Returns its summary, whatever its status. */
export async function followRun(host: Host, run: string, progress: ProgressLine): Promise<RunSummary> {
  const leave = host.subscribe((topic, payload) => {
    if (topic === 'metrics') showMetrics(payload as TopicPayload<'metrics'>, run, progress);
    else if (topic === 'runs-changed' && (payload as TopicPayload<'runs-changed'>).run === run) {
      void Promise.resolve(host.services.run.get({ run })).then(({ summary }) =>
        showProgress(summary, progress),
      );
    } else if (topic === 'run-log' && (payload as TopicPayload<'run-log'>).run === run) {
      progress.note((payload as TopicPayload<'run-log'>).message);
    }
  });
  try {
    return await host.services.run.whenEnded(run);
  } finally {
    leave();
    progress.end();
  }
}

function showMetrics(
  { run: of, points }: TopicPayload<'metrics'>,
  run: string,
  progress: ProgressLine,
): void {
  if (of !== run) return;
  for (const point of points) {
    if (point.series === 'validation/accuracy') {
      progress.note(
        `epoch ${Math.round(point.epoch)}: validation accuracy ${percent(point.value)} after ${seconds(point.time)}`,
      );
    }
  }
}

function showProgress(summary: RunSummary, progress: ProgressLine): void {
  if (summary.status !== 'running') return;
  const share = summary.stepsTotal > 0 ? Math.floor((100 * summary.stepsDone) / summary.stepsTotal) : 0;
  const rate = summary.stepsPerSecond === null ? '' : `, ${summary.stepsPerSecond.toFixed(1)} steps/s`;
  progress.update(
    `training ${share} %: step ${summary.stepsDone} of ${summary.stepsTotal}${rate}, ${seconds(summary.etaSeconds)} to go`,
  );
}

/** @throws BitsmithError `job-failed` (or `cancelled`, when a person paused it) unless the run finished */
export function requireFinished(summary: RunSummary): void {
  if (summary.status === 'finished') return;
  const resume = `go on with \`bitsmith resume ${summary.id}\``;
  if (summary.status === 'paused' || summary.status === 'stopped') {
    throw new BitsmithError('cancelled', `run ${summary.id} is ${summary.status}; ${resume}`);
  }
  throw new BitsmithError(
    'job-failed',
    `run ${summary.id} ${summary.status}: ${summary.reason ?? 'unknown reason'}; ${resume}`,
  );
}
