import { BitsmithError, fromErrorData } from '#shared/base/errors.ts';
import type { HostMessage, JobMessage } from '#main/jobs/protocol.ts';
import type { ForkJob } from './port.ts';

interface Watch {
  /** Ends the process; the question then fails with `cancelled`. */
  signal?: AbortSignal;
  /** Called for each message that is not the answer. */
  onMessage?(message: JobMessage): void;
}

/**
 * One question to a process of its own, which ends with its answer.
 *
 * @param name what the process works on, for the log and for errors: a run or a data set
 * @param work what the process does, for the sentence that says that it failed: `measures sparsity`
 * @throws BitsmithError what the process says, `cancelled`, or `internal` where it ends without an answer
 */
export function askProcess<T extends JobMessage['type']>(
  fork: ForkJob,
  name: string,
  work: string,
  question: HostMessage,
  answer: T,
  { signal: abort, onMessage }: Watch = {},
): Promise<Extract<JobMessage, { type: T }>> {
  return new Promise((resolve, reject) => {
    const port = fork(name);
    const stop = (): void => {
      port.kill();
      reject(new BitsmithError('cancelled', 'cancelled'));
    };
    abort?.addEventListener('abort', stop, { once: true });
    port.onMessage((message) => {
      if (message.type === 'failed') reject(fromErrorData(message.error));
      else if (isAnswer(message, answer)) resolve(message);
      else onMessage?.(message);
    });
    port.onExit(({ code, signal, lastLine }) => {
      abort?.removeEventListener('abort', stop);
      const how = signal ? `was ended by ${signal}` : `ended with status ${code ?? 'unknown'}`;
      const why = lastLine ? `: ${lastLine}` : '';
      reject(new BitsmithError('internal', `the process that ${work} ${how}${why}`, { of: name }));
    });
    port.send(question);
  });
}

function isAnswer<T extends JobMessage['type']>(
  message: JobMessage,
  type: T,
): message is Extract<JobMessage, { type: T }> {
  return message.type === type;
}
