import { spawn } from 'node:child_process';
import { BitsmithError } from '#shared/base/errors.ts';

export interface RunOptions {
  /** Working folder. */
  cwd?: string;
  /** Milliseconds after which the program is killed; default 60,000. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface RunResult {
  /** Exit status; null when a signal ended the program. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** What is kept of a program's output: enough for any error message. */
const OUTPUT_LIMIT = 1_000_000;

/**
 * Runs a program and waits for its end. No shell is involved. A status other than 0 is a result, not an error.
 *
 * @throws BitsmithError `unavailable` when the program is not there, `cancelled` when the signal aborts it,
 *   `job-failed` when it takes longer than `timeoutMs`
 */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { cwd, timeoutMs = 60_000, signal } = options;
  if (signal?.aborted) return Promise.reject(cancelled(program));
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...parameters], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let ending: BitsmithError | undefined;
    const end = (reason: BitsmithError) => {
      ending ??= reason;
      child.kill('SIGKILL');
    };
    const onAbort = () => end(cancelled(program));
    const timer = setTimeout(
      () => end(new BitsmithError('job-failed', `${program} did not end within ${timeoutMs / 1000} seconds`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('error', (error) => {
      finish();
      reject(
        new BitsmithError(
          'unavailable',
          `cannot run ${program}: ${error.message}`,
          { program },
          { cause: error },
        ),
      );
    });
    child.once('close', (status) => {
      finish();
      if (ending) reject(ending);
      else resolve({ status, stdout: stdout(), stderr: stderr() });
    });
  });
}

function cancelled(program: string): BitsmithError {
  return new BitsmithError('cancelled', `${program} was cancelled`);
}

/** Collects a stream's text up to the limit, and keeps reading after it so that the program never blocks. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  stream.on('data', (part: Buffer) => {
    if (length < OUTPUT_LIMIT) parts.push(part);
    length += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8').slice(0, OUTPUT_LIMIT);
}
