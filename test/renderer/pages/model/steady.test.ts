import { describe, expect, it } from 'vitest';
import { inspectModel } from '#shared/model/inspect/inspect-model.ts';
import { ActivationChoiceSchema, WeightChoiceSchema } from '#shared/quant/registry.ts';
import { steady, steadyLayers } from '#renderer/pages/model/steady.ts';

const RULES = {
  weights: WeightChoiceSchema.parse({ method: 'twn' }),
  activations: ActivationChoiceSchema.parse({ method: 'gxnor' }),
};
const inspected = (units: number) =>
  inspectModel(
    {
      version: 1,
      name: 'net',
      input: { shape: [8, 8, 1] },
      layers: [
        { id: 'c1', kind: 'conv2d', filters: 8, kernel: 3 },
        { id: 'f', kind: 'flatten' },
        { id: 'out', kind: 'dense', units },
      ],
    },
    RULES,
  );

describe('what has not changed', () => {
  it('stays the very same object', () => {
    const before = { a: [1, 2] };
    expect(steady({ a: [1, 2] }, before)).toBe(before);
    expect(steady({ a: [1, 3] }, before)).toEqual({ a: [1, 3] });
    expect(steady(before, undefined)).toBe(before);
  });

  it('stays so for the layers of an inspection, and only for them', () => {
    const keep = steadyLayers();
    const first = keep(inspected(10));
    const second = keep(inspected(12));
    expect(second.layers[0]).toBe(first.layers[0]);
    expect(second.layers[1]).toBe(first.layers[1]);
    expect(second.layers[2]).not.toBe(first.layers[2]);
    expect(second.layers[2]?.shape).toEqual([12]);
  });
});
