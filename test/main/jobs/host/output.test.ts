import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { describeExit } from '#main/jobs/host/describe-exit.ts';
import { eachLine, lineKeeper } from '#main/jobs/host/output.ts';

describe('the output of a process', () => {
  it('is cut into lines wherever its pieces end', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    eachLine(stream, (line) => lines.push(line));
    for (const piece of [
      'fi',
      'rst\nsec',
      'ond\r\n',
      '\n',
      'gr',
      Buffer.from('ü').subarray(0, 1),
      Buffer.from('ü').subarray(1),
    ]) {
      stream.write(piece);
    }
    stream.end();
    await finished(stream);
    expect(lines).toEqual(['first', 'second', '', 'grü']);
  });

  const causeOf = (text: string): string | null => {
    const keeper = lineKeeper();
    text.split('\n').forEach((line) => keeper.take(line));
    return keeper.cause();
  };

  it('names the error among the lines of an uncaught one', () => {
    const uncaught =
      'file.ts:3\n  throw x;\n  ^\n\nTypeError: x is not a function\n    at a (b.ts:1)\n    at c (d.ts:2)\n\nNode.js v24.21.0';
    expect(causeOf(uncaught)).toBe('TypeError: x is not a function');
    expect(causeOf('FATAL ERROR: Reached heap limit\n----- Native stack trace -----\n 1: 0x1')).toBe(
      'FATAL ERROR: Reached heap limit',
    );
  });

  it('is the last plain line where there is no error, and nothing where there is nothing', () => {
    expect(causeOf('loading\ncuda: no device\n\nNode.js v24')).toBe('cuda: no device');
    expect(causeOf('\n \n')).toBeNull();
  });
});

it.each([
  [{ code: 0, signal: null, lastLine: null }, 'its process left without a result'],
  [{ code: 1, signal: null, lastLine: 'Error: x' }, 'its process ended with exit code 1: Error: x'],
  [{ code: null, signal: 'SIGSEGV', lastLine: null }, 'its process was ended by SIGSEGV'],
  [{ code: null, signal: null, lastLine: 'spawn ENOENT' }, 'its process could not be started: spawn ENOENT'],
])('an exit %j reads "%s"', (exit, text) => {
  expect(describeExit(exit)).toBe(text);
});
