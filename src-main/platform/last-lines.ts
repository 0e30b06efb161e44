import * as fs from 'node:fs/promises';

/** Longest end of a file that is looked at. */
const MOST_BYTES = 512 * 1024;

/** The last lines of a text file, the newest last; none where there is no file. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, MOST_BYTES);
    const buffer = Buffer.alloc(length);
    await handle.read(buffer, 0, length, size - length);
    const lines = buffer.toString('utf8').split('\n');
    // The first one may have been cut, and after the last line there is nothing.
    if (length < size) lines.shift();
    if (lines.at(-1) === '') lines.pop();
    return count === 0 ? [] : lines.slice(-count);
  } finally {
    await handle.close();
  }
}
