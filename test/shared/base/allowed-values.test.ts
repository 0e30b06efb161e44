import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allowedValues } from '#shared/base/schema.ts';
import { METHODS } from '#shared/quant/registry.ts';
import { RunConfigSchema } from '#shared/run/config.ts';

describe('allowedValues', () => {
  const schema = z.strictObject({
    mode: z.enum(['fast', 'slow']).default('fast'),
    on: z.boolean().optional(),
    size: z.number(),
    shape: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('round'), side: z.enum(['inner', 'outer']) }),
      z.strictObject({ kind: z.literal('flat'), side: z.enum(['top', 'bottom']) }),
    ]),
  });
  const root = { size: 1, shape: { kind: 'flat', side: 'top' } };

  it('are those of a choice and of a switch, through defaults and options', () => {
    expect(allowedValues(schema, root, ['mode'])).toEqual(['fast', 'slow']);
    expect(allowedValues(schema, root, ['on'])).toEqual([false, true]);
  });
  it('are none for a number, and for a field that does not exist', () => {
    expect(allowedValues(schema, root, ['size'])).toEqual([]);
    expect(allowedValues(schema, root, ['shape', 'colour'])).toEqual([]);
  });
  it('are all forms for the field that tells them apart, and its own for a field of a form', () => {
    expect(allowedValues(schema, root, ['shape', 'kind'])).toEqual(['round', 'flat']);
    expect(allowedValues(schema, root, ['shape', 'side'])).toEqual(['top', 'bottom']);
  });
  it('of a run configuration are the methods that quantize weights, and the branches of TOT-Net', () => {
    const run = { dataset: { name: 'mnist' }, quantization: { activations: { method: 'tot-net' } } };
    expect(allowedValues(RunConfigSchema, run, ['quantization', 'weights', 'method']).toSorted()).toEqual(
      METHODS.filter(({ weights }) => weights)
        .map(({ card }) => card.id)
        .toSorted(),
    );
    expect(allowedValues(RunConfigSchema, run, ['quantization', 'activations', 'left'])).toContain(
      'leaky-relu',
    );
  });
});
