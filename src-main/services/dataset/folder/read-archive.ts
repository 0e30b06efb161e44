import { unzipSync } from 'fflate';
import { messageOf } from '#shared/base/errors.ts';
import { corruptFile } from '#shared/dataset/format.ts';

/**
 * The arrays of a NumPy archive, unpacked.
 *
 * @param largest bytes that all of them together may have
 * @throws BitsmithError `corrupt` when it is no whole zip archive, or is larger unpacked than memory allows
 */
export function readArchive(name: string, bytes: Uint8Array, largest: number): Map<string, Uint8Array> {
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: (file) => {
        if (!/\.npy$/i.test(file.name)) return false;
        total += file.originalSize;
        if (total > largest) throw new Error(`more than ${largest} bytes of arrays`);
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    throw corruptFile(name, 0, 'a whole zip archive of .npy arrays', messageOf(error));
  }
}
