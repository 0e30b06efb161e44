import { askProcess, type ForkJob } from '#main/jobs/host/index.ts';
import type { JobMessage, PredictionJob } from '#main/jobs/protocol.ts';
import type { TaskHandle } from '../task/types.ts';

/**
 * Has a process of its own say what a network takes samples for.
 *
 * @throws BitsmithError what the process says stopped it, `cancelled`, or `internal` where it vanishes
 */
export function predict(
  fork: ForkJob,
  run: string,
  job: PredictionJob,
  task: TaskHandle,
): Promise<Extract<JobMessage, { type: 'predictions' }>> {
  task.report(null, 'Reading the checkpoint and the samples');
  return askProcess(fork, run, 'runs the network', { type: 'predict', job }, 'predictions', {
    signal: task.signal,
    onMessage: (message) => {
      if (message.type !== 'predicting') return;
      const { done, of } = message;
      task.report(done / of, `${done.toLocaleString('en')} of ${of.toLocaleString('en')} samples`);
    },
  });
}
