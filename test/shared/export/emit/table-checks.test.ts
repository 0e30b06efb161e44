import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hex32, int32Literal } from '#shared/export/emit/c-text.ts';
import { elementBytes, literalValue, tableCrc } from '#shared/export/emit/table-checks.ts';

describe('tableCrc', () => {
  it('is the CRC-32 of the elements’ bytes, least significant first', () => {
    const words = Uint32Array.of(0, 1, 0x80000000, 0xffffffff, 0x12345678);
    const unsigned = { name: 'w', type: 'uint32_t', values: Array.from(words, hex32) } as const;
    expect(tableCrc(unsigned)).toBe(crc32(new Uint8Array(words.buffer)));
    const signed = Int32Array.of(0, -1, -0x80000000, 0x7fffffff);
    const integers = { name: 'i', type: 'int32_t', values: Array.from(signed, int32Literal) } as const;
    expect(tableCrc(integers)).toBe(crc32(new Uint8Array(signed.buffer)));
    const halves = Int16Array.of(-32768, -1, 0, 255, 32767);
    const short = { name: 'h', type: 'int16_t', values: Array.from(halves, String) } as const;
    expect(tableCrc(short)).toBe(crc32(new Uint8Array(halves.buffer)));
    const bytes = Int8Array.of(-128, -1, 0, 127);
    const small = { name: 'b', type: 'int8_t', values: Array.from(bytes, String) } as const;
    expect(tableCrc(small)).toBe(crc32(new Uint8Array(bytes.buffer)));
  });

  it('reads the literals that tables are written with', () => {
    for (const value of [0, -1, 0x7fffffff, -0x80000000])
      expect(literalValue(int32Literal(value))).toBe(value);
    expect(literalValue(hex32(0xdeadbeef))).toBe(0xdeadbeef);
    expect(
      ['uint8_t', 'int16_t', 'uint32_t'].map((type) => elementBytes({ type: type as 'uint8_t' })),
    ).toEqual([1, 2, 4]);
  });
});
