import { BitsmithError } from '../../../base/errors.ts';
import { corruptFile } from '../../format.ts';
import { itemSize, readNpyHeader } from './header.ts';

/** A NumPy array in memory: numbers as they are, or text. */
export interface NpyArray {
  file: string;
  dtype: string;
  shape: readonly number[];
  /** Offset of the i-th element in its file. */
  place(i: number): number;
  values: ArrayLike<number> | readonly string[];
}

/**
 * Reads a whole array. Integers of 64 bits become numbers; one that a number cannot hold is refused.
 *
 * @throws BitsmithError `corrupt` for a file that is not what its header says, `unsupported` for a type or order that
 *   cannot be read, saying how to save it instead
 */
export function readNpyArray(file: string, bytes: Uint8Array): NpyArray {
  const { dtype, fortran, shape, start } = readNpyHeader(file, bytes);
  const size = itemSize(dtype);
  if (size === undefined) {
    throw new BitsmithError(
      'unsupported',
      `${file} holds elements of type ${dtype}; integers, booleans, floats and text (U) can be read: save it with array.astype('float32') or another of them`,
      { file, dtype },
    );
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (fortran && shape.filter((length) => length > 1).length > 1) {
    throw new BitsmithError(
      'unsupported',
      `${file} is in Fortran order; save it with numpy.ascontiguousarray(array)`,
      { file },
    );
  }
  if (bytes.length !== start + count * size) {
    const expected = `${start + count * size} bytes in all (${shape.join('×')} elements of ${size} bytes after a header of ${start})`;
    const found = `a file of ${bytes.length} bytes`;
    throw corruptFile(file, Math.min(bytes.length, start + count * size), expected, found);
  }
  const little = !dtype.startsWith('>');
  const kind = /[a-zA-Z]/.exec(dtype)![0];
  // A copy, so that the elements are aligned; `slice` of Node's buffers makes none.
  const data = new Uint8Array(bytes.subarray(start)).buffer;
  const values =
    kind === 'U' ? readText(data, count, size, little) : readNumbers(file, start, data, kind, size, little);
  return { file, dtype, shape, place: (i) => start + i * size, values };
}

/** This program runs on little-endian machines only; the other order is turned first. */
function readNumbers(
  file: string,
  start: number,
  data: ArrayBuffer,
  kind: string,
  size: number,
  little: boolean,
): ArrayLike<number> {
  if (!little && size > 1) turn(new Uint8Array(data), size);
  if (kind === 'f') {
    if (size === 2) return Float32Array.from(new Uint16Array(data), half);
    return size === 4 ? new Float32Array(data) : new Float64Array(data);
  }
  if (size === 8) return readLong(file, start, data, kind);
  const signed = kind === 'i';
  if (size === 1) return signed ? new Int8Array(data) : new Uint8Array(data);
  if (size === 2) return signed ? new Int16Array(data) : new Uint16Array(data);
  return signed ? new Int32Array(data) : new Uint32Array(data);
}

function readLong(file: string, start: number, data: ArrayBuffer, kind: string): Float64Array {
  const long = kind === 'i' ? new BigInt64Array(data) : new BigUint64Array(data);
  return Float64Array.from(long, (value, i) => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw corruptFile(file, start + i * 8, 'an integer below 2^53', String(value));
  });
}

function turn(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** UTF-32, padded with zeros. */
function readText(data: ArrayBuffer, count: number, size: number, little: boolean): string[] {
  const view = new DataView(data);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    for (let at = i * size; at < (i + 1) * size; at += 4) {
      const code = view.getUint32(at, little);
      if (code !== 0 && code <= 0x10ffff) text += String.fromCodePoint(code);
    }
    return text;
  });
}
