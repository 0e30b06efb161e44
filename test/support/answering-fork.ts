import type { ForkJob } from '#main/jobs/host/index.ts';
import type { HostMessage, JobMessage } from '#main/jobs/protocol.ts';

/** Stands in for the process that computes: gives each question these answers, then ends. */
export function answeringFork(answers: (question: HostMessage) => readonly JobMessage[]): ForkJob {
  return () => {
    let hear = (_message: JobMessage): void => undefined;
    let end = (): void => undefined;
    return {
      pid: undefined,
      send: (question) =>
        setImmediate(() => {
          answers(question).forEach((message) => hear(message));
          end();
        }),
      onMessage: (listener) => (hear = listener),
      onExit: (listener) => (end = () => listener({ code: 0, signal: null, lastLine: null })),
      kill: () => end(),
    };
  };
}

/** For services whose labels are not looked at. */
export const forkWithoutNeighbours = answeringFork(() => [{ type: 'unusual-labels', labels: null }]);
