import type { Readable } from 'node:stream';

/** Cuts a stream into lines and hands them on, the unfinished last one too. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    // A program that never ends its line must not fill the memory.
    rest = (lines.pop() ?? '').slice(-10_000);
    lines.forEach(take);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest);
  });
}

/** Keeps the last few lines of an error output and picks the one that names the cause. */
export function lineKeeper(limit = 40): { take(line: string): void; cause(): string | null } {
  const kept: string[] = [];
  return {
    take(line) {
      if (line.trim() === '') return;
      kept.push(line.trim().slice(0, 500));
      if (kept.length > limit) kept.shift();
    },
    cause() {
      // Node prints `SomeError: why`, a stack and its own version; only the first says what happened.
      const telling = kept.findLast((line) => /^(\w*Error\b.*:|FATAL ERROR:|Uncaught )/.test(line));
      const plain = kept.findLast((line) => !/^(at |Node\.js v|\^|\}|\{)/.test(line));
      return telling ?? plain ?? kept.at(-1) ?? null;
    },
  };
}
