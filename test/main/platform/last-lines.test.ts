import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bytesOf } from '#main/platform/folder-size.ts';
import { lastLines } from '#main/platform/last-lines.ts';

function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'bitsmith-lines-'));
  onTestFinished(() => fs.rmSync(made, { recursive: true }));
  return made;
}

it('gives the last lines, whole, of a file of any length, and none where there is no file', async () => {
  const file = path.join(folder(), 'a.log');
  expect(await lastLines(file, 5)).toEqual([]);
  fs.writeFileSync(file, 'one\ntwo\nthree\n');
  expect(await lastLines(file, 2)).toEqual(['two', 'three']);
  expect(await lastLines(file, 9)).toEqual(['one', 'two', 'three']);
  expect(await lastLines(file, 0)).toEqual([]);
  const long = Array.from({ length: 40_000 }, (_, i) => `line ${i} with some words in it`);
  fs.writeFileSync(file, long.join('\n'));
  expect(await lastLines(file, 3)).toEqual(long.slice(-3));
  const most = await lastLines(file, 100_000);
  expect(long.slice(-most.length)).toEqual(most);
});

it('adds up the files of a folder and its folders; a missing one counts nothing', async () => {
  const root = folder();
  fs.mkdirSync(path.join(root, 'a/b'), { recursive: true });
  fs.writeFileSync(path.join(root, 'a/one'), '123');
  fs.writeFileSync(path.join(root, 'a/b/two'), '12345');
  expect(await bytesOf(root)).toBe(8);
  expect(await bytesOf(path.join(root, 'a/one'))).toBe(3);
  expect(await bytesOf(path.join(root, 'none'))).toBe(0);
});
