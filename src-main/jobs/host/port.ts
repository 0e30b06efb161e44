import type { HostMessage, JobMessage } from '#main/jobs/protocol.ts';

/** How a job's process came to its end. */
export interface JobExit {
  code: number | null;
  /** Name of the signal that ended it, or null. */
  signal: string | null;
  /** The line of its error output that says most about the end, or null. */
  lastLine: string | null;
}

/**
 * One child process, seen from the host. Plain Node's `fork` and Electron's `utilityProcess` both fit behind it.
 */
export interface JobPort {
  readonly pid: number | undefined;
  send(message: HostMessage): void;
  onMessage(listener: (message: JobMessage) => void): void;
  /** Called once, after the last message. A process that could not be started ends the same way. */
  onExit(listener: (exit: JobExit) => void): void;
  /** Ends the process at once, without asking it. */
  kill(): void;
}

/** Starts a child for a run. */
export type ForkJob = (run: string) => JobPort;
