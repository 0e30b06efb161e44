import { describe, expect, it } from 'vitest';
import { fitVerdict } from '#shared/export/estimate/fit-verdict.ts';
import { ALL_PARTS, customPartId, partOf, PARTS } from '#shared/export/parts/index.ts';
import { TARGETS } from '#shared/export/targets/index.ts';

function verdict(part: string, flash: number, ram: number) {
  const total = {
    flash,
    ram,
    tables: 0,
    kernels: 0,
    network: 0,
    arena: 0,
    stack: 0,
    macs: 0,
    instructions: 0,
  };
  return fitVerdict({ total }, partOf(part));
}

describe('whether a network fits a part', () => {
  it('says how much is left, or missing, of what', () => {
    expect(verdict('stm32f103c8', 60 * 1024, 10 * 1024)).toEqual({
      fits: true,
      flash: { used: 61440, budget: 65536, left: 4096 },
      ram: { used: 10240, budget: 20480, left: 10240 },
      sentence: 'fits STM32F103C8: 4 KiB of flash and 10 KiB of RAM left',
    });
    expect(verdict('stm32f103c8', 65537, 30 * 1024).sentence).toBe(
      'does not fit STM32F103C8: 0 KiB too much flash and 10 KiB too much RAM',
    );
    expect(verdict('stm32f103c8', 1024, 30 * 1024)).toMatchObject({
      fits: false,
      sentence: 'does not fit STM32F103C8: 10 KiB too much RAM',
    });
  });

  it('judges nothing on a core without a budget', () => {
    expect(verdict('cortex-m4', 2048, 1024)).toEqual({
      fits: null,
      flash: { used: 2048, budget: null, left: null },
      ram: { used: 1024, budget: null, left: null },
      sentence: 'takes 2 KiB of flash and 1 KiB of RAM; Arm Cortex-M4, no budget',
    });
  });

  it('fits exactly to the last byte', () => {
    const id = customPartId('cortex-m0', 100, 200);
    expect(verdict(id, 100, 200).fits).toBe(true);
    expect(verdict(id, 101, 200).fits).toBe(false);
    expect(verdict(id, 100, 201).fits).toBe(false);
  });
});

describe('parts', () => {
  it('have ids of their own, and every core that can be exported for has a choice', () => {
    expect(new Set(ALL_PARTS.map(({ id }) => id)).size).toBe(ALL_PARTS.length);
    expect(new Set(ALL_PARTS.map(({ target }) => target))).toEqual(new Set(TARGETS.map(({ id }) => id)));
    expect(PARTS.every(({ id }) => /^[a-z0-9-]+$/.test(id))).toBe(true);
  });

  it.each(['', 'z80', 'custom:cortex-m4:1', 'custom:z80:1:1', 'custom:cortex-m4:-1:1'])(
    '%j is none',
    (id) => {
      expect(() => partOf(id)).toThrow(/there is no microcontroller/);
    },
  );
});
