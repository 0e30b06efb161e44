import { fork } from 'node:child_process';
import type { JobMessage } from '#main/jobs/protocol.ts';
import type { Log } from '#main/platform/log.ts';
import { eachLine, lineKeeper } from './output.ts';
import type { ForkJob, JobExit, JobPort } from './port.ts';

/** After `exit`, how long to wait for what is still in the pipes. A grandchild may hold them open for ever. */
const DRAIN_MILLISECONDS = 400;

interface ForkOptions {
  /** The child's entry, an absolute path. */
  entry: string;
  log: Log;
  /** Options of Node itself; absent: those of this process, without its debugger. */
  execArgv?: string[];
  env?: NodeJS.ProcessEnv;
}

/** Runs jobs as child processes of plain Node, with typed arrays and such passing as they are. */
export function nodeFork({ entry, log, execArgv, env }: ForkOptions): ForkJob {
  return (run) => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: execArgv ?? process.execArgv.filter((option) => !option.startsWith('--inspect')),
      ...(env ? { env } : {}),
      // A group of its own: Ctrl-C in a terminal is for the host, which then asks the job to write a checkpoint.
      detached: process.platform !== 'win32',
    });
    const errors = lineKeeper();
    if (child.stdout) eachLine(child.stdout, (line) => log.write('info', `job ${run}`, line));
    if (child.stderr) {
      eachLine(child.stderr, (line) => {
        errors.take(line);
        log.write('warning', `job ${run}`, line);
      });
    }

    let end: JobExit | undefined;
    let told = false;
    const exitListeners: ((exit: JobExit) => void)[] = [];
    const tell = (exit: JobExit): void => {
      if (told) return;
      told = true;
      end = exit;
      for (const listener of exitListeners) listener(exit);
    };
    child.on('exit', (code, signal) => {
      setTimeout(() => tell({ code, signal, lastLine: errors.cause() }), DRAIN_MILLISECONDS);
    });
    child.on('close', (code, signal) => tell({ code, signal, lastLine: errors.cause() }));
    child.on('error', (error) => {
      log.write('error', `job ${run}`, error.message);
      // Only a process that never was: other errors (a message that could not be sent) are followed by its exit.
      if (child.pid === undefined) tell({ code: null, signal: null, lastLine: error.message });
    });

    return {
      pid: child.pid,
      send(message) {
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) => void child.on('message', (message) => listener(message as JobMessage)),
      onExit(listener) {
        if (told && end) listener(end);
        else exitListeners.push(listener);
      },
      kill: () => void child.kill('SIGKILL'),
    } satisfies JobPort;
  };
}
