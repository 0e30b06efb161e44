import { z } from 'zod';
import { BitsmithError } from './errors.ts';

/**
 * The safetensors file format: 8 bytes little-endian length of a JSON header, the header, then the raw tensors. Only
 * float32 and int8 are used here; `__metadata__` is a map from text to text, as the format demands.
 */
export interface TensorFile {
  metadata: Record<string, string>;
  tensors: Map<string, NamedTensor>;
}
export interface NamedTensor {
  shape: readonly number[];
  data: Float32Array | Int8Array;
}

const HeaderSchema = z.record(
  z.string(),
  z.union([
    z.strictObject({
      dtype: z.enum(['F32', 'I8']),
      shape: z.array(z.int().nonnegative()),
      data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
    }),
    z.record(z.string(), z.string()),
  ]),
);

/** Tensors are written in name order, each on an 8-byte boundary: the same content gives the same bytes. */
export function encodeSafetensors(file: TensorFile): Uint8Array {
  const names = [...file.tensors.keys()].sort();
  const header: Record<string, unknown> = { __metadata__: file.metadata };
  let offset = 0;
  for (const name of names) {
    const tensor = tensorOf(file, name);
    const bytes = tensor.data.byteLength;
    const dtype = tensor.data instanceof Float32Array ? 'F32' : 'I8';
    header[name] = { dtype, shape: tensor.shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerLength + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(headerLength), true);
  out.fill(0x20, 8, 8 + headerLength);
  out.set(json, 8);
  let at = 8 + headerLength;
  for (const name of names) {
    const { data } = tensorOf(file, name);
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return out;
}

function tensorOf(file: TensorFile, name: string): NamedTensor {
  const tensor = file.tensors.get(name);
  if (!tensor) throw new RangeError(`no tensor ${name}`);
  return tensor;
}

/**
 * @param what name of the file for messages
 * @throws BitsmithError `corrupt` naming the file, the offset and what was expected there
 */
export function decodeSafetensors(bytes: Uint8Array, what: string): TensorFile {
  const corrupt = (problem: string) => new BitsmithError('corrupt', `${what}: ${problem}`, { file: what });
  if (bytes.length < 8)
    throw corrupt(`has ${bytes.length} bytes; a safetensors file starts with an 8-byte length`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > bytes.length - 8) {
    throw corrupt(
      `the header at offset 8 should have ${headerLength} bytes, but only ${bytes.length - 8} follow`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    throw corrupt('the header at offset 8 is not JSON');
  }
  const header = HeaderSchema.safeParse(json);
  if (!header.success) throw corrupt('the header at offset 8 does not describe tensors of type F32 or I8');
  const tensors = new Map<string, NamedTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header.data)) {
    if (name === '__metadata__' || !('data_offsets' in entry) || !Array.isArray(entry.data_offsets)) {
      metadata = entry as Record<string, string>;
      continue;
    }
    const { dtype, shape } = entry as { dtype: 'F32' | 'I8'; shape: number[] };
    const [begin, end] = entry.data_offsets as [number, number];
    const count = shape.reduce((product, size) => product * size, 1);
    const start = 8 + headerLength + begin;
    const expected = count * (dtype === 'F32' ? 4 : 1);
    if (end - begin !== expected || start + expected > bytes.length) {
      throw corrupt(`tensor "${name}" at offset ${start} should have ${expected} bytes`);
    }
    // A copy of its own: Node's Buffer has a `slice` that shares memory.
    const raw = new Uint8Array(bytes.subarray(start, start + expected));
    tensors.set(name, {
      shape,
      data: dtype === 'F32' ? new Float32Array(raw.buffer) : new Int8Array(raw.buffer),
    });
  }
  return { metadata, tensors };
}
