import type { RunEvent } from '#shared/run/record.ts';

export type LogLevel = 'all' | 'warning' | 'error';

/** Lines that are shown; more of them would only slow the window down. */
export const MOST_LINES = 2000;

/** The last lines of at least this weight in which all words occur. */
export function logLines(
  events: readonly RunEvent[],
  level: LogLevel,
  search: string,
  most = MOST_LINES,
): { lines: RunEvent[]; found: number } {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = events.filter((event) => {
    if (level === 'error' && event.level !== 'error') return false;
    if (level === 'warning' && event.level === 'info') return false;
    const text = event.message.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return { lines: found.slice(-most), found: found.length };
}

/** As it goes into a bug report: one line for each. */
export function logText(events: readonly RunEvent[]): string {
  return events.map(({ at, level, message }) => `${at} ${level.toUpperCase()} ${message}`).join('\n');
}
