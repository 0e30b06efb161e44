import { BitsmithError } from '#shared/base/errors.ts';
import { MOST_MODEL_BYTES } from './encode.ts';

/** Files that come or go in pieces. */
const KEPT = 4;

/** Files on their way, by name; the oldest is forgotten when there are too many. */
export interface Transfers {
  /** Adds to a file. @throws BitsmithError `unsupported` where it gets too large; it is forgotten then */
  append(name: string, piece: Uint8Array): number;
  put(name: string, bytes: Uint8Array): void;
  /** @throws BitsmithError `not-found` */
  get(name: string): Uint8Array;
  remove(name: string): void;
}

export function createTransfers(): Transfers {
  const files = new Map<string, Uint8Array[]>();
  const keep = (name: string, pieces: Uint8Array[]) => {
    files.delete(name);
    files.set(name, pieces);
    for (const oldest of files.keys()) {
      if (files.size <= KEPT) break;
      files.delete(oldest);
    }
  };
  return {
    append(name, piece) {
      const pieces = [...(files.get(name) ?? []), piece];
      const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
      if (bytes > MOST_MODEL_BYTES) {
        files.delete(name);
        const most = MOST_MODEL_BYTES / 1024 / 1024;
        throw new BitsmithError(
          'unsupported',
          `the file is larger than the ${most} MiB that a model file may have`,
        );
      }
      keep(name, pieces);
      return bytes;
    },
    put: (name, bytes) => keep(name, [bytes]),
    get(name) {
      const pieces = files.get(name);
      if (!pieces) {
        throw new BitsmithError(
          'not-found',
          'the file was forgotten, since others came after it; send or export it again',
        );
      }
      const [only] = pieces;
      if (only && pieces.length === 1) return only;
      const whole = Buffer.concat(pieces);
      files.set(name, [whole]);
      return whole;
    },
    remove: (name) => void files.delete(name),
  };
}
