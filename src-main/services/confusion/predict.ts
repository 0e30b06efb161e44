import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { ForkJob } from '#main/jobs/host/index.ts';
import type { JobMessage, PredictionJob } from '#main/jobs/protocol.ts';
import type { TaskHandle } from '../task/types.ts';

type Answer = Extract<JobMessage, { type: 'predictions' }>;

/**
 * Has a process of its own say what a network takes samples for.
 *
 * @throws BitsmithError what the process says stopped it, `cancelled`, or `internal` where it vanishes
 */
export function predict(fork: ForkJob, run: string, job: PredictionJob, task: TaskHandle): Promise<Answer> {
  task.report(null, 'Reading the checkpoint and the samples');
  return new Promise((resolve, reject) => {
    const port = fork(`predict ${run}`);
    task.signal.addEventListener('abort', () => port.kill(), { once: true });
    port.onMessage((message) => {
      if (message.type === 'predicting') {
        const { done, of } = message;
        task.report(done / of, `${done.toLocaleString('en')} of ${of.toLocaleString('en')} samples`);
      } else if (message.type === 'predictions') resolve(message);
      else if (message.type === 'failed') reject(fromErrorData(message.error));
    });
    port.onExit(({ code, signal, lastLine }) => {
      const how = signal ? `was ended by ${signal}` : `ended with status ${code ?? 'unknown'}`;
      const why = lastLine ? `: ${lastLine}` : '';
      reject(new BitsmithError('internal', `the process that runs the network ${how}${why}`, { run }));
    });
    port.send({ type: 'predict', job });
  });
}
