import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock, timestamp, type Clock } from './clock.ts';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The host's own diary. Never the console: standard output belongs to the command line's results. */
export interface Log {
  write(level: LogLevel, scope: string, message: string): void;
  close(): void;
}

export const silentLog: Log = { write: () => undefined, close: () => undefined };

interface LogOptions {
  /** Folder for `bitsmith.log` and its older siblings `bitsmith.1.log` … */
  folder: string;
  level?: LogLevel;
  /** A file that would grow beyond this is put aside. */
  maxBytes?: number;
  /** Number of older files that are kept. */
  keep?: number;
  clock?: Clock;
}

/** A log file that turns over by size. A log that cannot be written is silent: it must not stop the work it describes. */
export function createLog(options: LogOptions): Log {
  const { folder, level = 'info', maxBytes = 4 * 1024 * 1024, keep = 4, clock = systemClock } = options;
  const least = LOG_LEVELS.indexOf(level);
  const name = (index: number): string =>
    path.join(folder, index === 0 ? 'bitsmith.log' : `bitsmith.${index}.log`);
  let handle: number | undefined;
  let size = 0;

  function open(): number {
    if (handle !== undefined) return handle;
    fs.mkdirSync(folder, { recursive: true });
    const opened = fs.openSync(name(0), 'a');
    size = fs.fstatSync(opened).size;
    handle = opened;
    return opened;
  }

  function close(): void {
    if (handle !== undefined) fs.closeSync(handle);
    handle = undefined;
  }

  function turnOver(): void {
    close();
    fs.rmSync(name(keep), { force: true });
    for (let index = keep - 1; index >= 0; index--) {
      if (fs.existsSync(name(index))) fs.renameSync(name(index), name(index + 1));
    }
  }

  return {
    write(at, scope, message) {
      if (LOG_LEVELS.indexOf(at) < least) return;
      const line = Buffer.from(
        `${timestamp(clock)} ${at} [${scope}] ${message.replaceAll('\n', '\n    ')}\n`,
      );
      try {
        open();
        if (size > 0 && size + line.length > maxBytes) turnOver();
        fs.writeSync(open(), line);
        size += line.length;
      } catch {
        handle = undefined; // the next line tries again
      }
    },
    close,
  };
}
