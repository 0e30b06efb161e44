import { fork } from 'node:child_process';
import * as path from 'node:path';
import type { HostAnswers, HostQuestion } from './host-main.ts';

export interface HostProcess {
  ask<Q extends HostQuestion>(question: Q): Promise<HostAnswers[Q['ask']]>;
  close(): Promise<void>;
}

/** The host in a process of its own. One question at a time. */
export function startHostProcess(): HostProcess {
  const child = fork(path.join(import.meta.dirname, 'host-main.ts'), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  function ask<Q extends HostQuestion>(question: Q): Promise<HostAnswers[Q['ask']]> {
    return new Promise((resolve, reject) => {
      const lost = () => reject(new Error(`the host's process ended while it was asked to ${question.ask}`));
      child.once('exit', lost);
      child.once('message', (reply: { result: HostAnswers[Q['ask']]; error?: string }) => {
        child.off('exit', lost);
        if (reply.error !== undefined) reject(new Error(reply.error));
        else resolve(reply.result);
      });
      child.send(question);
    });
  }

  return {
    ask,
    async close() {
      if (child.exitCode !== null) return;
      await ask({ ask: 'close' });
      child.disconnect();
      await gone;
    },
  };
}
