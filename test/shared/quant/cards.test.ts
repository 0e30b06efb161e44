import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parameterRows } from '#shared/quant/documentation/parameter-rows.ts';
import { benchmarkPairs, naturalPair, pairName } from '#shared/quant/pairs.ts';
import { METHODS } from '#shared/quant/registry.ts';

/** What window, command line and documentation derive from a card has to be there. */

/** Stable ids: configurations, runs and bundles name them, so none of them is ever changed or dropped. */
const SHIPPED = [
  ...[
    'full-precision',
    'binary-connect',
    'bnn',
    'xnor-net',
    'bi-real',
    'abc-net',
    'rebnet',
    'bnn-plus',
    'tbn',
  ],
  ...['twn', 'ternary-statistical', 'residual-expansion', 'ttq', 'tga', 'tot-net', 'gxnor'],
  ...['multi-level-ternary', 'dorefa', 'lq-nets', 'hwgq', 'inq', 'lsq', 'int8'],
];
/** Full precision has no paper, and that of multi-level ternary no address that we know. */
const WITHOUT_ADDRESS = ['full-precision', 'multi-level-ternary'];
const each = METHODS.map((method) => [method.card.id, method] as const);

describe('cards', () => {
  it('are there under every id that ever shipped, each once', () => {
    const ids = METHODS.map(({ card }) => card.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(SHIPPED));
  });

  it.each(each)('%s: speaks in whole sentences', (_id, { card }) => {
    expect(card.sentence).toMatch(/^[A-Z].*\.$/s);
    for (const text of card.departures) expect(text).toMatch(/\.$/);
    expect(card.title.length).toBeGreaterThan(1);
  });

  it.each(each)('%s: names bits for what it quantizes, and a paper that can be found', (_id, { card }) => {
    expect(Object.keys(card.bits).sort()).toEqual([...card.quantizes].sort());
    for (const bits of Object.values(card.bits)) expect(bits).toBeGreaterThanOrEqual(1);
    if (WITHOUT_ADDRESS.includes(card.id)) return;
    expect(card.paper).toBeDefined();
    expect(card.paper?.url).toMatch(/^https:\/\/\S+$/);
    expect(card.paper?.year).toBeGreaterThanOrEqual(2012);
  });

  it.each(each)('%s: every parameter has a default and is described', (_id, method) => {
    for (const side of [method.weights, method.activations]) {
      if (!side) continue;
      expect(side.parameters.safeParse({}).success).toBe(true);
      for (const row of parameterRows(side.parameters)) {
        expect(row.default, row.name).not.toBe('');
        expect(row.description, row.name).not.toBe('');
        expect(row.allowed, row.name).not.toBe('');
      }
    }
  });
});

describe('parameters in words', () => {
  it('says what is allowed', () => {
    const schema = z.strictObject({
      a: z.number().positive().max(3).default(0.7).describe('first'),
      b: z.int().min(0).max(6).default(1),
      c: z.enum(['x', 'y']).default('x'),
      d: z.boolean().default(true),
      e: z.number().gt(0).lt(1).default(0.5),
      f: z.array(z.number().min(0)).min(1).max(4).default([1]),
      g: z.union([z.literal('auto'), z.int().min(2)]).default('auto'),
    });
    expect(parameterRows(schema)).toEqual([
      { name: 'a', default: '0.7', allowed: 'number above 0 up to 3', description: 'first' },
      { name: 'b', default: '1', allowed: 'whole number from 0 to 6', description: '' },
      { name: 'c', default: '"x"', allowed: '"x", "y"', description: '' },
      { name: 'd', default: 'true', allowed: 'true, false', description: '' },
      { name: 'e', default: '0.5', allowed: 'number above 0 below 1', description: '' },
      { name: 'f', default: '[1]', allowed: 'list of 1 to 4 values: number from 0', description: '' },
      { name: 'g', default: '"auto"', allowed: '"auto", or whole number from 2', description: '' },
    ]);
  });
});

describe('pairs', () => {
  it('takes both sides of a method, and full precision for the side that it has not', () => {
    expect(naturalPair('bnn')).toEqual({ weights: 'bnn', activations: 'bnn' });
    expect(naturalPair('ttq')).toEqual({ weights: 'ttq', activations: 'full-precision' });
  });

  it('benchmarks every method by itself and every activation method with TWN, each once', () => {
    const names = benchmarkPairs().map(pairName);
    expect(new Set(names).size).toBe(names.length);
    for (const { card, activations } of METHODS) {
      expect(names).toContain(pairName(naturalPair(card.id)));
      if (activations) expect(names).toContain(`twn + ${card.id}`);
    }
  });
});
