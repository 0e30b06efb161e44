import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';

const ENTRY = path.resolve('src-main/cli/main.ts');

export interface Finished {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts `bitsmith` with arguments; `done` resolves when it has ended. */
export function startBitsmith(
  args: readonly string[],
  options: { nodeArguments?: readonly string[]; env?: Record<string, string> } = {},
): { process: ChildProcess; done: Promise<Finished> } {
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), ENTRY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const done = new Promise<Finished>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { process: child, done };
}

export function bitsmith(
  args: readonly string[],
  options?: Parameters<typeof startBitsmith>[1],
): Promise<Finished> {
  return startBitsmith(args, options).done;
}
