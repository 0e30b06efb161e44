import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** Bytes of a file, or of all files in a folder. What vanishes meanwhile, or is not there, counts nothing. */
export async function bytesOf(place: string): Promise<number> {
  try {
    const stat = await fs.lstat(place);
    if (!stat.isDirectory()) return stat.size;
    const names = await fs.readdir(place);
    const sizes = await Promise.all(names.map((name) => bytesOf(path.join(place, name))));
    return sizes.reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    return 0;
  }
}
