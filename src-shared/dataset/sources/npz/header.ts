import { corruptFile } from '../../format.ts';

/** What the header of a NumPy `.npy` array says. */
export interface NpyHeader {
  /** NumPy's type string, e.g. `<f4`, `|u1`, `<U10`. */
  dtype: string;
  fortran: boolean;
  shape: readonly number[];
  /** Offset of the first element. */
  start: number;
}

const MAGIC = '\x93NUMPY';

/** Bytes of an element of a type that can be read, else undefined. */
export function itemSize(dtype: string): number | undefined {
  const match = /^[<>|=]?([biufU])(\d+)$/.exec(dtype);
  if (!match) return undefined;
  const size = Number(match[2]);
  if (match[1] === 'U') return size * 4;
  const sizes = match[1] === 'f' ? [2, 4, 8] : match[1] === 'b' ? [1] : [1, 2, 4, 8];
  return sizes.includes(size) ? size : undefined;
}

/**
 * Reads a header alone; the elements may be missing.
 *
 * @throws BitsmithError `corrupt` naming the file, the byte offset and what was expected
 */
export function readNpyHeader(file: string, bytes: Uint8Array): NpyHeader {
  const begin = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (begin !== MAGIC) throw corruptFile(file, 0, 'a NumPy array (\\x93NUMPY)', JSON.stringify(begin));
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3) throw corruptFile(file, 6, 'version 1, 2 or 3', String(bytes[6] ?? 'the end'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fixed = major === 1 ? 10 : 12;
  const length = bytes.length < fixed ? NaN : major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = fixed + length;
  if (!(start <= bytes.length)) {
    throw corruptFile(file, Math.min(8, bytes.length), 'a whole header', `a file of ${bytes.length} bytes`);
  }
  const text = new TextDecoder().decode(bytes.subarray(fixed, start));
  const dtype = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (dtype === undefined || order === undefined || sizes === undefined) {
    const expected = 'a header with one type, the order and the shape (structured arrays cannot be read)';
    throw corruptFile(file, fixed, expected, JSON.stringify(text.trim().slice(0, 80)));
  }
  const shape = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  return { dtype, fortran: order === 'True', shape, start };
}
