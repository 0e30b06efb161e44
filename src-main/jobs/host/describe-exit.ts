import type { JobExit } from './port.ts';

/** One line for a person: how the process ended, and its last word. */
export function describeExit({ code, signal, lastLine }: JobExit): string {
  const word = lastLine === null ? '' : `: ${lastLine}`;
  if (signal !== null) {
    const hint = signal === 'SIGKILL' ? ' (by a person, or by the system for want of memory)' : '';
    return `its process was ended by ${signal}${hint}${word}`;
  }
  if (code === null) return `its process could not be started${word}`;
  if (code === 0) return `its process left without a result${word}`;
  return `its process ended with exit code ${code}${word}`;
}
