import { corruptFile } from '../../format.ts';

/** An IDX file's header: big-endian magic 0x0000TTDD (type, dimensions) and one 32-bit size for each dimension. */
export interface IdxHeader {
  sizes: readonly number[];
  /** Offset of the first element. */
  start: number;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads and checks the header of an IDX file of unsigned bytes, including that the file has exactly the bytes that
 * its sizes call for.
 *
 * @param dimensions numbers of dimensions that are allowed
 * @throws BitsmithError `corrupt` naming the file, the byte offset and what was expected
 */
export function readIdxHeader(file: string, bytes: Uint8Array, dimensions: readonly number[]): IdxHeader {
  const allowed = dimensions.map((count) => hex((UNSIGNED_BYTE << 8) | count)).join(' or ');
  if (bytes.length < 4) throw corruptFile(file, 0, `the magic number ${allowed}`, ended(bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const count = magic & 0xff;
  if (magic >>> 8 !== UNSIGNED_BYTE || !dimensions.includes(count)) {
    throw corruptFile(
      file,
      0,
      `the magic number ${allowed} (unsigned bytes, ${dimensions.join(' or ')} dimensions)`,
      hex(magic),
    );
  }
  const start = 4 + 4 * count;
  if (bytes.length < start) {
    throw corruptFile(file, bytes.length, `a header of ${start} bytes`, ended(bytes.length));
  }
  const sizes = Array.from({ length: count }, (_, axis) => view.getUint32(4 + 4 * axis));
  const empty = sizes.indexOf(0);
  if (empty >= 0)
    throw corruptFile(file, 4 + 4 * empty, `a size of at least 1 for dimension ${empty + 1}`, '0');
  const size = start + sizes.reduce((product, length) => product * length, 1);
  if (bytes.length !== size) {
    const expected = `${size} bytes in all (${sizes.join('×')} elements after a header of ${start} bytes)`;
    throw corruptFile(file, Math.min(bytes.length, size), expected, ended(bytes.length));
  }
  return { sizes, start };
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function ended(length: number): string {
  return `a file of ${length} bytes`;
}
