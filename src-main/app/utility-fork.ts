import type { Readable } from 'node:stream';
import { utilityProcess } from 'electron';
import { eachLine, lineKeeper, type ForkJob, type JobExit, type JobPort } from '../jobs/host/index.ts';
import type { JobMessage } from '../jobs/protocol.ts';
import type { Log } from '../platform/log.ts';

/**
 * Runs jobs in Electron's utility processes: Electron's own Node, without a window, and a driver crash stays inside.
 *
 * @param entry the child's entry, an absolute path
 * @param log where its output goes; asked for at each start, because the host makes it
 */
export function utilityFork(entry: string, log: () => Log): ForkJob {
  return (run) => {
    const child = utilityProcess.fork(entry, [], { stdio: 'pipe', serviceName: `Bitsmith job ${run}` });
    const errors = lineKeeper();
    if (child.stdout) {
      eachLine(child.stdout as Readable, (line) => log().write('info', `job ${run}`, line));
    }
    if (child.stderr) {
      eachLine(child.stderr as Readable, (line) => {
        errors.take(line);
        log().write('warning', `job ${run}`, line);
      });
    }
    let end: JobExit | undefined;
    const exitListeners: ((exit: JobExit) => void)[] = [];
    child.on('exit', (code) => {
      // Electron reports a signal as a code without a name.
      end = { code, signal: null, lastLine: errors.cause() };
      for (const listener of exitListeners) listener(end);
    });
    const port: JobPort = {
      get pid() {
        return child.pid;
      },
      send: (message) => {
        if (!end) child.postMessage(message);
      },
      onMessage: (listener) => void child.on('message', (message: JobMessage) => listener(message)),
      onExit: (listener) => {
        if (end) listener(end);
        else exitListeners.push(listener);
      },
      kill: () => {
        if (child.pid === undefined || end) return;
        try {
          process.kill(child.pid, 'SIGKILL');
        } catch {
          // it ended in this moment
        }
      },
    };
    return port;
  };
}
