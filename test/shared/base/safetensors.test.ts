import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '#shared/base/safetensors.ts';

const file = {
  metadata: { format: 'test', note: 'ä' },
  tensors: new Map<string, NamedTensor>([
    ['b', { shape: [2, 2], data: Float32Array.of(1, -0, 3.5, 1e-30) }],
    ['a', { shape: [3], data: Int8Array.of(-1, 0, 127) }],
    ['empty', { shape: [0], data: new Float32Array(0) }],
  ]),
};

describe('safetensors', () => {
  it('gives back what was written, to the bit', () => {
    const back = decodeSafetensors(encodeSafetensors(file), 'x');
    expect(back.metadata).toEqual(file.metadata);
    expect(back.tensors.get('b')).toEqual(file.tensors.get('b'));
    expect(back.tensors.get('a')).toEqual(file.tensors.get('a'));
    expect(Object.is(back.tensors.get('b')?.data[1], -0)).toBe(true);
  });

  it('gives it back from a piece of a larger buffer, as Node reads files', () => {
    const bytes = encodeSafetensors(file);
    const pool = Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(7)]);
    const back = decodeSafetensors(pool.subarray(5, 5 + bytes.length), 'x');
    expect(back.tensors.get('b')).toEqual(file.tensors.get('b'));
    expect(back.tensors.get('a')?.data).toHaveLength(3);
  });

  it('writes the same bytes whatever the order of insertion', () => {
    const reversed = { ...file, tensors: new Map([...file.tensors].reverse()) };
    expect(encodeSafetensors(reversed)).toEqual(encodeSafetensors(file));
  });

  it.each([0, 5, 20, 60])('names the file when it is cut off after %d bytes', (length) => {
    expect(() => decodeSafetensors(encodeSafetensors(file).subarray(0, length), 'run.safetensors')).toThrow(
      /^run\.safetensors: /,
    );
  });

  it('names the tensor whose bytes are missing', () => {
    const bytes = encodeSafetensors(file);
    expect(() => decodeSafetensors(bytes.subarray(0, bytes.length - 1), 'f')).toThrow(
      /tensor "b" at offset \d+ should have 16 bytes/,
    );
  });
});
